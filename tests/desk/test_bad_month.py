"""Nights of bad luck in a row: each morning every unit has a result or a reason, and judging them again flips nothing."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))

from bench.month import MISHAPS, mishaps, month


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
