"""When the disk is full at the click, that click is lost, said so in Chinese, and nothing before it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from conftest import Sitting
from test_deciding import COLUMNS, MAJOR, ONE

from desk import acting, decisions
from desk.installation import Installation
from desk.web import room
from dossier.store import Store, open_store

Seat = Callable[[str], Sitting]
LONG = "现场核对属实，" * 250


def fill_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the database may not grow by a single page: SQLite itself says that the disk is full."""

    def full(path: Path) -> Store:
        kept = open_store(path)
        (pages,) = kept.one("PRAGMA page_count") or (1,)
        kept.db.conn.execute(f"PRAGMA max_page_count = {pages}")
        return kept

    monkeypatch.setattr(room, "open_store", full)


def test_a_click_on_a_full_disk_is_lost_and_said_and_those_before_it_are_kept(
    sit: Seat, installation: Installation, kept: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = sit("wang")
    assert sitting.decide(MAJOR, "dismiss", reason="先前的决定").status_code == 302
    before = kept.one("SELECT count(*) FROM decision")
    fill_up(monkeypatch)
    lost = None
    for number in (ONE, *COLUMNS):
        lost = sitting.decide(number, "dismiss", reason=LONG)
        if lost.status_code != 302:
            break
    assert lost is not None
    assert lost.status_code == 507
    assert "磁盘已满" in lost.text
    assert "没有保存" in lost.text
    assert "database or disk" not in lost.text
    monkeypatch.undo()
    with open_store(installation.home.database) as again:
        assert again.one("PRAGMA integrity_check") == ("ok",)
        now = again.one("SELECT count(*) FROM decision")
        assert before is not None
        assert now is not None
        decided = int(now[0]) - int(before[0])
        assert decided == len((ONE, *COLUMNS)[: (ONE, *COLUMNS).index(number)])
    assert sit("wang").decide(number, "dismiss", reason=LONG).status_code == 302


@pytest.mark.parametrize(("where", "at"), [(decisions, "add_events"), (acting, "write_audit")])
def test_a_crash_in_mid_decision_leaves_no_half_of_it(
    where: ModuleType,
    at: str,
    sit: Seat,
    installation: Installation,
    kept: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sitting = sit("wang")
    before = kept.one("SELECT (SELECT count(*) FROM decision), (SELECT count(*) FROM audit)")
    true = getattr(where, at)

    def broken(*args: object, **more: object) -> object:
        true(*args, **more)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(where, at, broken)
    answer = sitting.decide(ONE, "confirm")
    assert answer.status_code == 507
    assert "没有保存" in answer.text
    assert kept.one("SELECT (SELECT count(*) FROM decision), (SELECT count(*) FROM audit)") == before


def test_a_click_that_was_answered_waits_for_the_disk_and_not_for_the_next_checkpoint(
    installation: Installation,
) -> None:
    sitting_room = room.Room(installation, dated=True)
    try:
        assert sitting_room.kept.one("PRAGMA synchronous") == (2,), "FULL: each commit is synced"
    finally:
        sitting_room.close()


def test_a_locked_or_broken_database_is_said_with_its_mend(
    sit: Seat, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = sit("wang")

    def broken(_: Path) -> Store:
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(room, "open_store", broken)
    answer = sitting.get("/work")
    assert answer.status_code == 500
    assert "gongkai restore" in answer.text
