"""The first half of a night: the crawl of a run, its entry into the database, and its seal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import msgspec

from desk import clock, crawling, evidence
from desk.engines import engine_of
from desk.ingest import ingest
from desk.installation import Installation
from desk.logins import kept_settings
from desk.progress import CrawlDisplay
from desk.resume import is_closed, set_aside, set_aside_unseen
from desk.revisiting import places_in_question
from dossier import archive, store
from dossier.errors import NetworkDown
from dossier.model import Unit, UnitJob
from dossier.store import RunInfo, Store


def crawl(installation: Installation, kept: Store, *, kind: str = "nightly") -> str:
    """Fetch all units into a new run folder and enter it into the database. Returns the run id."""
    started = clock.now()
    run_id = _free_run_id(installation, clock.run_id_of(started))
    folder = installation.home.run(run_id)
    folder.mkdir(parents=True)
    run = RunInfo(
        run_id=run_id, as_of=installation.as_of, started=started, kind=kind,
        settings=kept_settings(installation.settings),
        tables=msgspec.json.encode(installation.tables.digests).decode(),
    )  # fmt: skip
    _write_run_file(folder, run, installation.units)
    try:
        _fetch(installation, kept, run_id, installation.units)
    except NetworkDown as error:
        kept_units = _keep_what_was_seen(installation, folder)
        if not kept_units:
            folder.rename(folder.with_name(run_id + ".network-down"))
            raise
        raise NetworkDown(
            f"{error}\n断网以前已抓完 {kept_units} 个单位，留在批次 {run_id}；网络恢复后再运行 gongkai nightly 即接着做。"
        ) from error
    _enter(installation, kept, run)
    return run_id


def _keep_what_was_seen(installation: Installation, folder: Path) -> int:
    """How many units were wholly seen before our line went down; the others are opened again for a later try."""
    units = [unit.unit_id for unit in installation.units]
    set_aside_unseen(folder, units)
    reports = [archive.read_report(folder / unit_id) for unit_id in units if is_closed(folder, unit_id)]
    return sum(report is not None and report.finish in ("finished", "budget") for report in reports)


def crawl_on(installation: Installation, kept: Store, run: RunInfo) -> str:
    """Fetch what a killed night did not get to, into its own folder, and enter all of it. Returns the run id."""
    folder = installation.home.run(run.run_id)
    engine_of(installation.settings).settle(folder)
    if store.seal_of(kept, run.run_id) is None:
        units = [unit for unit in installation.units if not is_closed(folder, unit.unit_id)]
        for unit in units:
            if set_aside(folder, unit.unit_id) and store.run_info(kept, run.run_id):
                store.forget_places(kept, run.run_id, unit.unit_id)
        try:
            if units:
                _fetch(installation, kept, run.run_id, tuple(units))
        except NetworkDown:
            set_aside_unseen(folder, (unit.unit_id for unit in units))
            raise
    _enter(installation, kept, run)
    return run.run_id


def _fetch(installation: Installation, kept: Store, run_id: str, units: tuple[Unit, ...]) -> None:
    folder = installation.home.run(run_id)
    jobs = [
        UnitJob(
            unit=unit,
            known=_known_pages(kept, folder, unit, installation.as_of),
            extra=_listed_addresses(kept, unit),
        )
        for unit in units
    ]
    with CrawlDisplay(len(jobs)) as display:
        crawling.crawl(
            jobs, run_id=run_id, as_of=installation.as_of, home=installation.home,
            settings=installation.settings, watch=display.watch,
        )  # fmt: skip
    for path in (folder / "jobs").glob("known-*.jsonl"):
        path.unlink()  # a copy of what the database knows, as long as the list of attempts


def _enter(installation: Installation, kept: Store, run: RunInfo) -> None:
    """Read the files of a run into the database, and seal them."""
    store.record_run(kept, run)
    folder = installation.home.run(run.run_id)
    for one in ingest(kept, folder, installation.units, vocabulary=installation.vocabulary):
        for trouble in one.trouble:
            click.echo(f"{one.unit_id}：{trouble}", err=True)
    evidence.seal(kept, installation.home, run.run_id, clock.now())


def _free_run_id(installation: Installation, wanted: str) -> str:
    for suffix in ("", *(f"-{number}" for number in range(2, 1000))):
        if not any(installation.home.runs.glob(wanted + suffix + "*")):
            return wanted + suffix
    raise AssertionError("a thousand runs in one second")


def _write_run_file(folder: Path, run: RunInfo, units: tuple[Unit, ...]) -> None:
    content = {
        "run_id": run.run_id, "as_of": run.as_of, "started": run.started, "kind": run.kind,
        "units": [unit.unit_id for unit in units],
        "settings": msgspec.Raw(run.settings.encode()), "tables": msgspec.Raw(run.tables.encode()),
    }  # fmt: skip
    part = folder / "run.json.tmp"
    part.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1))
    part.replace(folder / "run.json")


def _known_pages(kept: Store, folder: Path, unit: Unit, as_of: date) -> str:
    """What earlier nights know of the unit's pages, as a file for the crawler."""
    path = folder / "jobs" / f"known-{unit.unit_id}.jsonl"
    path.parent.mkdir(exist_ok=True)
    count = 0
    looked_at = places_in_question(kept, unit.unit_id)
    with path.open("wb") as file:
        for page in store.known_pages(kept, unit.unit_id, as_of=as_of, now=clock.now()):
            if looked_at and page.run and store.normal_subject(page.url) in looked_at:
                page = msgspec.structs.replace(page, run="")
            file.write(msgspec.json.encode(page) + b"\n")
            count += 1
    if not count:
        path.unlink()
        return ""
    return str(path)


def _listed_addresses(kept: Store, unit: Unit) -> tuple[str, ...]:
    """What the unit's own document list points at: seen besides what the site links to."""
    rows = store.listed_documents(kept, unit.unit_id) or ()
    wanted = [address for row in rows for address in (row.url, row.interpretation_url)]
    return tuple(dict.fromkeys(address for address in wanted if address.startswith(("http://", "https://"))))
