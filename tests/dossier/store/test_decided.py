"""What the rules said may be said anew; what people decided is only ever added."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from made import BEGIN, HOME, dump, night, run, said, unit
from sqlite_utils import Database

from dossier import store
from dossier.model import (
    AccountFacts,
    Area,
    Exemption,
    ListedDocument,
    NotCalled,
    ProbeSample,
    Scorecard,
    UnitClass,
    Verdict,
)
from dossier.store import (
    Decision,
    IssuedReport,
    Night,
    Note,
    RunInfo,
    Sight,
    StoreTooNew,
    fingerprint,
    open_store,
)
from dossier.store.schema import migrations

AT = datetime(2020, 9, 30, 1, 2, 3, tzinfo=UTC)


def stood(kept: store.Store, number: int, *subjects: str) -> None:
    run_id = night(kept, number, [said("link-broken", subject) for subject in subjects])
    store.save_nights(
        kept,
        run_id,
        "A01",
        [
            Night(
                fingerprint=fingerprint("A01", "link-broken", subject),
                rule_id="link-broken",
                subject=subject,
                sight=Sight.FAIL,
                outcome_seq=seq,
            )
            for seq, subject in enumerate(subjects)
        ],
    )


def test_a_judgement_comes_out_as_it_was_said(tmp_path: Path) -> None:
    outcomes = [
        said("link-broken", HOME + "x", count=3, names=["一", "二"]),
        said("a", "A01", Verdict.UNSURE),
    ]
    skipped = NotCalled(rule_id="annual-report-missing", area=Area.ANNUAL, because="年报栏目打不开")
    with open_store(tmp_path / "g.db") as kept:
        night(kept, 1, outcomes, not_called=[skipped])
        found = store.judgement_of(kept, "R1", "A01")
        assert found is not None
        assert found.outcomes == tuple(outcomes)
        assert found.not_called == (skipped,)
        assert store.judgement_of(kept, "R1", "B01") is None


def test_words_of_a_rule_that_cannot_be_written_do_not_lose_the_night(tmp_path: Path) -> None:
    odd = said("a", "A01\ud83d", big=2**90, half="\udc00", strange=Path("x"))
    with open_store(tmp_path / "g.db") as kept:
        night(kept, 1, [odd, said("b", "A01")])
        found = store.outcomes(kept, "R1", "A01")
        assert [one.subject for one in found] == ["A01?", "A01"]
        assert found[0].data == {"big": str(2**90), "half": "?", "strange": "x"}


def test_judging_the_same_again_changes_no_row(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        stood(kept, 1, HOME + "x", HOME + "y")
        rows = dump(tmp_path / "g.db")
        stood(kept, 1, HOME + "x", HOME + "y")
        assert dump(tmp_path / "g.db") == rows


def test_judging_otherwise_leaves_nothing_of_what_was_said_before(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        night(kept, 1, [said("a", "A01", page=HOME + "old")])
        night(kept, 1, [said("b", "A01", Verdict.PASS)])
        rows = dump(tmp_path / "g.db")
    assert sum('INSERT INTO "evidence" ' in row for row in rows) == 1
    assert sum('INSERT INTO "saying" ' in row for row in rows) == 1


def test_numbers_are_counted_by_unit_and_year_and_never_used_again(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        stood(kept, 1, "x", "y")
        night(kept, 1, [said("link-broken", "z")])  # judged again: x and y were a fault of the rule
        stood(kept, 2, "z")
        numbers = {past.subject: past.number for past in store.past_of(kept, "A01", "R2", with_this=True)}
        stood(kept, 3, "x")
        later = {past.subject: past.number for past in store.past_of(kept, "A01", "R3", with_this=True)}
    assert numbers == {"z": "A01-2020-0003"}
    assert later["x"] == "A01-2020-0001", "the same fault gets its own number back"


def decision(**more: object) -> Decision:
    given = {"deficiency_no": "A01-2020-0001", "run_id": "R1", "kind": "confirm", "who": "张", "at": AT}
    return Decision(**{**given, **more})  # type: ignore[arg-type]  # the fields are the caller's


def test_a_decision_is_only_ever_added(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        stood(kept, 1, "x")
        store.record_decision(kept, decision())
        store.record_decision(kept, decision(kind="adjust", points=Decimal("0.35"), reason="已部分整改"))
        for attack in (
            "UPDATE decision SET who = '李'",
            "DELETE FROM decision",
            "REPLACE INTO decision SELECT id, deficiency_id, run_no, 'dismiss', NULL, 'x', who, at FROM decision",
            "INSERT OR REPLACE INTO decision SELECT * FROM decision",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="only ever added"), kept.writing():
                kept.put(attack)
        found = store.decisions(kept, "A01-2020-0001")
    assert [(one.kind, one.points) for one in found] == [("confirm", None), ("adjust", Decimal("0.35"))]


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "dismiss"},
        {"kind": "adjust", "reason": "因为"},
        {"kind": "forget", "reason": "x"},
        {"who": ""},
    ],
)
def test_a_decision_without_its_reason_its_points_or_its_author_is_refused(
    tmp_path: Path, bad: dict[str, object]
) -> None:
    with open_store(tmp_path / "g.db") as kept:
        stood(kept, 1, "x")
        with pytest.raises(sqlite3.IntegrityError):
            store.record_decision(kept, decision(**bad))
        with pytest.raises(KeyError):
            store.record_decision(kept, decision(deficiency_no="A01-2020-9999"))
        assert store.decisions(kept) == ()


def test_a_misspelt_table_is_an_error_and_not_a_new_table(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        with pytest.raises(sqlite3.OperationalError, match="no such table"), kept.writing():
            kept.put("INSERT INTO desicion (who) VALUES ('x')")
        before = set(kept.db.table_names())
    with open_store(tmp_path / "g.db") as kept:
        assert set(kept.db.table_names()) == before


def test_a_file_of_an_earlier_version_is_brought_up_to_date_and_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    old = Database(path)
    migrations.apply(old, stop_before="what_was_judged")
    old.execute(
        "INSERT INTO run (run_id, as_of, started, kind) VALUES ('R0', '2020-09-01', '2020-09-01T00:00:00+00:00', 'nightly')"
    )
    old.close()
    with open_store(path) as kept:
        assert [one.run_id for one in store.runs(kept)] == ["R0"]
        assert "decision" in kept.db.table_names()


def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    open_store(path).close()
    later = Database(path)
    later.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('gongkai', 'from_the_future', 'x')"
    )
    later.close()
    with pytest.raises(StoreTooNew, match="from_the_future"):
        open_store(path)


def test_every_table_is_strict(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        loose = [
            name
            for name, sql in kept.ask("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            if not name.startswith(("_", "sqlite_")) and not re.search(r"\bSTRICT\b", sql)
        ]
        assert loose == []
        assert kept.one("PRAGMA foreign_keys") == (1,)
        assert kept.one("PRAGMA foreign_key_check") is None


def test_runs_are_told_in_the_order_in_which_they_started(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        store.record_run(kept, run(2))
        store.record_run(kept, run(1))
        store.record_run(kept, run(3, kind="recheck"))
        store.finish_run(kept, "R1", AT)
        store.finish_run(kept, "R1", AT + timedelta(days=1))
        assert [one.run_id for one in store.runs(kept)] == ["R1", "R2", "R3"]
        latest = store.latest_run(kept, "nightly")
        assert latest is not None
        assert latest.run_id == "R2"
        info = store.run_info(kept, "R1")
        assert info is not None
        assert info.finished == AT
        assert info == RunInfo(
            **{**{f: getattr(run(1), f) for f in RunInfo.__struct_fields__}, "finished": AT}
        )
        assert store.run_info(kept, "R9") is None
        night(kept, 1)
        night(kept, 3)
        previous = store.previous_run(kept, "R3", "A01")
        assert previous is not None
        assert previous.run_id == "R1", "the unit was not visited in R2"


def card(number: int, score: str) -> Scorecard:
    return Scorecard(
        unit_id="A01", unit_class=UnitClass.A, run_id=f"R{number}", table_title="表", table_status="assumed",
        table_digest="", levels=(), lines=(), major_points=Decimal(0), deducted=Decimal("0.10"), score=Decimal(score),
        unsure=1, errors=0, not_called=0, unconfirmed_points=Decimal(0), inspected=True,
    )  # fmt: skip


def test_points_come_out_to_the_last_hundredth(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        night(kept, 1)
        night(kept, 2)
        store.save_scorecard(kept, card(1, "90.10"))
        store.save_scorecard(kept, card(1, "90.05"))
        store.save_scorecard(kept, card(2, "91.00"))
        assert store.scorecards(kept, "R1") == (card(1, "90.05"),)
        assert store.previous_scorecard(kept, "R2", "A01") == card(1, "90.05")
        assert store.previous_scorecard(kept, "R1", "A01") is None
        assert store.scorecard_of(kept, "R2", "B01") is None


def test_a_list_that_was_never_delivered_is_not_an_empty_list(tmp_path: Path) -> None:
    rows = (ListedDocument(title="关于…的通知", number="测政发〔2020〕1号", line=2),)
    with open_store(tmp_path / "g.db") as kept:
        assert store.listed_documents(kept, "A01") is None
        store.import_document_list(kept, "A01", rows, at=AT, source="清单.xlsx")
        before = dump(tmp_path / "g.db")
        store.import_document_list(kept, "A01", rows, at=AT + timedelta(days=1), source="清单.xlsx")
        assert dump(tmp_path / "g.db") == before, "the very same list again is no news"
        store.import_document_list(kept, "A01", (), at=AT, source="空.xlsx")
        assert store.listed_documents(kept, "A01") == ()


def test_hand_made_evidence_is_taken_once_and_marked(tmp_path: Path) -> None:
    one = AccountFacts(unit_id="A01", channel="wechat", account_id="gh_1", state="open", observed_at=AT)
    with open_store(tmp_path / "g.db") as kept:
        assert store.import_accounts(kept, [one], at=AT, source="证据.csv")
        assert not store.import_accounts(kept, [one], at=AT, source="证据.csv")
        found = store.imported_accounts(kept, "A01")
        assert [(seen.account_id, seen.via) for seen in found] == [("gh_1", "import")]
        assert [brought.source for brought in store.imports(kept)] == ["证据.csv"]


def test_accounts_of_a_run_are_replaced_by_the_same_run_only(tmp_path: Path) -> None:
    seen = [AccountFacts(unit_id="A01", channel="weibo", account_id=str(n)) for n in (1, 2)]
    with open_store(tmp_path / "g.db") as kept:
        night(kept, 1)
        night(kept, 2)
        store.save_accounts(kept, "R1", "A01", seen)
        store.save_accounts(kept, "R2", "A01", seen)
        store.save_accounts(kept, "R1", "A01", seen[:1])
        assert store.accounts_of(kept, "R1", "A01") == tuple(seen[:1])
        assert store.accounts_of(kept, "R2", "A01") == tuple(seen)


def test_probes_are_told_by_host_and_time(tmp_path: Path) -> None:
    samples = [
        ProbeSample(host="a", at=AT + timedelta(hours=n), opened=n != 1, elapsed_ms=n) for n in range(4)
    ]
    with open_store(tmp_path / "g.db") as kept:
        store.add_probes(kept, samples)
        store.add_probes(kept, samples)
        found = store.probes(kept, ["a", "b"], since=AT + timedelta(hours=1), until=AT + timedelta(hours=3))
    assert found == tuple(samples[1:3])


def test_an_exemption_ends_on_its_day(tmp_path: Path) -> None:
    one = Exemption(
        unit_id="A01", rule_id="column-stale", reason="无新增", author="张", until=date(2020, 10, 1)
    )
    with open_store(tmp_path / "g.db") as kept:
        store.add_exemption(kept, one)
        store.add_exemption(kept, one)
        assert store.active_exemptions(kept, "A01", date(2020, 10, 1)) == (one,)
        assert store.active_exemptions(kept, "A01", date(2020, 10, 2)) == ()
        assert store.active_exemptions(kept, "B01", date(2020, 10, 1)) == ()


def test_notes_and_issued_reports_are_kept(tmp_path: Path) -> None:
    note = Note(deficiency_no="A01-2020-0001", text="已电话联系", who="张", at=AT)
    left = IssuedReport(run_id="R1", unit_id="A01", file="A01.docx", sha256="0" * 64, who="张", at=AT)
    with open_store(tmp_path / "g.db") as kept:
        stood(kept, 1, "x")
        store.add_note(kept, note)
        store.issue_report(kept, left)
        store.issue_report(kept, left)
        assert store.notes(kept, "A01-2020-0001") == (note,)
        assert store.issued_reports(kept, "R1") == (left,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.gov.cn/x.html", "https://a.gov.cn/x.html"),
        ("http://A.gov.cn:80/x", "http://a.gov.cn/x"),
        ("http://a.gov.cn", "http://a.gov.cn/"),
        ("http://a.gov.cn/x;jsessionid=9AF", "http://a.gov.cn/x"),
        ("http://a.gov.cn/%e4%b8%ad", "http://a.gov.cn/%E4%B8%AD"),
        ("http://a.gov.cn/x  错词", "http://a.gov.cn/x 错词"),
    ],
)
def test_what_changes_from_night_to_night_makes_no_new_deficiency(one: str, other: str) -> None:
    assert fingerprint("A01", "r", one) == fingerprint("A01", "r", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.gov.cn/x", "http://a.gov.cn/X"),
        ("http://a.gov.cn/x?id=1", "http://a.gov.cn/x?id=2"),
        ("http://a.gov.cn/#/a", "http://a.gov.cn/#/b"),
        ("http://a.gov.cn/x 甲", "http://a.gov.cn/x 乙"),
        ("晋教办〔2020〕", "晋教发〔2020〕"),
        ("http://[bad", "http://bad"),
    ],
)
def test_different_subjects_are_different_deficiencies(one: str, other: str) -> None:
    assert fingerprint("A01", "r", one) != fingerprint("A01", "r", other)
    assert fingerprint("A01", "r", one) != fingerprint("B01", "r", one)


def test_the_unit_of_the_tests_is_visited(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        night(kept, 1)
        assert store.unit_as_listed(kept, "R1", "A01") == unit()
        assert BEGIN.tzinfo is UTC
