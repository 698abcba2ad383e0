"""Before and after in pictures: what was rechecked is drawn from both archives, for the paper that tells the result."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from desk.caseload import Case
from desk.installation import Installation
from desk.life import Life
from desk.papers.recheck_table import telling
from desk.papers.text import Pair, Shot
from desk.picturing import NEVER_DRAWN, draw
from desk.reports.wording import beijing
from dossier.model import Reach
from dossier.store import Sighting

MOST_OF_A_UNIT = 4
SECONDS = 60.0


def drawn_pairs(
    installation: Installation,
    cases: Sequence[tuple[Case, Life]],
    *,
    most: int = MOST_OF_A_UNIT,
    seconds: float = SECONDS,
) -> dict[str, tuple[Pair, ...]]:
    """Unit → its pairs of pictures, the first rechecks of each; empty where no browser is there or none are wanted.

    Only pages that were seen both times and whose picture shows nothing that ought not to be shown again.
    """
    if not installation.settings.report.screenshots:
        return {}
    wanted = _wanted(cases, most)
    if not wanted:
        return {}
    with tempfile.TemporaryDirectory(prefix="gongkai-pairs-") as folder:
        jobs, shots = [], {}
        for case, before, after in wanted:
            for side, one in (("a", before), ("b", after)):
                out = str(Path(folder) / f"{case.number}-{side}.png")
                jobs.append(_job(case, one, out))
                shots[out] = (case.number, side)
        path = Path(folder) / "pictures.json"
        path.write_bytes(
            msgspec.json.encode({"runs": str(installation.home.runs), "seconds": seconds, "pictures": jobs})
        )
        _, lines = draw(path, seconds)
        bodies = {
            shots[line.out]: Path(line.out).with_name(line.file).read_bytes()
            for line in lines
            if line.file and line.out in shots
        }
    found: dict[str, tuple[Pair, ...]] = {}
    for case, before, after in wanted:
        left, right = bodies.get((case.number, "a")), bodies.get((case.number, "b"))
        if left and right:
            pair = Pair(
                caption=f"{case.number}　{case.finding.name}",
                left=Shot(words=f"整改前　{_when(before)}", body=left),
                right=Shot(words=f"复查时　{_when(after)}", body=right),
            )
            found[case.unit.unit_id] = (*found.get(case.unit.unit_id, ()), pair)
    return found


def _wanted(cases: Sequence[tuple[Case, Life]], most: int) -> list[tuple[Case, Sighting, Sighting]]:
    found: list[tuple[Case, Sighting, Sighting]] = []
    counts: dict[str, int] = {}
    for case, life in cases:
        if life.look is None or case.rule_id in NEVER_DRAWN or counts.get(case.unit.unit_id, 0) >= most:
            continue
        after = {one.url: one for one in life.look.after}
        both = [telling(life.look), *((one, after.get(one.url)) for one in life.look.before)]
        pair = next(
            ((one, other) for one, other in both if one and other and _drawable(one) and _drawable(other)),
            None,
        )
        if pair is not None:
            counts[case.unit.unit_id] = counts.get(case.unit.unit_id, 0) + 1
            found.append((case, *pair))
    return found


def _drawable(one: Sighting) -> bool:
    return one.reach == Reach.OK.value and bool(one.warc and one.sha256) and one.offset >= 0


def _job(case: Case, one: Sighting, out: str) -> dict[str, object]:
    outcome = case.deficiency.outcome
    piece = next((each for each in outcome.evidence if each.url == one.url), None)
    return {
        "place": f"{one.run_id}/{case.unit.unit_id}/{one.warc}@{one.offset}", "sha256": one.sha256, "url": one.url, "at": one.at,
        "quote": piece.quote if piece else "", "target": "", "note": f"{case.number} {case.deficiency.message}"[:160], "out": out,
    }  # fmt: skip


def _when(one: Sighting) -> str:
    return f"{beijing(one.at)[:16]}抓取"
