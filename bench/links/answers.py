"""What a web server may answer, as the link bench needs it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    host: str
    path: str
    query: str
    method: str
    agent: str
    cookie: str
    time: int
    """How often this address was asked before."""
    outside: str
    """Where foreign addresses begin, e.g. `http://outside.example`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, or none: `reset` closes the connection without a word."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    reset: bool = False
    chunked: bool = False


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)
_FRAME = (
    '<html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body><div class="nav">'
    '<a href="/">首页</a><a href="/zwgk/index.html">政务公开</a><a href="/xwdt/index.html">新闻动态</a></div>'
    '<div class="main">{main}</div><div class="footer">主办：某某市人民政府 备案号：晋ICP备00000000号</div></body></html>'
)
_NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


def page(title: str, main: str, *, status: int = 200, head: str = "") -> Answer:
    """A page in the site's frame."""
    return Answer(status, _FRAME.format(title=title, main=main, head=head).encode())


def article(key: str, *, about: str = "统筹推进重点工作") -> Answer:
    """An article like many others, each with words of its own."""
    name = _NAMES[sum(key.encode()) % len(_NAMES)]
    told = "".join(
        f"<p>{name}方案第{n}条：各有关单位要{about}，落实{key}所列事项，按期完成任务。</p>"
        for n in range(1, 6)
    )
    return page(
        f"{name}区{about}的通知（{key}）",
        f"<h1>{name}区{about}的通知（{key}）</h1><p>发布时间：2020-06-12 来源：市政府办公室</p>{told}",
    )


def moved(where: str, status: int = 302, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, b"", headers={"Location": where, **(headers or {})})


def not_found(status: int = 404) -> Answer:
    return Answer(
        status, f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>".encode()
    )


def says_missing(words: str) -> Answer:
    """A 200 that says it is a 404."""
    return page("提示信息", f'<div class="tip"><p>{words}</p><p><a href="/">返回首页</a></p></div>')


def squeezed(answer: Answer) -> Answer:
    return Answer(answer.status, gzip.compress(answer.body), answer.kind, {"Content-Encoding": "gzip"})


def gbk_path(text: str) -> str:
    """A path as GBK octets."""
    return quote(text.encode("gb18030"))
