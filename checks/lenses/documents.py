"""A policy document is a 公文 that a site shows: what stands in a document column, or carries a 发文字号.

A document column also holds what is none (news, 公示, 图解); what only may be a 公文 is kept with
`doubt`, so that a rule asks about it instead of accusing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from checks.lens import lens
from checks.lenses.attached import FILE_ADDRESS, attachments_of
from checks.lenses.block import has_label, has_value, labelled_value, value_of
from checks.lenses.issuers import Origin, origin_of
from checks.lenses.navigation import column_name, listings, stands_in
from checks.lenses.titles import (
    DocumentNumber,
    called_interpretation,
    document_keys,
    leading_number,
    number_line,
    parse_number,
    squeeze,
)
from dossier.model import (
    Column,
    Page,
    PageFacts,
    PageKind,
    Purpose,
    SiteSnapshot,
)

POLICY_COLUMNS = frozenset({Column.POLICY, Column.NORMATIVE, Column.POLICY_JOINT})
DETAIL_KINDS = frozenset({PageKind.DOCUMENT, PageKind.ARTICLE, PageKind.OTHER, PageKind.RULES})

_ENDS_AS_DOCUMENT = re.compile(
    r"(?:通知|意见|办法|规定|细则|方案|规划|决定|批复|通报|函|计划|措施|制度|规则|规程|准则|标准|预案|纲要|"
    r"要点|决议|命令|令|议案|报告|纪要|条例|公报|若干政策|政策|章程|通告|公告)$"
)
_NO_DOCUMENT = re.compile(
    r"公示|招标|中标|采购|招聘|面试|笔试|体检|成绩|拟录用|拟聘|拍卖|挂牌|出让|竞价|公开课|开班|召开|举行|举办|"
    r"启动|调研|座谈|检查组|一行|走进|侧记|纪实|征集|问卷|图解|一图|视频|答记者问|新闻发布|动态|简报|名单$|情况表$"
)
_LAW = re.compile(r"^(?:中华人民共和国|山西省|.{2,4}市).{2,40}(?:(?<!办)法|条例)$")
_NUMBERLESS = re.compile(
    r"(?:公告|通告|公报|公开信|倡议书|启事|名单|目录|清单|指南|标准|表|章程|法|条例|令|报告|预算|决算)$"
)
_TAIL = re.compile(r"[(（【\[][^()（）]{1,14}[)）】\]]$")


_NORMATIVE_SERIES = re.compile(r"[\u4e00-\u9fff]规(?:字|发|范)?$")
"""The last character of a 发文字号's agency code under which only 行政规范性文件 are numbered."""


@dataclass(frozen=True, eq=False)
class PolicyDocument:
    """A page of the site that is (or, with `doubt`, may be) a 公文."""

    page: Page
    facts: PageFacts
    title: str
    keys: frozenset[str]
    number: DocumentNumber | None
    number_text: str
    """The 发文字号 as shown; empty where none is."""
    origin: Origin
    doubt: str = ""
    """Chinese reason why it may be no 公文; empty where it surely is one."""

    @property
    def url(self) -> str:
        return self.page.url

    @property
    def year(self) -> int | None:
        """The year it belongs to: that of its 成文日期, else of its number, else of its publication."""
        if self.facts.written:
            return self.facts.written.year
        if self.number and self.number.year:
            return self.number.year
        return self.facts.published.year if self.facts.published else None

    @property
    def numbered_normative(self) -> bool:
        """Whether it bears a number of the series of 行政规范性文件 (晋政办规〔2020〕3号)."""
        return bool(self.number and _NORMATIVE_SERIES.search(self.number.agency))

    @property
    def normative(self) -> bool:
        """Whether it stands among the 行政规范性文件, or bears a number of their series."""
        return Column.NORMATIVE in self.page.columns or self.numbered_normative


def headline(page: Page) -> str:
    """The title a reader sees, without what runs around it."""
    facts = page.facts
    return (facts.title or facts.html_title or "").strip() if facts else ""


def body_length(page: Page) -> int:
    """Characters of main text beyond the title, the metadata block and mere lists of links."""
    facts = page.facts
    if facts is None:
        return 0
    linked = {squeeze(link.text) for link in facts.links if link.text}
    lines = (squeeze(line) for line in facts.text.splitlines() if not _byline(line))
    words = _letters("".join(line for line in lines if line not in linked))
    block = [f"{entry.label}{entry.value}" for entry in facts.metadata]
    for piece in (*block, value_of(facts, "title"), headline(page)):
        words = words.replace(_letters(squeeze(piece)), "", 1)
    return len(words)


def _letters(words: str) -> str:
    """Words without the marks between them: a block writes `索引号：`, `【索引号】` or nothing at all."""
    return _MARKS.sub("", words)


_BYLINE = re.compile(
    r"(?:日期|时间|来源|稿源|出处|作者|编辑|字号|字体|浏览|阅读|点击|访问|打印|收藏|分享|关闭)(?:次数|量|数)?\s*[:：】\]]"
)


def _byline(line: str) -> bool:
    """Whether a line is the one under a headline: when, from where, how often read, in what size."""
    return len(line) <= 90 and len(_BYLINE.findall(line)) >= 2


_MARKS = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]+")


def _names_its_column(facts: PageFacts, title: str) -> bool:
    """Whether a page's headline is no more than the name of the column that it says it is: it lists texts and is none."""
    return (
        bool(title)
        and title == facts.tags.get("ColumnName", "").strip()
        and not facts.tags.get("ArticleTitle")
    )


def is_interpretation(page: Page) -> bool:
    """Whether a page interprets a document rather than being one."""
    facts = page.facts
    if facts is None or page.capture.purpose is Purpose.ATTACHMENT:
        return False
    if facts.kind not in (PageKind.INTERPRETATION, PageKind.ARTICLE, PageKind.OTHER, PageKind.DOCUMENT):
        return False
    title = headline(page)
    if _names_its_column(facts, title):
        return False
    if called_interpretation(title):
        return True
    if value_of(facts, "document_number") or facts.document_number_from == "metadata":
        return False
    if facts.kind is PageKind.INTERPRETATION:
        return True
    only_there = Column.INTERPRETATION in page.columns and not page.columns & POLICY_COLUMNS
    return only_there and facts.kind is not PageKind.DOCUMENT


@lens
def interpreting_pages(site: SiteSnapshot) -> frozenset[str]:
    """Addresses of the pages that interpret a document."""
    return frozenset(page.url for page in site.pages.values() if page.ok and is_interpretation(page))


@lens
def policy_documents(site: SiteSnapshot) -> tuple[PolicyDocument, ...]:
    """Every page of the site that is or may be a 公文, in crawl order."""
    found: list[PolicyDocument] = []
    for page in site.pages.values():
        facts = page.facts
        if not page.ok or facts is None or not _may_be_document(site, page, facts):
            continue
        text = shown_number(site, page, facts)
        title = headline(page)
        found.append(
            PolicyDocument(
                page=page,
                facts=facts,
                title=title,
                keys=document_keys(title) | document_keys(value_of(facts, "title")),
                number=parse_number(text),
                number_text=text,
                origin=origin_of(site.unit, facts),
                doubt=_doubt(facts, title, bool(text)),
            )
        )
    return tuple(found)


def _may_be_document(site: SiteSnapshot, page: Page, facts: PageFacts) -> bool:
    if page.capture.purpose is Purpose.ATTACHMENT or FILE_ADDRESS.search(page.url):
        return False
    if facts.kind not in DETAIL_KINDS or page.url in interpreting_pages(site):
        return False
    if _numbered_in_block(facts):
        return True
    if _names_its_column(facts, headline(page)):
        return False
    if not page.columns & POLICY_COLUMNS or (not facts.metadata and _law_on_a_shelf(site, page)):
        return False
    if facts.kind is PageKind.OTHER and len(facts.items) > 2 and not facts.metadata:
        return False
    title = _bare(headline(page))
    return bool(title) and (bool(facts.metadata) or not _NO_DOCUMENT.search(_outside_quotes(title)))


def _law_on_a_shelf(site: SiteSnapshot, page: Page) -> bool:
    """Whether a page without a block is a law, or stands among laws alone: they are adopted and promulgated, mostly by
    others, and are no 公文 with a number, an index and a place in the unit's list."""
    if law_itself(headline(page)):
        return True
    number = parse_number(page.facts.document_number if page.facts else "")
    if number and number.year:
        return False
    shelves = {
        column_name(listed.holder)
        for listed in listings(site).get(page.url, ())
        if listed.holder.kind is PageKind.COLUMN and stands_in(listed.holder) & POLICY_COLUMNS
    }
    return bool(shelves) and all(map(shelf_of_laws, shelves))


_LAWS = re.compile(r"法律|法规|规章|条例|政府令")
_PAPERS = re.compile(r"文件|政策|规范性|公文|规章制度|文库")


def shelf_of_laws(column: str) -> bool:
    """Whether a column, by its name, holds laws and regulations and no papers beside them."""
    return bool(_LAWS.search(column)) and not _PAPERS.search(column)


def _numbered_in_block(facts: PageFacts) -> bool:
    if facts.document_number_from == "metadata" and facts.document_number:
        return True
    return bool(value_of(facts, "document_number"))


def _outside_quotes(title: str) -> str:
    """A title without the names of documents in it: what 《…公示管理办法》 is about says nothing of its bearer."""
    return re.sub(r"《[^》]*》", "《》", title)


def _promulgates(title: str) -> bool:
    """Whether a title issues a document: `关于印发……的通知` has a number whatever its matter is."""
    return bool(re.search(r"(?:印发|下达|转发|发布).*(?:通知|通告|公告|决定)$", title))


def _bare(title: str) -> str:
    packed = squeeze(title)
    for _ in range(2):
        packed = _TAIL.sub("", packed)
    return packed.rstrip("》")


def _doubt(facts: PageFacts, title: str, numbered: bool) -> str:
    """Why a page in a document column may be no 公文."""
    if numbered or facts.kind is PageKind.DOCUMENT:
        return ""
    bare = _bare(title)
    if _NO_DOCUMENT.search(_outside_quotes(bare)) and not _promulgates(bare):
        return "页面在政策文件栏目中，但标题像是公示、新闻或图解，不一定是公文"
    if _ENDS_AS_DOCUMENT.search(bare):
        return ""
    if facts.metadata and any(
        has_label(facts, name) for name in ("document_number", "index_number", "issuer")
    ):
        return ""
    return "页面在政策文件栏目中，但标题不像公文，也没有公文要素"


def shown_number(site: SiteSnapshot, page: Page, facts: PageFacts) -> str:
    """The 发文字号 a page shows: in its metadata, its head, its title; for a mere carrier, in its attachment."""
    if facts.document_number and has_value(facts.document_number):
        return facts.document_number
    listed = value_of(facts, "document_number")
    if listed and (parse_number(listed) or re.search(r"\d", listed)):
        return listed
    in_title = re.search(r"[(（]([^()（）]*(?:号|\d))[)）]\s*$", headline(page))
    if in_title and number_line(in_title[1]):
        return in_title[1]
    labelled = labelled_value(facts, "document_number")
    if labelled:
        return labelled
    alone = _line_of_number(facts.text.splitlines()[:12])
    if alone or body_length(page) > CARRIER_LENGTH:
        return alone
    for _, held in attachments_of(site, page):
        if held and held.ok and held.facts:
            inside = held.facts.document_number or _line_of_number(held.facts.text.splitlines()[:15])
            if inside:
                return inside
    return ""


CARRIER_LENGTH = 100
"""A page with less own text than this and an attachment only carries it."""


def _line_of_number(lines: Iterable[str]) -> str:
    """The first line that is, or begins with, a 发文字号."""
    for line in lines:
        if number_line(line):
            return line.strip()
        opening = leading_number(line)
        if opening:
            return opening
    return ""


def law_itself(title: str) -> bool:
    """Whether a title is that of a law or a regulation, which has no 发文字号 at all."""
    return bool(_LAW.search(_bare(title)))


def numberless_by_nature(title: str) -> bool:
    """Laws, orders and announcements are often issued without a 发文字号 of the bracketed kind."""
    bare = _bare(title)
    return bool(_LAW.search(bare) or _NUMBERLESS.search(bare))


def documents_of_year(site: SiteSnapshot) -> tuple[PolicyDocument, ...]:
    """The policy documents of the assessment year, which is the as-of date's."""
    return tuple(document for document in policy_documents(site) if document.year == site.as_of.year)


def firm_publication(facts: PageFacts) -> date | None:
    """A publication date that may be held against a unit: labelled or beside the title, and undisputed."""
    if facts.published_from in ("address", "list") or facts.dates_conflict:
        return None
    return facts.published
