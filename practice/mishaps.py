"""Bad nights are practised like bad sites: the line that is dead, lies, or comes and goes, and a clock that is wrong.

The province stays as it is; what happens to whoever inspects it is set here, also while the server runs.
"""

from __future__ import annotations

from dataclasses import dataclass
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
