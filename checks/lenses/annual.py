"""Last year's 政府信息公开工作年度报告 of the unit itself, wherever on the site it stands.

网站工作年度报表, the reports of subordinate bodies and notices about reporting are something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from checks.lens import lens
from checks.lenses.attached import attachments_of
from checks.lenses.documents import headline
from checks.lenses.issuers import own_names
from checks.lenses.titles import chinese_year, squeeze
from dossier.model import (
    Column,
    Link,
    Page,
    PageFacts,
    PageKind,
    Purpose,
    SiteSnapshot,
    TableFacts,
    Unit,
    UnitClass,
)

_REPORT = re.compile(
    r"(?:政府)?(?:信息|政务)公开(?:工作)?(?:的)?(?:年度)?(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:总结)?(?:报告|年报|年度总结)"
)
_NO_REPORT = re.compile(
    r"网站|报表|统计表|通知|解读|法治政府|培训|格式|模板|推进会|考核|通报|部署|要点|方案|指南|目录$|申请表|建议|意见|新闻|关于做好|关于报送"
)
_WITHOUT = re.compile(
    r"(?:19|20)\d\d年?(?:度)?|[一二][〇○零九][〇○零一二三四五六七八九]{2}年(?:度)?|关于|本机关|本单位|本部门|我厅|我局|我委|我市|"
    r"年度|工作|情况|总结|公布|发布|的|\(.*?\)|\[.*?\]|【.*?】|[《》\"“”'‘’\-—_:：·、,.。]|\.(?:pdf|docx?|wps|ofd)"
)
_YEAR = re.compile(r"(?:(?:19|20)\d\d|[一二][〇○零九][〇○零一二三四五六七八九]{2})(?:年(?!度))?")
"""The year of a report, which may stand in the middle of its name: 政府信息公开2019年年度报告."""
_PART_OF_UNIT = re.compile(r"^(?:机关|本级|办公厅|办公室|政府|人民政府|人民|市|省)*$")


class Owner(StrEnum):
    OWN = "own"
    OTHER = "other"
    DOUBTFUL = "doubtful"
    """Names a body that might be the unit under another name."""


@dataclass(frozen=True, eq=False)
class ReportLink:
    """A link whose words promise the report."""

    page: Page
    link: Link
    target: Page | None
    owner: Owner


def report_year(site: SiteSnapshot) -> int:
    """The year whose report is due in the assessment year."""
    return site.as_of.year - 1


def deadline(site: SiteSnapshot) -> date:
    """The last day on which the report is in time (条例49)."""
    unit_class = site.unit.unit_class.value
    return date(
        site.as_of.year,
        int(site.tables.threshold(f"annual-report-late.month_{unit_class}")),
        int(site.tables.threshold(f"annual-report-late.day_{unit_class}")),
    )


@lru_cache(maxsize=1 << 15)
def titled_report(title: str, year: int) -> bool:
    """Whether a title is that of a disclosure report on this year."""
    packed = squeeze(title)
    return (
        bool(_REPORT.search(_YEAR.sub("", packed)))
        and not _NO_REPORT.search(packed)
        and chinese_year(packed) == year
    )


def owner_of(unit: Unit, title: str) -> Owner:
    """Whose report a title announces; a title that names nobody is the site owner's."""
    rest = _WITHOUT.sub("", _REPORT.sub("", _YEAR.sub("", squeeze(title))))
    if not rest:
        return Owner.OWN
    full = squeeze(unit.full_name)
    names = {*own_names(unit), squeeze(unit.short_name), full.removesuffix("人民政府")}
    names = {_WITHOUT.sub("", name) for name in names}
    for name in sorted(names, key=len, reverse=True):
        if name and name in rest:
            return Owner.OWN if _PART_OF_UNIT.match(rest.replace(name, "", 1)) else Owner.OTHER
    if _PART_OF_UNIT.match(rest):
        return Owner.OWN
    if re.search(r"[县区镇乡]|街道|学校|学院|大学|中学|小学|幼儿园|中心|医院|支队|总队|集团|公司", rest):
        return Owner.OTHER
    if unit.unit_class is UnitClass.B and "市" in rest.split("市场")[0]:
        return Owner.OTHER
    if unit.unit_class is UnitClass.A:
        return Owner.OTHER if re.search(r"(?:局|委|办|厅|会)", rest) else Owner.DOUBTFUL
    return Owner.DOUBTFUL


@lens
def report_pages(site: SiteSnapshot) -> tuple[Page, ...]:
    """Pages and files that are the unit's own report for the year, in crawl order."""
    return tuple(page for page, owner in _candidates(site) if owner is Owner.OWN)


@lens
def doubtful_reports(site: SiteSnapshot) -> tuple[Page, ...]:
    """Reports for the year that may be the unit's under another name."""
    return tuple(page for page, owner in _candidates(site) if owner is Owner.DOUBTFUL)


@lens
def _candidates(site: SiteSnapshot) -> tuple[tuple[Page, Owner], ...]:
    year = report_year(site)
    found: list[tuple[Page, Owner]] = []
    for page in site.pages.values():
        facts = page.facts
        if not page.ok or facts is None or facts.kind in _LISTS:
            continue
        title = headline(page)
        if (
            facts.kind is PageKind.ANNUAL_REPORT
            and chinese_year(title) is None
            and not _NO_REPORT.search(title)
        ):
            if _year_inside(facts) == year:
                found.append((page, Owner.OWN if owner_of(site.unit, title) is Owner.OWN else Owner.DOUBTFUL))
        elif titled_report(title, year):
            found.append((page, owner_of(site.unit, title)))
    known = {page.url for page, _ in found}
    for promise in promised_reports(site):
        target = promise.target
        if target is None or not target.ok or target.kind in _LISTS or target.url in known:
            continue
        if not says_otherwise(headline(target), year):
            known.add(target.url)
            found.append((target, promise.owner))
    return tuple(found)


def says_otherwise(title: str, year: int) -> bool:
    """Whether a page's own title contradicts the link that promised last year's report."""
    said = chinese_year(title)
    return (said is not None and said != year) or bool(_NO_REPORT.search(squeeze(title)))


_LISTS = (
    PageKind.COLUMN,
    PageKind.HOME,
    PageKind.PLATFORM,
    PageKind.SEARCH,
    PageKind.ERROR,
    PageKind.CHALLENGE,
)


def _year_inside(facts: PageFacts) -> int | None:
    found = re.search(
        r"((?:19|20)\d\d)年(?:度)?[^。\n]{0,30}(?:信息公开|政务公开)", squeeze(facts.text[:1500])
    )
    return int(found[1]) if found else None


@lens
def promised_reports(site: SiteSnapshot) -> tuple[ReportLink, ...]:
    """Links anywhere on the site that call themselves the unit's report for the year; where a script that was
    not run opens it, the words alone."""
    year = report_year(site)
    found: dict[str, ReportLink] = {}
    for page in site.pages.values():
        if not page.ok or page.facts is None:
            continue
        told = list(_told(page.facts, year))
        told += [
            (line, "")
            for line in _lines_of_shelf(page)
            if titled_report(line, year) and not any(text in line for text, _ in told)
        ]
        for text, url in told:
            known = url or text
            if known in found:
                continue
            owner = owner_of(site.unit, text)
            if owner is not Owner.OTHER:
                target = site.page(url) if url else None
                found[known] = ReportLink(page, Link(url=url, text=text), target, owner)
    return tuple(found.values())


def _told(facts: PageFacts, year: int) -> Iterator[tuple[str, str]]:
    """What a page shows to be opened under the name of a report on the year: the words and the address."""
    for item in facts.items:
        if titled_report(item.title, year):
            yield item.title, item.url
    for file in facts.attachments:
        if titled_report(file.text, year):
            yield file.text, file.url
    for link in facts.links:
        if titled_report(link.text, year) and not link.hidden:
            yield link.text, link.url


_LONGEST_TITLE = 60


def _lines_of_shelf(page: Page) -> Iterator[str]:
    """Short lines on a column of reports: a row that opens in some way we do not know names its report all the same."""
    if page.facts is not None and Column.ANNUAL in page.columns and page.kind in _LISTS:
        yield from (line for line in page.facts.whole_text.splitlines() if len(line) <= _LONGEST_TITLE)


@dataclass(frozen=True, eq=False)
class ReportBody:
    """All that could be read of a report: the page and the files it carries."""

    page: Page
    text: str
    tables: tuple[TableFacts, ...]
    holders: tuple[Page, ...]
    """The page or file in which each of the tables stands."""
    from_file: bool
    """Most of its words come out of files, whose lines and headings are surmised from where letters stand."""
    hidden: str
    """Chinese reason why more of it may exist unseen; empty where it was read whole."""


CARRIER_LENGTH = 400


def report_body(site: SiteSnapshot, page: Page) -> ReportBody:
    """A report's words and tables, those in its attachments included."""
    facts = page.facts
    assert facts is not None
    texts, tables = [facts.text], [(page, table) for table in facts.tables]
    hidden = "页面未能读全" if facts.truncated else ""
    if facts.unreadable:
        hidden = "报告文件无法读出文字"
    carried = attachments_of(site, page)
    for item, held in carried:
        if held and held.ok and held.facts and not held.facts.unreadable and held.facts.text.strip():
            texts.append(held.facts.text)
            tables.extend((held, table) for table in held.facts.tables)
            if held.facts.truncated:
                hidden = f"附件“{item.text or item.url}”未能读全"
        else:
            hidden = f"附件“{item.text or item.url}”未能读出"
    if not hidden and facts.media and len(squeeze(facts.text)) < CARRIER_LENGTH * 3:
        hidden = "报告含图片，可能以图片形式公布"
    if not hidden and facts.script_lists:
        hidden = "页面部分内容由脚本绘制"
    return ReportBody(
        page,
        "\n".join(texts),
        tables=tuple(table for _, table in tables),
        holders=tuple(holder for holder, _ in tables),
        from_file=page.capture.purpose is Purpose.ATTACHMENT or len(facts.text) < sum(map(len, texts)) / 2,
        hidden=hidden,
    )


# ---------------------------------------------------------------- 六个部分

PARTS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("1", "总体情况", re.compile(r"总体情况|基本情况|概述|概况|总体概况|工作总体")),
    ("2", "主动公开政府信息情况", re.compile(r"主动公开")),
    (
        "3",
        "收到和处理政府信息公开申请情况",
        re.compile(r"收到(?:和|及|并)?处理|申请(?!人).{0,6}(?:情况|办理)|依申请公开"),
    ),
    ("4", "因政府信息公开工作被申请行政复议、提起行政诉讼情况", re.compile(r"复议|诉讼")),
    ("5", "政府信息公开工作存在的主要问题及改进情况", re.compile(r"问题|改进|不足")),
    (
        "6",
        "其他需要报告的事项",
        re.compile(
            r"其[他它](?!对外管理|法律|处理|结果|情形).{0,12}(?:事项|情况|说明|问题)|需要(?:报告|说明)的.{0,8}事项"
        ),
    ),
)
_NUMBERED = re.compile(
    r"(?:^|[\n。；;])\s*[(（第]?(?:[一二三四五六七八九]|[1-9])(?:部分)?[)）、.．:：]\s*(?P<words>[^\n。；;]{2,60})"
)


_SIXTH = re.compile(r"(?:^|[\n。；;])[六6][、.．]其[他它]")
"""The last part is often headed 其他 and no more; a table's own 其他 is numbered otherwise."""


_MENTIONS = {
    "5": re.compile(
        r"(?:存在|主要|突出|薄弱|仍有|还有|尚有|有待|有些|有的).{0,8}(?:问题|不足|差距|短板|改进)|"
        r"(?:问题|不足|短板).{0,12}(?:改进|整改|打算)|改进(?:情况|措施|方向|打算)|不足之处"
    )
}
"""Common words that head a part say nothing in a running sentence (坚持问题导向)."""


class PartSeen(StrEnum):
    HEADING = "heading"
    SHORT_LINE = "short-line"
    MENTION = "mention"
    NOWHERE = "nowhere"


def parts_seen(text: str) -> dict[str, PartSeen]:
    """How each of the six prescribed parts shows itself in a report's text."""
    plain = re.sub(r"[ \t\u3000\xa0\u2002\u2003]+", "", text)
    heads = [match["words"][:32] for match in _NUMBERED.finditer(plain)]
    short = [line for line in plain.splitlines() if 2 <= len(line) <= 32]
    seen: dict[str, PartSeen] = {}
    for number, _, words in PARTS:
        if any(words.search(head) for head in heads) or (number == "6" and _SIXTH.search(plain)):
            seen[number] = PartSeen.HEADING
        elif any(words.search(line) for line in short):
            seen[number] = PartSeen.SHORT_LINE
        elif _MENTIONS.get(number, words).search(plain):
            seen[number] = PartSeen.MENTION
        else:
            seen[number] = PartSeen.NOWHERE
    return seen


_TABLE_WORDS = re.compile(
    r"本年新收|上年结转|结转下年度|第二十条第|予以公开|本年新公开|行政诉讼.{0,40}结果维持|结果维持"
)


def has_prescribed_table(body: ReportBody) -> bool:
    """Whether any of the prescribed tables is in a report, be it as flattened text."""
    if _TABLE_WORDS.search(squeeze(body.text)):
        return True
    return any(_TABLE_WORDS.search(squeeze("".join(map("".join, table.rows)))) for table in body.tables)
