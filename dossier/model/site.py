"""One unit's site as it was seen in one run: what the rules judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

import msgspec

from dossier.model.calendar import WorkCalendar
from dossier.model.capture import Capture, Reach
from dossier.model.page import Column, PageFacts, PageKind
from dossier.model.unit import SiteRow, Unit, UnitClass


class Area(StrEnum):
    """A part of a site that rules need to have seen."""

    HOME = "home"
    NAVIGATION = "navigation"
    """Every column that the home page's navigation links to, first page."""
    PLATFORM = "platform"
    GUIDE = "guide"
    RULES = "rules"
    STATUTORY = "statutory"
    ANNUAL = "annual"
    POLICY = "policy"
    """The document columns and the documents of the assessment year in them."""
    INTERPRETATION = "interpretation"
    FUNCTIONS = "functions"
    LEADERS = "leaders"
    APPLICATION = "application"
    SITE = "site"
    """Everything within the page budget."""


class AreaState(StrEnum):
    COMPLETE = "complete"
    PARTIAL = "partial"
    """Seen in part: something that belongs to it could not be read."""
    UNREACHED = "unreached"
    """Linked, but never seen."""
    ABSENT = "absent"
    """All places that should lead to it were seen, and none does."""


class Unseen(msgspec.Struct, frozen=True, kw_only=True):
    """A link that may lead to something an area needs, and was not seen."""

    url: str
    text: str = ""
    because: str = ""
    """A Reach value, `budget`, `shell`, `depth`, `trap`, `not-tried`."""


class AreaCoverage(msgspec.Struct, frozen=True, kw_only=True):
    area: Area
    state: AreaState
    pages: tuple[str, ...] = ()
    """Addresses of pages that were read for it: the evidence of an absence."""
    unseen: tuple[Unseen, ...] = ()
    because: str = ""
    """Chinese reason for anything but COMPLETE."""


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """An address the crawler knew and did not ask."""

    url: str
    because: str
    """`budget`, `depth`, `trap`, `duplicate`, `off-site`, `not-tried`."""
    text: str = ""
    referrer: str = ""


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a unit's site was seen, and why not more."""

    areas: dict[Area, AreaCoverage] = {}
    asked: int = 0
    ok: int = 0
    reaches: dict[str, int] = {}
    skipped: dict[str, int] = {}
    """Counts by reason."""
    finish: str = "finished"
    """`finished`, `budget`, `home-unseen`, `blocked`, `no-address`, `network-down`, `crashed`."""
    because: str = ""
    """Chinese sentence for the report where the site was not (wholly) seen."""
    inspected: bool = True
    """False: nothing may be said about this unit tonight."""
    carried: int = 0
    """Pages among those read that were last asked on an earlier night: they had not changed for long."""
    oldest_carried: datetime | None = None
    """When the one of them was asked that was asked longest ago."""
    cms: str = ""
    """The publishing system by its name in tables/cms.toml, where its addresses give it away; for statistics
    of the desk alone, no rule reads it."""

    def state(self, area: Area) -> AreaState:
        found = self.areas.get(area)
        return found.state if found else AreaState.UNREACHED


class ProbeSample(msgspec.Struct, frozen=True, kw_only=True):
    """One availability probe of a site's home page."""

    host: str
    at: datetime
    opened: bool
    elapsed_ms: int = 0
    reason: str = ""
    ours: bool = False
    """Our own network was down: taken out of the series."""


class AccountFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was seen of one new-media account."""

    unit_id: str
    channel: str
    account_id: str = ""
    url: str = ""
    state: str = "unread"
    """`open`, `gone`, `empty` (open, no post), `blocked`, `login`, `unread` (shape not recognised), `no-address`."""
    shown_name: str = ""
    certified: str = ""
    newest_post: date | None = None
    newest_post_url: str = ""
    observed_at: datetime | None = None
    via: str = "http"
    """`http`, `browser`, `feed`, `import`."""
    quote: str = ""
    sha256: str = ""
    because: str = ""


class ListedDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of the unit's own document list (附件4(五))."""

    title: str
    number: str = ""
    disclosure: str = ""
    """公开属性: 主动公开, 依申请公开, 不予公开."""
    drafter: str = ""
    url: str = ""
    interpretation_url: str = ""
    non_text: str = ""
    """是否为非纯文字解读, as given."""
    line: int = 0


class Exemption(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A legitimate silence: a rule that does not apply to a subject, on somebody's word."""

    unit_id: str
    rule_id: str
    subject: str = "*"
    reason: str
    author: str
    until: date


class StatutoryItem(msgspec.Struct, frozen=True, kw_only=True):
    """One item of 条例20 or 21 with the names under which sites show it."""

    code: str
    """`20-7` = 第二十条第（七）项."""
    name: str
    labels: tuple[str, ...]
    applies: frozenset[UnitClass]
    units: frozenset[str] | None = None
    """Only these units, where an item does not apply to all of a class."""
    near: tuple[str, ...] = ()
    """Names of wider columns that may hold the item among others: a person looks inside."""
    source_status: str = "unverified"


class WordingEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    wrong: str
    right: str
    severity: str = "一般"
    """严重 or 一般."""
    allowed: tuple[str, ...] = ()
    """Contexts (phrases containing `wrong`) in which it is no fault."""


class CmsSigns(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """By what a publishing system is known; patterns of tables/cms.toml."""

    name: str
    paths: tuple[str, ...] = ()
    """Of what follows the host in an address."""
    generator: tuple[str, ...] = ()
    least: int = 5
    """So many different addresses must bear the sign."""


class RuleTables(msgspec.Struct, frozen=True, kw_only=True):
    """Editable tables that rules read: thresholds, items, wording."""

    thresholds: dict[str, float] = {}
    """`<rule-id>.<name>` → number, e.g. `home-stale.days`; every one has its source and status in the table."""
    statutory: tuple[StatutoryItem, ...] = ()
    wording: tuple[WordingEntry, ...] = ()
    illicit_words: tuple[str, ...] = ()
    trusted_hosts: tuple[str, ...] = ()
    """Ends of host names to which a link may be hidden without suspicion."""
    cms: tuple[CmsSigns, ...] = ()
    """Not for rules: assembly names the site's publishing system by them."""

    def threshold(self, key: str) -> float:
        """A number of tables/thresholds.toml; KeyError names the missing key (the loader checks them all)."""
        return self.thresholds[key]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """An address of the site with the last capture of it and, if it was read, its facts."""

    url: str
    """As first linked; the identity of the page in findings."""
    capture: Capture
    tries: tuple[Capture, ...] = ()
    """Every attempt of this run, oldest first; the last is `capture`."""
    facts: PageFacts | None = None
    columns: frozenset[Column] = frozenset()
    """Columns it stands in, from its own facts and from the column pages that list it."""
    list_date: date | None = None
    """Date shown beside it in a list."""

    @property
    def kind(self) -> PageKind:
        return self.facts.kind if self.facts else PageKind.OTHER

    @property
    def ok(self) -> bool:
        return self.capture.reach is Reach.OK and self.facts is not None

    @property
    def gone_twice(self) -> bool:
        """GONE on at least two spaced tries and never anything else: safe to accuse."""
        return len(self.tries) >= 2 and all(t.reach is Reach.GONE for t in self.tries[-2:])


@dataclass(frozen=True, eq=False)
class SiteSnapshot:
    """Everything known of one unit on one night. Compared by identity; lenses cache on it."""

    unit: Unit
    run_id: str
    as_of: date
    pages: Mapping[str, Page]
    """By address as first linked (and no other): iterate in crawl order."""
    coverage: Coverage
    calendar: WorkCalendar
    tables: RuleTables
    inbound: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Target address → (page address, link text) of the pages that link there."""
    homes: tuple[tuple[SiteRow, str], ...] = ()
    """Each website row with the address of its home page in `pages`."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Final and variant addresses → the address in `pages`."""
    listed: tuple[ListedDocument, ...] | None = None
    """The unit's own document list; None when it was not delivered."""
    probes: tuple[ProbeSample, ...] = ()
    accounts: tuple[AccountFacts, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    certificates: Mapping[str, str] = field(default_factory=dict)
    """Host → fault of its certificate (`expired`, `untrusted`, `name`), or `ok`."""
    history: Mapping[str, float] = field(default_factory=dict)
    """Medians of earlier runs: pages, items, dated_items; empty on the first night."""
    frozen_structure: str = ""
    """Set when the site's shape changed overnight (改版): structure rules ask instead of accusing."""

    def page(self, url: str) -> Page | None:
        """The page at an address, through its aliases."""
        return self._at.get(url)

    @cached_property
    def _at(self) -> Mapping[str, Page]:
        """Every address with its page: rules ask for thousands."""
        pages = self.pages
        return {alias: pages[url] for alias, url in self.aliases.items() if url in pages} | dict(pages)

    def of_kind(self, *kinds: PageKind) -> tuple[Page, ...]:
        return tuple(p for p in self.pages.values() if p.ok and p.kind in kinds)

    def in_column(self, *columns: Column) -> tuple[Page, ...]:
        wanted = frozenset(columns)
        return tuple(p for p in self.pages.values() if not wanted.isdisjoint(p.columns) and p.ok)
