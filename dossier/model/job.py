"""The seam between the desk and the crawler: a job goes in as a file, files come out."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from dossier.model.capture import Purpose
from dossier.model.site import Skipped
from dossier.model.unit import SiteRow, Unit


class CrawlSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`[crawl]` of settings.toml, resolved."""

    delay_seconds: float = 1.0
    """Least gap between two requests to one host."""
    concurrency_per_host: int = 2
    concurrency: int = 64
    max_pages: int = 3000
    """Page budget of one unit."""
    max_external: int = 500
    """Targets outside the unit's hosts that are asked, per unit."""
    max_attachments: int = 1000
    timeout_seconds: float = 20.0
    retry_wait_seconds: float = 30.0
    """Gap before the second try of an address that looked gone, broken or silent."""
    max_body_bytes: int = 20_000_000
    max_depth: int = 12
    unit_seconds: float = 6 * 3600.0
    """Wall-clock bound of one unit."""
    proxy: str = ""
    user_agent: str = ""
    """Empty: the honest default with `contact`."""
    contact: str = ""
    browser: bool = True
    """Whether pages drawn by script may be rendered where a browser is there."""
    browser_share: float = 0.05
    processes: int = 1
    revisit_nights: int = 7
    """Longest time for which a page that has not changed for long is not asked again, in nights and in days;
    0 or 1: every page is asked every night."""


class KnownPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an earlier run knows of an address, for conditional requests and revisit records."""

    url: str
    sha256: str
    etag: str = ""
    last_modified: str = ""
    warc: str = ""
    """`<run>/<unit>/<file>` of the full body."""
    offset: int = -1
    length: int = -1
    """Bytes of the decoded body; -1 where it is not known."""
    content_type: str = ""
    seen: bool = False
    """The page itself, not only its 'not found', was seen on one of the last nights."""
    run: str = ""
    """Run in which it was last asked and there; empty where it may not go unasked."""
    purpose: Purpose = Purpose.PAGE
    final_url: str = ""
    stood: int = 0
    """Nights, and days, between the first and the last sight of this body."""
    since: int = 0
    """Nights, or days if these are more, from its last sight to tonight."""


class UnitJob(msgspec.Struct, frozen=True, kw_only=True):
    unit: Unit
    seeds: tuple[str, ...] = ()
    """Only these addresses (recheck); empty: the whole site."""
    known: str = ""
    """Path of a JSON-lines file of KnownPage, or empty."""
    extra: tuple[str, ...] = ()
    """Addresses to see besides (rows of the unit's document list)."""


class CrawlJob(msgspec.Struct, frozen=True, kw_only=True):
    """One shard: `python -m crawler JOB.json`."""

    run_id: str
    as_of: date
    out: str
    """Run folder; each unit writes into `<out>/<unit_id>/`."""
    home: str
    """Home folder, for tables."""
    settings: CrawlSettings
    control_urls: tuple[str, ...] = ()
    units: tuple[UnitJob, ...]


class UnitReport(msgspec.Struct, frozen=True, kw_only=True):
    """`<out>/<unit_id>/unit.json`: written last; its presence means the unit's crawl is closed."""

    unit_id: str
    run_id: str
    started: datetime
    finished: datetime
    finish: str
    """As Coverage.finish."""
    because: str = ""
    asked: int = 0
    ok: int = 0
    bytes: int = 0
    carried: int = 0
    """Pages that were not asked tonight because they had not changed for long."""
    skipped: tuple[Skipped, ...] = ()
    """At most a few thousand, by reason; counts in `skipped_counts` are complete."""
    skipped_counts: dict[str, int] = {}
    certificates: dict[str, str] = {}
    clocks: dict[str, int] = {}
    """Host → seconds by which the site's own clock was ahead of ours; empty where it told none."""
    not_found: dict[str, str] = {}
    """Host → how it says 'not found': `status`, `soft:<fingerprint>`, `home`, `unknown`."""
    browser: str = ""
    """`used`, `unneeded`, `missing`, `crashed`, `off`."""
    rows: tuple[SiteRow, ...] = ()


class CrawlProgress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the progress stream on the crawler's standard output."""

    at: datetime
    event: str
    """`start`, `tick` (totals), `unit` (one unit closed), `network` (down/up), `end`."""
    unit_id: str = ""
    units_done: int = 0
    units: int = 0
    pages: int = 0
    blocked: int = 0
    queued: int = 0
    bytes: int = 0
    note: str = ""
