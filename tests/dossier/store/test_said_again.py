"""What is said night after night takes room once, and comes out of every night with that night's own moments."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from made import BEGIN, HOME, capture, night, run, sha, unit

from dossier import store
from dossier.model import Capture, Evidence, Outcome, Verdict
from dossier.store import open_store

PAGES = (HOME, HOME + "a.html", HOME + "b.html")


def _captures(number: int) -> list[Capture]:
    return [
        capture(
            url, number, at=BEGIN + timedelta(days=number, seconds=place), status=200 if number == 1 else 304
        )
        for place, url in enumerate(PAGES)
    ]


def _proof(one: Capture, quote: str = "") -> Evidence:
    return Evidence(url=one.asked_url, captured_at=one.at, status=one.status, sha256=one.sha256, quote=quote)


def _said(number: int) -> list[Outcome]:
    home, first, second = _captures(number)
    return [
        Outcome(rule_id="a", verdict=Verdict.FAIL, subject=PAGES[1], evidence=(_proof(first, "错"),), data={"n": 2}),
        Outcome(rule_id="b", verdict=Verdict.PASS, subject="A01", evidence=tuple(map(_proof, (home, first, second)))),
        Outcome(rule_id="c", verdict=Verdict.NOT_APPLICABLE, subject="A01", because="没有"),
    ]  # fmt: skip


def _count(kept: store.Store, table: str) -> int:
    row = kept.one(f"SELECT count(*) FROM {table}")
    assert row is not None
    return int(row[0])


def test_a_night_that_says_the_same_adds_no_words_and_keeps_its_own_moments(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        night(kept, 1, _said(1), captures=_captures(1))
        words, proofs = _count(kept, "saying"), _count(kept, "evidence")
        assert (words, proofs) == (3, 2)
        for number in (2, 3):
            night(kept, number, _said(number), captures=_captures(number))
        # What is bare of moments is the same on every night, whether it was a 200 or a 304.
        assert (_count(kept, "saying"), _count(kept, "evidence")) == (words, proofs)
        for number in (1, 2, 3):
            assert store.outcomes(kept, f"R{number}", "A01") == tuple(_said(number))


def test_evidence_that_no_attempt_of_the_night_brought_is_kept_word_for_word(tmp_path: Path) -> None:
    elsewhere = Evidence(
        url=HOME + "z", captured_at=BEGIN - timedelta(days=40), status=404, sha256=sha("z"), note="旧"
    )
    undated = Evidence(url=HOME + "y", note="已查，未见")
    first = _captures(1)[1]
    mixed = (_proof(first), elsewhere, undated)
    said = [Outcome(rule_id="a", verdict=Verdict.UNSURE, subject="A01", evidence=mixed)]
    with open_store(tmp_path / "g.db") as kept:
        night(kept, 1, said, captures=_captures(1))
        assert store.outcomes(kept, "R1", "A01") == tuple(said)


def test_two_pieces_that_differ_by_their_moment_alone_stay_two(tmp_path: Path) -> None:
    again = capture(PAGES[1], 1, at=BEGIN + timedelta(days=1, seconds=40), attempt=2)
    captures = [*_captures(1), again]
    said = [
        Outcome(rule_id="a", verdict=Verdict.FAIL, subject="一", evidence=(_proof(captures[1]),)),
        Outcome(rule_id="a", verdict=Verdict.FAIL, subject="二", evidence=(_proof(again),)),
    ]
    with open_store(tmp_path / "g.db") as kept:
        night(kept, 1, said, captures=captures)
        assert store.outcomes(kept, "R1", "A01") == tuple(said)


def test_entering_a_night_anew_in_another_order_moves_no_moment(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        night(kept, 1, _said(1), captures=_captures(1))
        more = [capture(HOME + "new", 1), *reversed(_captures(1))]
        store.ingest_unit(kept, "R1", unit(), None, more, ())
        assert store.outcomes(kept, "R1", "A01") == tuple(_said(1))
        store.ingest_unit(kept, "R1", unit(), None, more[:2], ())
        assert store.outcomes(kept, "R1", "A01") == tuple(_said(1)), "though two of its attempts are gone"


def test_judging_one_night_otherwise_takes_no_word_from_another(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        for number in (1, 2):
            night(kept, number, _said(number), captures=_captures(number))
        night(kept, 2, _said(2)[:1], captures=_captures(2))
        assert store.outcomes(kept, "R1", "A01") == tuple(_said(1))
        assert store.outcomes(kept, "R2", "A01") == tuple(_said(2)[:1])
        night(kept, 1, [], captures=_captures(1))
        assert _count(kept, "saying") == _count(kept, "evidence") == 1


def test_a_night_kept_in_the_old_way_can_still_be_read(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        night(kept, 1, [], captures=_captures(1))
        visit = store.runs(kept) and kept.one("SELECT no FROM visit")
        assert visit
        with kept.writing():
            kept.put("DELETE FROM said")
            kept.put(
                "INSERT INTO outcome (visit_no, seq, rule_id, verdict, subject, page_url, message_key, data, because) "
                "VALUES (?, 0, 'a', 'fail', 'x', '', '', '{\"n\":1}', '旧')",
                visit,
            )
            kept.put('UPDATE coverage SET value = \'{"areas":{},"inspected":true}\', packed = NULL')
            kept.put("UPDATE visit SET packed_report = NULL, report = NULL")
        old = Outcome(rule_id="a", verdict=Verdict.FAIL, subject="x", data={"n": 1}, because="旧")
        assert store.outcomes(kept, "R1", "A01") == (old,)
        coverage = store.coverage_of(kept, "R1", "A01")
        assert coverage is not None
        assert coverage.inspected
        assert store.report_of(kept, "R1", "A01") is None
        night(kept, 1, _said(1), captures=_captures(1))
        assert store.outcomes(kept, "R1", "A01") == tuple(_said(1))
        assert _count(kept, "outcome") == 0
    assert run(1).run_id == "R1"
