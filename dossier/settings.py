"""settings.toml: how this installation works. Every key has a sensible default."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from dossier.errors import BadInput, Problem, read_bounded
from dossier.model import CrawlSettings


class NetworkSettings(msgspec.Struct, frozen=True, kw_only=True):
    control_urls: tuple[str, ...] = ()
    """Addresses that answer whenever our own network is up; none by default."""


class ReportSettings(msgspec.Struct, frozen=True, kw_only=True):
    pdf: bool = False
    """Also write PDF papers, where a browser is there."""
    screenshots: bool = True
    """Draw the places of faults from the archive, where a browser is there."""
    office: str = "省政务公开领导小组办公室"
    """Whose name the papers carry."""
    contact: str = ""
    """Whom a unit may ask about a notice; printed on it."""
    phone: str = ""


class JudgeSettings(msgspec.Struct, frozen=True, kw_only=True):
    processes: int = 0
    """0: as many as there are cores."""


class EvidenceSettings(msgspec.Struct, frozen=True, kw_only=True):
    tsa_url: str = ""
    """A time-stamp authority (RFC 3161) that is asked to stamp each night's manifest; none by default."""
    tsa_roots: str = ""
    """File below the home with the authority's root certificates (PEM), by which its stamps are checked offline."""


class ScheduleSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Hours are Beijing's."""

    nightly_at: str = "01:00"
    probe_minutes: int = 60
    """Between two rounds of probes; 0: none."""
    recheck_at: str = "06:00"
    stale_days: int = 3
    """A unit unseen for more days than this, without a reason, is named."""


class EngineSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the crawl runs: on this machine, or on the workers of a Dask cluster."""

    name: str = "local"
    scheduler: str = ""
    """Address of the Dask scheduler, such as `tcp://10.0.0.5:8786`."""
    share: str = ""
    """Where workers leave what they crawled, as an fsspec address; empty: every worker sees the home folder
    itself, at the same path."""


class RetainSettings(msgspec.Struct, frozen=True, kw_only=True):
    archive_days: int = 730
    """Archives of nights older than this are thinned by `gongkai retain --apply` to what something rests on; 0: never."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    crawl: CrawlSettings = CrawlSettings()
    network: NetworkSettings = NetworkSettings()
    report: ReportSettings = ReportSettings()
    judge: JudgeSettings = JudgeSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    engine: EngineSettings = EngineSettings()
    retain: RetainSettings = RetainSettings()


MOST = 1_000_000_000_000
"""No setting is larger; infinity and its like are slips of the hand."""
_SHAPES: dict[str, tuple[re.Pattern[str], str]] = {
    "report.office": (re.compile(r"\S[^\x00-\x1f]{0,38}\S"), "2 至 40 个字的机关名称，不换行"),
    "report.contact": (re.compile(r"[^\x00-\x1f]{0,60}"), "不超过 60 个字的联系人，不换行"),
    "report.phone": (re.compile(r"[0-9（）()+\-－—、，,;； 转分机]{0,60}"), "电话号码，如 0351-3041234"),
}
"""What papers print to the letter must look like what it is."""
_MOST_NIGHTS = {"crawl.revisit_nights": 13}
"""Longer than the nights whose addresses are remembered (14) a page cannot wait: it would be forgotten, and new."""
_TYPE_NAMES = {
    "int": "整数", "float": "数字", "bool": "true 或 false", "str": "文字", "tuple": "列表",
}  # fmt: skip


def load_settings(path: Path, overrides: tuple[str, ...] = ()) -> Settings:
    """The file's keys over the defaults, `KEY=VALUE` overrides over the file, the proxy from the environment last.

    Raises BadInput naming file, line, key and mend for an unknown key or a value of the wrong type.
    """
    problems: list[Problem] = []
    tree: dict[str, dict[str, Any]] = {}
    if path.exists():
        for key, value, line in _read_file(path):
            _place(tree, key, value, path.name, line, problems)
    for override in overrides:
        key, mark, text = override.partition("=")
        if not mark or not key.strip():
            problems.append(
                Problem("--set", f"“{override}”不是 键=值", "请写成 --set crawl.delay_seconds=2 的样子")
            )
            continue
        _place(tree, key.strip(), text.strip(), "--set", None, problems)
    if problems:
        raise BadInput(problems)
    settings = msgspec.convert(tree, Settings)
    proxy = settings.crawl.proxy or _proxy_of_environment()
    return msgspec.structs.replace(settings, crawl=msgspec.structs.replace(settings.crawl, proxy=proxy))


def _proxy_of_environment() -> str:
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY"):
        if os.environ.get(name):
            return os.environ[name]
    return ""


def _read_file(path: Path) -> list[tuple[str, Any, int | None]]:
    try:
        text = read_bounded(path).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        tree = tomllib.loads(text)
    except OSError as error:
        raise BadInput(
            [
                Problem(
                    path.name,
                    f"设置文件打不开（{error.strerror}）",
                    "请确认它是文件且可读；不需要设置就删去它",
                )
            ]
        ) from error
    except UnicodeDecodeError as error:
        raise BadInput([Problem(path.name, "不是 UTF-8 编码", "请以 UTF-8 保存")]) from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput(
            [Problem(path.name, f"不是合格的 TOML（{error}）", "请照 README 的例子改正这一处")]
        ) from error
    found: list[tuple[str, Any, int | None]] = []
    for section, keys in tree.items():
        if not isinstance(keys, dict):
            found.append((section, keys, _line_of(text, section)))
            continue
        found.extend((f"{section}.{key}", value, _line_of(text, key)) for key, value in keys.items())
    return found


def _line_of(text: str, key: str) -> int | None:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip().startswith(key):
            return number
    return None


def known_keys() -> dict[str, Any]:
    """Every key with its type, for messages and for the documentation."""
    sections = msgspec.structs.fields(Settings)
    return {
        f"{section.name}.{field.name}": field.type
        for section in sections
        for field in msgspec.structs.fields(section.type)
    }


def _place(
    tree: dict[str, dict[str, Any]],
    key: str,
    value: Any,
    file: str,
    line: int | None,
    problems: list[Problem],
) -> None:
    kinds = known_keys()
    if key not in kinds:
        near = [name for name in kinds if name.rsplit(".", 1)[1] == key.rsplit(".", 1)[-1]]
        hint = f"是不是 {near[0]}？" if near else ""
        problems.append(
            Problem(file, f"不认识的设置“{key}”", f"{hint}可用的键见 gongkai doctor --settings", line=line)
        )
        return
    kind = kinds[key]
    try:
        typed = _typed(value, kind)
    except (msgspec.ValidationError, ValueError):
        wanted = _TYPE_NAMES.get(getattr(kind, "__name__", ""), "合适的值")
        problems.append(Problem(file, f"设置“{key}”的值“{value}”不对", f"应为{wanted}", line=line))
        return
    shape, wanted = _SHAPES.get(key, (None, ""))
    if shape is not None and not shape.fullmatch(typed):
        problems.append(Problem(file, f"设置“{key}”的值“{value}”不对", f"应为{wanted}", line=line))
        return
    most = _MOST_NIGHTS.get(key, MOST)
    if isinstance(typed, int | float) and not isinstance(typed, bool) and not 0 <= typed <= most:
        problems.append(Problem(file, f"设置“{key}”不能是“{value}”", f"应为 0 到 {most} 的数", line=line))
        return
    section, name = key.split(".", 1)
    tree.setdefault(section, {})[name] = typed


_YES = {"true", "是", "1"}
_NO = {"false", "否", "0"}


def _typed(value: Any, kind: Any) -> Any:
    if isinstance(value, str) and kind is bool:
        if value.lower() not in _YES | _NO:
            raise ValueError(value)
        return value.lower() in _YES
    if isinstance(value, str) and kind in (int, float):
        return kind(value)
    if isinstance(value, str) and kind == tuple[str, ...]:
        return tuple(value.replace(",", " ").split())
    return msgspec.convert(value, kind)
