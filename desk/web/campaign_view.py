"""The year's campaign in the browser: what each unit owes, what came, what is late, the receipts, the highlights."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from desk import campaign, highlights
from desk.acting import Refused
from desk.crawling import CrawlCrashed
from desk.highlights import Claim
from desk.media import media_table
from desk.owed import owed_table
from desk.web.archived import LONGEST, mark
from desk.web.room import Room, room
from dossier import store
from dossier.errors import NetworkDown
from dossier.model import Unit
from dossier.store.campaigns import campaign_events
from dossier.store.issued import IssuedPaper, listed_papers
from dossier.store.users import Role

views = Blueprint("campaign", __name__)
_FILE = re.compile(r"[^\w.（）()《》〔〕\-]+")


@views.get("/campaign")
def show() -> str:
    """Units against what they owe."""
    here, year = room(), _year()
    units = here.installation.units
    found = campaign.status_of(here.installation, here.kept, year=year, today=here.today, units=units)
    cells = {(one.unit.unit_id, one.owed.code): one for one in found}
    announced = [one for one in campaign_events(here.kept, year) if one.kind == "announce"]
    return render_template(
        "campaign.html",
        year=year,
        units=units,
        owed=owed_table(here.installation.home),
        cells=cells,
        counts=Counter(one.word for one in found),
        late=[one for one in found if one.word == "逾期未报"],
        announced=announced[-1] if announced else None,
        claims=highlights.claims_of(here.kept, year),
        names={unit.unit_id: unit.short_name for unit in units},
    )


@views.post("/campaign/announce")
def announce() -> Response:
    """Issue the 考核通知; too late a day is refused."""
    here, year = room(), _year()
    paper = campaign.announce(
        here.installation, here.kept, year=year, begins=_day("begins"), due=_day("due") if request.form.get("due") else None,
        day=here.today, who=here.me, at=here.now, place=here.place,
    )  # fmt: skip
    flash(f"已发出 {paper.number}")
    return redirect(url_for("notices.paper", no=paper.no))


@views.get("/campaign/<unit_id>")
def unit(unit_id: str) -> str:
    """One unit: each owed thing with its delivery and its receipt. A unit sees itself alone."""
    here, year = room(), _year()
    one = _unit(here, unit_id)
    announced = [event for event in campaign_events(here.kept, year) if event.kind == "announce"]
    return render_template(
        "campaign_unit.html",
        year=year,
        unit=one,
        rows=campaign.status_of(here.installation, here.kept, year=year, today=here.today, units=(one,)),
        announced=announced[-1] if announced else None,
        receipts=_receipts(here, unit_id, year),
        claims=[claim for claim in highlights.claims_of(here.kept, year) if claim.unit_id == unit_id],
        shown=lambda claim: highlights.shown(claim, year, one),
        media=media_table(here.installation.home),
    )


@views.post("/campaign/<unit_id>/deliver")
def deliver(unit_id: str) -> Response:
    here, year = room(), _year()
    _unit(here, unit_id)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused("请选择要报送的文件。")
    name = _FILE.sub("_", Path(file.filename.replace("\\", "/")).name).strip("._ ")[-100:] or "材料"
    with tempfile.TemporaryDirectory(prefix="gongkai-deliver-") as folder:
        path = Path(folder) / name
        path.write_bytes(file.read())
        receipt = campaign.deliver(
            here.installation, here.kept, year=year, unit_id=unit_id, item=request.form.get("item", ""), file=path,
            day=here.today, who=here.me, at=here.now, place=here.place,
        )  # fmt: skip
    flash(f"已登记，回执 {receipt.number}")
    return redirect(url_for("campaign.unit", unit_id=unit_id, year=year))


@views.post("/campaign/<unit_id>/waive")
def waive(unit_id: str) -> Response:
    here, year = room(), _year()
    _unit(here, unit_id)
    campaign.waive(
        here.installation, here.kept, year=year, unit_id=unit_id, item=request.form.get("item", ""),
        reason=request.form.get("reason", ""), day=here.today, who=here.me, at=here.now, place=here.place,
    )  # fmt: skip
    flash("已登记为免报")
    return redirect(url_for("campaign.unit", unit_id=unit_id, year=year))


@views.post("/campaign/<unit_id>/highlight")
def claim(unit_id: str) -> Response:
    here, year = room(), _year()
    _unit(here, unit_id)
    medium = highlights.claim_highlight(
        here.installation, here.kept, year=year, unit_id=unit_id, url=request.form.get("url", ""),
        words=request.form.get("title", ""), day=here.today, who=here.me, at=here.now, place=here.place,
    )  # fmt: skip
    flash(f"已登记：网址属于{medium}" if medium else "已登记：网址不属于附件4第九项所列的媒体，由人工核对")
    return redirect(url_for("campaign.unit", unit_id=unit_id, year=year))


@views.get("/highlight/<int:number>")
def highlight(number: int) -> str:
    """One claimed report: what the machine saw, the archived text, and a person's word."""
    here, year = room(), _year()
    one = _claim(here, number, year)
    look, paragraphs = one.look, None
    if look is not None and look.sha256:
        seen = store.facts_for(here.kept, look.run_id, one.unit_id)
        for capture in seen.captures:
            facts = seen.facts_of(capture) if capture.sha256 == look.sha256 else None
            if facts is not None:
                named = next(
                    (name for name in highlights.names_of(_unit(here, one.unit_id)) if name in look.named), ""
                )
                paragraphs, _ = mark((facts.text or facts.whole_text)[:LONGEST], named)
                break
    return render_template(
        "highlight.html",
        claim=one,
        year=year,
        lines=highlights.shown(one, year, _unit(here, one.unit_id)),
        paragraphs=paragraphs,
        unit=_unit(here, one.unit_id),
    )


@views.post("/highlight/<int:number>/look")
def look(number: int) -> Response:
    here, year = room(), _year()
    one = _claim(here, number, year)
    try:
        made = highlights.look_at(here.installation, here.kept, (one,))
    except NetworkDown as error:
        raise Refused("网址没有应答，或者本机网络不通：这次没有核对，没有记下任何结果。请稍后再试，或人工打开。") from error  # fmt: skip
    except CrawlCrashed as error:
        raise Refused("抓取进程意外退出，没有记下任何结果。请稍后再试。") from error
    flash("已抓取存档" if made else "网址不属于所列媒体，没有抓取，请人工核对")
    return redirect(url_for("campaign.highlight", number=number, year=year))


@views.post("/highlight/<int:number>/word")
def word(number: int) -> Response:
    here, year = room(), _year()
    accept = request.form.get("kind") == "accept"
    if not accept and request.form.get("kind") != "decline":
        raise Refused("请选择认定或不予认定。")
    highlights.judge_claim(
        here.kept, _claim(here, number, year), accept=accept, reason=request.form.get("reason", ""), who=here.me,
        at=here.now, place=here.place,
    )  # fmt: skip
    flash("已认定" if accept else "已登记为不予认定")
    return redirect(url_for("campaign.highlight", number=number, year=year))


def _year() -> int:
    given = request.values.get("year", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) == 4 else room().today.year


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Refused("请选择日期。") from None


def _unit(here: Room, unit_id: str) -> Unit:
    found = next((one for one in here.installation.units if one.unit_id == unit_id), None)
    if found is None or (here.me.role is Role.UNIT and here.me.unit_id != unit_id):
        abort(404)
    return found


def _claim(here: Room, number: int, year: int) -> Claim:
    found = next((one for one in highlights.claims_of(here.kept, year) if one.number == number), None)
    if found is None:
        abort(404)
    return found


def _receipts(here: Room, unit_id: str, year: int) -> list[IssuedPaper]:
    return [one for one in listed_papers(here.kept, "receipt") if one.unit_id == unit_id and one.day.year in (year, year + 1)]  # fmt: skip
