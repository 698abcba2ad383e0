"""Three panes: the queue, one deficiency, the decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from desk import queue
from desk.caseload import Case
from desk.explain import explain, is_absence
from desk.queue import Entry, Filters
from desk.web.archived import Compared, compared, page_text
from desk.web.room import Room, room
from dossier.store.cards import nights_of_deficiency
from dossier.store.case_events import CaseEvent, decided_upon
from dossier.store.users import Role

views = Blueprint("work", __name__)
SHOWN_ABOVE = 12
SHOWN_BELOW = 60
RECENT = 6


def filters() -> Filters:
    """What the address asks for; a reviewer's queue is what waits for a second person."""
    given = {key: request.args.get(key, "")[:200].strip() for key in Filters.__struct_fields__}
    if given["stage"] not in queue.STAGES:
        given["stage"] = "check" if room().me.role is Role.REVIEWER else "todo"
    if given["order"] not in queue.ORDERS:
        given["order"] = "due"
    return Filters(**given)


def line_up(here: Room, wanted: Filters) -> list[Case]:
    """The cases of a queue in their order."""
    chosen = queue.select(here.load.cases, wanted, viewer=here.me.name)
    return queue.arrange(chosen, wanted.order, here.today)


def as_arguments(wanted: Filters) -> dict[str, Any]:
    """Filters as they stand in an address."""
    default = Filters()
    pairs = msgspec.structs.asdict(wanted).items()
    return {key: value for key, value in pairs if value and value != getattr(default, key)}


def back() -> dict[str, Any]:
    """The filters of the queue from which a group was opened."""
    given = dict(parse_qsl(request.args.get("back", "")[:1000]))
    return {key: value for key, value in given.items() if key in Filters.__struct_fields__}


@views.get("/work", endpoint="queue")
def queue_page() -> Response | str:
    here = room()
    wanted = filters()
    lined = line_up(here, wanted)
    if lined:
        return redirect(_address(_entries(lined)[0], wanted))
    return render_template("work.html", case=None, group=None, **_panes(here, wanted, lined, ""))


@views.get("/case/<number>")
def case(number: str) -> str:
    return show_case(room().case(number))


@views.get("/group")
def group() -> Response | str:
    here = room()
    return show_group(here, filters())


def show_case(one: Case, *, overtaken: Sequence[CaseEvent] = (), typed: dict[str, str] | None = None) -> str:
    """The screen of one deficiency; `overtaken`: what colleagues did meanwhile, `typed`: what was typed before."""
    here = room()
    wanted = filters()
    lined = line_up(here, wanted)
    deficiency = one.deficiency
    nth = which(len(deficiency.outcome.evidence))
    return render_template(
        "work.html",
        case=one,
        group=None,
        answers=explain(one.finding),
        absence=is_absence(one.rule_id),
        text=page_text(here.kept, deficiency, nth),
        nth=nth,
        nights=nights_of_deficiency(here.kept, one.number),
        pair=_pair(here, one, nth),
        reasons=recent_reasons(here, one.rule_id),
        together=_together(here, one),
        own_check=one.state.decision is not None and one.state.decision.who == here.me.name,
        overtaken=overtaken,
        typed=typed or {},
        mates=[
            mate
            for mate in here.load.waiting
            if mate.rule_id == one.rule_id and mate.verdict == one.verdict and one.waits
        ],
        **_panes(here, wanted, lined, one.number),
    )


def _together(here: Room, one: Case) -> int:
    """How many decisions still stand that were made in one go with this one's."""
    batch = one.state.decision.batch if one.state.decision else ""
    standing = (case.state for case in here.load.cases if batch)
    return sum(
        state.decision is not None and state.decision.batch == batch and state.last_event == state.decision.no
        for state in standing
    )


def _pair(here: Room, one: Case, nth: int) -> Compared | None:
    """Both captures side by side, once there is something to compare: a decision, and a later night or an answer."""
    decision = one.state.decision
    if decision is None or not decision.no or not (one.state.in_force or one.state.appeal):
        return None
    decided = decided_upon(here.kept, decision.no)
    if decided is None or not decided.outcome.evidence:
        return None
    return compared(here.kept, decided, min(nth, len(decided.outcome.evidence) - 1))


def show_group(
    here: Room, wanted: Filters, *, overtaken: str = "", typed: dict[str, str] | None = None
) -> str:
    lined = line_up(here, wanted)
    return render_template(
        "work.html",
        case=None,
        group=lined,
        reasons=recent_reasons(here, wanted.rule) if wanted.rule else [],
        overtaken=overtaken,
        typed=typed or {},
        **_panes(here, wanted, lined, ""),
    )


def recent_reasons(here: Room, rule_id: str) -> dict[str, list[str]]:
    """Reasons that were given lately for each kind of decision, those for this rule first."""
    found: dict[str, list[str]] = {}
    numbers = {case.number for case in here.load.cases if case.rule_id == rule_id}
    events = sorted(
        (event for own in here.load.events.values() for event in own if event.reason),
        key=lambda event: (event.deficiency_no in numbers, event.at),
        reverse=True,
    )
    for event in events:
        own = found.setdefault(event.kind, [])
        if event.reason not in own and len(own) < RECENT:
            own.append(event.reason)
    for kind, words in USUAL.items():
        own = found.setdefault(kind, [])
        own += [word for word in words if word not in own][: RECENT - len(own)]
    return found


USUAL = {
    "adjust": ["情节轻微，酌情少扣", "影响较大，按标准多扣"],
    "dismiss": ["人工打开核对，内容在", "该单位没有这项职能", "网站临时故障，已恢复", "规则误报"],
    "defer": ["等第二夜复查", "已请单位说明", "需请示负责同志"],
}


def _panes(here: Room, wanted: Filters, lined: list[Case], current: str) -> dict[str, Any]:
    found = _entries(lined)
    place = next(
        (n for n, entry in enumerate(found) if any(case.number == current for case in entry.cases)), 0
    )
    start = max(0, place - SHOWN_ABOVE)
    shown = found[start : place + SHOWN_BELOW]
    everything = queue.select(here.load.cases, Filters(stage=wanted.stage), viewer=here.me.name)
    return {
        "filters": wanted,
        "arguments": as_arguments(wanted),
        "back": request.args.get("back", "") if request.endpoint and "group" in request.endpoint else urlencode(as_arguments(wanted)),
        "shown": shown,
        "above": start,
        "below": len(found) - start - len(shown),
        "place": place + 1,
        "lines": len(found),
        "total": len(lined),
        "current": current,
        "counts": here.load.counts,
        "choices": queue.choices(everything),
        "narrowed": sum(bool(getattr(wanted, key)) for key in ("unit", "cls", "rule", "section", "verdict", "news")),
    }  # fmt: skip


def _entries(lined: list[Case]) -> list[Entry]:
    return queue.entries(lined)


def _address(entry: Entry, wanted: Filters) -> str:
    return url_for("work.case", number=entry.first.number, **as_arguments(wanted))


def which(count: int) -> int:
    """Which piece of evidence the address asks for."""
    given = request.args.get("at", "0")
    return min(int(given), count - 1) if given.isdecimal() and count and len(given) < 6 else 0
