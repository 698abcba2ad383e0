"""Nights of bad luck in a row: each morning every unit has a result or a reason, and judging them again flips nothing."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))

from bench.month import MISHAPS, Month, mishaps, month
from dossier.units import load_units
from practice.home import write_home
from practice.province import DEFAULT_AS_OF, build
from practice.server import PracticeServer


@pytest.mark.slow
def test_a_week_and_a_half_of_every_mishap_leaves_no_gap_and_accuses_nobody(tmp_path: Path) -> None:
    nights = len(MISHAPS) + 1
    assert (
        month(tmp_path, nights=nights, units=("A02", "B01", "B03", "B12"), pages=4, seed=5, tell=False) == []
    )


def test_every_kind_of_mishap_comes_before_any_comes_twice() -> None:
    said = list(mishaps(len(MISHAPS) + 1, random.Random(1)))
    assert said[0] == "calm"
    assert sorted(said[1:]) == sorted(MISHAPS)


def test_a_redesigned_site_answers_under_the_addresses_of_the_list(tmp_path: Path) -> None:
    units = ("A02", "B03", "B12")
    province = build(seed=31, units=units, pages_per_site=4, as_of=DEFAULT_AS_OF)
    write_home(province, tmp_path)
    passing = Month(tmp_path, PracticeServer(province), random.Random(1), units, 4, 31, province)
    for number in range(len(units)):
        passing._redesign(number)
    assert set(passing.redesigned) == set(units)
    for unit in load_units(tmp_path / "unit_sites.csv", DEFAULT_AS_OF):
        for row in unit.websites:
            assert passing.province.answer(row.url) is not None, row.url
