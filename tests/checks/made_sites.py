"""Small sites made by hand: pages with facts, as if they had been crawled and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from checks.engine import judge
from checks.registry import RULES
from dossier.model import (
    Area,
    AreaCoverage,
    AreaState,
    Attachment,
    Capture,
    Column,
    Coverage,
    DateSource,
    Link,
    LinkPlace,
    ListedDocument,
    MetadataField,
    Outcome,
    Page,
    PageFacts,
    PageKind,
    Purpose,
    Reach,
    RuleTables,
    SiteSnapshot,
    Unit,
    UnitClass,
    Verdict,
    WorkCalendar,
)

AT = datetime(2020, 10, 20, 1, tzinfo=UTC)
AS_OF = date(2020, 10, 20)
HOST = "http://jyt.example.gov.cn"
DEPARTMENT = Unit(unit_id="B07", unit_class=UnitClass.B, short_name="省教育厅", full_name="山西省教育厅")
CITY = Unit(unit_id="A01", unit_class=UnitClass.A, short_name="太原市", full_name="太原市人民政府")
CALENDAR = WorkCalendar(
    first_year=2019,
    last_year=2020,
    holidays=frozenset(
        [date(2020, 5, 1), date(2020, 5, 4), date(2020, 5, 5), date(2020, 6, 25), date(2020, 6, 26)]
        + [date(2020, 10, n) for n in (1, 2, 5, 6, 7, 8)]
    ),
    workdays=frozenset(
        {date(2020, 4, 26), date(2020, 5, 9), date(2020, 6, 28), date(2020, 9, 27), date(2020, 10, 10)}
    ),
)
THRESHOLDS = {
    "document-publication-late.working_days": 20,
    "document-body-empty.characters": 30,
    "document-number-gap.most_missing": 2,
    "interpretation-late.working_days": 3,
    "interpretation-copies-document.similarity": 0.9,
    "interpretation-text-only.share": 0.7,
    "interpretation-text-only.least": 5,
    "annual-report-late.month_A": 3,
    "annual-report-late.day_A": 31,
    "annual-report-late.month_B": 1,
    "annual-report-late.day_B": 31,
}
BODY = (
    "各市教育局、各有关高校：\n" + "现将有关事项通知如下，请结合实际认真贯彻执行，确保各项任务落到实处。" * 4
)
BLOCK = {
    "索引号": "012345678/2020-00012",
    "发文机关": "山西省教育厅",
    "成文日期": "2020年5月11日",
    "发文字号": "晋教办〔2020〕5号",
    "发布日期": "2020年5月15日",
}
NAMES = {
    "索引号": "index_number",
    "发文机关": "issuer",
    "成文日期": "written",
    "发文字号": "document_number",
    "发布日期": "published",
    "标题": "title",
    "有效性": "validity",
}


def address(path: str) -> str:
    return path if path.startswith("http") else f"{HOST}/{path}"


def capture(path: str, reach: Reach = Reach.OK, *, attempt: int = 1, **more: Any) -> Capture:
    return Capture(
        unit_id="B07",
        asked_url=address(path),
        at=AT,
        reach=reach,
        status=200 if reach is Reach.OK else 404,
        attempt=attempt,
        **more,
    )


def page(path: str, columns: Iterable[Column] = (), *, file: bool = False, **facts: Any) -> Page:
    """A page that was read; `file` makes it an attachment."""
    took = capture(path, purpose=Purpose.ATTACHMENT if file else Purpose.PAGE)
    facts.setdefault("kind", PageKind.ARTICLE)
    facts.setdefault("whole_text", f"{facts.get('title') or ''}\n{facts.get('text', '')}")
    return Page(
        url=address(path),
        capture=took,
        tries=(took,),
        facts=PageFacts(url=address(path), **facts),
        columns=frozenset(columns),
    )


def gone(path: str, tries: int = 2, reach: Reach = Reach.GONE) -> Page:
    """An address that did not answer."""
    took = tuple(capture(path, reach, attempt=n + 1) for n in range(tries))
    return Page(url=address(path), capture=took[-1], tries=took)


def block(**changes: str) -> tuple[MetadataField, ...]:
    """The metadata block of a complete document with some labels changed."""
    values: Mapping[str, str] = {**BLOCK, **changes}
    return tuple(
        MetadataField(label=label, name=NAMES.get(label, ""), value=value) for label, value in values.items()
    )


def document(
    path: str = "zc/1.html", title: str = "山西省教育厅关于做好2020年学生资助工作的通知", **facts: Any
) -> Page:
    """A complete document page of the department, with some facts changed."""
    number = facts.get("document_number", "晋教办〔2020〕5号")
    issuer = facts.get("issuer", "山西省教育厅")
    columns = facts.pop("columns", (Column.POLICY,))
    entries = facts.pop("metadata", None)
    settled: dict[str, Any] = {
        "kind": PageKind.DOCUMENT,
        "title": title,
        "text": BODY,
        "document_number": number,
        "document_number_from": "metadata" if number else "",
        "index_number": "012345678/2020-00012",
        "issuer": issuer,
        "written": date(2020, 5, 11),
        "published": date(2020, 5, 15),
        "published_from": DateSource.LABEL,
        "metadata": block(发文字号=number or "", 发文机关=issuer or "") if entries is None else entries,
        **facts,
    }
    return page(path, columns, **settled)


def interpretation(path: str, title: str, **facts: Any) -> Page:
    """An interpretation page in the interpretation column."""
    columns = facts.pop("columns", (Column.INTERPRETATION,))
    settled: dict[str, Any] = {
        "kind": PageKind.INTERPRETATION,
        "title": title,
        "text": "一、背景\n" + "为了让群众看得懂，现就有关内容作如下说明。" * 10,
        "published": date(2020, 5, 15),
        "published_from": DateSource.LABEL,
        "source": "山西省教育厅",
        **facts,
    }
    return page(path, columns, **settled)


def link(path: str, text: str = "", place: LinkPlace = LinkPlace.SIDE) -> Link:
    return Link(url=address(path), text=text, place=place)


def attached(path: str, text: str = "附件.pdf") -> Attachment:
    return Attachment(url=address(path), text=text)


def site(
    *pages: Page,
    unit: Unit = DEPARTMENT,
    as_of: date = AS_OF,
    listed: Iterable[ListedDocument] | None = None,
    partial: Iterable[Area] = (),
    calendar: WorkCalendar = CALENDAR,
) -> SiteSnapshot:
    """A site wholly seen, but for the areas in `partial`."""
    hidden = set(partial)
    areas = {
        area: AreaCoverage(area=area, state=AreaState.PARTIAL if area in hidden else AreaState.COMPLETE)
        for area in Area
    }
    return SiteSnapshot(
        unit=unit,
        run_id="r",
        as_of=as_of,
        pages={one.url: one for one in pages},
        coverage=Coverage(areas=areas),
        calendar=calendar,
        tables=RuleTables(thresholds=THRESHOLDS),
        listed=None if listed is None else tuple(listed),
    )


def said(rule_id: str, made: SiteSnapshot) -> dict[str, Outcome]:
    """What one rule says of a site after the engine's guards, by subject."""
    rules = tuple(rule for rule in RULES if rule.RULE.id == rule_id)
    assert rules, rule_id
    return {outcome.subject: outcome for outcome in judge(made, rules).outcomes}


def verdicts(rule_id: str, made: SiteSnapshot) -> dict[str, Verdict]:
    """The verdict of one rule by subject; passes and silences are left out."""
    quiet = (Verdict.PASS, Verdict.NOT_APPLICABLE)
    return {s: o.verdict for s, o in said(rule_id, made).items() if o.verdict not in quiet}
