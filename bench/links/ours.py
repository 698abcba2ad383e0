"""The bench's links through the whole line: crawl, archive, reading, assembly, rules."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from bench.links.server import SITE
from desk.ingest import ingest
from desk.judging import judge_run
from dossier.calendar import work_calendar
from dossier.home import Home
from dossier.model import (
    Channel,
    CrawlJob,
    CrawlSettings,
    Outcome,
    SiteRow,
    Unit,
    UnitClass,
    UnitJob,
    Verdict,
)
from dossier.reading import load_vocabulary
from dossier.store import RunInfo, open_store, record_run
from dossier.tables import load_tables

AS_OF = date(2020, 9, 30)
RULES = ("link-broken", "external-link-broken")
_ROOT = Path(__file__).parents[2]
_SETTINGS = CrawlSettings(
    delay_seconds=0.0,
    concurrency_per_host=8,
    retry_wait_seconds=1.0,
    timeout_seconds=10.0,
    browser=False,
)


def inspect(proxy: str, folder: Path, settings: CrawlSettings = _SETTINGS) -> tuple[Outcome, ...]:
    """All that the two rules on dead links say of the bench's site."""
    unit = Unit(
        unit_id="A01",
        unit_class=UnitClass.A,
        short_name="某某市",
        full_name="某某市人民政府",
        sites=(SiteRow(unit_id="A01", channel=Channel.WEBSITE, name="网站", url=f"http://{SITE}/"),),
    )
    home = Home(folder)
    run_id = "links"
    out = home.run(run_id)
    out.mkdir(parents=True, exist_ok=True)
    job = CrawlJob(
        run_id=run_id,
        as_of=AS_OF,
        out=str(out),
        home=str(folder),
        settings=msgspec.structs.replace(settings, proxy=proxy),
        units=(UnitJob(unit=unit),),
    )
    path = folder / "job.json"
    path.write_bytes(msgspec.json.encode(job))
    subprocess.run(
        [sys.executable, "-m", "crawler", str(path)],
        cwd=_ROOT,
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=900,
    )
    vocabulary = load_vocabulary(home)
    with open_store(home.database) as kept:
        record_run(kept, RunInfo(run_id=run_id, as_of=AS_OF, started=datetime.now(UTC)))
        ingest(kept, out, [unit], vocabulary=vocabulary)
        said = judge_run(
            kept,
            run_id,
            [unit],
            rules=load_tables(home).rules,
            calendar=work_calendar(home),
            vocabulary=vocabulary,
            workers=1,
        )
    return tuple(
        outcome
        for judgement in said.values()
        for outcome in judgement.outcomes
        if outcome.rule_id in RULES and outcome.verdict in (Verdict.FAIL, Verdict.UNSURE)
    )
