"""What a page's own script writes by plain words, or opens by plain words, is spelled out before the page is parsed.

A visitor's browser runs such a script and sees a list and links. It is not run here: only what stands in it letter
by letter is put where it would be shown. What is computed stays unread.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import unquote_plus

from dossier.reading.data import records_in

_SCRIPT = re.compile(r"<(?i:script)\b([^>]*+)>([^<]*+(?:<(?!/(?i:script)\s*>)[^<]*+)*+)</(?i:script)\s*>")
_LITERAL = r"(?:'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
_WRITES = re.compile(
    rf"(?:\s*(?:document|window\.document)\.write(?:ln)?\s*\(\s*{_LITERAL}(?:\s*\+\s*{_LITERAL})*\s*\)\s*;?)+\s*"
)
_WORDS = re.compile(_LITERAL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "", "v": "", "0": ""}
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*$|^\s*<!--|-->\s*$", re.DOTALL | re.MULTILINE)
_LONGEST, _MOST_SCRIPTS = 400_000, 300
_DRAWS = re.compile(
    r"document\.write|innerHTML|insertAdjacentHTML|\.(?:html|append|appendTo|prepend|after|before)\s*\("
)

_OPENS = r"(?:(?:window|self|top|parent)\.)?(?:open\s*\(|location(?:\.href)?\s*=|location\.(?:assign|replace)\s*\()"
_FUNCTION = re.compile(
    rf"function\s+(?P<name>[\w$]+)\s*\(\s*(?P<arg>[\w$]+)\s*\)\s*\{{(?P<before>[^{{}}]{{0,200}}?){_OPENS}\s*"
    r"(?:(?P<head>'[^'\n]*'|\"[^\"\n]*\")\s*\+\s*)?(?P=arg)\b(?:\s*\+\s*(?P<tail>'[^'\n]*'|\"[^\"\n]*\"))?\s*[;,)}]"
)
"""`function openDoc(id){window.open('/info/'+id+'.html')}`: one word in, one address out."""
_HEAD = re.compile(r"function\s+([\w$]+)\s*\(")
_CALL = re.compile(r"=\s*+(?P<q>[\"'])\s*+(?i:javascript\s*+:\s*+)?(?i:return\s++)?(?P<name>[\w$]++)\s*+\(")
"""A value that calls a function. It is looked for from its equals sign and not from the name before it, because a sign
that stands by itself is found a tenth as dear as a word that ignores case."""
_CALLED_BY = ("onclick", "href")
_WORD = re.compile(
    r"\s*(?P<w>['\"]?|&quot;|&#39;)(?P<word>[\w\-./:?=&;%#]+?)(?P=w)\s*\)",
    re.IGNORECASE,
)
_MANY_WORDS = {
    quote: re.compile(rf"(?P<words>(?=[^(),\"]*,)[^()\"]*+|(?=[^(),']*,)[^()']*+)\)\s*;?\s*{quote}")
    for quote in "\"'"
}
"""`goTo('24441','http://…/index.html','单位简介')`: of several words one is an address."""
_WHOLE = re.compile(
    r"(?:https?://[\w.\-]+(?::\d+)?)?/[\w\-./%]*(?:/|\.(?:s?html?|jsp|aspx?|php|do))(?:\?[^'\"\s]*)?",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"(?:https?://[\w.\-]+(?::\d+)?)?(?:\.{0,2}/)?[\w\-./%]*(?:/|\.(?:s?html?|jsp|aspx?|php|do|pdf|docx?|xlsx?|wps|zip|rar))(?:\?[^'\"\s]*)?",
    re.IGNORECASE,
)
_NO_WAY = re.compile(
    r"home|favo|share|zoom|print|copy|lang|tran|skin|size|play|close|(?<!down)load|img|pic|check|submit|search|valid|send|vote|log|count|stat",
    re.IGNORECASE,
)
"""Functions that take an address and lead nowhere."""
_LOADS = re.compile(r"load(?!ing|img|pic)|(?:show|change|switch|open)\w*load", re.IGNORECASE)
_PART = re.compile(r"[\w\-./%]+\.s?html?", re.IGNORECASE)
"""What `loadPart('zn.html')` brings into the page: the panel of a tab, which is a page of its own."""

_WRAPPED = re.compile(r">\s*((?:JTND|P[EGH][A-Za-z0-9+/]{2})[A-Za-z0-9+/]{20,}={0,2})\s*<")
"""Base64 of what begins with `<` or its escape `%3C`, alone in an element."""


def spelled_out(html: str) -> str:
    """The page with what its scripts say letter by letter in its place."""
    if len(html) > _LONGEST:
        return html
    writes = "document.write" in html or "<datastore" in html or "<DATASTORE" in html
    if writes and html.count("<script") <= _MOST_SCRIPTS:
        html = _SCRIPT.sub(_written, html)
    if "atob" in html or "JTND" in html:
        html = _WRAPPED.sub(_unwrapped, html)
    if "onclick" in html or "javascript:" in html:
        html = _opened(html)
    return html


def _unwrapped(blob: re.Match[str]) -> str:
    """A piece of the page kept as base64, which its script decodes where it stands (`window.atob`)."""
    try:
        piece = base64.b64decode(f"{blob[1].rstrip('=')}===").decode("utf-8")
    except (binascii.Error, ValueError):
        return blob[0]
    piece = unquote_plus(piece) if piece.startswith("%3C") else piece
    plain = piece.startswith("<") and "</" in piece and "<script" not in piece.lower()
    return f">{piece}<" if plain else blob[0]


def draws_rows(scripts: Iterable[tuple[object, str]]) -> bool:
    """Whether a script of the page makes rows of a list itself: without them nothing is known of the list."""
    return any(
        ("<li" in code or "<tr" in code or "<dd" in code) and _DRAWS.search(code) is not None
        for _, code in scripts
    )


def _written(script: re.Match[str]) -> str:
    code = script[2]
    if "<datastore" in code.lower():
        return script[0] + _shelved(records_in(code))
    if "document.write" not in code or "src" in script[1].lower():
        return script[0]
    bare = _COMMENT.sub("", code)
    if "<li" not in bare and "<tr" not in bare and "<a " not in bare:
        return script[0]
    if not _WRITES.fullmatch(bare):
        return script[0]
    text = "".join(_ESCAPE.sub(_meant, word[1:-1]) for word in _WORDS.findall(bare))
    return script[0] if "<script" in text.lower() else text


def _meant(escape: re.Match[str]) -> str:
    sign = escape[1]
    if len(sign) > 1:
        return chr(int(sign[1:], 16))
    return _PLAIN.get(sign, sign)


def _shelved(records: str) -> str:
    low = records.lower()
    if "<li" in low and "<ul" not in low:
        return f"<ul>{records}</ul>"
    if "<tr" in low and "<table" not in low:
        return f"<table>{records}</table>"
    return records


def _opened(html: str) -> str:
    """Calls that open an address, with the address in them."""
    kept: list[str] = []
    at = 0
    calls = [call for call in _CALL.finditer(html) if _begin_of(html, call.start()) >= 0]
    ways = _ways(html, {call["name"] for call in calls}) if calls else {}
    for call in calls:
        one = _WORD.match(html, call.end())
        if one is not None:
            target, end, quote = _named(call["name"], one, ways), one.end(), ""
        elif (several := _MANY_WORDS[call["q"]].match(html, call.end())) is not None:
            target, end, quote = _one_of_many(call["name"], several["words"], ways), several.end(), call["q"]
        else:
            continue
        if target:
            opens = f"window.open(&#39;{target.replace('&', '&amp;')}&#39;)"
            kept += (html[at : call.start("name")], opens, quote)
            at = end
    return "".join((*kept, html[at:])) if kept else html


def _begin_of(html: str, sign: int) -> int:
    """Where the attribute begins whose value this equals sign gives; -1 where it is none that is clicked or followed."""
    end = sign
    while end and html[end - 1].isspace():
        end -= 1
    for name in _CALLED_BY:
        begin = end - len(name)
        if begin >= 0 and html[begin:end].lower() == name and not _is_of_a_word(html[begin - 1 : begin]):
            return begin
    return -1


def _is_of_a_word(letter: str) -> bool:
    return letter == "_" or letter.isalnum()


def _ways(html: str, names: set[str]) -> dict[str, tuple[str, str]]:
    """Those of the page's own functions that make an address of a word, with what they put before it and behind."""
    ways: dict[str, tuple[str, str]] = {}
    at = 0
    for head in _HEAD.finditer(html) if "function" in html else ():
        if head[1] not in names or head.start() < at:
            continue
        found = _FUNCTION.match(html, head.start())
        if found is not None:
            ways[found["name"]] = (found["head"] or "''")[1:-1], (found["tail"] or "''")[1:-1]
            at = found.end()
    return ways


def _named(name: str, call: re.Match[str], ways: dict[str, tuple[str, str]]) -> str:
    """The address that a call with one word opens; empty where it opens none."""
    word = unescape(call["word"])
    way = ways.get(name)
    if way is not None:
        word = f"{way[0]}{word}{way[1]}"
    elif not call["w"] or _NO_WAY.search(name):
        return word if call["w"] and _LOADS.match(name) and _PART.fullmatch(word) else ""
    return word if _PAGE.fullmatch(word) else ""


def _one_of_many(name: str, words: str, ways: dict[str, tuple[str, str]]) -> str:
    """The one address among the words of a call; empty where there is none, or more than one."""
    if name in ways or (_NO_WAY.search(name) and not _LOADS.match(name)):
        return ""
    way = _PART if _LOADS.match(name) else _WHOLE
    plain = (unescape(word[1:-1]) for word in _WORDS.findall(unescape(words)))
    targets = [word for word in plain if way.fullmatch(word)]
    return targets[0] if len(targets) == 1 else ""
