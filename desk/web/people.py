"""Who may sit at the desk, how it is set, and who changed what."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from desk.acting import Refused
from desk.desk_settings import DeskSettings, change_setting
from desk.people import add_user, allow, change_password
from desk.web.room import room
from desk.web.showing import ACTS
from dossier.store.audit import audit_lines
from dossier.store.users import accounts

views = Blueprint("people", __name__)
LINES = 100


@views.get("/users")
def show() -> str:
    return _page()


@views.post("/users")
def add() -> Response | tuple[str, int]:
    here = room()
    form = request.form
    try:
        add_user(
            here.kept, name=form.get("name", "").strip(), password=form.get("password", ""),
            role=form.get("role", ""), unit_id=form.get("unit_id", ""), shown_name=form.get("shown_name", ""),
            known_units=[unit.unit_id for unit in here.installation.units], by=here.me.name, at=here.now,
            place=here.place,
        )  # fmt: skip
    except Refused as error:
        flash(str(error), "bad")
        return _page(dict(form)), 400
    flash(f"已增加用户 {form['name']}")
    return redirect(url_for("people.show"))


@views.post("/users/<name>/allow", endpoint="allow")
def let(name: str) -> Response:
    here = room()
    allowed = request.form.get("allowed") == "yes"
    allow(here.kept, name, allowed, by=here.me.name, at=here.now, place=here.place)
    flash(f"{name} 已{'恢复' if allowed else '停用'}")
    return redirect(url_for("people.show"))


@views.post("/users/<name>/password")
def password(name: str) -> Response:
    here = room()
    change_password(
        here.kept, name, request.form.get("password", ""), by=here.me.name, at=here.now, place=here.place
    )
    flash(f"{name} 的密码已重设，他的登录都已退出")
    return redirect(url_for("people.show"))


@views.route("/settings", methods=["GET", "POST"])
def settings() -> Response | str:
    here = room()
    if request.method == "POST":
        with here.kept.writing():
            for key in DeskSettings.DEFAULTS:
                if key in request.form:
                    change_setting(
                        here.kept, key, request.form[key].strip(), who=here.me, at=here.now, place=here.place
                    )
        flash("设置已保存")
        return redirect(url_for("people.settings"))
    return render_template("settings.html", values=here.settings.values, names=DeskSettings.NAMES)


@views.get("/audit")
def audit() -> str:
    here = room()
    before = request.args.get("before", "0")
    lines = audit_lines(
        here.kept, who=request.args.get("who", "")[:64], act=request.args.get("act", "")[:32],
        thing=request.args.get("object", "")[:200],
        before=int(before) if before.isdecimal() and len(before) < 16 else 0, limit=LINES,
    )  # fmt: skip
    return render_template("audit.html", lines=lines, acts=ACTS, more=len(lines) == LINES)


def _page(typed: dict[str, str] | None = None) -> str:
    here = room()
    return render_template(
        "users.html", accounts=accounts(here.kept), units=here.installation.units, typed=typed or {}
    )
