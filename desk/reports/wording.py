"""What machines write in keys, officials read in words; what sites write is cleaned before it is quoted."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import urlsplit

from dossier.model import Area, AreaState, Channel, SourceStatus, UnitClass

BEIJING = timezone(timedelta(hours=8), "北京时间")

# Characters that XML 1.0 forbids (lone surrogates among them), and the marks that turn the reading direction.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)
_LINK_BREAKERS = re.compile(r"[\s\x00-\x20\x7f\"<>\\^`{|}]")

AREAS: dict[Area, str] = {
    Area.HOME: "网站首页",
    Area.NAVIGATION: "首页导航栏目",
    Area.PLATFORM: "政府信息公开平台",
    Area.GUIDE: "政府信息公开指南",
    Area.RULES: "政府信息公开制度",
    Area.STATUTORY: "法定主动公开内容",
    Area.ANNUAL: "政府信息公开年报",
    Area.POLICY: "政策文件",
    Area.INTERPRETATION: "政策解读",
    Area.FUNCTIONS: "机构职能",
    Area.LEADERS: "领导信息",
    Area.APPLICATION: "依申请公开",
    Area.SITE: "全站页面",
}

AREA_STATES: dict[AreaState, str] = {
    AreaState.COMPLETE: "已完整查看",
    AreaState.PARTIAL: "部分查看",
    AreaState.UNREACHED: "未能查看",
    AreaState.ABSENT: "已查，未见入口",
}

CLASSES: dict[UnitClass, str] = {UnitClass.A: "A类（市人民政府）", UnitClass.B: "B类（省有关单位）"}

CHANNELS: dict[Channel, str] = {
    Channel.WEBSITE: "网站",
    Channel.WEIBO: "微博",
    Channel.WECHAT: "微信公众号",
    Channel.TOUTIAO: "头条号",
    Channel.DOUYIN: "抖音号",
    Channel.APP: "移动客户端",
    Channel.FEED: "订阅源",
}

SOURCES: dict[SourceStatus, str] = {
    SourceStatus.OFFICIAL: "官方评分表",
    SourceStatus.ASSUMED: "暂定评分表，非官方",
}

UNSEEN: dict[str, str] = {
    "ok": "正常打开",
    "gone": "页面不存在",
    "refused": "拒绝访问",
    "blocked": "被访问验证拦截",
    "broken": "服务器出错",
    "silent": "没有响应",
    "off_site": "跳转到其他网站",
    "disallowed": "网站声明不允许自动访问",
    "budget": "超出本次检查的页数或时间上限",
    "shell": "页面由脚本生成，未能读出内容",
    "depth": "层级过深，未继续查看",
    "trap": "地址无限循环，未继续查看",
    "duplicate": "与已查页面重复",
    "off-site": "不属于本单位网站",
    "not-tried": "本次未轮到",
}

FINISHES: dict[str, str] = {
    "finished": "检查完成",
    "budget": "达到页数或时间上限，部分完成",
    "home-unseen": "首页未能打开",
    "blocked": "网站拦截了检查访问",
    "no-address": "没有网站地址",
    "network-down": "检查系统自身网络中断",
    "crashed": "检查程序异常中止",
}

NEWS: dict[str, str] = {"new": "新增", "standing": "仍存", "changed": "情况有变化"}

UNCONFIRMED = "待次夜复现"
_DIGITS = "一二三四五六七八九"


def clean(text: str) -> str:
    """A foreign text without what breaks a document or turns its reading direction."""
    return _FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str, limit: int = 0) -> str:
    """A foreign text on one line, shortened with an ellipsis where it passes `limit` characters."""
    line = " ".join(clean(text).split())
    return line if not limit or len(line) <= limit else line[: limit - 1] + "…"


def safe_link(url: str) -> str:
    """An address that may be made a link; empty for anything but plain http and https."""
    if len(url) > 2000 or url != clean(url) or _LINK_BREAKERS.search(url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and host else ""


def beijing(at: datetime | None) -> str:
    """A moment as the office clock shows it; a time without zone is UTC."""
    if at is None:
        return ""
    return beijing_naive(at).strftime("%Y-%m-%d %H:%M:%S")


def beijing_naive(at: datetime) -> datetime:
    """The same moment on the Beijing wall clock, without zone, as spreadsheets want it."""
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(BEIJING).replace(tzinfo=None)


def chinese_date(day: date) -> str:
    """A date as papers write it: no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_moment(at: datetime) -> str:
    """A moment in running text, Beijing time to the minute."""
    local = beijing_naive(at)
    return f"{chinese_date(local.date())}{local:%H:%M}"


def points(value: Decimal) -> str:
    """Points without needless zeros: 3, 0.5, 12.25."""
    text = f"{value.quantize(Decimal('0.01')):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def fixed(value: Decimal) -> str:
    """Points with two decimals, so that columns align."""
    return f"{value.quantize(Decimal('0.01')):f}"


def unseen_reason(key: str) -> str:
    """Why an address was not seen, in words; a reason with a detail keeps its detail."""
    head, _, tail = key.partition(":")
    return UNSEEN.get(head, head or "原因不明") + (f"（{tail}）" if tail else "")


def whom_to_ask(key: str) -> str:
    """Who can help when something was not seen for this reason."""
    if key in ("blocked", "refused", "disallowed"):
        return "该单位网站管理部门：请放行检查系统的访问，或提供可核对的材料"
    if key in ("silent", "broken", "home-unseen", "gone", "off_site"):
        return "该单位网站管理部门：请核实网站运行情况"
    if key == "no-address":
        return "该单位政务公开机构：请报送网站（账号）地址"
    if key in ("budget", "depth", "trap", "not-tried", "network-down", "crashed", "shell", "error"):
        return "检查系统管理员：排除原因后补查"
    return "考核人员：人工打开核对"


def chinese_number(number: int) -> str:
    """1 … 99 as headings count: 一, 十一, 二十三."""
    tens, ones = divmod(number, 10)
    if number > 99:
        return str(number)
    return ("" if tens == 0 else ("" if tens == 1 else _DIGITS[tens - 1]) + "十") + (
        "" if ones == 0 else _DIGITS[ones - 1]
    )


LEDGER = (
    "序号", "单位", "问题编号", "一级指标", "二级指标", "三级指标", "问题描述", "网址", "发现时间", "依据", "建议扣分",
    "整改要求", "整改期限", "整改情况（单位填）", "复查结果", "复查时间", "销号",
)  # fmt: skip
"""Heads of a 问题台账, as offices keep it."""
