"""What is taken away is as the contract says, always in one order, and never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nights import HOME, night, said, unit

from desk.export import FORMATS, KINDS, export
from desk.installation import Installation
from desk.scoring import suggest
from desk.standing import stand
from dossier import store
from dossier.errors import BadInput
from dossier.home import Home
from dossier.model import Verdict
from dossier.store import Store, open_store

CONTRACT = (
    "run_id", "unit_id", "rule_id", "verdict", "subject", "page_url", "message", "confirmed", "nights_seen",
    "first_seen", "last_seen", "deficiency_no", "indicator", "points_asked", "points_granted", "evidence",
)  # fmt: skip
EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", '=HYPERLINK("http://x","y")', "＝1")


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(Home(tmp_path), date(2020, 9, 29))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "g.db") as opened:
        yield opened


def weighed(kept: Store, installation: Installation, number: int, *outcomes: object) -> None:
    run_id = night(kept, number, outcomes)  # type: ignore[arg-type]  # outcomes
    standing = stand(kept, run_id, installation.tables)["A01"]
    table = installation.tables.indicators[unit().unit_class]
    store.save_scorecard(kept, suggest(unit(), standing.deficiencies, table, run_id=run_id))


def lines(
    kept: Store, installation: Installation, run_id: str, kind: str, **more: bool
) -> list[dict[str, object]]:
    content = export(kept, installation, run_id, kind=kind, form="jsonl", **more)
    return [msgspec.json.decode(line) for line in content.splitlines()]


def test_a_finding_has_every_key_of_the_contract(kept: Store, installation: Installation) -> None:
    weighed(kept, installation, 1, said("column-stale", HOME + "dt/"), said("home-stale", "x", Verdict.PASS))
    found = lines(kept, installation, "R1", "findings")
    assert len(found) == 1
    assert set(CONTRACT) <= set(found[0])
    evidence = found[0]["evidence"]
    assert isinstance(evidence, list)
    assert {"url", "captured_at", "status", "sha256", "quote", "place", "screenshot"} <= set(evidence[0])
    values = {
        key: found[0][key]
        for key in ("verdict", "deficiency_no", "nights_seen", "first_seen", "points_asked")
    }
    assert values == {
        "verdict": "fail", "deficiency_no": "A01-2020-0001", "nights_seen": 1, "first_seen": "R1", "points_asked": 0.5,
    }  # fmt: skip
    assert found[0]["indicator"]


def test_passes_are_left_out_unless_all_is_wanted(kept: Store, installation: Installation) -> None:
    weighed(
        kept, installation, 1, said("a", "1"), said("b", "2", Verdict.PASS), said("c", "3", Verdict.UNSURE),
        said("d", "4", Verdict.ERROR), said("e", "5", Verdict.NOT_APPLICABLE),
    )  # fmt: skip
    short = [row["verdict"] for row in lines(kept, installation, "R1", "findings")]
    every = [row["verdict"] for row in lines(kept, installation, "R1", "findings", everything=True)]
    assert short == ["fail", "unsure", "error"]
    assert every == ["fail", "pass", "unsure", "error", "not_applicable"]


def test_deficiencies_tell_what_is_gone_and_what_could_not_be_looked_for(
    kept: Store, installation: Installation
) -> None:
    weighed(kept, installation, 1, said("column-stale", HOME), said("column-stale", HOME + "elsewhere"))
    weighed(kept, installation, 2)
    found = lines(kept, installation, "R2", "deficiencies")
    assert [(row["deficiency_no"], row["news"], row["verdict"]) for row in found] == [
        ("A01-2020-0001", "gone", "fail"),
        ("A01-2020-0002", "standing", "unsure"),
    ]
    assert lines(kept, installation, "R2", "findings") == []


def test_scorecards_have_their_points_as_numbers(kept: Store, installation: Installation) -> None:
    weighed(kept, installation, 1, said("column-stale", HOME + "dt/"))
    (card,) = lines(kept, installation, "R1", "scorecards")
    assert (card["score"], card["deducted"]) == (99.5, 0.5)
    parts = card["lines"]
    assert isinstance(parts, list)
    assert parts[0]["granted"] == 0.5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMATS)
def test_the_same_data_gives_the_same_file(
    kept: Store, installation: Installation, kind: str, form: str
) -> None:
    weighed(kept, installation, 1, *(said("column-stale", f"{HOME}{n}/") for n in (3, 1, 2)))
    first = export(kept, installation, "R1", kind=kind, form=form)
    assert export(kept, installation, "R1", kind=kind, form=form) == first
    assert first


@pytest.mark.parametrize("evil", EVIL)
def test_no_cell_becomes_a_formula(kept: Store, installation: Installation, evil: str) -> None:
    weighed(kept, installation, 1, said("link-broken", evil, page=evil))
    text = export(kept, installation, "R1", kind="findings", form="csv").decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text, newline="")))
    assert row["subject"] == "'" + evil
    assert row["page_url"] == "'" + evil
    book = openpyxl.load_workbook(io.BytesIO(export(kept, installation, "R1", kind="findings", form="xlsx")))
    for cells in book.active.iter_rows():  # type: ignore[union-attr]  # a sheet is there
        for cell in cells:
            assert cell.data_type != "f"
            assert cell.hyperlink is None


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=st.text(min_size=1), quote=st.text())
def test_whatever_a_page_says_every_format_can_be_written_and_read(
    tmp_path_factory: pytest.TempPathFactory, subject: str, quote: str
) -> None:
    folder = tmp_path_factory.mktemp("home")
    installation = Installation(Home(folder), date(2020, 9, 29))
    with open_store(folder / "g.db") as kept:
        weighed(kept, installation, 1, said("wording-error", subject, words=quote))
        text = export(kept, installation, "R1", kind="findings", form="csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert [row["subject"].removeprefix("'") for row in rows] == [subject.removeprefix("'")]
        for row in rows:
            for value in row.values():
                assert not value.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
        book = openpyxl.load_workbook(
            io.BytesIO(export(kept, installation, "R1", kind="findings", form="xlsx"))
        )
        assert book.active is not None
        assert all(cell.data_type != "f" for cells in book.active.iter_rows() for cell in cells)
        assert lines(kept, installation, "R1", "findings")[0]["subject"] == subject


def test_a_very_long_cell_is_cut_and_not_lost(kept: Store, installation: Installation) -> None:
    weighed(kept, installation, 1, said("link-broken", "长" * 40_000))
    book = openpyxl.load_workbook(io.BytesIO(export(kept, installation, "R1", kind="findings", form="xlsx")))
    assert book.active is not None
    cell = str(book.active.cell(2, CONTRACT.index("subject") + 1).value)
    assert (len(cell), cell[-1]) == (32_767, "…")


def test_a_unit_that_is_not_in_the_run_is_refused(kept: Store, installation: Installation) -> None:
    weighed(kept, installation, 1)
    other = Installation(installation.home, installation.as_of, only=("B99",))
    with pytest.raises(BadInput, match="B99"):
        export(kept, other, "R1", kind="findings", form="jsonl")
