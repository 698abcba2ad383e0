"""What many nights amount to is the same, whether they are read one by one or added to what was kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import HOME, night, said

from dossier import store
from dossier.model import Verdict
from dossier.store import Night, Sight, Store, open_store
from dossier.store.tallies import Tally, tallies_of

SUBJECTS = tuple(f"{HOME}{n}.html" for n in range(3))
SPOKEN = {Sight.FAIL: Verdict.FAIL, Sight.UNSURE: Verdict.UNSURE, Sight.ERROR: Verdict.ERROR}


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "g.db") as opened:
        yield opened


def _enter(kept: Store, number: int, sights: dict[str, Sight]) -> None:
    """One night of the unit, with what became of each subject."""
    spoken = [one for one in sights if sights[one] in SPOKEN]
    run_id = night(kept, number, [said("link-broken", one, SPOKEN[sights[one]]) for one in spoken])
    store.keep_tallies(kept, "A01", run_id)
    nights = [
        Night(
            fingerprint=store.fingerprint("A01", "link-broken", one), rule_id="link-broken", subject=one, sight=sight,
            outcome_seq=spoken.index(one) if one in spoken else None, because="" if one in spoken else "没有看到",
        )
        for one, sight in sights.items()
    ]  # fmt: skip
    store.save_nights(kept, run_id, "A01", nights)


def _anew(kept: Store, run_id: str, *, with_this: bool) -> dict[int, Tally]:
    """The same from all nights, with nothing kept."""
    with kept.writing():
        kept.put("SAVEPOINT look")
        kept.put("DELETE FROM tally")
        kept.put("DELETE FROM tallied")
        found = tallies_of(kept, "A01", run_id, with_this=with_this)
        kept.put("ROLLBACK TO look")
        kept.put("RELEASE look")
    return found


SIGHTS = st.dictionaries(st.sampled_from(SUBJECTS), st.sampled_from(list(Sight)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(SIGHTS, min_size=1, max_size=7), changed=st.integers(1, 7), other=SIGHTS)
def test_kept_tallies_are_those_of_all_nights(
    tmp_path_factory: pytest.TempPathFactory,
    nights: list[dict[str, Sight]],
    changed: int,
    other: dict[str, Sight],
) -> None:
    with open_store(tmp_path_factory.mktemp("t") / "g.db") as kept:
        for number, sights in enumerate(nights, start=1):
            _enter(kept, number, sights)
        if changed <= len(nights):
            _enter(kept, changed, other)  # an old night is judged again
        for number in range(1, len(nights) + 1):
            for with_this in (False, True):
                run_id = f"R{number}"
                assert tallies_of(kept, "A01", run_id, with_this=with_this) == _anew(
                    kept, run_id, with_this=with_this
                )


def test_a_night_reads_only_the_nights_since_the_last_tally(kept: Store) -> None:
    for number in range(1, 6):
        _enter(kept, number, dict.fromkeys(SUBJECTS, Sight.FAIL))
    assert kept.ask("SELECT unit_id, run_no FROM tallied") == [("A01", 4)]
    asked: list[str] = []
    kept.db.conn.set_trace_callback(lambda sql: asked.append(sql) if "FROM deficiency_night" in sql else None)
    found = store.past_of(kept, "A01", "R5", with_this=True)
    kept.db.conn.set_trace_callback(None)
    assert len(asked) == 1
    assert [one.tally.counts for one in found] == [{"fail": 5}] * 3


def test_what_ended_long_ago_is_left_out_where_only_the_present_matters(kept: Store) -> None:
    _enter(kept, 1, dict.fromkeys(SUBJECTS, Sight.FAIL))
    _enter(kept, 2, {SUBJECTS[0]: Sight.GONE, SUBJECTS[1]: Sight.FAIL, SUBJECTS[2]: Sight.UNSEEN})
    _enter(kept, 3, {SUBJECTS[1]: Sight.FAIL})
    assert {one.subject for one in store.past_of(kept, "A01", "R2", with_this=True, lately=True)} == set(
        SUBJECTS
    )
    assert {one.subject for one in store.past_of(kept, "A01", "R3", with_this=True, lately=True)} == set(
        SUBJECTS[1:]
    )
    assert {one.subject for one in store.past_of(kept, "A01", "R3", with_this=True)} == set(SUBJECTS)
