"""Files that were fetched and whose words nobody saw: what a rule did not read in them is not in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from checks.lens import lens
from checks.lenses.navigation import unit_hosts
from dossier.addresses import host_of
from dossier.model import Page, Purpose, SiteSnapshot

WHY = {
    "scanned": "扫描件或图片",
    "encrypted": "加密",
    "format": "格式不能读",
    "broken": "文件损坏",
    "garbled": "字体没有文字对照，读出的是乱码",
    "too-large": "文件过大",
    "too-costly": "解析过于费时或占用过大",
    "no-reader": "读取程序未能启动",
    "": "只读出一部分",
}
_WORDLESS = frozenset({"media"})
"""Pictures, sound and film have no words to be read."""


@dataclass(frozen=True, eq=False)
class UnreadFiles:
    """The unread files of one host."""

    host: str
    files: tuple[Page, ...]

    @property
    def count(self) -> int:
        return len(self.files)

    @property
    def kinds(self) -> list[str]:
        """How many for which reason, in Chinese, the most frequent first."""
        reasons = Counter(why_unread(page) for page in self.files)
        return [f"{reason} {number} 个" for reason, number in reasons.most_common()]


def why_unread(page: Page) -> str:
    """Why a file's words were not seen, in Chinese."""
    fault = page.facts.unreadable if page.facts else ""
    return WHY.get(fault, WHY["format"])


@lens
def unread_files(site: SiteSnapshot) -> tuple[UnreadFiles, ...]:
    """For each host of the unit: its files that were not read, or not wholly."""
    hosts = unit_hosts(site)
    held: dict[str, list[Page]] = {}
    for page in _files(site):
        host = host_of(page.url)
        if host in hosts:
            held.setdefault(host, []).append(page)
    return tuple(UnreadFiles(host, tuple(pages)) for host, pages in held.items())


def _files(site: SiteSnapshot) -> Iterator[Page]:
    for page in site.pages.values():
        facts = page.facts
        if facts is None or not page.ok or facts.unreadable in _WORDLESS:
            continue
        if facts.unreadable or (facts.truncated and page.capture.purpose is Purpose.ATTACHMENT):
            yield page
