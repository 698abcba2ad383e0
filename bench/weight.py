"""Practice pages as heavy as real ones: a menu, a style sheet and a script in every page, and nothing new in any.

Real pages are 22 KB in the mean and lead to 60 to 90 places, four fifths of them from the frame that every page of a
portal repeats; practice pages are 4.4 KB. The frame put round them here leads only where the site's own home page
leads, under the same words, so that what a page says, and what is true of the site, stays the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from practice.serving import Answer

MENU_LINKS = 55
STYLE_BYTES, SCRIPT_BYTES = 5_500, 7_500
_LINK = re.compile(rb"""<a\s[^>]*?href=["']([^"'#]+)["'][^>]*>([^<>]{2,40})</a>""")
_BODY = re.compile(rb"<body[^>]*>")
_DATED = re.compile(r"\d")
_FEWEST_LINKS = 3
"""A page of less is an error page or a challenge, which has no frame on real sites either."""


def weighted(plain: Callable[[str], Answer | None]) -> Callable[[str], Answer | None]:
    """A province's answers, its pages in a frame of real weight."""
    menus: dict[str, bytes] = {}

    def answer(url: str) -> Answer | None:
        got = plain(url)
        if got is None or got.status != 200 or got.hang or "html" not in got.kind:
            return got
        if got.body.count(b"<a ") < _FEWEST_LINKS or b"</head>" not in got.body:
            return got
        host = urlsplit(url).netloc
        if host not in menus:
            home = plain(f"http://{host}/")
            menus[host] = menu_of(home.body, f"http://{host}/") if home is not None else b""
        return Answer(200, framed(got.body, menus[host]), got.kind, dict(got.headers))

    return answer


def menu_of(home: bytes, url: str) -> bytes:
    """A menu that leads to the columns that a home page leads to, over and over, as menus, maps and feet of portals do."""
    found: dict[str, bytes] = {}
    for place, words in _LINK.findall(home):
        there = urlsplit(urljoin(url, place.decode("latin-1")))
        if there.netloc == urlsplit(url).netloc and not _DATED.search(there.path):
            found.setdefault(there.path, words.strip())
    links = [
        f'<li class="portal-nav-item"><a href="{path}" target="_blank">'.encode("latin-1") + words + b"</a></li>\n"
        for path, words in found.items()
        if path != "/"
    ]  # fmt: skip
    if not links:
        return b""
    many = [links[number % len(links)] for number in range(MENU_LINKS)]
    return b'<div class="portal-nav"><ul class="portal-nav-list">\n' + b"".join(many) + b"</ul></div>\n"


def framed(body: bytes, menu: bytes) -> bytes:
    """A page with the menu at its head, and the style sheet and the script that go with it."""
    body = body.replace(b"</head>", STYLE + SCRIPT + b"</head>", 1)
    opened = _BODY.search(body)
    return body if opened is None else body[: opened.end()] + b"\n" + menu + body[opened.end() :]


def _repeated(line: str, size: int) -> str:
    count = size // len(line) + 1
    return "\n".join(line.replace("%", str(number)) for number in range(count))


STYLE = (
    '<style type="text/css">\n'
    + _repeated(
        ".portal-nav-%{float:left;width:12%;height:36px;line-height:36px;font-size:14px;background:#1b6dc0 repeat-x;}",
        STYLE_BYTES,
    )
    + "\n</style>\n"
).encode()
SCRIPT = (
    '<script type="text/javascript">\n'
    + _repeated(
        'function portalSlide%(box){var i=0,n=$(box).find("li").length;'
        "setInterval(function(){i=(i+1)%n;$(box).animate({left:-i*320},400);},3000);}",
        SCRIPT_BYTES,
    )
    + "\n</script>\n"
).encode()
