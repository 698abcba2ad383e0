"""Evidence in its own skin: archived pages and pictures with no power, attachments only as downloads."""

from __future__ import annotations

from flask import Blueprint, Response, abort, g, make_response, request

from desk.case_state import Stage
from desk.caseload import Case
from desk.uploads import keep_upload, read_upload
from desk.web.archived import body_of
from desk.web.room import Room, room
from dossier.model import Deficiency
from dossier.store.sheets import attachment_of
from dossier.store.users import Role

views = Blueprint("evidence", __name__)
POWERLESS = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
PICTURE = "sandbox; default-src 'none'; frame-ancestors 'self'"
_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@views.get("/archived/<number>/<int:nth>")
def frame(number: str, nth: int) -> Response:
    here = room()
    deficiency = _visible(here, number)
    found = body_of(here.installation, here.kept, deficiency, nth)
    if found is None:
        abort(404)
    body, encoding = found
    answer = make_response(body)
    safe = encoding if encoding.replace("-", "").replace("_", "").isalnum() else "utf-8"
    answer.headers["Content-Type"] = f"text/html; charset={safe}"
    g.policy = POWERLESS
    return answer


@views.get("/picture/<number>/<int:nth>")
def picture(number: str, nth: int) -> Response:
    here = room()
    deficiency = _visible(here, number)
    evidence = deficiency.outcome.evidence
    if nth >= len(evidence) or not evidence[nth].screenshot:
        abort(404)
    folder = (here.installation.home.run(deficiency.last_seen) / deficiency.unit_id).resolve()
    path = (folder / evidence[nth].screenshot).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        abort(404)
    body = path.read_bytes()
    kind = next((kind for sign, kind in _PICTURES.items() if body.startswith(sign)), None)
    if kind is None:
        abort(404)
    answer = make_response(body)
    answer.headers["Content-Type"] = kind
    g.policy = PICTURE
    return answer


@views.get("/attachment/<int:number>")
def upload(number: int) -> Response:
    here = room()
    one = attachment_of(here.kept, number)
    if one is None or (here.me.role is Role.UNIT and one.unit_id != here.me.unit_id):
        abort(404)
    body = read_upload(here.installation.home, one)
    if body is None:
        abort(404)
    answer = make_response(body)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers.set("Content-Disposition", "attachment", filename=one.name)
    g.policy = PICTURE
    return answer


def _visible(here: Room, number: str) -> Deficiency:
    """The finding behind a number; a unit sees its own and only when it counts."""
    case = here.case(number)
    if here.me.role is Role.UNIT and not shown_to_unit(case, here.me.unit_id):
        abort(404)
    return case.deficiency


def shown_to_unit(case: Case, unit_id: str) -> bool:
    """A unit sees what people confirmed against it, never what a machine only suspects."""
    return case.unit.unit_id == unit_id and case.state.in_force and case.state.stage is not Stage.CHECK


def uploaded(here: Room, unit_id: str) -> int | None:
    """Keep the file of this form, where there is one; its number."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return None
    return keep_upload(
        here.installation.home, here.kept, name=file.filename, body=file.read(), unit_id=unit_id,
        who=here.me.name, at=here.now,
    )  # fmt: skip
