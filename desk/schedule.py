"""Nobody has to remember: probes every hour, a night every night, rechecks when they are due, and who was long unseen.

What is owed is read from the database each time, so that a restart forgets nothing and repeats nothing. Each
duty is a `gongkai` command in a process of its own; at most one that crawls whole sites runs at a time.
"""

from __future__ import annotations

import contextlib
import re
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import filelock
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from desk.clock import BEIJING
from desk.crawling import NETWORK_DOWN
from desk.unseen_long import say_unseen_long
from dossier import store
from dossier.errors import BadInput, Problem
from dossier.model import Unit
from dossier.settings import Settings
from dossier.store import Store

NIGHT_KINDS = ("nightly",)
RETRY_MINUTES = 30
"""How often a night is tried again that our own network put off."""
_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_GRACE_SECONDS = 6 * 3600
_GIVE_UP_HOURS = 18
"""A night later than this is the next one's business."""

Run = Callable[[Sequence[str]], int]
"""A `gongkai` command's words → its exit code."""


@dataclass(frozen=True)
class Plan:
    """The hours of a schedule, Beijing time."""

    nightly_at: time
    recheck_at: time
    probe_minutes: int
    stale_days: int

    def last_slot(self, now: datetime) -> datetime:
        """When the last night should have begun."""
        today = datetime.combine(now.astimezone(BEIJING).date(), self.nightly_at, BEIJING)
        return today if today <= now else today - timedelta(days=1)


@dataclass
class Watch:
    """One running schedule: what its duties need. Tests give it a clock and a runner of their own."""

    plan: Plan
    units: tuple[Unit, ...]
    opened: Callable[[], Store]
    """Opens the database; each duty opens and closes it for itself."""
    run: Run
    now: Callable[[], datetime]
    say: Callable[[str], None]
    heavy: threading.Lock = field(default_factory=threading.Lock)
    """Held by a duty that crawls: two nights never meet, nor a night and a recheck."""
    given_up: datetime | None = None
    """The slot of a night that cannot be made (a bad list, a fault of ours)."""

    def begin_probe(self) -> None:
        code = self.run(("probe",))
        if code == NETWORK_DOWN:
            self.say("探测：本机网络不通，本次不计。")
        elif code:
            self.say(f"探测没有做成（代码 {code}）。")

    def begin_night(self) -> None:
        """Makes the night that is owed, if one is, and nobody is at it."""
        if not self.heavy.acquire(blocking=False):
            return
        try:
            slot = self.plan.last_slot(self.now())
            with self.opened() as kept:
                owed = night_owed(kept, slot, self.now())
            if not owed or self.given_up == slot:
                return
            self.say("开始夜间检查。")
            code = self.run(("nightly",))
            if code == NETWORK_DOWN:
                self.say(f"本机网络不通，{RETRY_MINUTES} 分钟后再试。")
            elif code in (0, 3):
                self.say("夜间检查完成。" + ("有单位未能检测，见汇总。" if code else ""))
            else:
                self.given_up = slot
                self.say(f"夜间检查没有做成（代码 {code}），请看上面的说明；到下一夜再做。")
        finally:
            self.heavy.release()

    def begin_rechecks(self) -> None:
        """Looks again at what is due; waits for a night that is still running."""
        with self.heavy:
            with self.opened() as kept:
                due = store.due_rechecks(kept, self.now().astimezone(BEIJING).date())
            if not due:
                return
            self.say(f"到期复查 {len(due)} 项。")
            code = self.run(("recheck", "--due"))
            if code not in (0, 3):
                self.say(f"到期复查没有做成（代码 {code}）。")

    def begin_sweep(self) -> None:
        """Names the units that nobody has seen for too long."""
        with self.opened() as kept:
            say_unseen_long(
                kept, self.units, self.now().astimezone(BEIJING).date(), self.plan.stale_days, self.say
            )


@dataclass(frozen=True)
class Duty:
    """Something that is to be done at its hours."""

    name: str
    trigger: Any
    """APScheduler's."""
    act: Callable[[], None]
    first: datetime | None = None
    """When it is done for the first time, where that is not the trigger's word."""


def plan_of(settings: Settings) -> Plan:
    """The hours of the settings; BadInput where they are none."""
    own = settings.schedule
    problems: list[Problem] = []
    hours = []
    for key, text in (("schedule.nightly_at", own.nightly_at), ("schedule.recheck_at", own.recheck_at)):
        found = _HOUR.fullmatch(text.strip())
        if found is None:
            problems.append(
                Problem("settings.toml", f"设置“{key}”的值“{text}”不是钟点", "请写成 01:00 的样子")
            )
        hours.append(time(int(found[1]), int(found[2])) if found else time())
    if problems:
        raise BadInput(problems)
    return Plan(hours[0], hours[1], own.probe_minutes, own.stale_days)


def duties(watch: Watch, last_probe: datetime | None = None) -> tuple[Duty, ...]:
    """All duties from now on. A missed night is made at once; probes keep their distance from the last one."""
    plan, now = watch.plan, watch.now()
    every = timedelta(minutes=plan.probe_minutes)
    # What fell due while nobody watched is looked at now, not tomorrow; nothing due starts nothing.
    morning_past = now.astimezone(BEIJING).time() >= plan.recheck_at
    found = [
        Duty("night", _daily(plan.nightly_at), watch.begin_night, first=now),
        Duty(
            "night-again",
            IntervalTrigger(
                minutes=RETRY_MINUTES, start_date=now + timedelta(minutes=RETRY_MINUTES / 2), timezone=BEIJING
            ),
            watch.begin_night,
        ),
        Duty("rechecks", _daily(plan.recheck_at), watch.begin_rechecks, first=now if morning_past else None),
        Duty("sweep", _daily(plan.recheck_at), watch.begin_sweep, first=now),
    ]
    if plan.probe_minutes > 0:
        first = now if last_probe is None else max(now, last_probe + every)
        trigger = IntervalTrigger(minutes=plan.probe_minutes, start_date=first, timezone=BEIJING)
        found.append(Duty("probe", trigger, watch.begin_probe, first=first))
    return tuple(found)


def night_owed(kept: Store, slot: datetime, now: datetime) -> bool:
    """Whether the night of a slot was missed, or broke off. Before the first night of all nothing was missed."""
    if now - slot > timedelta(hours=_GIVE_UP_HOURS):
        return False
    night = store.latest_run(kept, *NIGHT_KINDS)
    if night is None:
        return now - slot < timedelta(minutes=2 * RETRY_MINUTES)
    return night.started < slot or night.finished is None


def last_probe_of(kept: Store, units: Sequence[Unit], now: datetime) -> datetime | None:
    hosts = tuple(
        {row.url.split("/")[2].lower() for unit in units for row in unit.websites if "://" in row.url}
    )
    series = store.probes(kept, hosts, since=now - timedelta(days=1), until=now)
    return max((one.at for one in series), default=None)


def stay_up(watch: Watch, home_data: Path, stop: threading.Event) -> None:
    """Does all duties until told to stop; a second schedule in one home is refused."""
    lock = filelock.FileLock(home_data / "schedule.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise BadInput(
            [
                Problem(
                    str(home_data), "这里已有一个 gongkai schedule 在运行", "请先停掉它，或换用另一个 --home"
                )
            ]
        ) from error
    try:
        scheduler = BackgroundScheduler(
            timezone=BEIJING,
            executors={"default": ThreadPoolExecutor(8)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _GRACE_SECONDS},
        )
        with watch.opened() as kept:
            last_probe = last_probe_of(kept, watch.units, watch.now())
        for duty in duties(watch, last_probe):
            extra: dict[str, Any] = {"next_run_time": duty.first} if duty.first else {}
            scheduler.add_job(_guarded, duty.trigger, args=(watch, duty), id=duty.name, **extra)
        scheduler.start()
        try:
            stop.wait()
        finally:
            scheduler.shutdown(wait=False)
    finally:
        lock.release()


@contextlib.contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _daily(at: time) -> CronTrigger:
    return CronTrigger(hour=at.hour, minute=at.minute, timezone=BEIJING)


def _guarded(watch: Watch, duty: Duty) -> None:
    """A duty that breaks is told and does not take the others with it."""
    try:
        duty.act()
    except Exception as error:  # noqa: BLE001 - the schedule stays up whatever happens
        watch.say(f"“{duty.name}”出错：{type(error).__name__}: {error}")
