"""What a recheck compared is kept: its own run, the night before it, and the night that found the fault first."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from made import BEGIN, night, said

from dossier import store
from dossier.store import Night, Recheck, RecheckResult, RunInfo, Sight, fingerprint, open_store


def test_all_three_runs_of_a_recheck_are_in_use(tmp_path: Path) -> None:
    page = "http://www.example.gov.cn/a.html"
    with open_store(tmp_path / "gongkai.db") as kept:
        for number in (1, 2, 3, 4, 5):
            night(kept, number, [said("link-broken", page, page=page)], captures=(), whole=True)
            seen = Night(
                fingerprint=fingerprint("A01", "link-broken", page), rule_id="link-broken", subject=page, sight=Sight.FAIL,
                outcome_seq=0,
            )  # fmt: skip
            store.save_nights(kept, f"R{number}", "A01", [seen])
        [(number,)] = kept.ask("SELECT number FROM deficiency WHERE number NOT NULL")
        at = BEGIN + timedelta(days=4, hours=5)
        store.record_run(kept, RunInfo(run_id="K4", as_of=at.date(), started=at, kind="recheck"))
        assert {run for run, _ in store.evidence_in_use(kept)} == set()
        made = Recheck(
            deficiency_no=number, run_id="K4", first_run="R1", base_run="R3", result=RecheckResult.NOT_FIXED, because="仍在", at=at
        )  # fmt: skip
        store.save_rechecks(kept, (made,))
        used = {run for run, _ in store.evidence_in_use(kept)}
    assert used == {"K4", "R1", "R3", "R5"}, "R5 saw it last; nothing rests on R2 and R4"
