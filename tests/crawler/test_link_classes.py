"""Every class of dead and of only seemingly dead links, judged through the whole line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.links.classes import ALIVE, CLASSES, DEAD, LinkClass, class_of
from bench.links.ours import inspect
from bench.links.server import LinkServer
from bench.links.tally import Tally, tally
from dossier.model import Verdict

IDS = [each.name for each in CLASSES]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Tally:
    folder: Path = tmp_path_factory.mktemp("links")
    with LinkServer() as server:
        outcomes = inspect(server.proxy, folder)
    return tally(one.subject for one in outcomes if one.verdict is Verdict.FAIL)


@pytest.mark.parametrize("each", [one for one in CLASSES if one.truth == DEAD], ids=lambda one: one.name)
def test_a_dead_link_is_found(said: Tally, each: LinkClass) -> None:
    assert said.count(each.name) == each.count


@pytest.mark.parametrize("each", [one for one in CLASSES if one.truth != DEAD], ids=lambda one: one.name)
def test_what_is_not_certainly_dead_is_not_accused(said: Tally, each: LinkClass) -> None:
    assert said.count(each.name) == 0


def test_nothing_else_is_accused_and_the_figures_hold(said: Tally) -> None:
    assert said.others == []
    assert said.precision >= 0.98
    assert said.recall >= 0.95


def test_the_bench_has_as_many_classes_as_it_promises() -> None:
    assert len(set(IDS)) == len(IDS) >= 24
    assert sum(one.truth == DEAD for one in CLASSES) >= 10
    assert sum(one.truth == ALIVE for one in CLASSES) >= 10
    assert all(class_of(f"/{name}/0.html") == name for name in IDS)


def test_a_checker_that_accuses_the_living_loses_precision_and_one_that_says_nothing_recall() -> None:
    rash = tally([f"http://h/plain/{n}.html" for n in range(10)] + ["http://h/status-404/0.html"])
    assert rash.precision < 0.1
    silent = tally([])
    assert silent.recall == 0
