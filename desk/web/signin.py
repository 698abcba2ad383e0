"""Coming in and going out."""

from __future__ import annotations

import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import (  # type: ignore[import-untyped]  # ships no types
    UserMixin,
    login_user,
    logout_user,
)
from werkzeug.wrappers.response import Response

from desk.acting import Refused
from desk.people import change_password, is_own_password, sign_in
from desk.web.room import room
from dossier.store.audit import AuditLine, write_audit
from dossier.store.users import account_of, accounts

views = Blueprint("signin", __name__)
LONGEST = timedelta(hours=12)
"""After so long everybody signs in again, whatever they did meanwhile."""
CLOCK_SET_BACK = 300.0
"""Seconds by which the clock of this machine may have been put right since; later beginnings are not ours."""
_ended: dict[str, float] = {}
"""Sessions that were signed out, with when; a cookie is signed, not kept, so a copy of it would go on."""
limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")


def _name_given() -> str:
    return "name:" + request.form.get("name", "").strip()[:64]


@views.route("/login", methods=["GET", "POST"])
@limiter.limit("20 per minute; 100 per hour", methods=["POST"])
@limiter.limit("8 per minute; 40 per hour", methods=["POST"], key_func=_name_given)
def login() -> Response | str | tuple[str, int]:
    wanted = _safe(request.values.get("next", ""))
    if request.method == "GET":
        return render_template("login.html", next=wanted, empty=not accounts(room().kept))
    name = request.form.get("name", "").strip()
    here = room()
    account = sign_in(here.kept, name, request.form.get("password", ""), at=here.now, place=here.place)
    if account is None:
        return render_template("login.html", next=wanted, name=name, wrong=True, empty=False), 401
    session.clear()
    person = UserMixin()
    person.id = f"{account.name}:{account.stamp}"
    login_user(person)
    session["since"] = here.now.timestamp()
    session["mark"] = secrets.token_urlsafe(12)
    session.permanent = True
    return redirect(wanted or url_for("morning.start"))


@views.post("/logout")
def logout() -> Response:
    here = room()
    write_audit(here.kept, AuditLine(at=here.now, who=here.me.name, act="logout", place=here.place))
    _end(session.get("mark", ""), here.now.timestamp())
    logout_user()
    session.clear()
    return redirect(url_for("signin.login"))


def is_over(now: float) -> bool:
    """Whether this session was signed out, has lasted too long, or was never begun here."""
    mark = session.get("mark", "")
    since = session.get("since", 0.0)
    return not mark or mark in _ended or not -CLOCK_SET_BACK <= now - since <= LONGEST.total_seconds()


def _end(mark: str, now: float) -> None:
    for old in [one for one, at in _ended.items() if now - at > LONGEST.total_seconds()]:
        _ended.pop(old, None)
    if mark:
        _ended[mark] = now


@views.route("/password", methods=["GET", "POST"])
@limiter.limit("10 per minute", methods=["POST"])
def password() -> Response | str | tuple[str, int]:
    here = room()
    if request.method == "GET":
        return render_template("password.html")
    wrong = ""
    if not is_own_password(here.me, request.form.get("old", "")):
        wrong = "现在的密码不对。"
    elif request.form.get("new", "") != request.form.get("again", ""):
        wrong = "两次输入的新密码不一样。"
    else:
        try:
            change_password(
                here.kept, here.me.name, request.form["new"], by=here.me.name, at=here.now, place=here.place
            )
        except Refused as error:
            wrong = str(error)
    if wrong:
        return render_template("password.html", wrong=wrong), 400
    account = account_of(here.kept, here.me.name)
    assert account is not None
    person = UserMixin()
    person.id = f"{account.name}:{account.stamp}"
    login_user(person)
    flash("密码已更换，其他地方的登录都已退出。")
    return redirect(url_for("morning.start"))


def _safe(wanted: str) -> str:
    """Only a path of this desk; nobody is sent elsewhere after signing in."""
    parts = urlsplit(wanted)
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if plain and not parts.scheme and not parts.netloc and "\\" not in wanted else ""
