"""A small site, laid out as captures and facts, page by page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from dossier.assembly import assemble
from dossier.model import (
    Area,
    AreaState,
    Capture,
    Channel,
    Column,
    Link,
    LinkPlace,
    PageFacts,
    PageKind,
    Reach,
    RuleTables,
    SiteRow,
    SiteSnapshot,
    Unit,
    UnitClass,
    UnitReport,
    WorkCalendar,
)

HOST = "http://www.example.gov.cn"
START = datetime(2020, 11, 20, 1, tzinfo=UTC)
NAMES = {
    "首页": Column.HOME,
    "政府信息公开": Column.PLATFORM,
    "公开指南": Column.GUIDE,
    "公开制度": Column.RULES,
    "主动公开": Column.STATUTORY,
    "年报": Column.ANNUAL,
    "依申请公开": Column.APPLICATION,
    "机构职能": Column.FUNCTIONS,
    "领导": Column.LEADERS,
    "政策文件": Column.POLICY,
    "规范性文件": Column.NORMATIVE,
    "动态": Column.NEWS,
}


class Names:
    """A vocabulary of a dozen words."""

    hints: ClassVar[dict[str, tuple[str, ...]]] = {
        "disclosure": ("公开", "更多"),
        "unit": ("机构", "公开", "更多"),
    }

    def column_of(self, text: str) -> Column | None:
        return NAMES.get(text)


def at(path: str) -> str:
    return path if path.startswith("http") else HOST + path


def nav(path: str, text: str) -> Link:
    return Link(url=at(path), text=text, place=LinkPlace.NAV)


class Site:
    """Captures and facts, page by page."""

    def __init__(self) -> None:
        self.captures: list[Capture] = []
        self.facts: dict[str, PageFacts] = {}

    def see(self, path: str, kind: PageKind = PageKind.COLUMN, *links: Link, **facts: Any) -> Site:
        made = PageFacts(url=at(path), kind=kind, links=links, **facts)
        return self.capture(path, Reach.OK, made)

    def miss(self, path: str, reach: Reach = Reach.SILENT, tries: int = 1) -> Site:
        for _ in range(tries):
            self.capture(path, reach)
        return self

    def capture(self, path: str, reach: Reach, facts: PageFacts | None = None, **more: Any) -> Site:
        number = len(self.captures)
        digest = f"{number:064x}"
        self.captures.append(
            Capture(
                unit_id="B07",
                asked_url=at(path),
                at=START + timedelta(minutes=number),
                reach=reach,
                sha256=more.pop("sha256", digest) if facts else "",
                **more,
            )
        )
        if facts:
            self.facts[self.captures[-1].sha256] = facts
        return self

    def put_together(self, *, min_pages: int = 0, no_report: bool = False, **report: Any) -> SiteSnapshot:
        history = report.pop("history", None)
        row = SiteRow(
            unit_id="B07", channel=Channel.WEBSITE, name="示例厅", url=f"{HOST}/", min_pages=min_pages
        )
        closed = UnitReport(
            unit_id="B07", run_id="r", started=START, finished=START, **{"finish": "finished", **report}
        )
        return assemble(
            Unit(
                unit_id="B07", unit_class=UnitClass.B, short_name="示例厅", full_name="示例厅", sites=(row,)
            ),
            run_id="r",
            as_of=date(2020, 11, 20),
            report=None if no_report else closed,
            captures=self.captures,
            facts_of=lambda capture: self.facts.get(capture.sha256),
            calendar=WorkCalendar(first_year=2019, last_year=2020),
            tables=RuleTables(),
            vocabulary=Names(),
            history=history,
        )


HOME_LINKS = (
    nav("/xxgk/", "政府信息公开"),
    nav("/dt/", "动态"),
    nav("/zc/", "政策文件"),
    nav("/jg/", "机构职能"),
)
COLUMNS = (
    ("/zn/", "公开指南"),
    ("/zd/", "公开制度"),
    ("/fd/", "主动公开"),
    ("/nb/", "年报"),
    ("/ysq/", "依申请公开"),
)
PLATFORM_LINKS = tuple(nav(path, text) for path, text in COLUMNS)


def whole(
    *without: str, home: tuple[Link, ...] = HOME_LINKS, platform: tuple[Link, ...] = PLATFORM_LINKS
) -> Site:
    """A small site, all of it seen, except for the paths named."""
    site = Site()
    pages: dict[str, tuple[PageKind, tuple[Link, ...], dict[str, Any]]] = {
        "/": (PageKind.HOME, home, {}),
        "/xxgk/": (PageKind.PLATFORM, platform, {}),
        "/dt/": (PageKind.COLUMN, (), {}),
        "/zc/": (PageKind.COLUMN, (), {}),
        "/jg/": (PageKind.FUNCTIONS, (), {"text": "职责" * 20}),
        "/zn/": (PageKind.GUIDE, (), {"text": "指南" * 200}),
        "/zd/": (PageKind.RULES, (), {"text": "制度" * 200}),
        "/fd/": (PageKind.STATUTORY, (), {}),
        "/nb/": (PageKind.COLUMN, (), {}),
        "/ysq/": (PageKind.APPLICATION, (), {"text": "申请" * 200}),
    }
    for path, (kind, links, facts) in pages.items():
        if path not in without:
            site.see(path, kind, *links, **facts)
    return site


def state(site: SiteSnapshot, area: Area) -> AreaState:
    return site.coverage.state(area)
