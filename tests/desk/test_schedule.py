"""A schedule forgets nothing and does nothing twice, whatever the hour at which it is started."""

from __future__ import annotations

import heapq
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from desk.clock import BEIJING
from desk.schedule import Plan, Watch, duties, night_owed, plan_of, stay_up
from desk.service import command_line, systemd_unit
from desk.unseen_long import unseen_long
from dossier import store
from dossier.errors import BadInput
from dossier.model import Channel, Coverage, Judgement, ProbeSample, SiteRow, Unit, UnitClass
from dossier.settings import load_settings
from dossier.store import Extent, RunInfo, open_store

UNIT = Unit(
    unit_id="A01", unit_class=UnitClass.A, short_name="清河", full_name="清河市人民政府",
    sites=(SiteRow(unit_id="A01", channel=Channel.WEBSITE, name="网站", url="http://www.a.gov.cn/"),),
)  # fmt: skip
PLAN = Plan(datetime(2000, 1, 1, 1, 0).time(), datetime(2000, 1, 1, 6, 0).time(), 60, 3)  # noqa: DTZ001


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 9, day, hour, minute, tzinfo=BEIJING)


@dataclass
class Days:
    """Simulated days: duties fire at the hours of their own triggers, commands do what `gongkai` would."""

    path: Path
    now: datetime
    codes: dict[str, list[int]] = field(default_factory=dict)
    """Exit codes that a command brings before it brings 0."""
    done: list[tuple[datetime, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    inside: int = 0

    def run(self, words: Sequence[str]) -> int:
        name = words[0]
        self.done.append((self.now, name))
        waiting = self.codes.get(name, [])
        code = waiting.pop(0) if waiting else 0
        if code:
            return code
        with open_store(self.path) as kept:
            if name == "nightly":
                run_id = f"n{len(self.done)}"
                store.record_run(kept, RunInfo(run_id=run_id, as_of=self.now.date(), started=self.now))
                store.finish_run(kept, run_id, self.now)
            elif name == "probe":
                store.add_probes(kept, [ProbeSample(host="www.a.gov.cn", at=self.now, opened=True)])
        return 0

    def watch(self) -> Watch:
        return Watch(
            PLAN, (UNIT,), lambda: open_store(self.path), self.run, lambda: self.now, self.said.append
        )

    def live_until(self, end: datetime, last_probe: datetime | None = None) -> None:
        queue: list[tuple[datetime, int]] = []
        todo = duties(self.watch(), last_probe)
        for number, duty in enumerate(todo):
            heapq.heappush(queue, (duty.first or duty.trigger.get_next_fire_time(None, self.now), number))
        while queue and queue[0][0] < end:
            when, number = heapq.heappop(queue)
            self.now = max(self.now, when)
            todo[number].act()
            following = todo[number].trigger.get_next_fire_time(when, self.now + timedelta(seconds=1))
            heapq.heappush(queue, (following, number))

    def count(self, name: str) -> int:
        return sum(one == name for _, one in self.done)

    def hours(self, name: str) -> list[datetime]:
        return [when for when, one in self.done if one == name]


def test_three_days_bring_three_nights_and_a_probe_every_hour(tmp_path: Path) -> None:
    days = Days(tmp_path / "g.db", at(1, 0, 30))
    days.live_until(at(4, 0, 30))
    assert days.hours("nightly") == [at(1, 1), at(2, 1), at(3, 1)]
    assert days.count("probe") == 72
    assert min(
        b - a for a, b in zip(days.hours("probe"), days.hours("probe")[1:], strict=False)
    ) == timedelta(hours=1)


def test_a_missed_night_is_made_up_for_at_start_and_only_once(tmp_path: Path) -> None:
    days = Days(tmp_path / "g.db", at(1, 0, 30))
    days.live_until(at(1, 12))
    days.now = at(3, 9)  # the machine was off for two nights
    days.live_until(at(3, 23))
    days.live_until(at(4, 0, 30))  # and restarted in between
    assert days.hours("nightly") == [at(1, 1), at(3, 9)]


def test_a_night_that_was_made_is_not_made_again_after_a_restart(tmp_path: Path) -> None:
    days = Days(tmp_path / "g.db", at(1, 0, 30))
    days.live_until(at(1, 3))
    days.live_until(at(1, 5), last_probe=at(1, 2, 30))
    assert days.count("nightly") == 1
    assert days.hours("probe")[-2:] == [at(1, 3, 30), at(1, 4, 30)]


def test_a_night_that_our_network_put_off_is_tried_until_it_is_made(tmp_path: Path) -> None:
    days = Days(tmp_path / "g.db", at(1, 0, 30), codes={"nightly": [4, 4]})
    days.live_until(at(1, 12))
    assert days.hours("nightly") == [at(1, 1), at(1, 1, 15), at(1, 1, 45)]
    assert any("本机网络" in line for line in days.said)


def test_a_night_that_cannot_be_made_is_not_tried_all_day(tmp_path: Path) -> None:
    days = Days(tmp_path / "g.db", at(1, 0, 30), codes={"nightly": [2]})
    days.live_until(at(2, 2))
    assert days.hours("nightly") == [at(1, 1), at(2, 1)]


def test_a_night_that_was_killed_is_taken_up_at_the_restart(tmp_path: Path) -> None:
    days = Days(tmp_path / "g.db", at(1, 0, 30))
    days.live_until(at(1, 12))
    with open_store(days.path) as kept:
        store.record_run(kept, RunInfo(run_id="killed", as_of=date(2020, 9, 2), started=at(2, 1)))
    days.now = at(2, 3)  # power came back
    days.live_until(at(2, 12))
    assert days.hours("nightly") == [at(1, 1), at(2, 3)]


def test_rechecks_that_fell_due_while_nobody_watched_are_made_at_once_and_once(tmp_path: Path) -> None:
    _stand(tmp_path / "g.db", "r0", at(1, 1), due=date(2020, 9, 3))
    days = Days(tmp_path / "g.db", at(2, 0, 30))
    days.live_until(at(2, 12))
    assert days.count("recheck") == 0
    days.now = at(5, 9)  # the machine was off for three days
    days.live_until(at(5, 12))
    assert days.hours("recheck") == [at(5, 9)]


def test_a_restart_before_the_morning_waits_for_it(tmp_path: Path) -> None:
    _stand(tmp_path / "g.db", "r0", at(1, 1), due=date(2020, 9, 3))
    days = Days(tmp_path / "g.db", at(3, 2))
    days.live_until(at(3, 7))
    assert days.hours("recheck") == [at(3, 6)]


def test_before_the_first_night_nothing_was_missed(tmp_path: Path) -> None:
    with open_store(tmp_path / "g.db") as kept:
        assert not night_owed(kept, at(1, 1), at(1, 15))
        assert night_owed(kept, at(1, 1), at(1, 1))
        store.record_run(kept, RunInfo(run_id="x", as_of=date(2020, 9, 1), started=at(1, 1)))
        assert night_owed(kept, at(1, 1), at(1, 5))  # it broke off
        store.finish_run(kept, "x", at(1, 4))
        assert not night_owed(kept, at(1, 1), at(1, 5))
        assert night_owed(kept, at(2, 1), at(2, 1))


def test_a_recheck_waits_for_the_night_and_two_nights_never_meet(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    _stand(path, "r0", at(1, 1), due=date(2020, 9, 2))
    release, log = threading.Event(), []

    def run(words: Sequence[str]) -> int:
        log.append(f"+{words[0]}")
        if words[0] == "nightly":
            assert release.wait(10)
        log.append(f"-{words[0]}")
        return 4

    watch = Watch(PLAN, (UNIT,), lambda: open_store(path), run, lambda: at(2, 1, 5), lambda _line: None)
    night = threading.Thread(target=watch.begin_night)
    night.start()
    while "+nightly" not in log:
        time.sleep(0.01)
    watch.begin_night()  # refused at once
    again = threading.Thread(target=watch.begin_rechecks)
    again.start()
    time.sleep(0.1)
    assert log == ["+nightly"]
    release.set()
    night.join(10)
    again.join(10)
    assert log == ["+nightly", "-nightly", "+recheck", "-recheck"]


def _stand(path: Path, run_id: str, started: datetime, due: date | None = None) -> None:
    """A night with one standing deficiency, and a wish to see it again."""
    from dossier.store import Night, RecheckRequest, Sight, fingerprint

    with open_store(path) as kept:
        store.record_run(kept, RunInfo(run_id=run_id, as_of=started.date(), started=started))
        store.ingest_unit(kept, run_id, UNIT, None, (), ())
        mark = fingerprint("A01", "home-stale", "www.a.gov.cn")
        from dossier.model import Outcome, Verdict

        outcome = Outcome(rule_id="home-stale", verdict=Verdict.FAIL, subject="www.a.gov.cn")
        store.save_judgement(
            kept,
            run_id,
            Judgement(unit_id="A01", outcomes=(outcome,)),
            Coverage(),
            Extent(pages=1, items=0, dated_items=0),
        )
        night = Night(
            fingerprint=mark, rule_id="home-stale", subject="www.a.gov.cn", sight=Sight.FAIL, outcome_seq=0
        )
        store.save_nights(kept, run_id, "A01", [night])
        if due:
            number = f"A01-{started.year}-0001"
            store.request_recheck(
                kept, RecheckRequest(deficiency_no=number, due=due, because="期限", who="系统", at=started)
            )


def test_nothing_due_starts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    _stand(path, "r0", at(1, 1), due=date(2020, 9, 9))
    days = Days(path, at(8, 6))
    days.watch().begin_rechecks()
    assert days.done == []
    days.now = at(9, 6)
    days.watch().begin_rechecks()
    assert [name for _, name in days.done] == ["recheck"]


def test_units_unseen_for_long_are_named_those_without_a_reason_first(tmp_path: Path) -> None:
    other = Unit(unit_id="A02", unit_class=UnitClass.A, short_name="平川", full_name="平川市人民政府")
    blind = Unit(unit_id="A03", unit_class=UnitClass.A, short_name="望溪", full_name="望溪市人民政府")
    with open_store(tmp_path / "g.db") as kept:
        for day in (1, 5):
            run_id = f"r{day}"
            store.record_run(kept, RunInfo(run_id=run_id, as_of=date(2020, 9, day), started=at(day, 1)))
            for unit in (UNIT, blind):
                store.ingest_unit(kept, run_id, unit, None, (), ())
                seen = unit is UNIT or day == 1
                because = "" if seen else "首页没有打开"
                store.save_judgement(
                    kept, run_id, Judgement(unit_id=unit.unit_id, outcomes=()),
                    Coverage(inspected=seen, because=because), Extent(pages=1, items=0, dated_items=0),
                )  # fmt: skip
        found = unseen_long(kept, (UNIT, blind, other), date(2020, 9, 6), 3)
        assert [(one.unit.unit_id, one.last, one.because) for one in found] == [
            ("A02", None, ""),
            ("A03", date(2020, 9, 1), "首页没有打开"),
        ]
        assert unseen_long(kept, (UNIT, blind, other), date(2020, 9, 4), 3) == ()


def test_a_second_schedule_in_one_home_is_refused_and_the_first_stops_when_told(tmp_path: Path) -> None:
    days = Days(tmp_path / "g.db", datetime.now(BEIJING))
    stop = threading.Event()
    first = threading.Thread(target=stay_up, args=(days.watch(), tmp_path, stop))
    first.start()
    ends = time.monotonic() + 20
    while days.count("probe") == 0 and time.monotonic() < ends:
        time.sleep(0.02)
    with pytest.raises(BadInput, match="已有一个"):
        stay_up(days.watch(), tmp_path, threading.Event())
    stop.set()
    first.join(10)
    assert not first.is_alive()
    assert days.count("probe") == 1


def test_hours_that_are_none_are_refused() -> None:
    assert plan_of(load_settings(Path("/nonexistent"))) == PLAN
    for bad in ("25:00", "1点", "01:60"):
        with pytest.raises(BadInput, match=r"schedule\.nightly_at"):
            plan_of(load_settings(Path("/nonexistent"), (f"schedule.nightly_at={bad}",)))


def test_the_unit_file_starts_this_very_program(tmp_path: Path) -> None:
    text = systemd_unit(["--home", "/srv/公 开/100%"], Path("/srv/公 开/100%"))
    (line,) = [one for one in text.splitlines() if one.startswith("ExecStart=")]
    assert line.endswith('schedule --home "/srv/公 开/100%%"')
    assert "WorkingDirectory=/srv/公 开/100%%" in text
    assert "Restart=always" in text
    done = subprocess.run([*command_line(), "--version"], capture_output=True, check=False)
    assert done.returncode == 0
    told = [
        sys.executable,
        "-c",
        "from desk.cli import main; main()",
        "schedule",
        "--systemd",
        "--home",
        str(tmp_path),
    ]
    assert b"[Service]" in subprocess.run(told, capture_output=True, check=True).stdout
