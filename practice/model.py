"""What an invented site is made of, before any template gives it a face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

FOOTER_ELEMENTS = (
    "party-mark",
    "error-report",
    "site-code",
    "icp",
    "police",
    "sitemap",
    "organiser",
    "contact",
)


@dataclass(frozen=True, slots=True)
class Unit:
    """An invented office."""

    unit_id: str
    unit_class: str
    short_name: str
    full_name: str
    place: str
    domain: str
    sign: str
    head: str
    code: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One declared fault of one unit; `options` fix a variant, otherwise the seed chooses."""

    unit_id: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()

    def option(self, name: str, default: str = "") -> str:
        return dict(self.options).get(name, default)


@dataclass(frozen=True, slots=True)
class Truth:
    """What a perfect inspector would say; `optional` = may be said, need not be."""

    unit_id: str
    rule_id: str
    subject: str
    verdict: str = "fail"
    note: str = ""
    kind: str = ""
    optional: bool = False


@dataclass(slots=True)
class Attachment:
    """A file that a page offers: name, address, format and what it serves."""

    text: str
    url: str
    form: str
    state: str = "ok"
    """ok, gone, html (an error page under a file's name)."""
    says: tuple[str, ...] = ()
    """Lines that stand in it beside what the page says; a tab parts cells."""
    body: Callable[[], bytes] | None = None
    """What it is where it is a work of its own."""


@dataclass(slots=True, eq=False)
class Leaf:
    """A content page."""

    key: str
    kind: str
    """article, document, interpretation, annual, guide, rules, functions, leaders, application, form, text."""
    title: str
    section: Section
    published: date | None = None
    url: str = ""
    issuer: str = ""
    source: str = ""
    topic: str = ""
    written: date | None = None
    number: str = ""
    index: str = ""
    validity: str = ""
    normative: bool = False
    needs_interpretation: bool = False
    form: str = "text"
    """Of an interpretation: text, image, video, h5."""
    partner: Leaf | None = None
    """The interpretation of a document, the document of an interpretation."""
    link_out: bool = True
    """Whether this page links to its partner."""
    dead_partner: str = ""
    """Address of an interpretation that is gone."""
    attachments: list[Attachment] = field(default_factory=list)
    inserts: list[str] = field(default_factory=list)
    """HTML blocks added to the body."""
    blank: bool = False
    copy_of: Leaf | None = None
    dated: bool = True
    """Whether any date is shown, on the page or in a list."""
    pinned: bool = False
    empty_fields: frozenset[str] = frozenset()
    absent_fields: frozenset[str] = frozenset()
    extra: dict[str, Any] = field(default_factory=dict)
    moved_from: str = ""
    """Old address that lists still link and that redirects here."""

    @property
    def link(self) -> str:
        """The address under which pages link to it."""
        return self.moved_from or self.url


@dataclass(slots=True, eq=False)
class Section:
    """A column (栏目)."""

    key: str
    name: str
    path: str
    kind: str
    """news, notice, policy, normative, interpretation, list, platform, statutory, annual, rules, page."""
    parent: str = "home"
    url: str = ""
    leaves: list[Leaf] = field(default_factory=list)
    text: str = ""
    """Own text of an otherwise empty column."""
    in_nav: bool = False
    page: Leaf | None = None
    """A column that is a single page."""
    alias: str = ""
    """Address of the page of another column that serves this entry."""
    hangs: bool = False

    @property
    def link(self) -> str:
        return self.alias or self.url


@dataclass(slots=True)
class Account:
    """A new-media account of a unit."""

    channel: str
    account_id: str
    name: str
    url: str
    shown_name: str
    certified: str
    posts: list[tuple[date, str]]
    state: str = "open"
    feed: str = "rss"
    by_hand: bool = False
    """An assessor has looked at it and brought a picture, because no program may."""


@dataclass(slots=True)
class ListedRow:
    """A row of the unit's own document list (附件4(五))."""

    title: str
    number: str
    disclosure: str
    drafter: str
    url: str
    interpretation: str
    non_text: str


@dataclass(slots=True, eq=False)
class Site:
    """One unit's web site with all that can be seen of it."""

    unit: Unit
    seed: str
    as_of: date
    skin: str
    host: str
    platform_host: str
    encoding: str = "utf-8"
    declared: bool = True
    script_lists: str = ""
    """Empty, or the shape of the data behind lists: json, datasource, datastore."""
    include_footer: str = ""
    """Empty, load or iframe: the footer comes as a part of its own."""
    not_found: str = "404"
    """404, 410, says-so (200), error-page (redirect), home (redirect)."""
    access: str = "ok"
    bare_redirect: bool = False
    tls: str = ""
    """Empty: no https. Else the state of its certificate, as `practice.certificates.HOWS`; https leads on to http."""
    traps: frozenset[str] = frozenset()
    robots: str = ""
    sections: dict[str, Section] = field(default_factory=dict)
    leaves: dict[str, Leaf] = field(default_factory=dict)
    footer: set[str] = field(default_factory=lambda: set(FOOTER_ELEMENTS))
    shown_code: str = ""
    tag_code: str = ""
    missing_tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    search: str = "works"
    """works, none, error, finds-nothing."""
    home_extra: list[tuple[str, str]] = field(default_factory=list)
    """(text, raw href) in the home page's 专题 list."""
    hidden_links: list[tuple[str, str, str]] = field(default_factory=list)
    """(text, url, way of hiding) on the home page."""
    gone: dict[str, str] = field(default_factory=dict)
    """Addresses that are linked and not there → how they say so."""
    platform_in_nav: bool = True
    guide: dict[str, str] = field(default_factory=dict)
    """Contact facts as the guide states them; a fact is missing where its key is."""
    application: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    outdated: str = ""
    form_mode: str = "online"
    form_fields: tuple[str, ...] = ("name", "contact", "description")
    flaky: dict[str, str] = field(default_factory=dict)
    """Addresses that fail at the first request: 503 or 429."""
    accounts: list[Account] = field(default_factory=list)
    listed: list[ListedRow] | None = None
    truth: list[Truth] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    reports: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_column: int = 0
    """The number that the newest column's address was made of; what has been taken out never gives its number to another."""
    last_leaf: int = 0

    def next_column(self) -> int:
        self.last_column = max(self.last_column, len(self.sections)) + 1
        return self.last_column

    def next_leaf(self) -> int:
        self.last_leaf = max(self.last_leaf, len(self.leaves)) + 1
        return self.last_leaf

    def dice(self, *names: object) -> Random:
        """Randomness that depends on nothing but the seed and what it is for."""
        return Random("/".join(map(str, (self.seed, self.unit.unit_id, *names))))

    @property
    def home(self) -> str:
        return f"http://{self.host}/"

    def declare(self, kind: str, rule: str, subject: str, **more: Any) -> None:
        self.truth.append(Truth(self.unit.unit_id, rule, subject, kind=kind, **more))
