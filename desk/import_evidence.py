"""What an assessor saw of an account that no program may read, with a picture to prove it (人工)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

from desk.clock import BEIJING, now
from desk.spreadsheet import Sheet, SheetRow, find_header, read_sheets
from dossier.errors import BadInput, Problem
from dossier.model import AccountFacts, Channel

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "unit_id": ("unit_id", "单位编号", "单位代码", "单位"),
    "channel": ("channel", "渠道", "平台", "类型"),
    "account_id": ("account_id", "账号", "账号标识", "微信号", "帐号"),
    "url": ("url", "账号地址", "主页地址", "网址"),
    "state": ("state", "账号状态", "状态"),
    "shown_name": ("shown_name", "账号名称", "显示名称", "名称"),
    "certified": ("certified", "认证主体", "认证信息"),
    "observed_at": ("observed_at", "查看时间", "观察时间", "取证时间", "检查时间"),
    "newest_post_at": ("newest_post_at", "最新发布时间", "最近发布时间", "最后更新时间", "最新更新时间"),
    "newest_post_url": ("newest_post_url", "最新发布地址", "最新文章链接", "最新发布链接"),
    "screenshot": ("screenshot", "截图", "截图文件", "截图文件名"),
    "observer": ("observer", "查看人", "观察人", "取证人", "检查人"),
    "note": ("note", "备注", "说明"),
}
REQUIRED = ("unit_id", "channel", "observed_at", "newest_post_at", "screenshot", "observer")

_CHANNELS = {
    "微博": "weibo",
    "新浪微博": "weibo",
    "微信": "wechat",
    "微信公众号": "wechat",
    "公众号": "wechat",
    "今日头条": "toutiao",
    "头条": "toutiao",
    "抖音": "douyin",
    "客户端": "app",
    "移动客户端": "app",
}
_STATES = {
    "open": "open",
    "正常": "open",
    "开通": "open",
    "gone": "gone",
    "不存在": "gone",
    "已注销": "gone",
    "注销": "gone",
    "已关停": "gone",
    "关停": "gone",
    "empty": "empty",
    "无内容": "empty",
    "未发布": "empty",
}
_UNIT_ID = re.compile(r"[A-Z]\d{2,4}")
_WHEN = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
    r"(?:[T\s]+(?P<h>\d{1,2})[:：时](?P<min>\d{1,2})(?:[:：分](?P<s>\d{1,2}))?[分秒]?)?"
)
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".pdf")


def read_evidence(path: Path) -> tuple[AccountFacts, ...]:
    """Read hand-made evidence (xlsx or csv) with its screenshots, which lie beside the file.

    Each screenshot's SHA-256 goes into the facts, so that it can be verified for ever after.
    """
    problems: list[Problem] = []
    facts: list[AccountFacts] = []
    headed = 0
    for sheet in read_sheets(path):
        header = find_header(sheet, COLUMNS, REQUIRED)
        if header is None or len(set(header[1]) & set(REQUIRED)) < 3:
            continue
        headed += 1
        index, columns = header
        missing = [name for name in REQUIRED if name not in columns]
        for name in missing:
            what = f"表头缺少“{name}”（{COLUMNS[name][1]}）一列"
            problems.append(Problem(sheet.place, what, "请补上这一列", sheet.rows[index].line, name))
        if missing:
            continue
        for row in sheet.rows[index + 1 :]:
            if row.filled:
                one = _read_row(sheet, row, columns, path.parent, problems)
                if one is not None:
                    facts.append(one)
    if not headed:
        problems.append(
            Problem(str(path), "没有找到表头", f"请在前 20 行内写明列名：{'、'.join(COLUMNS)}", column="表头")
        )
    elif not facts and not problems:
        problems.append(Problem(str(path), "表头之下没有一条记录", "请填写后再导入"))
    if problems:
        raise BadInput(problems)
    return tuple(facts)


def keep_screenshots(path: Path, facts: Iterable[AccountFacts], folder: Path) -> tuple[Path, ...]:
    """Copy the screenshots beside an evidence file into a folder, each under its own digest, never over another."""
    wanted = {fact.sha256 for fact in facts if fact.sha256}
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for file in sorted(path.parent.iterdir()):
        if file.suffix.lower() in _PICTURES and file.is_file():
            raw = file.read_bytes()
            digest = hashlib.sha256(raw).hexdigest()
            target = folder / f"{digest}{file.suffix.lower()}"
            if digest in wanted:
                wanted.discard(digest)
                if not target.exists():
                    target.write_bytes(raw)
                kept.append(target)
    return tuple(kept)


def _read_row(
    sheet: Sheet, row: SheetRow, columns: Mapping[str, int], folder: Path, problems: list[Problem]
) -> AccountFacts | None:
    before = len(problems)

    def text(name: str) -> str:
        return row.cell(columns.get(name)).text

    def say(name: str, what: str, mend: str) -> None:
        problems.append(Problem(sheet.place, what, mend, row.line, name))

    unit_id = text("unit_id").upper()
    if not _UNIT_ID.fullmatch(unit_id):
        say("unit_id", f"单位编号“{text('unit_id')}”不对", "请填写 unit_sites.csv 中的单位编号，如 B02")
    channel = _CHANNELS.get(text("channel"), text("channel").lower())
    if channel not in {each.value for each in Channel} - {Channel.WEBSITE.value, Channel.FEED.value}:
        say("channel", f"渠道“{text('channel')}”不认识", "可填：weibo、wechat、toutiao、douyin、app")
    account_id, url = text("account_id"), row.cell(columns.get("url")).link or text("url")
    if not account_id and not url:
        say("account_id", "没有写明是哪个账号", "请填写账号标识（account_id）或账号地址（url）")
    observed = _when(text("observed_at"))
    if observed is None:
        say("observed_at", f"查看时间“{text('observed_at')}”读不懂", "请写成 2020-09-15 10:20（北京时间）")
    elif observed > now():
        say("observed_at", f"查看时间“{text('observed_at')}”还没有到", "请核对查看时间")
    posted = _when(text("newest_post_at"))
    if text("newest_post_at") and posted is None:
        say(
            "newest_post_at",
            f"最新发布时间“{text('newest_post_at')}”读不懂",
            "请写成 2020-09-15 10:20（北京时间）",
        )
    if posted and observed and posted > observed:
        say("newest_post_at", "最新发布时间晚于查看时间", "请核对两个时间")
    state = _STATES.get(text("state").lower(), "") if text("state") else ("open" if posted else "")
    if not state:
        what = f"账号状态“{text('state')}”不认识" if text("state") else "既没有最新发布时间，也没有账号状态"
        say(
            "state" if text("state") else "newest_post_at",
            what,
            "请填最新发布时间；账号已不存在的，状态填“不存在”，从未发布的填“无内容”",
        )
    elif state != "open" and posted:
        say("state", "填了最新发布时间，状态却不是“正常”", "请在两者中改正一处")
    elif state == "open" and text("state") and not posted:
        say("newest_post_at", "状态为“正常”，却没有最新发布时间", "请填写最新发布时间")
    if not text("observer"):
        say("observer", "没有写查看人", "请填写查看人的姓名")
    digest = _digest(folder, text("screenshot"), say)
    if len(problems) > before or observed is None:
        return None
    because = f"人工查看：{text('observer')}，截图 {text('screenshot')}"
    return AccountFacts(
        unit_id=unit_id,
        channel=channel,
        account_id=account_id,
        url=url,
        state=state,
        shown_name=text("shown_name"),
        certified=text("certified"),
        newest_post=posted.astimezone(BEIJING).date() if posted else None,
        newest_post_url=row.cell(columns.get("newest_post_url")).link or text("newest_post_url"),
        observed_at=observed,
        via="import",
        quote=text("note"),
        sha256=digest,
        because=because,
    )


def _when(text: str) -> datetime | None:
    """A moment as people write it, Beijing time; UTC out."""
    try:
        exact = datetime.fromisoformat(text.strip())
    except ValueError:
        exact = None
    if exact is not None and exact.tzinfo is not None:
        return exact.astimezone(UTC)
    found = _WHEN.fullmatch(text.strip())
    if not found:
        return None
    try:
        day = date(int(found["y"]), int(found["m"]), int(found["d"]))
        clock = time(int(found["h"] or 0), int(found["min"] or 0), int(found["s"] or 0))
    except ValueError:
        return None
    return datetime.combine(day, clock, BEIJING).astimezone(UTC)


def _digest(folder: Path, name: str, say: Callable[[str, str, str], None]) -> str:
    """SHA-256 of the screenshot beside the file."""
    if not name:
        say("screenshot", "没有写截图文件名", "请把截图放在本表所在的文件夹，并填写文件名")
        return ""
    file = folder / name
    if Path(name).name != name or file.resolve().parent != folder.resolve():
        say("screenshot", f"截图“{name}”带有路径", "请把截图放在本表所在的文件夹，只填文件名")
        return ""
    try:
        raw = file.read_bytes()
    except OSError:
        say("screenshot", f"找不到截图“{name}”", "请把截图放在本表所在的文件夹，文件名要一致")
        return ""
    if not raw or file.suffix.lower() not in _PICTURES:
        say("screenshot", f"“{name}”是空的，或不是图片", f"请提供 {'、'.join(_PICTURES)} 格式的截图")
        return ""
    return hashlib.sha256(raw).hexdigest()
