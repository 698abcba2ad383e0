"""The block above a document that gives its 索引号, 发文字号, 成文日期 and the rest."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter

from dossier.model import DRAWN, MetadataField
from dossier.reading.labels import CANONICAL
from dossier.reading.tree import Node, Tree

_STRONG = (
    "索引号",
    "索取号",
    "发文字号",
    "文号",
    "文件编号",
    "成文",
    "发文机关",
    "发布机构",
    "发文单位",
    "文件字号",
    "信息名称",
    "索引",
)
_SPACED = "|".join(r"\s*".join(label) for label in sorted(CANONICAL, key=len, reverse=True))
_WITH_COLON = re.compile(
    rf"(?<![一-鿿])[【\[（(]?\s*({_SPACED})\s*(?:[（(][^）)：:]{{1,10}}[）)])?\s*(?:[】\]]\s*[:：]?|[）)]?\s*[:：])"
)
_IN_TEXTS = frozenset({"主办单位", "责任单位"})
"""Labels that documents use in their own text too: they belong to the block only right beside its other fields."""
_ALONE = re.compile(r"[\s:：【】\[\]*·]+")
_AFTER = re.compile(
    r"\s+(?:来源|作者|浏览次数|点击数|点击|字体|字号|编辑|责任编辑|打印|分享|访问量|发布者|发布人)\s*(?:大小)?\s*[:：]"
)
_NUMBERED = re.compile(r"索引号[:：]?([0-9A-Za-z][\w/\-.]{5,40})")
_BOUND = 60
_INITIALS = frozenset(label[0] for label in CANONICAL)


@dataclass
class _Hit:
    label: str
    name: str
    value: str
    line: int
    colon: bool


def metadata_of(tree: Tree, despaced: str) -> tuple[MetadataField, ...]:
    """The fields of the block in order, empty values kept; nothing where the page has no such block.

    A block that waits in a folded panel or behind a tab is shown by a click: it is read where nothing else is there.
    """
    fields = _fields(_Sight(tree), despaced)
    if fields or not tree.veiled:
        return fields
    folded = "".join("".join(tree.pieces).split())
    if len(set(_NUMBERED.findall(folded))) > 1:
        return ()  # what unfolds beside each entry of a list is no block of the page
    behind = _fields(_Sight(tree, veiled=True), folded)
    filled = sum(bool(field.value) for field in behind)
    return behind if filled >= 3 and filled * 2 >= len(behind) else ()


class _Sight:
    """What is looked at: what the eye sees of a page, or all of it."""

    def __init__(self, tree: Tree, *, veiled: bool = False) -> None:
        self.tree = tree
        self.veiled = veiled
        self.pieces = tree.pieces if veiled else tree.seen
        self.shown = "".join(tree.pieces) if veiled else tree.shown
        self.at = [0, *accumulate(map(len, tree.pieces))] if veiled else tree.at

    def text(self, node: Node) -> str:
        """The text of an element as it is looked at."""
        return self.tree.text(node, hidden=self.veiled)


def _fields(sight: _Sight, despaced: str) -> tuple[MetadataField, ...]:
    if not any(word in despaced for word in _STRONG):
        return ()
    hits = _hits(sight)
    blocks: list[list[_Hit]] = []
    for hit in hits:
        near = 3 if hit.label in _IN_TEXTS else 12
        if blocks and hit.line - blocks[-1][-1].line <= near:
            blocks[-1].append(hit)
        else:
            blocks.append([hit])
    best: list[_Hit] = []
    for block in blocks:
        if _is_block(block) and _weight(block) > _weight(best):
            best = block
    if not best:
        return _under_heads(sight)
    fields: list[MetadataField] = []
    known: dict[str, int] = {}
    for hit in best:
        # The wide and the narrow version of a page both carry the block: the first that has a value wins.
        if hit.label in known:
            at = known[hit.label]
            if not fields[at].value and hit.value:
                fields[at] = MetadataField(label=hit.label, name=hit.name, value=hit.value)
            continue
        known[hit.label] = len(fields)
        fields.append(MetadataField(label=hit.label, name=hit.name, value=hit.value))
    return tuple(fields)


def _under_heads(sight: _Sight) -> tuple[MetadataField, ...]:
    """A block laid out as a table of pairs of rows: labels in the first of each pair, their values below them."""
    tree = sight.tree
    for table in tree.tagged("table"):
        rows = tree.within(table, "tr")
        if len(rows) < 2 or len(rows) % 2 or len(rows) > _MOST_ROWS:
            continue
        fields: list[MetadataField] = []
        for upper, lower in zip(rows[::2], rows[1::2], strict=True):
            heads = [_ALONE.sub("", sight.text(cell)) for cell in tree.children(upper)]
            values = [_clean(sight.text(cell)) for cell in tree.children(lower)]
            linked = any(node.get("href") for node in tree.within(lower, "a"))
            if linked or len(heads) != len(values) or not all(head in CANONICAL for head in heads):
                break  # a list of documents has such heads too, and links below them
            fields += [
                MetadataField(label=head, name=CANONICAL[head], value=value)
                for head, value in zip(heads, values, strict=True)
            ]
        else:
            names = {field.name for field in fields}
            if (
                len(fields) >= 3
                and names & {"index_number", "document_number"}
                and sum(bool(f.value) for f in fields) >= 2
            ):
                return tuple(fields)
    return ()


_MOST_ROWS = 8
"""Rows of such a block; longer tables hold something else."""


def value_of(fields: tuple[MetadataField, ...], name: str) -> str | None:
    """The first value under a canonical name: None where the label is lacking, empty where only the value is."""
    seen: str | None = None
    for field in fields:
        if field.name == name:
            if field.value:
                return field.value
            seen = ""
    return seen


def issuer_of(fields: tuple[MetadataField, ...]) -> str | None:
    """Who issued the document: a 来源 is believed only where the block has no field of its own for that."""
    own = tuple(field for field in fields if field.name == "issuer" and "来源" not in field.label)
    return value_of(own or fields, "issuer")


def _hits(sight: _Sight) -> list[_Hit]:
    hits: list[_Hit] = []
    number = at = 0
    for line in sight.shown.split("\n"):
        text = " ".join(line.split())
        if text:
            number += 1
            if len(text) <= 600:
                _read_line(sight, text, number, at, hits)
            if len(hits) > _BOUND * 4:
                break
        at += len(line) + 1
    return hits


def _read_line(sight: _Sight, text: str, number: int, at: int, hits: list[_Hit]) -> None:
    """The fields of one line, which begins `at` so many characters of what the page shows."""
    bare = _ALONE.sub("", text)
    if bare in CANONICAL:
        value = _beside(sight, at, text) or _drawn(sight, CANONICAL[bare], at)
        hits.append(_Hit(bare, CANONICAL[bare], value, number, ":" in text or "：" in text))
        return
    if ":" not in text and "：" not in text and "】" not in text and not (text[0] == "[" and "]" in text):
        if text[0] in _INITIALS and len(text) <= 300:
            _read_pairs(sight, at, number, hits)
        return
    found = list(_WITH_COLON.finditer(text))
    if not found or found[0].start() > 40 or (len(text) > 200 and len(found) < 3):
        return
    for n, match in enumerate(found):
        label = re.sub(r"\s+", "", match.group(1))
        end = found[n + 1].start() if n + 1 < len(found) else len(text)
        value = _AFTER.split(text[match.end() : end], maxsplit=1)[0].strip(" 　|【】[]；;，,。")
        if not value and n + 1 == len(found):
            value = _beside(sight, at, text) or _drawn(sight, CANONICAL[label], at)
        hits.append(_Hit(label, CANONICAL[label], _clean(value), number, True))


def _read_pairs(sight: _Sight, at: int, number: int, hits: list[_Hit]) -> None:
    """A line of labels and values, each in its own element, with nothing but the style sheet between them."""
    end = sight.shown.find("\n", at)
    first = bisect_right(sight.at, at) - 1
    last = bisect_left(sight.at, end if end >= 0 else len(sight.shown))
    pieces = [piece for part in sight.pieces[first:last] if (piece := " ".join(part.split()))]
    if len(pieces) < 2 or _ALONE.sub("", pieces[0]) not in CANONICAL:
        return
    label, value = "", ""
    for piece in pieces:
        bare = _ALONE.sub("", piece)
        if bare not in CANONICAL:
            value = f"{value} {piece}".strip()
            continue
        if label:
            hits.append(_Hit(label, CANONICAL[label], _clean(value), number, False))
        label, value = bare, ""
    hits.append(_Hit(label, CANONICAL[label], _clean(value), number, False))


def _beside(sight: _Sight, at: int, text: str) -> str:
    """The value of a label that stands alone in its cell or element: what stands in the next one."""
    tree = sight.tree
    begin = bisect_right(sight.at, at) - 1
    number = bisect_right(tree.nodes, begin, key=attrgetter("t0")) - 1
    node: Node | None = tree.nodes[number] if number >= 0 else None
    while node is not None and node.t1 <= begin:
        node = node.parent
    if node is None:
        return ""
    while (
        node.parent is not None and node.parent.tag not in ("tr", "body") and sight.text(node.parent) == text
    ):
        node = node.parent
    parent = node.parent
    if parent is None:
        return ""
    after = next(
        (
            child
            for child in tree.children(parent)
            if child.i >= node.end and child.tag not in ("br", "script", "i")
        ),
        None,
    )
    if after is None or (after.tag in ("tr", "table", "ul", "h1", "h2") and node.tag != "tr"):
        return ""
    value = sight.text(after)
    bare = _ALONE.sub("", value)
    first = next((part for part in sight.pieces[after.t0 : after.t1] if part.strip()), "")
    if (
        bare in CANONICAL
        or len(value) > 200
        or _WITH_COLON.match(value)
        or _ALONE.sub("", first) in CANONICAL
    ):
        return ""  # the next field: this one is empty
    return _clean(value)


def _drawn(sight: _Sight, name: str, at: int) -> str:
    """How a document stands, where that is drawn: the words of a sign or picture before the next text of the page."""
    if name != "validity":
        return ""
    tree = sight.tree
    begin = bisect_right(sight.at, at) - 1
    end = begin + 1
    while end < len(sight.pieces) and not sight.pieces[end].strip():
        end += 1
    first = bisect_left(tree.nodes, begin + 1, key=attrgetter("t0"))
    signs = [
        node
        for node in tree.nodes[first : first + _FEW]
        if node.t0 <= end and node.t1 <= end and node.tag in ("img", "i", "span", "em", "b")
    ]
    said = [(node.tag, (node.get("title") or node.get("alt")).strip()) for node in signs]
    words = next((words for _, words in said if _STANDING.search(words)), "")
    return words[:20] or (DRAWN if ("img", "") in said else "")


_STANDING = re.compile(r"有效|失效|废止|修[改订]|生效")
_FEW = 8
"""Elements right behind a label among which a sign in its value's place stands."""


def _clean(value: str) -> str:
    value = value.strip().strip("|｜ 　")
    return (
        "" if value in ("无", "-", "--", "—", "——", "/", "null", "NULL", "暂无", "undefined") else value[:300]
    )


def _is_block(block: list[_Hit]) -> bool:
    # A row of column heads has labels too, but neither colons nor values.
    names = {hit.name for hit in block if hit.name and (hit.colon or hit.value)}
    if (
        not names & {"index_number", "document_number"}
        and len(names & {"issuer", "written", "title", "published", "validity"}) < 3
    ):
        return False
    if len(names) < 2:
        return False
    filled = [hit for hit in block if hit.value]
    if not any(hit.colon for hit in block):
        return len(filled) >= 2 and len(filled) * 3 >= len(block)
    return bool(filled)


def _weight(block: list[_Hit]) -> int:
    names = {hit.name for hit in block if hit.name}
    return 4 * len(names) + len([hit for hit in block if hit.value]) + 6 * ("index_number" in names)
