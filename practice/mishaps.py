"""Bad nights are practised like bad sites: the line that is dead, lies, or comes and goes, and a clock that is wrong.

The province stays as it is; what happens to whoever inspects it is set here, also while the server runs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from practice.serving import Answer, moved

TROUBLES = ("cut", "silent", "nameless", "gateway", "portal", "portal-move", "portal-511")
PORTAL = "login.campus.example"
_SAYS = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>上网认证</title></head><body>
<div class="nav"><a href="/portal/help.html">帮助</a><a href="/portal/contact.html">联系我们</a></div>
<h1>欢迎使用无线网络</h1><p>请登录后继续访问 {url}</p>
<form action="/portal/login" method="post"><input name="user"><input name="password" type="password">
<input type="hidden" name="nonce" value="{nonce}"><button>登录</button></form>
<p>本网络由信息中心提供，上网须实名认证，咨询电话见宣传栏。</p></body></html>"""


@dataclass(slots=True)
class Line:
    """The way out of whoever inspects, as it is tonight."""

    trouble: str = ""
    """Empty: all is well. `cut`: every connection is closed at once; `silent`: nothing ever answers; `nameless`: the
    proxy lives and resolves no name (502); `gateway`: the same as other proxies say it (503); `portal`: one
    foreign page in every site's place; `portal-move`: everybody is sent to it; `portal-511`: as RFC 6585 has it."""
    after: int = 0
    """So many requests still pass before it begins."""
    lasts: int = 0
    """So many requests meet it before it is over; 0: it stays."""
    clock: timedelta = timedelta()
    """How far the sites' clocks are ahead of the inspector's; all sites' alike, so that the fault is his."""
    asked: int = 0

    def answer(self, url: str) -> Answer | None:
        """What comes in the site's place, where anything does; `cut` comes as status 0."""
        if not self.trouble:
            return None
        self.asked += 1
        if self.asked <= self.after or (self.lasts and self.asked > self.after + self.lasts):
            return None
        match self.trouble:
            case "cut":
                return Answer(0)
            case "silent":
                return Answer(0, hang=True)
            case "nameless":
                return Answer(502, b"Bad Gateway: name not resolved", "text/plain")
            case "gateway":
                return Answer(503, b"<html><title>ERROR</title><p>Unable to determine IP address</p></html>")
            case "portal-move":
                return moved(f"http://{PORTAL}/?from={url}", 302)
        says = _SAYS.format(url=url, nonce=f"{self.asked:012x}").encode()
        return Answer(511 if self.trouble == "portal-511" else 200, says, "text/html; charset=utf-8")


VEILS = (
    "403", "412", "521", "captcha", "500", "503", "silent", "reset", "nameless", "empty", "cut", "maintenance", "homeward", "login",
)  # fmt: skip
"""What may stand before a share of one site's pages: how protections, dying servers and their keepers answer. `silent`:
never; `reset`: the connection ends; `nameless`: the proxy says 502; `empty`: 200 and nothing; `cut`: half a page of no
stated length; `homeward`: everything leads to the front door; `login`: one and the same page that wants a password."""
_PLAIN = "<html><head><meta charset='utf-8'><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>nginx</body></html>"
_REPAIRED = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>网站维护中</title></head><body><div class="box">
<h2>网站升级维护公告</h2><p>为提供更好的服务，本网站正在进行系统升级维护，暂停访问，给您带来不便敬请谅解。</p></div></body></html>"""
_JUDGED = """<html><head><meta charset="utf-8"><title>安全验证</title></head><body><form action="/waf_verify" method="post">
<p>您的访问过于频繁，请输入验证码后继续访问</p><img src="/waf_captcha.png"><input name="captcha"></form></body></html>"""
_HALF = 2


@dataclass(slots=True)
class Veil:
    """What hides a share of one site's pages tonight, always the same pages."""

    kind: str
    share: float
    seed: int = 0
    hidden: set[str] = field(default_factory=set)
    """Addresses that were asked for and not shown."""

    def hides(self, url: str) -> bool:
        value = hashlib.sha256(f"{self.seed} {url}".encode()).digest()
        return int.from_bytes(value[:4], "big") < self.share * 2**32

    def answer(self, url: str, home: str, true: Answer | None) -> Answer | None:
        """What comes in a page's place; None where it is shown."""
        if not self.hides(url):
            return None
        self.hidden.add(url)
        match self.kind:
            case "silent":
                return Answer(0, hang=True)
            case "reset":
                return Answer(0)
            case "nameless":
                return Answer(502, b"Bad Gateway: name not resolved", "text/plain")
            case "empty":
                return Answer(200)
            case "captcha":
                return Answer(200, _JUDGED.encode())
            case "maintenance":
                return Answer(200, _REPAIRED.encode())
            case "login":
                return Answer(
                    200, _SAYS.format(url=url, nonce=hashlib.sha256(url.encode()).hexdigest()[:12]).encode()
                )
            case "homeward":
                return None if url == home else moved(home, 302)
            case "cut":
                return (
                    Answer(true.status, true.body[: len(true.body) // _HALF], true.kind, cut=True)
                    if true
                    else None
                )
        if self.kind in ("412", "521"):
            mark = hashlib.sha256(url.encode()).hexdigest()
            return Answer(
                int(self.kind),
                f"<script>document.cookie='__jsl_clearance={mark}';location.reload()</script>".encode(),
            )
        return Answer(int(self.kind), _PLAIN.format(f"{self.kind} Error").encode())
