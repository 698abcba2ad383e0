"""The drawing orders of a PDF's page, given to pdfminer's interpreter without pdfminer's own slow spelling of them.

pdfminer spells a page letter by letter; here one expression finds the words of an ordinary page. Whatever is not
ordinary (a picture within the page, a word cut by the end of a stream, broken nesting) is left to pdfminer whole,
before a single order of it was carried out: both ways the same orders reach the interpreter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import stream_value
from pdfminer.psparser import LIT, PSLiteral, literal_name

_ORDINARY_SIZE = 8_000_000
"""Bytes of a page's orders that are held as words all at once; more is read as it comes."""
_WORD = re.compile(
    rb"[^\s()<>\[\]{}/%#]++"  # a number or an order
    rb"|/[^\s()<>\[\]{}/%#]++"
    rb"|\([^()\\]*+\)"
    rb"|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\)"
    rb"|<[0-9A-Fa-f\s]*+>(?!>)"
    rb"|<<|>>|[\[\]]|%[^\r\n]*+|\S",
    re.DOTALL,
)
_NUMBER = re.compile(rb"[-+]?(?:\d{1,18}(\.\d{0,18})?|(\.\d{1,18}))")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))", re.DOTALL)
_ESCAPED = {b"b": b"\b", b"t": b"\t", b"n": b"\n", b"f": b"\f", b"r": b"\r", b"(": b"(", b")": b")", b"\\": b"\\"}  # fmt: skip
_INLINE = (b"BI", b"ID", b"EI")


class Unusual(Exception):  # noqa: N818 - a state of the page, not a fault of ours
    """A page whose orders must be spelled the careful way."""


class Order(NamedTuple):
    """What to do with so many of the operands before it; nothing, where the order is not known."""

    carry_out: Any
    operands: int


class _Mark(NamedTuple):
    sign: bytes


class Words(dict[bytes, Any]):
    """What each word of a document's pages means, found out once."""

    def __missing__(self, word: bytes) -> Any:
        meaning = self[word] = _meaning(word)
        return meaning


def orders(streams: Iterable[bytes], words: Words) -> list[Any]:
    """Operands and orders in their sequence, arrays and dictionaries built; `Unusual` where that is not plain."""
    read: list[Any] = []
    kept, outer = read, list[tuple[bytes, list[Any]]]()
    for stream in streams:
        for meaning in map(words.__getitem__, _WORD.findall(stream)):
            if meaning.__class__ is not _Mark:
                kept.append(meaning)
            elif meaning.sign in (b"[", b"<<"):
                outer.append((meaning.sign, kept))
                kept = []
            elif meaning.sign in (b"]", b">>"):
                if not outer or any(one.__class__ is Order for one in kept):
                    raise Unusual
                opened, before = outer.pop()
                before.append(_built(opened + meaning.sign, kept))
                kept = before
    if outer:
        raise Unusual
    return read


def _built(signs: bytes, inside: list[Any]) -> Any:
    if signs == b"[]":
        return inside
    if signs != b"<<>>" or len(inside) % 2:
        raise Unusual
    return {literal_name(name): value for name, value in zip(inside[::2], inside[1::2], strict=True)}


def _meaning(word: bytes) -> Any:
    first = word[:1]
    if first in b"+-.0123456789":
        number = _NUMBER.fullmatch(word)
        if number is None:
            raise Unusual
        return float(word) if number[1] or number[2] else int(word)
    if first.isalpha() or word in (b"'", b'"'):
        if word in _INLINE:
            raise Unusual
        return {b"true": True, b"false": False}[word] if word in (b"true", b"false") else _order(word)
    if first == b"/" and len(word) > 1:
        return _name(word[1:])
    if first == b"(" and len(word) > 1:
        return _ESCAPE.sub(_unescaped, word[1:-1]) if b"\\" in word else word[1:-1]
    if first == b"<" and word[-1:] == b">":
        digits = b"".join(word[1:-1].split())
        if len(digits) % 2:
            raise Unusual
        return bytes.fromhex(digits.decode())
    if word in (b"[", b"]", b"<<", b">>") or first == b"%":
        return _Mark(word)
    raise Unusual


def _name(name: bytes) -> PSLiteral:
    try:
        return LIT(name.decode())
    except UnicodeDecodeError:
        return LIT(name)


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        if (code := int(found[1], 8)) > 255:
            raise Unusual
        return bytes((code,))
    return _ESCAPED.get(found[2], b"")


def _order(word: bytes) -> Order:
    name = word.decode("utf-8", "ignore").replace("*", "_a").replace('"', "_w").replace("'", "_q")
    carry_out = getattr(Interpreter, f"do_{name}", None)
    return Order(carry_out, carry_out.__code__.co_argcount - 1 if carry_out else 0)


class Interpreter(PDFPageInterpreter):
    """pdfminer's interpreter of pages, told an ordinary page's orders at once."""

    words: Words

    def dup(self) -> PDFPageInterpreter:
        """Another one for the drawing within this drawing."""
        inner = self.__class__(self.rsrcmgr, self.device)
        inner.words = self.words
        return inner

    def pop(self, n: int) -> list[Any]:
        """The last operands."""
        if n == 0:
            return []
        taken = self.argstack[-n:]
        del self.argstack[-n:]
        return taken

    def do_TJ(self, seq: Any) -> None:  # noqa: N802 - the order's own name
        """Shows text; of its colour nobody asks."""
        if self.textstate.font is not None:
            self.device.render_string(self.textstate, seq, self.graphicstate.ncs, self.graphicstate)

    def execute(self, streams: Sequence[object]) -> None:
        """Carries out a page's orders; those that are not ordinary as pdfminer itself does."""
        try:
            told = orders(self._data(streams), self.words)
        except Unusual:
            super().execute(streams)
            return
        self.stream_ids.update(stream_value(stream).objid for stream in streams)  # type: ignore[misc]
        for one in told:
            if one.__class__ is not Order:
                self.argstack.append(one)
                continue
            carry_out, count = one
            if not count:
                if carry_out is not None:
                    carry_out(self)
            elif len(operands := self.pop(count)) == count:
                carry_out(self, *operands)

    def _data(self, streams: Sequence[object]) -> list[bytes]:
        """Each stream's bytes, where none is without a number, and none is being drawn already."""
        self.stream_ids.clear()
        found = [stream_value(stream) for stream in streams]
        if any(one.objid is None or one.objid in self.parent_stream_ids for one in found):
            raise Unusual
        data = [one.get_data() for one in found]
        if sum(map(len, data)) > _ORDINARY_SIZE:
            raise Unusual
        return data
