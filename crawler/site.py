"""What is known of one unit's site while it is being crawled."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Protocol

import msgspec

from crawler.addresses import host_of, identity, with_variants
from crawler.browser import Browser
from crawler.fetch import Fetcher
from crawler.frontier import Frontier, Wanted
from crawler.guard import Guard
from crawler.hosts import Hosts
from crawler.network import NetworkWatch
from crawler.notfound import NotFound, Print
from crawler.portal import Portal
from crawler.progress import Totals
from crawler.readings import EarlierReadings, mark_of, write_mark
from crawler.robots import RobotsFile
from dossier.archive import ArchiveWriter, LineFile
from dossier.model import Capture, CrawlJob, KnownPage, PageFacts, RobotsPolicy, SiteRow, UnitJob
from dossier.reading.vocabulary import Vocabulary


class ReadPage(Protocol):
    """Bytes → facts; `dossier.reading.read`, or a double in a test."""

    def __call__(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str,
        as_of: date,
        vocabulary: Vocabulary,
        status: int | None,
    ) -> PageFacts: ...


@dataclass(slots=True)
class World:
    """What all units of a process share."""

    job: CrawlJob
    agent: str
    fetcher: Fetcher
    hosts: Hosts
    watch: NetworkWatch
    vocabulary: Vocabulary
    read: ReadPage
    read_data: Callable[..., PageFacts | None]
    totals: Totals
    robots: dict[str, asyncio.Task[RobotsFile]] = field(default_factory=dict)
    frontiers: list[Frontier] = field(default_factory=list)
    browser: Browser | None = None
    guard: Guard = field(default_factory=lambda: Guard(resolves=False))
    portal: Portal | None = None
    """Tells whether somebody on our own line answers in the sites' place."""

    @property
    def runs_dir(self) -> Path:
        return Path(self.job.out).parent


@dataclass(slots=True)
class Site:
    """One unit's crawl: its hosts, its queue, its files."""

    world: World
    job: UnitJob
    folder: Path
    archive: ArchiveWriter
    facts_file: LineFile
    frontier: Frontier
    known: Mapping[str, KnownPage]
    earlier: EarlierReadings
    hosts: set[str]
    ignores_robots: frozenset[str]
    deadline: float
    homes: list[str] = field(default_factory=list)
    home_print: Print | None = None
    home_reaches: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Home address → reach and reason of its last try."""
    again: list[Wanted] = field(default_factory=list)
    """Addresses that looked gone, broken or silent once."""
    anew: list[Wanted] = field(default_factory=list)
    """Addresses for which somebody on our own line had answered: nothing was heard of them yet."""
    not_found: dict[str, asyncio.Task[NotFound]] = field(default_factory=dict)
    facts_written: set[tuple[str, str]] = field(default_factory=set)
    silent_run: Counter[str] = field(default_factory=Counter)
    """Host → silences in a row."""
    refused_run: Counter[str] = field(default_factory=Counter)
    closed: dict[str, str] = field(default_factory=dict)
    """Hosts not asked any more in this round → `silent` or `blocked`."""
    notes: list[str] = field(default_factory=list)
    """Chinese remarks for the report."""
    asked: int = 0
    ok: int = 0
    bytes: int = 0
    sent_home: int = 0
    """Certain things asked for and the home page shown."""
    same_answer: int = 0
    """Pages that answered as any made-up address is answered, without a word that they are not there."""
    rendered: int = 0
    shells: list[Wanted] = field(default_factory=list)
    """Pages drawn by script: for the browser."""
    fed: dict[str, list[Wanted]] = field(default_factory=dict)
    """Address of data → pages whose lists are drawn from it: for the browser too where it brings no list."""
    home_captures: dict[str, Capture] = field(default_factory=dict)
    """Home address → the capture in which it was seen."""
    home_facts: dict[tuple[str, str], PageFacts] = field(default_factory=dict)
    """Body and address of a home page → what it says, which is asked for again and again."""
    strangers: list[Wanted] = field(default_factory=list)
    """Pages that have nothing of this site, and are to be asked once more."""
    strangers_met: int = 0
    front_links: set[str] = field(default_factory=set)
    """Where the front doors lead."""
    titles: dict[str, list[str]] = field(default_factory=dict)
    """Host → headlines of settled articles, for trying its search."""
    drawn_by_script: dict[str, bool] = field(default_factory=dict)
    """Search addresses whose results a script draws."""
    searched: bool = False
    there: dict[str, bool] = field(default_factory=dict)
    """Archive files of earlier nights → whether they are still there."""
    carried: dict[str, Wanted] = field(default_factory=dict)
    """Identity → what was met tonight and not asked, as it had not changed for long."""
    carryings: int = 0
    """How often something was; what is asked after all counts too."""
    stirred: set[str] = field(default_factory=set)
    """Identities of what is to be asked tonight whatever its record."""
    settled: set[str] = field(default_factory=set)
    """Identities of tonight's pages that are finished texts."""
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    clocks: dict[str, float] = field(default_factory=dict)
    """Host → seconds by which its clock is ahead of ours."""

    @property
    def crawl_links(self) -> bool:
        return not self.job.seeds

    @property
    def late(self) -> bool:
        return monotonic() >= self.deadline

    def in_scope(self, url: str) -> bool:
        return host_of(url) in self.hosts


def open_site(world: World, job: UnitJob) -> Site:
    """Lays out a unit's folder and all that its crawl will need."""
    folder = Path(world.job.out) / job.unit.unit_id
    archive = ArchiveWriter(folder, job.unit.unit_id)
    rows = addressed(job)
    named = [host for row in rows for host in (host_of(row.url), *map(host_name, row.extra_hosts))]
    ignored = [
        host
        for row in rows
        if row.robots is RobotsPolicy.IGNORE
        for host in (host_of(row.url), *map(host_name, row.extra_hosts))
    ]
    mark = mark_of(Path(world.job.home), world.job.as_of)
    write_mark(folder, mark)
    known = read_known(job.known, Path(world.job.out))
    frontier = Frontier(world.job.settings)
    world.frontiers.append(frontier)
    return Site(
        world=world,
        job=job,
        folder=folder,
        archive=archive,
        facts_file=LineFile(folder / "facts.jsonl"),
        frontier=frontier,
        known=known,
        earlier=EarlierReadings(world.runs_dir, mark, known),
        hosts=set(with_variants(named)),
        ignores_robots=with_variants(ignored),
        deadline=monotonic() + world.job.settings.unit_seconds,
        homes=[row.url for row in rows],
    )


def addressed(job: UnitJob) -> tuple[SiteRow, ...]:
    """The website rows whose address is known."""
    return tuple(row for row in job.unit.websites if row.url)


def read_known(path_text: str, out: Path) -> dict[str, KnownPage]:
    """What an earlier run knows of this unit's addresses, by their identity; a torn line is left out."""
    if not path_text:
        return {}
    path = Path(path_text)
    if not path.is_absolute() and not path.is_file():
        path = out / path_text
    if not path.is_file():
        return {}
    found: dict[str, KnownPage] = {}
    decoder = msgspec.json.Decoder(KnownPage)
    with path.open("rb") as lines:
        for line in lines:
            try:
                page = decoder.decode(line)
            except msgspec.DecodeError:
                continue
            found[identity(page.url)] = page
    return found


def host_name(text: str) -> str:
    """A host as somebody wrote it: with or without scheme and path."""
    return host_of(text if "://" in text else f"http://{text}")
