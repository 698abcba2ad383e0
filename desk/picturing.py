"""After judging, the accused places are drawn from the archive, so that a paper shows what it speaks of."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from desk.resume import held
from dossier import archive, store
from dossier.model import Capture, Deficiency, Evidence, Outcome, Unit, Verdict
from dossier.store import Store

FOLDER = "screenshots"
INDEX = "index.jsonl"
MOST_PER_UNIT = 6
SECONDS = 45.0
_PATIENCE_SECONDS = 45.0
_NO_BROWSER = 3
NEVER_DRAWN = frozenset({"personal-data-exposed", "illicit-link"})
"""A picture would show once more what ought not to be shown."""
NO_BROWSER = "本机没有可用的浏览器，本次没有给问题配截图；网页原文仍在存档里。"
_LATE = "部分问题没有配截图（时间有限，或浏览器中途退出）；网页原文仍在存档里。"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a unit's index of pictures."""

    fingerprint: str
    url: str
    file: str
    """Inside the unit's run folder."""
    sha256: str
    """Of the picture."""
    body_sha256: str
    """Of the archived body that it was drawn from."""


class DrawnLine(msgspec.Struct, frozen=True, kw_only=True):
    """What the drawing process says of one picture."""

    out: str
    file: str = ""
    because: str = ""


def picture(
    kept: Store,
    run_dir: Path,
    standings: Iterable[tuple[Unit, tuple[Deficiency, ...]]],
    *,
    most: int = MOST_PER_UNIT,
    seconds: float = SECONDS,
) -> str:
    """Draws the gravest findings of each unit, no rule over and over; returns a note where some are lacking."""
    wanted: dict[str, tuple[Deficiency, Evidence]] = {}
    by_unit: list[list[dict[str, object]]] = []
    for unit, deficiencies in standings:
        captures = _captures(kept, run_dir.name, unit.unit_id) if deficiencies else {}
        jobs = []
        for deficiency in _chosen(deficiencies, most):
            found = _drawable(deficiency.outcome, captures)
            if found is None:
                continue
            evidence, capture = found
            out = run_dir / unit.unit_id / FOLDER / f"{deficiency.fingerprint[:12]}.png"
            wanted[str(out)] = (deficiency, evidence)
            jobs.append(_job_of(run_dir, unit.unit_id, deficiency, evidence, capture, out))
        by_unit.append(jobs)
    if not wanted:
        return ""
    path = run_dir / "jobs" / "pictures.json"
    path.parent.mkdir(exist_ok=True)
    job = {"runs": str(run_dir.parent), "seconds": seconds, "pictures": _in_turn(by_unit)}
    path.write_bytes(msgspec.json.encode(job))
    code, lines = draw(path, seconds)
    made = _keep_index(wanted, lines)
    _index_of.cache_clear()
    if code == _NO_BROWSER:
        return NO_BROWSER
    done = {line.out for line in lines}
    return _LATE if any(out not in done for out in wanted) or not made else ""


def with_pictures(runs: Path, deficiency: Deficiency) -> Deficiency:
    """The deficiency with its picture named in its evidence, where one was drawn in the run that saw it last."""
    outcome = outcome_with_pictures(
        runs / deficiency.last_seen / deficiency.unit_id, deficiency.fingerprint, deficiency.outcome
    )
    if outcome is deficiency.outcome:
        return deficiency
    return msgspec.structs.replace(deficiency, outcome=outcome)


def outcome_with_pictures(folder: Path, fingerprint: str, outcome: Outcome) -> Outcome:
    """An outcome of the run whose unit folder this is, with its picture."""
    index = folder / FOLDER / INDEX
    try:
        shown = _index_of(str(index), index.stat().st_mtime_ns).get(fingerprint)
    except OSError:
        return outcome
    if shown is None:
        return outcome
    pieces = list(outcome.evidence)
    for nth, piece in enumerate(pieces):
        if piece.url == shown.url and piece.sha256 == shown.body_sha256 and not piece.screenshot:
            pieces[nth] = msgspec.structs.replace(piece, screenshot=shown.file)
            return msgspec.structs.replace(outcome, evidence=tuple(pieces))
    return outcome


def _chosen(deficiencies: Iterable[Deficiency], most: int) -> list[Deficiency]:
    """Faults before questions, and one of each rule before the second of any."""
    turns: dict[str, int] = defaultdict(int)
    ranked = []
    for order, one in enumerate(deficiencies):
        if one.verdict is Verdict.ERROR or one.outcome.rule_id in NEVER_DRAWN:
            continue
        ranked.append((turns[one.outcome.rule_id], one.verdict is not Verdict.FAIL, order, one))
        turns[one.outcome.rule_id] += 1
    return [one for *_, one in sorted(ranked, key=lambda each: each[:3])[:most]]


def _captures(kept: Store, run_id: str, unit_id: str) -> dict[tuple[str, str], Capture]:
    return {
        (capture.asked_url, capture.sha256): capture
        for capture in store.facts_for(kept, run_id, unit_id).captures
        if capture.sha256 and capture.warc and "html" in (capture.content_type.lower() or "html")
    }


def _drawable(
    outcome: Outcome, captures: Mapping[tuple[str, str], Capture]
) -> tuple[Evidence, Capture] | None:
    """The piece of evidence that shows the fault best: a page with words quoted from it, else any page."""
    for quoted in (True, False):
        for piece in outcome.evidence:
            capture = captures.get((piece.url, piece.sha256))
            if capture is not None and bool(piece.quote) is quoted:
                return piece, capture
    return None


def _job_of(
    run_dir: Path, unit_id: str, deficiency: Deficiency, evidence: Evidence, capture: Capture, out: Path
) -> dict[str, object]:
    subject = deficiency.outcome.subject
    accused = subject if subject.startswith(("http://", "https://")) and subject != evidence.url else ""
    return {
        "place": archive.place_of(run_dir.name, unit_id, capture),
        "sha256": capture.sha256,
        "url": capture.url,
        "at": capture.at,
        "quote": evidence.quote,
        "target": accused,
        "note": f"{deficiency.number} {deficiency.message}"[:160],
        "out": str(out),
    }


def _in_turn(by_unit: list[list[dict[str, object]]]) -> list[dict[str, object]]:
    """Each unit's first, then each one's second: when time runs out nobody is left without any."""
    longest = max((len(jobs) for jobs in by_unit), default=0)
    return [jobs[turn] for turn in range(longest) for jobs in by_unit if turn < len(jobs)]


def draw(path: Path, seconds: float) -> tuple[int, list[DrawnLine]]:
    """Runs the drawing process; its death, whatever the cause, costs only pictures."""
    command = [sys.executable, "-m", "crawler.picture", str(path)]
    with path.with_suffix(".log").open("wb") as log, held(path.with_suffix(".lock")) as lock:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, env=dict(os.environ), pass_fds=(lock.fileno(),)
        )
        lock.write(str(process.pid).encode())
        lock.flush()
        try:
            said, _ = process.communicate(timeout=seconds + _PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
    lines = []
    for line in said.splitlines():
        try:
            lines.append(msgspec.json.decode(line, type=DrawnLine))
        except msgspec.DecodeError:
            continue
    return process.returncode, lines


def _keep_index(wanted: Mapping[str, tuple[Deficiency, Evidence]], lines: list[DrawnLine]) -> int:
    """Writes each unit's index of pictures anew; returns how many there are."""
    found: dict[Path, list[Shown]] = defaultdict(list)
    for line in lines:
        if not line.file or line.out not in wanted:
            continue
        deficiency, evidence = wanted[line.out]
        path = Path(line.out).with_name(line.file)
        found[path.parent].append(
            Shown(
                fingerprint=deficiency.fingerprint,
                url=evidence.url,
                file=f"{FOLDER}/{line.file}",
                sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                body_sha256=evidence.sha256,
            )
        )
    for folder, shown in found.items():
        part = folder / f"{INDEX}.tmp"
        part.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in shown))
        part.replace(folder / INDEX)
    return sum(len(shown) for shown in found.values())


@lru_cache(maxsize=256)
def _index_of(path: str, changed_ns: int) -> dict[str, Shown]:
    del changed_ns
    return {shown.fingerprint: shown for shown in _read_index(Path(path))}


def _read_index(path: Path) -> Iterator[Shown]:
    for line in path.read_bytes().splitlines():
        try:
            yield msgspec.json.decode(line, type=Shown)
        except msgspec.DecodeError:
            continue


__all__ = ["NEVER_DRAWN", "NO_BROWSER", "draw", "outcome_with_pictures", "picture", "with_pictures"]
