"""Which hosts belong to the media whose praise counts (附件4第九项), as an editable table says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from dossier.home import Home
from dossier.tables.source import entries, open_table, top

STATES = ("unverified", "verified", "official")


@dataclass(frozen=True)
class Medium:
    """One medium with its hosts."""

    name: str
    hosts: tuple[str, ...]
    exact: bool
    """Only these hosts, not what lies under them: every government's site ends in gov.cn."""
    source: str
    source_status: str

    def owns(self, host: str) -> bool:
        return host in self.hosts or (not self.exact and any(host.endswith("." + own) for own in self.hosts))


def media_table(home: Home) -> tuple[Medium, ...]:
    """The media; BadInput names the line of what is wrong."""
    file = open_table(home.table("media.toml"))
    top(file).only("medium")
    found: list[Medium] = []
    for entry in entries(file, file.data, "medium", "媒体"):
        entry.only("name", "hosts", "exact", "source", "source_status")
        name, hosts = entry.text("name"), tuple(host.lower() for host in entry.texts("hosts"))
        wrong = [host for host in hosts if "/" in host or ":" in host or "." not in host]
        if wrong:
            entry.say(f"“{wrong[0]}”不是主机名", "请只写主机名，如 people.com.cn", "hosts")
        if name in {one.name for one in found}:
            entry.say(f"媒体“{name}”重复", "请合并成一条", "name")
        found.append(
            Medium(name, hosts, entry.flag("exact", False), entry.text("source"), entry.choice("source_status", STATES))
        )  # fmt: skip
    if not found:
        file.say("一个媒体也没有", "请至少写一条 [[medium]]，或删去这个文件以用随附的表格", line=1)
    file.refuse()
    return tuple(found)


def medium_of(media: Sequence[Medium], url: str) -> str:
    """The medium to which an address belongs; empty for others. A unit's own gov.cn is none."""
    host = host_of(url)
    return next((one.name for one in media if host and one.owns(host)), "")


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
