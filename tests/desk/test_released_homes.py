"""A home that an earlier release wrote opens today with everything that people decided, and its evidence still holds.

`released/` has one home for each release, written by that release itself: its database as SQL, its archives as
they were. It is added to when a version is released, and never changed.
"""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desk.caseload import load
from desk.cli import registered
from desk.installation import Installation
from dossier import store
from dossier.store import StoreTooNew, open_store
from dossier.store.opening import described, known_changes

RELEASED = sorted((Path(__file__).parent / "released").glob("gongkai-*.zip"))
PRECIOUS = (
    "decision",
    "case_event",
    "audit",
    "account",
    "manifest",
    "deficiency",
    "deficiency_night",
    "capture",
)


@pytest.fixture(params=RELEASED, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A home as that release left it."""
    home = tmp_path / "home"
    with zipfile.ZipFile(request.param) as packed:
        packed.extractall(home)
    dump = home / "data" / "gongkai.sql"
    database = sqlite3.connect(home / "data" / "gongkai.db")
    database.executescript(dump.read_text("utf-8"))
    database.close()
    dump.unlink()
    return home


def rows(home: Path, table: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(home / "data" / "gongkai.db")
    try:
        names = [str(row[1]) for row in database.execute(f"PRAGMA table_info({table})")]
        return [dict(zip(names, row, strict=True)) for row in database.execute(f"SELECT * FROM {table}")]  # type: ignore[misc]
    finally:
        database.close()


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(registered(), [*words, "--home", str(home), "--as-of", "2020-09-30"])


def test_there_is_one() -> None:
    assert RELEASED


def test_it_opens_and_every_change_is_made_to_it_once(old: Path) -> None:
    with open_store(old / "data" / "gongkai.db") as kept:
        applied = {str(row[0]) for row in kept.ask("SELECT name FROM _sqlite_migrations")}
        assert applied == known_changes()
        assert kept.one("PRAGMA integrity_check") == ("ok",)
        assert kept.ask("PRAGMA foreign_key_check") == []
        tables = {
            str(row[0])
            for row in kept.ask("SELECT name FROM sqlite_schema WHERE type IN ('table', 'trigger')")
        }
    assert {name for name, sql in described() if not sql.startswith("CREATE INDEX")} - tables <= {
        name for name, sql in described() if "INDEX" in sql.split("(")[0]
    }
    with open_store(old / "data" / "gongkai.db"):
        pass  # and again: nothing is left to do


def test_nothing_that_was_decided_or_sealed_is_lost_or_changed(old: Path) -> None:
    before = {table: rows(old, table) for table in (*PRECIOUS, "scorecard")}
    with open_store(old / "data" / "gongkai.db"):
        pass
    for table in before:
        after = rows(old, table)
        assert len(after) == len(before[table]), table
        for was, now in zip(before[table], after, strict=True):
            assert was.items() <= now.items(), table  # type: ignore[attr-defined]
    assert before["decision"]
    assert before["scorecard"]


def test_its_cases_stand_as_they_were_decided_and_its_evidence_holds(old: Path) -> None:
    installation = Installation.of(
        home=old, as_of=store.runs(open_store(old / "data" / "gongkai.db"))[-1].as_of
    )
    with open_store(installation.home.database) as kept:
        cases = load(installation, kept, installation.as_of).by_number
        decided = cases["A01-2020-0001"].state.decision
        assert decided is not None
        assert (decided.kind, decided.who) == ("dismiss", "wang")
    assert run(old, "evidence", "verify", "--all").exit_code == 0
    exported = run(old, "evidence", "export", "A01-2020-0001", "--out", str(old / "one.zip"))
    assert exported.exit_code == 0, exported.output
    assert run(old, "backup", str(old / "b.zip")).exit_code == 0
    judged = run(old, "judge")
    # Its home page is two bare lines: since reader 3 that is an answer in a home page's place, and nobody is judged by it.
    assert judged.exit_code == 3, judged.output
    assert "不像网站首页" in judged.output


def test_a_home_of_a_later_release_is_refused_in_chinese_and_left_alone(old: Path) -> None:
    path = old / "data" / "gongkai.db"
    with open_store(path):
        pass
    later = sqlite3.connect(path)
    later.execute("CREATE TABLE later (x)")
    later.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('gongkai', 'of_the_next_release', 'x')"
    )
    later.commit()
    later.close()
    before = {table: rows(old, table) for table in PRECIOUS}
    with pytest.raises(StoreTooNew, match="升级程序"):
        open_store(path)
    assert {table: rows(old, table) for table in PRECIOUS} == before
