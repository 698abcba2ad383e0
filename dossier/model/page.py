"""What reading makes of one page: facts, no judgement."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

READER_VERSION = 7
"""Raised whenever the same bytes may be read differently; stored facts of an older reader are read again."""
DRAWN = "（图片）"
"""The value of a field in whose place stands a picture without words."""


class PageKind(StrEnum):
    """What a single page is, as far as the page itself tells."""

    HOME = "home"
    PLATFORM = "platform"
    """政府信息公开 home: holds the four fixed columns (国办公开办函〔2019〕61号)."""
    COLUMN = "column"
    """A list of items or sub-columns."""
    DOCUMENT = "document"
    """A 公文: carries a 发文字号 in its metadata block or head."""
    INTERPRETATION = "interpretation"
    ARTICLE = "article"
    GUIDE = "guide"
    """政府信息公开指南."""
    RULES = "rules"
    """政府信息公开制度."""
    STATUTORY = "statutory"
    """法定主动公开内容 catalogue."""
    ANNUAL_REPORT = "annual_report"
    """One year's 政府信息公开工作年度报告 itself (its list is a column)."""
    FUNCTIONS = "functions"
    LEADERS = "leaders"
    APPLICATION = "application"
    """依申请公开 entry page."""
    FORM = "form"
    """An application form to fill in."""
    SEARCH = "search"
    CHALLENGE = "challenge"
    ERROR = "error"
    """Says that it is not there or broken, whatever the status."""
    MOVED = "moved"
    """Only says that the site moved elsewhere."""
    SHELL = "shell"
    """Drawn by script: nothing to read without a browser."""
    OTHER = "other"


class Column(StrEnum):
    """栏目 kinds that the rules look for; labels of each live in tables/columns.toml."""

    HOME = "home"
    PLATFORM = "platform"
    GUIDE = "guide"
    RULES = "rules"
    STATUTORY = "statutory"
    ANNUAL = "annual"
    APPLICATION = "application"
    POLICY = "policy"
    """政策文件, 公文, 规范性文件."""
    NORMATIVE = "normative"
    """行政规范性文件 only."""
    INTERPRETATION = "interpretation"
    POLICY_JOINT = "policy_joint"
    """政策文件及解读 in one column."""
    NEWS = "news"
    """动态, 要闻."""
    NOTICE = "notice"
    """通知公告."""
    FUNCTIONS = "functions"
    ORGANS = "organs"
    """内设机构."""
    LEADERS = "leaders"
    CONTACT = "contact"
    SITEMAP = "sitemap"
    SEARCH = "search"
    NEW_MEDIA = "new_media"


class LinkPlace(StrEnum):
    NAV = "nav"
    HEADER = "header"
    FOOTER = "footer"
    BREADCRUMB = "breadcrumb"
    LIST = "list"
    """In a list of items."""
    PAGER = "pager"
    MAIN = "main"
    """In the main text."""
    SIDE = "side"
    BODY = "body"
    """Anywhere else."""


class DateSource(StrEnum):
    """Where a date was read; earlier members are trusted more."""

    LABEL = "label"
    POSITION = "position"
    TAG = "tag"
    LIST = "list"
    ADDRESS = "address"


class Link(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A link as a visitor could follow it. Links in comments and templates do not exist."""

    url: str
    """Absolute, no fragment unless it routes; empty for a link that goes nowhere."""
    text: str = ""
    """Visible text, else title, else alt of its picture; white space folded."""
    raw: str = ""
    """The href (or onclick target) as written, only where it differs in kind: `#`, `javascript:;`, …"""
    place: LinkPlace = LinkPlace.BODY
    tag: str = "a"
    """a, area, img, iframe, script (onclick target), form, option …"""
    hidden: str = ""
    """Why the eye cannot see it: `display-none`, `zero-size`, `off-screen`, `hidden-attribute`; else empty."""
    handler: bool = False
    """A script handles the click (onclick, data-*, or a framework attribute)."""
    at: str = ""
    """Place in the page for evidence, e.g. `html/body/div[3]/ul/li[2]/a`; filled for the few that may be accused."""
    opener: str = ""
    """For a hidden link: the few words shown beside its hidden block and nothing else, which may open it."""


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One entry of a list on a column page."""

    title: str
    url: str = ""
    date: date | None = None
    number: str = ""
    """发文字号 shown in the row, if any."""
    pinned: bool = False
    hidden: bool = False
    """In a tab or block that is not shown at first."""
    block: int = 0
    """Which list of the page it stands in, 0 = the main one."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    url: str
    text: str = ""


class MetadataField(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One label of a document's metadata block, value possibly empty."""

    label: str
    """As shown, spaces removed."""
    name: str = ""
    """Canonical: index_number, issuer, written, published, title, document_number, validity, topic, keywords, disclosure; else empty."""
    value: str = ""


class Footer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Footer elements (国办发〔2017〕47号): True seen, False not there, None where drawn by a script or an unfetched include."""

    party_mark: bool | None = False
    error_report: bool | None = False
    site_code: bool | None = False
    icp: bool | None = False
    police: bool | None = False
    sitemap: bool | None = False
    organiser: bool | None = False
    contact: bool | None = False


class FormFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    action: str = ""
    method: str = "get"
    purpose: str = ""
    """search, application, login, message, other."""
    fields: tuple[str, ...] = ()
    """Visible labels or names of its fields, as shown."""
    roles: tuple[str, ...] = ()
    """Recognised field roles: name, contact, description, identity, query."""


class TableFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A data table of an annual report, spans expanded, cells as text."""

    caption: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


class PageFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """All that the rules may know of one page (or one attachment). Pure facts with their places; no HTML."""

    url: str
    reader: int = 0
    """READER_VERSION of the reader that made this; set explicitly by reading."""
    encoding: str = ""
    kind: PageKind = PageKind.OTHER
    column: Column | None = None
    """Which 栏目 this page is or stands in, guessed from its own title, breadcrumb and labels."""
    html_title: str = ""
    title: str | None = None
    """The headline a reader sees (full form where a tag or attribute has it)."""
    breadcrumb: tuple[str, ...] = ()
    text: str = ""
    """Main text: paragraphs joined by newlines, without navigation, header and footer."""
    whole_text: str = ""
    """All visible text of the page, header and footer included; for searches, bounded in length."""
    published: date | None = None
    published_from: DateSource | None = None
    written: date | None = None
    """成文日期."""
    dates_conflict: str = ""
    """Set where two sources of the publication date disagree: `label 2020-09-15, tag 2022-10-14`."""
    document_number: str | None = None
    document_number_from: str = ""
    """`metadata`, `head` (under the title or at the top of the text) or empty; numbers merely cited do not count."""
    index_number: str | None = None
    issuer: str | None = None
    source: str | None = None
    validity: str | None = None
    """有效, 失效, 废止, 已修改 or 尚未生效, as shown."""
    metadata: tuple[MetadataField, ...] = ()
    """The document metadata block, in order; empty where the page has none."""
    tags: dict[str, str] = {}
    """<meta> labels of 47号附件 under their canonical names (SiteName, ColumnName, PubDate …), as written."""
    site_name: str | None = None
    site_code: str | None = None
    """网站标识码 shown in the footer, as written."""
    site_code_tag: str | None = None
    footer: Footer | None = None
    """None where the page has no footer to speak of."""
    links: tuple[Link, ...] = ()
    items: tuple[Item, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    interpretations: tuple[Link, ...] = ()
    """Links that this page itself offers as its 解读."""
    sources: tuple[Link, ...] = ()
    """On an interpretation: links offered as the document it interprets (原文, 相关文件, 《…》)."""
    forms: tuple[FormFacts, ...] = ()
    tables: tuple[TableFacts, ...] = ()
    """Kept for annual reports only."""
    contacts: dict[str, str] = {}
    """What contact facts the page states: name, address, hours, phone, fax, internet, head → the quote."""
    media: tuple[str, ...] = ()
    """Non-text forms in the main text: image, video, audio, h5, animation, interview, conference."""
    next_pages: tuple[str, ...] = ()
    """Addresses of further pages of this list, in order, as far as the page tells."""
    includes: tuple[str, ...] = ()
    """Parts the page loads into itself (header, footer, lists) that a plain fetch does not show."""
    data_sources: tuple[str, ...] = ()
    """JSON or XML addresses from which a list is drawn, where they can be told."""
    script_lists: bool = False
    """A list on this page is drawn by script and empty in the source."""
    search_box: bool = False
    moved_to: str = ""
    sign: str = ""
    """For kind challenge or error: the signature that matched."""
    truncated: bool = False
    """The body or text was cut at our bound, or parts of a file (pictures among its pages, entries of an archive) were not read."""
    unreadable: str = ""
    """For an attachment that could not be read: why (`encrypted`, `format`, `media`, `too-large`, `too-costly`,
    `scanned`, `garbled`, `broken`, or `no-reader` where it was our reader that failed)."""
