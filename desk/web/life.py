"""The mending of what was confirmed: where each deficiency stands, what is due, looked at again now, struck off."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from desk import lives, recheck_cases, rechecking, rectification
from desk.acting import DECIDERS, Refused
from desk.crawling import CrawlCrashed
from desk.life import Life, Status
from desk.next_steps import next_step
from desk.papers.issuing import WORDS
from desk.web.evidence import shown_to_unit
from desk.web.looks import Half, halves
from desk.web.room import Room, room
from dossier import store
from dossier.errors import NetworkDown
from dossier.store.audit import AuditLine, write_audit
from dossier.store.issued import listed_papers
from dossier.store.rechecks import RecheckRequest, RecheckResult
from dossier.store.users import Role

views = Blueprint("life", __name__)
SHOWN = 200
"""Lines of a list; what is beyond is found by its filters."""
RESULTS = {
    RecheckResult.FIXED: "已整改", RecheckResult.NOT_FIXED: "未整改", RecheckResult.UNSEEN: "无法核验", RecheckResult.MOVED: "页面移动",
}  # fmt: skip
_FAR = date(9999, 12, 31)


def all_lives(here: Room) -> dict[str, Life]:
    return lives.lives(here.kept, here.load, here.installation.calendar)


def life_of_case(number: str) -> Life:
    """Where one deficiency stands, for the templates."""
    here = room()
    found = lives.lives(here.kept, here.load, here.installation.calendar, (number,))
    return found.get(number) or Life(number=number)


@views.app_context_processor
def words() -> dict[str, Any]:
    return {"life_of_case": life_of_case, "next_step": next_step, "Status": Status, "RESULTS": RESULTS}


@views.get("/rectify")
def overview() -> str:
    here = room()
    known = all_lives(here)
    unit, status = request.args.get("unit", ""), request.args.get("status", "")
    spoken = [
        (case, known[case.number])
        for case in here.load.cases
        if case.number in known and known[case.number].status is not Status.PENDING
    ]
    lined = [
        (case, life)
        for case, life in spoken
        if unit in ("", case.unit.unit_id) and status in ("", life.status.value)
    ]
    lined.sort(key=lambda pair: (not pair[1].is_late, pair[1].due or _FAR, pair[0].number))
    return render_template(
        "rectify.html",
        counts=Counter(life.status.value for _, life in spoken),
        overdue=rectification.overdue(here.load, known),
        lined=lined[:SHOWN],
        more=len(lined) - SHOWN,
        shown=SHOWN,
        unit=unit,
        status=status,
        units=here.load.papers,
    )


@views.get("/case/<number>/life")
def case(number: str) -> str:
    here = room()
    one = here.case(number)
    known = life_of_case(number)
    return render_template(
        "case_life.html",
        case=one,
        life=known,
        step=next_step(known),
        looks=store.rechecks(here.kept, number),
        wanted=[each for each in store.due_rechecks(here.kept, _FAR) if each.deficiency_no == number],
        papers={paper.number: paper for paper in listed_papers(here.kept, "notice")},
    )


@views.post("/case/<number>/recheck")
def recheck(number: str) -> Response:
    """Look again now: fetches only what this deficiency points at."""
    here = room()
    one = here.case(number)
    at_hand = replace(here.installation, as_of=here.today, only=(one.unit.unit_id,))
    cases = recheck_cases.cases_of(at_hand, here.kept, numbers=(number,))
    try:
        made = rechecking.recheck(at_hand, here.kept, cases)
    except NetworkDown as error:
        raise Refused(f"{error} 请检查网络或代理后再试。") from error
    except CrawlCrashed as error:
        raise Refused("复查的抓取进程意外退出，没有记下任何结果。请稍后再试，或在命令行用 gongkai recheck 看说明。") from error  # fmt: skip
    found = made[0]
    detail = f"即时复查（{found.run_id}）：{RESULTS[found.result]}，{found.because}"
    with here.kept.writing():
        write_audit(
            here.kept,
            AuditLine(at=here.now, who=here.me.name, act="recheck", object=number, detail=detail, place=here.place),
        )  # fmt: skip
    flash(f"{number} 复查结果：{RESULTS[found.result]}，{found.because}")
    return redirect(url_for("life.look", number=number, nth=len(store.rechecks(here.kept, number)) - 1))


@views.get("/case/<number>/looks/<int:nth>")
def look(number: str, nth: int) -> str:
    """Both captures of one recheck side by side; the unit sees those of its own."""
    here = room()
    one = here.case(number)
    if here.me.role is Role.UNIT and not shown_to_unit(one, here.me.unit_id):
        abort(404)
    made = store.rechecks(here.kept, number)
    if nth >= len(made):
        abort(404)
    outcome = one.deficiency.outcome
    quotes = tuple(dict.fromkeys(piece.quote for piece in outcome.evidence if piece.quote.strip()))
    pairs: list[tuple[str, Half | None, Half | None]] = halves(
        here.kept, one.unit.unit_id, made[nth], quotes[:1], at=request.args.get("at", "")
    )
    return render_template("look.html", case=one, look=made[nth], nth=nth, pairs=pairs, count=len(made))


@views.post("/case/<number>/strike")
def strike(number: str) -> Response:
    here = room()
    here.case(number)
    rectification.close(
        here.kept, life_of_case(number), reason=request.form.get("reason", ""), who=here.me, at=here.now, place=here.place
    )  # fmt: skip
    flash(f"{number} 已销号")
    return redirect(url_for("life.case", number=number))


@views.post("/case/<number>/extend")
def extend(number: str) -> Response:
    here = room()
    here.case(number)
    try:
        until = date.fromisoformat(request.form.get("until", ""))
    except ValueError:
        raise Refused("请选择延到哪一天。") from None
    rectification.extend(
        here.kept, life_of_case(number), until, reason=request.form.get("reason", ""), who=here.me, at=here.now,
        today=here.today, place=here.place,
    )  # fmt: skip
    flash(f"{number} 的整改期限已延至 {until}")
    return redirect(url_for("life.case", number=number))


@views.post("/case/<number>/open-again")
def open_again(number: str) -> Response:
    here = room()
    here.case(number)
    rectification.reopen(
        here.kept, life_of_case(number), reason=request.form.get("reason", ""), who=here.me, at=here.now, place=here.place
    )  # fmt: skip
    flash(f"{number} 已重新打开，须再经确认")
    return redirect(url_for("work.case", number=number))


@views.get("/rechecks")
def rechecks() -> str:
    """What is to be looked at again: overdue, today, later; and what could not be verified."""
    here = room()
    known = all_lives(here)
    asked: dict[str, RecheckRequest] = {}
    for one in store.due_rechecks(here.kept, _FAR):
        if one.deficiency_no in here.load.by_number:
            asked.setdefault(one.deficiency_no, one)
    rows = [(here.load.by_number[number], one, known[number]) for number, one in asked.items()]
    unseen = [
        (case, known[case.number])
        for case in here.load.cases
        if case.number in known and known[case.number].status in (Status.UNSEEN, Status.MOVED)
    ]
    return render_template(
        "rechecks.html",
        late=[row for row in rows if row[1].due < here.today],
        now=[row for row in rows if row[1].due == here.today],
        later=[row for row in rows if row[1].due > here.today],
        shown=SHOWN,
        unseen=unseen,
        can_look=here.me.role in DECIDERS,
    )


@views.get("/mine/life")
def mine() -> str:
    """The unit's own page: what it must mend by when, what it was told, and where each thing stands."""
    here = room()
    known = all_lives(here)
    own = [
        (case, _as_told(known[case.number]))
        for case in here.load.by_unit.get(here.me.unit_id, ())
        if shown_to_unit(case, here.me.unit_id) and case.number in known
    ]
    own.sort(key=lambda pair: (pair[1].status is Status.CLOSED, pair[1].due or _FAR, pair[0].number))
    paper = here.load.papers.get(here.me.unit_id)
    return render_template(
        "mine_life.html",
        own=own,
        unit=paper.standing.unit if paper else None,
        looks={case.number: len(store.rechecks(here.kept, case.number)) for case, life in own if life.look},
        papers=[one for one in listed_papers(here.kept) if one.unit_id == here.me.unit_id],
        kinds=WORDS,
    )


def _as_told(life: Life) -> Life:
    """A unit is told what people say: that a night saw a struck-off fault again is the machine's word until confirmed."""
    if life.status is not Status.REOPENED:
        return life
    closed = [step.at for step in life.steps if step.status is Status.CLOSED]
    return Life(number=life.number, status=Status.CLOSED, closed=closed[-1].date() if closed else None)
