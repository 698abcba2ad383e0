"""What this machine can and cannot do, with the mend for each."""

from __future__ import annotations

import platform
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from desk.clock import BEIJING
from desk.installation import Installation
from desk.reports.pdf import find_browser
from dossier import compiled
from dossier.calendar import work_calendar
from dossier.errors import BadInput
from dossier.home import Home
from dossier.reading.attached.apart import limits_here
from dossier.settings import Settings, load_settings
from dossier.units import load_units

LEAST_FREE_BYTES = 5 * 2**30
"""A year of nights over 54 sites grows by a few gigabytes; below this a night may not end."""
EARLIEST_SANE_CLOCK = datetime(2025, 1, 1, tzinfo=UTC)
"""A clock before this program was made is wrong, and all dates of a night would be."""

OLDEST_STORE_YEARS = 8
"""Every few years some authority changes its root; a store without any newer one is not kept up."""


class Finding(NamedTuple):
    """One thing looked at: whether it is all right, what was found, and the mend where it is not."""

    good: bool
    what: str
    found: str
    mend: str = ""


def examine(home: Home, as_of: date, overrides: tuple[str, ...]) -> Iterator[Finding]:
    """Everything a night needs, one finding each; nothing is changed."""
    yield Finding(
        sys.version_info >= (3, 11), "Python", platform.python_version(), "请安装 Python 3.11 或更高版本"
    )
    yield _browser()
    yield _fonts()
    yield _clock(home)
    yield _certificates()
    yield _attachments()
    yield _reading()
    yield _disk(home)
    yield _writable(home)
    settings: Settings | None = None
    try:
        settings = load_settings(home.settings_toml, overrides)
        where = "settings.toml" if home.settings_toml.is_file() else "没有 settings.toml，用默认值"
        yield Finding(True, "设置", where)
    except BadInput as error:
        yield Finding(False, "设置", str(error), "请按提示改正")
    if settings:
        yield _proxy(settings.crawl.proxy)
        yield _contact(settings)
    yield _units(home, as_of)
    yield _tables(Installation(home, as_of))
    yield _calendar(home, as_of)


def _browser() -> Finding:
    found = find_browser()
    if found is None:
        return Finding(
            False, "浏览器", "没有找到",
            "可安装 Chromium（Debian：apt-get install chromium；其他：python -m playwright install chromium）。"
            "没有浏览器时照常检查，只是不出 PDF，脚本绘制的页面记为未能检测",
        )  # fmt: skip
    return Finding(True, "浏览器", str(found))


def _fonts() -> Finding:
    mend = "可安装 fonts-noto-cjk；没有中文字体时图片和 PDF 里的汉字会显示为方框"
    lister = shutil.which("fc-list")
    if lister is None:
        return Finding(sys.platform in ("win32", "darwin"), "中文字体", "系统自带字体（未逐一核对）", mend)
    names = subprocess.run(
        [lister, ":lang=zh", "family"], capture_output=True, text=True, timeout=30, check=False
    )
    families = sorted({line.split(",")[0] for line in names.stdout.splitlines() if line.strip()})
    return Finding(bool(families), "中文字体", "、".join(families[:3]) or "没有找到", mend)


def _attachments() -> Finding:
    """Files of strangers are read in a process of its own; what the system holds it to."""
    try:
        limits = limits_here()
    except OSError:
        return Finding(
            False, "附件读取", "读取附件的进程未能启动", "请检查安装是否完整；附件将一律记为未能读出"
        )
    lacking = [
        name
        for name, held in (("内存上限", limits.memory_bytes > 0), ("处理器时间上限", limits.cpu))
        if not held
    ]
    if lacking:
        return Finding(
            False, "附件读取", f"单独进程，只有时限，没有{'、'.join(lacking)}",
            "本系统不支持这些上限（Linux 支持）；恶意附件可能一时占用较多内存，到时限即中止",
        )  # fmt: skip
    return Finding(True, "附件读取", f"单独进程，内存不超过 {limits.memory_bytes / 2**30:.1f} GB，限时")


def _reading() -> Finding:
    """Pages are read compiled or interpreted; both are right, one is quicker."""
    if compiled.build():
        return Finding(True, "网页读取", "已编译（make fast）")
    if compiled.is_off():
        return Finding(True, "网页读取", f"解释运行（环境变量 {compiled.OFF} 要求如此）")
    if compiled.is_stale():
        return Finding(
            True, "网页读取", "解释运行：编译之后源程序改过，请再执行一次 make fast（结果相同，省时）"
        )
    return Finding(True, "网页读取", "解释运行（可执行 make fast 编译，结果相同，省时）")


def _clock(home: Home) -> Finding:
    now = datetime.now(UTC)
    said = f"{now:%Y-%m-%d %H:%M} UTC"
    last = _last_night(home)
    if last is not None and last > now:
        return Finding(
            False, "系统时间", f"{said}，早于上一批次记下的 {last:%Y-%m-%d %H:%M} UTC",
            "本机时钟不准，或上一批次时不准：请校准时钟（如 timedatectl set-ntp true）再检查",
        )  # fmt: skip
    return Finding(now >= EARLIEST_SANE_CLOCK, "系统时间", said, "时间明显不对，请先校准时钟再检查")


def _last_night(home: Home) -> datetime | None:
    """When the newest run was begun, as the names of the run folders tell."""
    begun = []
    for folder in home.runs.iterdir() if home.runs.is_dir() else ():
        try:
            begun.append(datetime.strptime(folder.name[:15], "%Y%m%d-%H%M%S").replace(tzinfo=BEIJING))
        except ValueError:
            continue
    return max(begun).astimezone(UTC) if begun else None


def _certificates() -> Finding:
    mend = (
        "请安装或更新 ca-certificates；证书库过旧时，好的 https 网站也会显得证书无效（本系统不据此指出问题）"
    )
    roots = ssl.create_default_context().get_ca_certs()
    newest = max((ssl.cert_time_to_seconds(str(root["notBefore"])) for root in roots), default=0.0)
    folder = ssl.get_default_verify_paths().capath
    if not roots and folder and any(Path(folder).iterdir()):
        return Finding(True, "证书库", folder)
    year = datetime.fromtimestamp(newest, UTC).year if roots else 0
    found = f"{len(roots)} 个根证书，最新的签发于 {year} 年" if roots else "没有根证书"
    fresh = bool(roots) and datetime.now(UTC).year - year <= OLDEST_STORE_YEARS
    return Finding(fresh, "证书库", found, mend)


def _disk(home: Home) -> Finding:
    folder = home.root
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Finding(
        free >= LEAST_FREE_BYTES, "磁盘空间", f"剩余 {free / 2**30:.1f} GB", "请清理磁盘，至少留 5 GB"
    )


def _writable(home: Home) -> Finding:
    try:
        for folder in (home.data, home.reports):
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".doctor"
            probe.write_text("", encoding="ascii")
            probe.unlink()
    except OSError as error:
        return Finding(
            False, "数据目录", f"{home.root} 不可写（{error.strerror}）", "请换用有写权限的 --home"
        )
    return Finding(True, "数据目录", str(home.root))


def _proxy(proxy: str) -> Finding:
    if not proxy:
        return Finding(True, "代理", "没有配置，直接联网")
    parts = urlsplit(proxy)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=5):
            return Finding(True, "代理", f"{parts.hostname}:{parts.port or 80} 可以连接")
    except OSError as error:
        return Finding(
            False,
            "代理",
            f"{parts.hostname}:{parts.port or 80} 连不上（{error}）",
            "请检查 crawl.proxy 或网络",
        )


def _contact(settings: Settings) -> Finding:
    return Finding(
        bool(settings.crawl.contact or settings.crawl.user_agent), "联系方式",
        settings.crawl.contact or "没有填写",
        "请在 settings.toml 写 [crawl] contact = \"电话或邮箱\"，被检查单位才知道是谁在访问",
    )  # fmt: skip


def _units(home: Home, as_of: date) -> Finding:
    try:
        units = load_units(home.units_csv, as_of)
    except BadInput as error:
        return Finding(False, "单位清单", str(error), "请按提示改正 unit_sites.csv")
    unknown = [unit.short_name for unit in units if not any(row.url for row in unit.websites)]
    found = f"{len(units)} 个单位" + (
        f"，其中 {len(unknown)} 个网址不详：{'、'.join(unknown)}" if unknown else ""
    )
    return Finding(not unknown, "单位清单", found, "网址不详的单位无法检查，请核实后填写 url")


def _tables(installation: Installation) -> Finding:
    try:
        tables = installation.tables
    except BadInput as error:
        return Finding(False, "检查用表", str(error), "请按提示改正 tables/ 里的表")
    return Finding(True, "检查用表", tables.notice or f"{len(tables.digests)} 张，没有发现错误")


def _calendar(home: Home, as_of: date) -> Finding:
    calendar = work_calendar(home)
    return Finding(
        calendar.covers(as_of), "工作日历", f"{calendar.first_year}–{calendar.last_year} 年",
        f"{as_of.year} 年的放假安排还没有，请在 tables/calendar.toml 补充；在此之前按工作日计算的规则只作提示",
    )  # fmt: skip
