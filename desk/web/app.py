"""The desk as a web application: every defence comes from a kept library or stands in this one place."""

from __future__ import annotations

import os
import secrets
import sqlite3
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, redirect, render_template, request, session, url_for
from flask_limiter.errors import RateLimitExceeded
from flask_login import (  # type: ignore[import-untyped]  # ships no types
    LoginManager,
    UserMixin,
    current_user,
    logout_user,
)
from flask_talisman import Talisman  # type: ignore[import-untyped]  # ships no types
from flask_wtf.csrf import CSRFError, CSRFProtect  # type: ignore[import-untyped]  # ships no types
from markupsafe import escape
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers.response import Response as AnyResponse

from desk.acting import Refused
from desk.faults import in_words, is_full, write_trace
from desk.installation import Installation
from desk.uploads import MOST_BYTES
from desk.web import (
    access,
    campaign_view,
    deciding,
    evidence,
    life,
    morning,
    notices,
    operations,
    outlook,
    own,
    people,
    rules,
    series,
    sheets,
    showing,
    signin,
    work,
)
from desk.web.room import Room, room
from dossier.errors import BadInput
from dossier.store.users import Account, account_of

INSUFFICIENT_STORAGE = 507
IDLE = timedelta(hours=1)
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "frame-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


class Person(UserMixin):  # type: ignore[misc]  # its base ships no types
    """Somebody who has signed in; the stamp ends sessions that are older than a change of the account."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.id = f"{account.name}:{account.stamp}"


def create_app(
    installation: Installation, *, dated: bool = False, tls: bool = False, proxied: bool = False,
    testing: bool = False,
) -> Flask:  # fmt: skip
    """The application over one home. `tls`: it is reached through https only; `proxied`: a proxy of ours says by whom."""
    app = Flask(__name__)
    app.config.update(
        INSTALLATION=installation,
        DATED=dated,
        TESTING=testing,
        SECRET_KEY=_secret(installation.home.data / "desk.secret"),
        MAX_CONTENT_LENGTH=MOST_BYTES + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        PERMANENT_SESSION_LIFETIME=IDLE,
        SESSION_COOKIE_NAME="gongkai",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=tls,
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_ENABLED=True,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    if proxied:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)  # type: ignore[method-assign]  # as Werkzeug documents
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    showing.install(app)
    _gates(app, tls=tls)
    for part in (signin, morning, work, deciding, evidence, sheets, own, rules, operations, people):
        app.register_blueprint(part.views)
    for part in (life, notices, campaign_view, series, outlook):
        app.register_blueprint(part.views)
    signin.limiter.init_app(app)
    _errors(app)
    return app


def make_ready(app: Flask) -> None:
    """What the first visitor would otherwise wait for: screens compiled, tables, all cases and their lives read."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    first = Room(app.config["INSTALLATION"], dated=app.config["DATED"])
    try:
        life.all_lives(first)
    finally:
        first.close()


def _gates(app: Flask, *, tls: bool) -> None:
    """Everything that a request passes before and after its view."""
    app.after_request(_last_headers)  # registered first, so it has the last word
    Talisman(
        app, force_https=False, strict_transport_security=tls, content_security_policy=POLICY,
        session_cookie_secure=tls, frame_options="DENY", referrer_policy="same-origin",
        permissions_policy={"camera": "()", "microphone": "()", "geolocation": "()"},
    )  # fmt: skip
    CSRFProtect(app)
    manager = LoginManager(app)
    manager.session_protection = "strong"

    def person(mark: str) -> Person | None:
        name, _, stamp = mark.rpartition(":")
        account = account_of(room().kept, name)
        if account is None or account.disabled or str(account.stamp) != stamp:
            return None
        return Person(account)

    manager.user_loader(person)

    @app.before_request
    def guard() -> AnyResponse | str | tuple[str, int] | None:
        if request.endpoint in access.PUBLIC:
            return None
        if request.endpoint is None:  # 404 and 405 tell a stranger nothing, and a colleague the way back
            if current_user.is_authenticated and not signin.is_over(room().now.timestamp()):
                room().account = current_user.account
            return None
        if not current_user.is_authenticated:
            return _to_login()
        if signin.is_over(room().now.timestamp()):
            logout_user()
            session.clear()
            return _to_login()
        session.permanent = True
        room().account = current_user.account
        if not access.may(room().me.role, request.endpoint):
            return _page("没有权限", "您的角色不能打开这个页面。需要的话，请找管理员调整。", 403)
        return None

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        here: Room | None = g.pop("room", None)
        if here is not None:
            here.close()


def _to_login() -> AnyResponse:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("signin.login", next=wanted or None))


def _last_headers(response: Response) -> Response:
    special = g.pop("policy", None)
    if special is not None:
        response.headers["Content-Security-Policy"] = special
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _errors(app: Flask) -> None:
    @app.errorhandler(Refused)
    def refused(error: Refused) -> tuple[str, int]:
        return _page("没有办成", str(error), 400)

    @app.errorhandler(BadInput)
    def bad(error: BadInput) -> tuple[str, int]:
        mend = (
            "" if not room().account else "\n\n管理员可以在“清单与表”里改正，或按现在的评分表重算扣分建议。"
        )
        return _page("表格或清单有问题", str(error) + mend, 409)

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> tuple[str, int]:
        return _page("页面已过期", "请返回上一页刷新后再提交一次；没有改动任何内容。", 400)

    @app.errorhandler(RateLimitExceeded)
    def hasty(_error: RateLimitExceeded) -> tuple[str, int]:
        return _page("尝试太多次", "请过一分钟再登录。忘记密码请找管理员重设。", 429)

    @app.errorhandler(RequestEntityTooLarge)
    def large(_error: RequestEntityTooLarge) -> tuple[str, int]:
        return _page("附件太大", "附件最大 20 MB，请压缩后再传；没有改动任何内容。", 413)

    @app.errorhandler(OSError)
    @app.errorhandler(sqlite3.Error)
    def broken(error: Exception) -> tuple[str, int]:
        home = app.config["INSTALLATION"].home
        write_trace("".join(traceback.format_exception(error)), home)
        done = (
            ""
            if request.method == "GET"
            else "刚才这一次提交没有保存，请处理后返回上一页再提交；此前已保存的都在。\n"
        )
        code = INSUFFICIENT_STORAGE if is_full(error) else 500
        try:
            return _page("没有办成", f"{done}{in_words(error)}。", code)
        except (OSError, sqlite3.Error):  # the page itself asks the database who is sitting here
            bare = f"<!DOCTYPE html><meta charset=utf-8><title>没有办成</title><p>{escape(done)}{escape(in_words(error))}。"
            return bare, code

    @app.errorhandler(HTTPException)
    def other(error: HTTPException) -> tuple[str, int]:
        words = {404: "没有这个页面，或者它不属于您。", 405: "这个地址不能这样打开。"}
        return _page("打不开", words.get(error.code or 500, "请返回上一页再试。"), error.code or 500)


def _page(title: str, words: str, code: int) -> tuple[str, int]:
    known: dict[str, Any] = {"title": title, "words": words}
    return render_template("message.html", **known), code


def _secret(path: Path) -> bytes:
    """The key that signs sessions: made once for a home, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        key = secrets.token_bytes(32)
        file.write(key)
    return key
