"""Score sheets: every number opens what it is made of."""

from __future__ import annotations

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from desk.acting import Refused
from desk.sheet import Sheet, close_sheet, enter_line, reopen_sheet, sheet_of, sheets_of, table_of
from desk.web.evidence import uploaded
from desk.web.room import Room, room
from dossier.model import UnitClass

views = Blueprint("sheets", __name__)


@views.get("/ranking")
def ranking() -> str:
    here = room()
    sheets = sheets_of(here.installation, here.kept, here.load)
    return render_template(
        "ranking.html",
        ranks=[(group, rank(here, sheets, group)) for group in UnitClass],
        load=here.load,
    )


def rank(here: Room, sheets: dict[str, Sheet], group: UnitClass) -> list[tuple[int | None, str, Sheet]]:
    """Places of one class by the score as decided; what was not inspected has no place."""
    own = [
        (unit_id, sheet)
        for unit_id, sheet in sheets.items()
        if here.load.papers[unit_id].standing.unit.unit_class is group
    ]
    seen = [pair for pair in own if here.load.papers[pair[0]].inspected or pair[1].closed]
    seen.sort(key=lambda pair: (-pair[1].shown.score, pair[0]))
    scores = [sheet.shown.score for _, sheet in seen]
    placed: list[tuple[int | None, str, Sheet]] = [
        (scores.index(sheet.shown.score) + 1, unit_id, sheet) for unit_id, sheet in seen
    ]
    return placed + [(None, unit_id, sheet) for unit_id, sheet in own if (unit_id, sheet) not in seen]


@views.get("/unit/<unit_id>")
def unit(unit_id: str) -> str:
    here = room()
    paper = here.paper(unit_id)
    sheet = sheet_of(here.installation, here.kept, here.load, unit_id)
    return render_template(
        "unit.html",
        paper=paper,
        sheet=sheet,
        table=table_of(here.installation, here.load, unit_id),
        cases=here.load.by_unit.get(unit_id, ()),
        suggested={line.deficiency_no: line for line in paper.standing.scorecard.lines},
        path_key=lambda path: json.dumps(path, ensure_ascii=False),
    )


@views.post("/unit/<unit_id>/hand")
def enter(unit_id: str) -> Response:
    here = _known(unit_id)
    enter_line(
        here.installation, here.kept, here.load, unit_id, section=request.form.get("section", ""),
        path=_path(request.form.get("path", "")), kind=request.form.get("kind", ""),
        points=request.form.get("points", ""), reason=request.form.get("reason", ""),
        attachment=uploaded(here, unit_id), who=here.me, at=here.now, place=here.place,
    )  # fmt: skip
    flash("已录入")
    return redirect(url_for("sheets.unit", unit_id=unit_id))


@views.post("/unit/<unit_id>/close")
def close(unit_id: str) -> Response:
    here = _known(unit_id)
    close_sheet(
        here.installation, here.kept, here.load, unit_id, who=here.me, at=here.now,
        expected=request.form.get("score", ""), anyway="anyway" in request.form,
        reason=request.form.get("reason", ""), place=here.place,
    )  # fmt: skip
    flash(f"{unit_id} 的评分表已结账")
    return redirect(url_for("sheets.unit", unit_id=unit_id))


@views.post("/unit/<unit_id>/reopen")
def reopen(unit_id: str) -> Response:
    here = _known(unit_id)
    reopen_sheet(
        here.installation, here.kept, here.load, unit_id, who=here.me, at=here.now,
        reason=request.form.get("reason", ""), place=here.place,
    )  # fmt: skip
    flash(f"{unit_id} 的评分表已重开")
    return redirect(url_for("sheets.unit", unit_id=unit_id))


def _known(unit_id: str) -> Room:
    here = room()
    here.paper(unit_id)
    return here


def _path(text: str) -> tuple[str, ...]:
    try:
        parts = json.loads(text[:2000])
    except (ValueError, RecursionError):
        raise Refused("表单不完整，请刷新页面再试。") from None
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise Refused("表单不完整，请刷新页面再试。")
    return tuple(parts)
