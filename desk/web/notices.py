"""Papers in the browser: a notice before it leaves, and every paper exactly as it left."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers.response import Response as AnyResponse

from desk.acting import Refused
from desk.caseload import Case
from desk.life import Life
from desk.noticing import contact_of, draft_notice, issue_notices, issue_recheck_results
from desk.papers.issuing import WORDS, damage, name_of
from desk.papers.page import page_text
from desk.rectification import check_scored, deadline, rectify_days, to_notify
from desk.web.evidence import POWERLESS
from desk.web.life import all_lives
from desk.web.room import Room, room
from dossier.store.issued import IssuedPaper, files_of, listed_papers, notice_items
from dossier.store.users import Role

views = Blueprint("notices", __name__)
TO_UNITS = frozenset({"notice", "recheck", "receipt"})
"""Kinds of papers that a unit may open: those that were sent to it."""
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}
DOWNLOAD = "sandbox; default-src 'none'; frame-ancestors 'self'"


@views.get("/notices")
def listing() -> str:
    here = room()
    known = all_lives(here)
    first, again = to_notify(here.load, known), to_notify(here.load, known, again=True)
    kind = request.args.get("kind", "")
    papers = [one for one in listed_papers(here.kept) if kind in ("", one.kind)]
    units = {unit.unit_id: unit for unit in here.installation.units}
    term = rectify_days(here.kept)
    return render_template(
        "notices.html",
        waiting=[(unit, len(first.get(unit, ())), len(cases)) for unit, cases in sorted(again.items())],
        papers=list(reversed(papers)),
        kind=kind,
        kinds=WORDS,
        units=units,
        term=term,
        due=deadline(here.installation.calendar, here.today, term),
        contact=contact_of(here.installation),
        looked=sum(life.look is not None for life in known.values()),
    )


@views.get("/notices/preview/<unit_id>")
def preview(unit_id: str) -> str:
    here = room()
    if unit_id not in here.load.papers:
        abort(404)
    known = all_lives(here)
    again = request.args.get("again") == "1"
    cases = to_notify(here.load, known, again=again).get(unit_id, ())
    return render_template(
        "notice_preview.html",
        unit=here.load.papers[unit_id].standing.unit,
        cases=cases,
        lives=known,
        again=again,
        more=len(to_notify(here.load, known, again=True).get(unit_id, ())) - len(cases),
        term=_days("days") or rectify_days(here.kept),
        contact=contact_of(here.installation),
    )


@views.get("/notices/draft/<unit_id>")
def draft(unit_id: str) -> Response:
    """The draft itself, for the frame: it runs nothing and fetches nothing."""
    here = room()
    check_scored(here.kept)
    again = request.args.get("again") == "1"
    text = draft_notice(
        here.installation, here.kept, here.load, unit_id, at=here.now, again=again, days=_days("days")
    )
    if text is None:
        abort(404)
    return framed(page_text(text).encode())


@views.post("/notices/issue")
def issue() -> AnyResponse:
    here = room()
    units = request.form.getlist("unit")
    if not units:
        raise Refused("请勾选要发通知的单位。")
    made = issue_notices(
        here.installation, here.kept, here.load, who=here.me, at=here.now, units=units, days=_days("days"),
        again=request.form.get("again") == "1", contact=request.form.get("contact", "")[:60], place=here.place,
    )  # fmt: skip
    if not made:
        raise Refused("没有需要通知的问题：可能同事刚刚已经发出。")
    flash(f"已发出 {len(made)} 份整改通知，期限 {made[0].due}")
    return redirect(url_for("notices.paper", no=made[0].no) if len(made) == 1 else url_for("notices.listing", kind="notice"))  # fmt: skip


@views.post("/notices/results")
def results() -> AnyResponse:
    """Tell every unit what its rechecks brought since the last such paper."""
    here = room()
    before = listed_papers(here.kept, "recheck")
    made = issue_recheck_results(
        here.installation, here.kept, here.load, who=here.me, at=here.now, units=request.form.getlist("unit"),
        since=before[-1].at if before else None, place=here.place,
    )  # fmt: skip
    if not made:
        raise Refused("上次发出复查结果以来没有新的复查。")
    flash(f"已发出 {len(made)} 份复查结果")
    return redirect(url_for("notices.listing", kind="recheck"))


@views.get("/paper/<int:no>")
def paper(no: int) -> str:
    here = room()
    one = _visible(here, no)
    known = all_lives(here)
    items: list[tuple[str, Case | None, Life | None]] = [
        (item.deficiency_no, here.load.by_number.get(item.deficiency_no), known.get(item.deficiency_no))
        for item in notice_items(here.kept)
        if item.number == one.number
    ]
    return render_template(
        "paper.html",
        paper=one,
        name=name_of(one),
        kinds=WORDS,
        files=[(kind, sha, len(body)) for kind, (sha, body) in files_of(here.kept, one.no).items()],
        wrong=damage(here.kept, one),
        items=items,
        unit=next((unit for unit in here.installation.units if unit.unit_id == one.unit_id), None),
    )


@views.get("/paper/<int:no>/page")
def page(no: int) -> Response:
    here = room()
    files = files_of(here.kept, _visible(here, no).no)
    if "html" not in files:
        abort(404)
    return framed(files["html"][1])


@views.get("/paper/<int:no>/file/<kind>")
def download(no: int, kind: str) -> Response:
    """The bytes as they left."""
    here = room()
    one = _visible(here, no)
    files = files_of(here.kept, one.no)
    if kind not in files or kind not in TYPES:
        abort(404)
    answer = make_response(files[kind][1])
    answer.headers["Content-Type"] = TYPES[kind]
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name_of(one)}.{kind}")
    g.policy = DOWNLOAD
    return answer


def _visible(here: Room, no: int) -> IssuedPaper:
    """The paper of that number; a unit opens what was sent to it, and nothing else."""
    one = next((each for each in listed_papers(here.kept) if each.no == no), None)
    if one is None:
        abort(404)
    if here.me.role is Role.UNIT and (one.unit_id != here.me.unit_id or one.kind not in TO_UNITS):
        abort(404)
    return one


def framed(body: bytes) -> Response:
    answer = make_response(body)
    answer.headers["Content-Type"] = TYPES["html"]
    g.policy = POWERLESS
    return answer


def _days(name: str) -> int:
    given = request.values.get(name, "").strip()
    if not given:
        return 0
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 250:
        raise Refused("整改期限应为 1 至 250 个工作日。")
    return int(given)
