"""Twelve weeks with made-up nights and looks make every move of the table; no site is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from nights import night, said, unit
from weeks import NIGHTS, ON_PAGES, RESULTS, Desk, a_week, all_made, every_move

from desk import lives, stages
from desk.life import Life, Record, Signal
from dossier import store
from dossier.store import Recheck, RunInfo, Sighting, open_store

UNITS = ("A02", "A05", "A07", "A09")
RULES = (*sorted(ON_PAGES), "link-broken", "document-metadata-incomplete", "footer-element-missing", "fake-link", "column-empty")  # fmt: skip


class MadeUp(Desk):
    """Nights that say what they are told, and looks that find what they are told to find."""

    only_pages_move = False

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        super().__init__(patch)
        rows = [f"{one},{one[0]},{one},单位{one},website,网站,http://{one.lower()}.gov.cn/" for one in UNITS]
        head = "unit_id,class,short_name,full_name,channel,name,url\n"
        (root / "unit_sites.csv").write_text(head + "\n".join(rows) + "\n", "utf-8")
        self.root = root
        self.kept = open_store(root / "data" / "gongkai.db")

    def night(self, week: int) -> None:
        number = 7 * (week - 1)  # the evening before the week begins at the desk
        for one in UNITS:
            faults = [said(rule, f"http://{one.lower()}.gov.cn/{rule}.html") for rule in RULES]
            listed = msgspec.structs.replace(unit(one), short_name=one, full_name=f"单位{one}")
            night(self.kept, number, faults, captures=(), of=listed, whole=True)
        stages.suggest(self.installation, self.kept, f"R{number}")

    def look_again(self, wanted: Signal, numbers: Iterable[str]) -> None:
        moment = self.tick()
        run = f"K{moment:%m%d%H%M%S}"
        store.record_run(
            self.kept, RunInfo(run_id=run, as_of=self.installation.as_of, started=moment, kind="recheck")
        )
        seen = Sighting(
            url="http://a.gov.cn/", run_id=run, at=moment, reach="ok", status=200, sha256="ab" * 32
        )
        made = []
        for number in numbers:
            result = RESULTS[wanted]
            made.append(
                Recheck(
                    deficiency_no=number, run_id=run, first_run="R0", base_run="R0", result=result, because="所见",
                    before=(seen,), after=(seen,), at=self.tick(),
                )
            )  # fmt: skip
        store.save_rechecks(self.kept, tuple(made))


@pytest.mark.slow
def test_twelve_weeks_make_every_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weeks = MadeUp(tmp_path, monkeypatch)
    left = every_move()
    try:
        for week in range(1, 13):
            weeks.go_to(week)
            if week in NIGHTS:
                weeks.night(week)
            a_week(weeks, week)
            left = every_move() - all_made(weeks)
            if not left:
                break
    finally:
        weeks.kept.close()
    told = sorted((signal.value, source.value) for signal, source in left)
    assert not left, told


def test_the_table_of_moves_is_wholly_looked_for() -> None:
    counts = Counter(signal for signal, _ in every_move())
    assert set(counts) == set(Signal)
    assert sum(counts.values()) == 81, "a new move needs a way to happen in the twelve weeks"


def test_lives_reckoned_bit_by_bit_are_those_reckoned_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weeks = MadeUp(tmp_path, monkeypatch)
    try:
        for week in (1, 2):
            weeks.go_to(week)
            if week in NIGHTS:
                weeks.night(week)
            a_week(weeks, week)
            bit_by_bit = weeks.lives()
            lives._lives.clear()
            lives._happened.clear()
            assert weeks.lives() == bit_by_bit
        folded: list[str] = []
        fold = lives.life_of

        def count(record: Record, **more: Any) -> Life:
            folded.append(record.number)
            return fold(record, **more)

        monkeypatch.setattr(lives, "life_of", count)
        number = next(
            one for one, life in weeks.lives().items() if life.steps and one in weeks.load.by_number
        )
        weeks.decide("confirm", [number])
        assert weeks.lives()[number] is not None
        assert folded == [number], "one decision folds one life again"
    finally:
        weeks.kept.close()
