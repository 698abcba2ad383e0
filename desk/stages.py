"""The stages of a night, strung together: crawl, ingest, judge, stand and weigh, report."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click
import filelock
import msgspec

from checks.registry import RULES
from desk import clock
from desk.doubts import night_notes
from desk.evidence import PICTURES, seal
from desk.fetching import crawl, crawl_on
from desk.installation import Installation
from desk.judging import judge_run
from desk.picturing import picture as draw_pictures
from desk.reports import write_reports
from desk.reports.night import Night
from desk.resume import Unfinished, goes_on, unfinished
from desk.rule_record import demote_failing, demoted, only_asking
from desk.scoring import suggest as suggest_points
from desk.standing import stand, standings
from dossier import archive, store
from dossier.errors import BadInput, Problem
from dossier.model import Coverage, Scorecard, Unit, UnitStanding, Verdict
from dossier.store import RunInfo, Store, open_store


@dataclass(frozen=True)
class NightResult:
    """How a night ended: where its papers are, and who could not be inspected."""

    run_id: str
    summary: Path
    unseen: tuple[tuple[Unit, str], ...]
    text: str


def known_rules() -> frozenset[str]:
    """Ids of all rules of the catalogue."""
    return frozenset(module.RULE.id for module in RULES)


@contextlib.contextmanager
def one_night_at_a_time(installation: Installation) -> Iterator[None]:
    """Two nights in one home would mix their files: the second is refused while the first runs."""
    installation.home.data.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(installation.home.data / "nightly.lock", timeout=0)
    try:
        with lock:
            yield
    except filelock.Timeout as error:
        raise BadInput(
            [
                Problem(
                    str(installation.home.data), "这里已有一次检查正在进行", "请等它结束，或换用另一个 --home"
                )
            ]
        ) from error


def nightly(installation: Installation, *, kind: str = "nightly", resume: bool | None = None) -> NightResult:
    """The whole night in one go. Raises NetworkDown, with nothing recorded, when our own network is down.

    `resume`: True takes up the last night that broke off, False never does, None does so where that night
    is of today, and of the same day and units.
    """
    installation.check()
    if notice := installation.tables.notice:
        click.echo(f"{notice}。", err=True)
    with one_night_at_a_time(installation), open_store(installation.home.database) as kept:
        broken_off = _broken_off(installation, kept, kind, resume)
        if broken_off is not None:
            installation = _as_then(installation, broken_off)
            run_id = crawl_on(installation, kept, broken_off.run)
        else:
            run_id = crawl(installation, kept, kind=kind)
        judge(installation, kept, run_id)
        suggest(installation, kept, run_id)
        picture(installation, kept, run_id)
        from desk.stamping import stamp_run  # with certificates, which a night's end alone needs

        if not_stamped := stamp_run(installation, run_id):
            click.echo(f"{not_stamped}；存档已封存，时间戳可用 gongkai evidence stamp 补盖。", err=True)
        folder = report(installation, kept, run_id)
        store.finish_run(kept, run_id, clock.now())
        unseen = unseen_units(kept, installation, run_id)
        text = _closing_words(kept, run_id, unseen, folder / "summary.html")
    say_unseen(unseen)
    return NightResult(run_id, folder / "summary.html", unseen, text)


def _broken_off(installation: Installation, kept: Store, kind: str, resume: bool | None) -> Unfinished | None:
    """The night to take up again, said aloud; None where this one begins anew."""
    found = unfinished(kept, installation.home) if resume is not False else None
    if found is None:
        if resume:
            click.echo("没有中断的批次，从头开始一次新的检查。", err=True)
        return None
    units = [unit.unit_id for unit in installation.units]
    if not resume and not goes_on(found, now=clock.now(), as_of=installation.as_of, units=units, kind=kind):
        return None
    click.echo(
        f"批次 {found.run.run_id}（检查日期 {found.run.as_of}）上次中断，现在接着做：已抓完的单位不再重抓。"
        + ("" if resume else "要从头开始，请加 --fresh。"),
        err=True,
    )
    return found


def _as_then(installation: Installation, found: Unfinished) -> Installation:
    """The installation for the day and the units of a night that broke off."""
    return replace(installation, as_of=found.run.as_of, only=found.units or installation.only)


def judge(installation: Installation, kept: Store, run_id: str) -> str:
    """Judge a run by today's rules; returns the counts in words."""
    said = judge_run(
        kept, run_id, _units(installation, kept, run_id), rules=installation.tables.rules,
        calendar=installation.calendar, vocabulary=installation.vocabulary,
        workers=installation.settings.judge.processes or (os.cpu_count() or 1),
    )  # fmt: skip
    counts = Counter(outcome.verdict for judgement in said.values() for outcome in judgement.outcomes)
    return (
        f"{len(said)} 个单位，不符合 {counts[Verdict.FAIL]} 处，待人工核查 {counts[Verdict.UNSURE]} 处，"
        f"规则出错 {counts[Verdict.ERROR]} 处"
    )


def suggest(installation: Installation, kept: Store, run_id: str) -> tuple[UnitStanding, ...]:
    """Enter how each unit stands after the run, and weigh it by its class's table."""
    units = _units(installation, kept, run_id)
    demote_failing(kept, clock.now())
    asking = demoted(kept)
    stood = stand(kept, run_id, installation.tables, units=[unit.unit_id for unit in units])
    for unit in units:
        coverage = store.coverage_of(kept, run_id, unit.unit_id)
        judgement = store.judgement_of(kept, run_id, unit.unit_id)
        card = suggest_points(
            unit, only_asking(stood[unit.unit_id].deficiencies, asking), installation.tables.indicators[unit.unit_class],
            run_id=run_id, not_called=len(judgement.not_called) if judgement else 0,
            inspected=bool(coverage and coverage.inspected), covers=installation.tables.covers,
        )  # fmt: skip
        store.save_scorecard(kept, card)
    return standings_of(installation, kept, run_id)


def standings_of(installation: Installation, kept: Store, run_id: str) -> tuple[UnitStanding, ...]:
    """Everything a report needs of each unit of a run, in the order of the list."""
    run = store.run_info(kept, run_id)
    assert run is not None
    units = _units(installation, kept, run_id)
    asking = demoted(kept)
    stood = standings(kept, run_id, installation.tables, units=[unit.unit_id for unit in units])
    found = []
    for unit in units:
        card = store.scorecard_of(kept, run_id, unit.unit_id)
        if card is None:
            raise BadInput([Problem(run_id, "这个批次还没有扣分建议", "请先运行 gongkai suggest")])
        judgement = store.judgement_of(kept, run_id, unit.unit_id)
        closing = store.report_of(kept, run_id, unit.unit_id)
        coverage = store.coverage_of(kept, run_id, unit.unit_id) or Coverage(inspected=False)
        found.append(
            UnitStanding(
                unit=unit,
                run_id=run_id,
                as_of=run.as_of,
                started=closing.started if closing else run.started,
                finished=closing.finished if closing else run.started,
                scorecard=card,
                previous=_comparable(store.previous_scorecard(kept, run_id, unit.unit_id)),
                deficiencies=only_asking(stood[unit.unit_id].deficiencies, asking),
                gone=stood[unit.unit_id].gone,
                not_called=judgement.not_called if judgement else (),
                coverage=msgspec.json.encode(coverage).decode(),
                manifest_sha256=_manifest_digest(installation.home.run(run_id) / unit.unit_id),
            )
        )
    return tuple(found)


def picture(installation: Installation, kept: Store, run_id: str) -> str:
    """Draw the accused places of a run from its archive, and seal the pictures; returns (and keeps for the report)
    why some are lacking. Sealed pictures are not drawn again."""
    if not installation.settings.report.screenshots or store.seal_of(kept, f"{run_id}/{PICTURES}"):
        return ""
    run_dir = installation.home.run(run_id)
    stood = standings(kept, run_id, installation.tables)
    units = _units(installation, kept, run_id)
    note = draw_pictures(kept, run_dir, ((unit, stood[unit.unit_id].deficiencies) for unit in units))
    place = run_dir / "jobs" / "pictures-note.txt"
    if note:
        place.write_text(note, encoding="utf-8")
    else:
        place.unlink(missing_ok=True)
    seal(kept, installation.home, run_id, clock.now(), PICTURES)
    return note


def report(installation: Installation, kept: Store, run_id: str) -> Path:
    """Write the papers of a run; returns their folder."""
    run = store.run_info(kept, run_id)
    assert run is not None
    stood = standings_of(installation, kept, run_id)
    folder = installation.home.reports / run_id
    night = Night(
        run_id=run_id, as_of=run.as_of, started=run.started,
        finished=run.finished or max((one.finished for one in stood), default=run.started),
        standings=stood, tables=installation.tables.indicators,
        notes=_notes(installation, kept, run, stood), evidence_root=str(installation.home.run(run_id)),
        province="练习省" if run.kind == "demo" else "山西省",
    )  # fmt: skip
    write_reports(night, out=folder, pdf=installation.settings.report.pdf)
    return folder


def unseen_units(kept: Store, installation: Installation, run_id: str) -> tuple[tuple[Unit, str], ...]:
    """Units of a run about which nothing may be said, each with its reason."""
    found = []
    for unit in _units(installation, kept, run_id):
        coverage = store.coverage_of(kept, run_id, unit.unit_id)
        closing = store.report_of(kept, run_id, unit.unit_id)
        if coverage is not None and not coverage.inspected:
            found.append((unit, coverage.because or "网站未能检测"))
        elif closing is None:
            found.append((unit, "抓取没有完成"))
        elif coverage is None and closing.finish not in ("finished", "budget"):
            found.append((unit, closing.because or closing.finish))
    return tuple(found)


def say_unseen(unseen: tuple[tuple[Unit, str], ...]) -> None:
    """Name every unit that could not be inspected, with its reason."""
    if unseen:
        click.echo(f"以下 {len(unseen)} 个单位未能检测（不扣分）：", err=True)
    for unit, because in unseen:
        click.echo(f"  {unit.unit_id} {unit.short_name}：{because}", err=True)


def archived_body(installation: Installation, kept: Store, run_id: str, url: str) -> tuple[bytes, str, str]:
    """Body, content type and final address of a page of an archived run."""
    for unit in store.units_of(kept, run_id):
        for capture in reversed(store.facts_for(kept, run_id, unit.unit_id).captures):
            if url in (capture.asked_url, capture.final_url) and capture.sha256:
                body = archive.read_body(installation.home.runs, run_id, unit.unit_id, capture)
                return body, capture.content_type, capture.url
    raise BadInput(
        [Problem("--url", f"批次 {run_id} 里没有这个网页：{url}", "请核对网址（要与抓取时完全一致）")]
    )


def _units(installation: Installation, kept: Store, run_id: str) -> tuple[Unit, ...]:
    """The units of a run in the order of today's list, as they were listed then."""
    as_listed = {unit.unit_id: unit for unit in store.units_of(kept, run_id)}
    wanted = installation.only or tuple(as_listed)
    missing = [unit_id for unit_id in wanted if unit_id not in as_listed]
    if missing:
        raise BadInput(
            [Problem("--units", f"批次 {run_id} 里没有单位 {'、'.join(missing)}", "请核对单位编号")]
        )
    return tuple(as_listed[unit_id] for unit_id in as_listed if unit_id in set(wanted))


def _comparable(previous: Scorecard | None) -> Scorecard | None:
    return previous if previous and previous.inspected else None


def _manifest_digest(folder: Path) -> str:
    path = archive.manifest_file(folder)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _notes(
    installation: Installation, kept: Store, run: RunInfo, stood: tuple[UnitStanding, ...]
) -> tuple[str, ...]:
    seen = {one.unit.unit_id: msgspec.json.decode(one.coverage, type=Coverage) for one in stood}
    names = {one.unit.unit_id: one.unit.short_name for one in stood}
    notes = list(night_notes(kept, run, seen, names))
    if not installation.calendar.covers(run.as_of):
        notes.append(f"工作日历没有 {run.as_of.year} 年的放假安排，按工作日计算的规则本次只作提示。")
    pictures = installation.home.run(run.run_id) / "jobs" / "pictures-note.txt"
    if pictures.is_file():
        notes.append(pictures.read_text(encoding="utf-8"))
    return tuple(notes)


def _closing_words(kept: Store, run_id: str, unseen: tuple[tuple[Unit, str], ...], summary: Path) -> str:
    cards = [card for card in store.scorecards(kept, run_id) if card.inspected]
    lines = sum(len(card.lines) for card in cards)
    return (
        f"批次 {run_id}：{len(cards)} 个单位已检查，{len(unseen)} 个未能检测；"
        f"扣分建议 {lines} 条，待人工核查 {sum(card.unsure for card in cards)} 条。\n全省汇总：{summary}"
    )
