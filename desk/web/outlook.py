"""What is taken to a meeting: the queue as a workbook, a unit's whole story, the page for the leadership, drafts of papers."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, g, make_response, render_template, request

from desk import period_papers, periods
from desk.acting import Refused
from desk.noticing import ledger_of
from desk.papers.book import book_bytes
from desk.papers.docx import docx_bytes
from desk.papers.page import page_text
from desk.papers.text import PaperText
from desk.queue import STAGES
from desk.queue_sheet import queue_book
from desk.rectification import check_scored
from desk.sheet import sheet_of
from desk.unit_story import story_of
from desk.web.life import all_lives
from desk.web.morning import score_lines
from desk.web.notices import DOWNLOAD, TYPES, framed
from desk.web.room import Room, room
from desk.web.work import filters, line_up
from dossier.store.issued import listed_papers

views = Blueprint("outlook", __name__)


@views.get("/work.xlsx")
def queue() -> Response:
    """The queue as it is filtered now."""
    here = room()
    wanted = filters()
    body = queue_book(
        line_up(here, wanted), title=f"政务公开网上检查问题（{STAGES[wanted.stage]}）", today=here.today, made=here.now
    )  # fmt: skip
    return _sent(body, "xlsx", f"queue-{wanted.stage}-{here.today}")


@views.get("/unit/<unit_id>/story")
def unit(unit_id: str) -> str:
    here = room()
    paper = here.paper(unit_id)
    return render_template(
        "unit_story.html",
        paper=paper,
        unit=paper.standing.unit,
        sheet=(sheet := sheet_of(here.installation, here.kept, here.load, unit_id)),
        standing=here.load.by_number,
        series=score_lines(here.kept, here.load).get(unit_id, ()),
        story=story_of(
            here.kept, here.load, all_lives(here), unit_id, papers=listed_papers(here.kept), sheet=sheet
        ),
    )


@views.get("/brief")
def brief() -> str:
    check_scored(room().kept)
    return render_template("brief.html")


@views.get("/drafts/<name>.<kind>")
def draft(name: str, kind: str) -> Response:
    """A paper as it would be written now: without a number, and not kept."""
    here = room()
    check_scored(here.kept)
    if name not in DRAFTS or kind not in DRAFTS[name][0]:
        abort(404)
    text = DRAFTS[name][1](here)
    if kind == "html":
        return framed(page_text(text).encode())
    body = docx_bytes(text) if kind == "docx" else book_bytes(text)
    return _sent(body, kind, f"{name}-draft-{here.today}")


def _brief(here: Room) -> PaperText:
    return period_papers.brief_of(
        here.installation, here.kept, here.load, periods.quarter_of(here.today), day=here.today, made=here.now
    )


def _bulletin(here: Room) -> PaperText:
    return period_papers.bulletin_of(
        here.installation, here.kept, here.load, periods.quarter_of(here.today), day=here.today, made=here.now
    )


def _result(here: Room) -> PaperText:
    return period_papers.result_of(
        here.installation, here.kept, here.load, _year(here), day=here.today, made=here.now
    )


def _ledger(here: Room) -> PaperText:
    unit_id = request.args.get("unit", "")
    units = (unit_id,) if unit_id in here.load.papers else ()
    table, _ = ledger_of(here.installation, here.kept, here.load, units=units)
    return PaperText(
        kind="ledger",
        template="ledger-1",
        title=(table.title,),
        made=here.now,
        blocks=(),
        tables=(table,),
    )


def _year(here: Room) -> int:
    years = sorted({table.year for table in here.installation.tables.indicators.values()})
    if not years:
        raise Refused("还没有评分表。")
    return years[-1]


DRAFTS: dict[str, tuple[tuple[str, ...], Callable[[Room], PaperText]]] = {
    "brief": (("html", "docx"), _brief),
    "bulletin": (("html", "docx", "xlsx"), _bulletin),
    "result": (("html", "docx", "xlsx"), _result),
    "ledger": (("xlsx",), _ledger),
}


def _sent(body: bytes, kind: str, name: str) -> Response:
    answer = make_response(body)
    answer.headers["Content-Type"] = TYPES[kind]
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    g.policy = DOWNLOAD
    return answer
