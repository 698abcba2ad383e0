"""Forms a visitor can fill in, and the site's search box."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice

from dossier.model import FormFacts
from dossier.reading.links import absolute
from dossier.reading.tree import Node, Tree

_ROLES = (
    (
        "identity",
        re.compile(
            r"身份证|证件|有效证件|组织机构代码|统一社会信用|法人代表|营业执照|证照|idcard|sfz|zjhm|cardno|credit",
            re.IGNORECASE,
        ),
    ),
    (
        "description",
        re.compile(
            r"内容描述|所需|信息的?(名称|内容|用途|特征)|描述|用途|申请内容|内容|说明|文号|content|describe|desc|message|remark|purpose|yt|nr\b",
            re.IGNORECASE,
        ),
    ),
    (
        "contact",
        re.compile(
            r"电话|手机|联系方式|邮箱|邮件|电子邮|传真|地址|邮编|邮政编码|tel|phone|mobile|mail|address|fax|lxdh|lxfs|dh\b|sjh",
            re.IGNORECASE,
        ),
    ),
    (
        "name",
        re.compile(
            r"姓名|名称|申请人|联系人|单位名|称呼|法人|username|\bname|xm\b|sqr|realname|applyname",
            re.IGNORECASE,
        ),
    ),
)
_QUERY = re.compile(
    r"搜索|检索|关键[词字]|查询|请输入.{0,8}(内容|关键|搜|查)|search|keyword|query|\bq\b|\bqt\b|\bkw\b|sword|keywords|wd|searchtext|sousuo|ss_txt|\bwords?\b",
    re.IGNORECASE,
)
_SEARCH = re.compile(
    r"search|query|sousuo|jiansuo|/s\b|/s\?|检索|搜索|trssearch|aop_component", re.IGNORECASE
)
_LOGIN = re.compile(r"login|denglu|密码|password|登录", re.IGNORECASE)
_APPLY = re.compile(r"依申请|申请人|所需政府信息|政府信息公开申请|ysq|sqgk|申请表|信息公开申请")
_MESSAGE = re.compile(
    r"留言|信箱|来信|咨询|投诉|建议|举报|纠错|意见|message|guestbook|letter|写信|feedback", re.IGNORECASE
)
_TYPES = frozenset({"hidden", "submit", "button", "image", "reset"})


def forms_of(tree: Tree, base: str) -> tuple[FormFacts, ...]:
    """Each form with its purpose, its visible fields and what they ask for."""
    applied_for = _APPLIED_FOR.search(tree.html_title) is not None
    found: list[FormFacts] = []
    claimed: set[int] = set()
    every = [node for node in tree.tagged("input", "textarea", "select") if _is_field(node)]
    if not every:
        return ()
    places = [node.i for node in every]
    labels = _labels(tree)
    forms = tree.tagged("form")
    for number, node in enumerate(forms):
        ends = [node.end]
        if _among_rows(node):
            following = forms[number + 1].i if number + 1 < len(forms) else len(tree.nodes)
            ends = [min(_table_around(node).end, following), following]
        facts = None
        for end in ends:
            fields = every[bisect_right(places, node.i) : bisect_left(places, end)]
            if not fields or (facts is not None and facts.purpose in ("search", "login")):
                break
            claimed.update(n.i for n in fields)
            facts = _facts(
                tree,
                node,
                fields,
                labels,
                absolute(base, node.get("action")),
                node.get("method").lower() or "get",
                applied_for=applied_for,
            )
        if facts is not None:
            found.append(facts)
    loose = [n for n in every if n.i not in claimed]
    if len(loose) >= 4:
        holder = _holder(tree, loose)
        facts = _facts(tree, holder, loose, labels, "", "script", applied_for=applied_for)
        if facts.purpose in ("application", "message"):
            found.append(facts)
    return tuple(found)


def _among_rows(node: Node) -> bool:
    """A form that begins between the rows or cells of a table: the parser leaves it empty there, and its fields, as a
    browser has them, are those behind it."""
    return node.end == node.i + 1 and node.parent is not None and node.parent.tag in _ROWS


_ROWS = frozenset(["table", "tbody", "thead", "tfoot", "tr"])


def _table_around(node: Node) -> Node:
    return next((above for above in node.up() if above.tag == "table"), node)


def has_search_box(tree: Tree, forms: tuple[FormFacts, ...]) -> bool:
    """The page shows a field to search the site with, or has one folded away under the sign of a magnifying glass."""
    if any(form.purpose == "search" for form in forms):
        return True
    for node in tree.tagged("input"):
        if (node.get("type") or "text").lower() in ("text", "search", ""):
            if _asks(
                " ".join(
                    (
                        node.get("placeholder"),
                        node.get("name"),
                        node.get("id"),
                        node.get("class"),
                        node.get("value"),
                        node.get("title"),
                    )
                )
            ):
                return True
            if not node.hidden and any(
                _seeks(above.mark) or (above.end - above.i <= _SMALL and _sends_a_search(tree, above))
                for above, _ in zip(node.up(), range(4), strict=False)
            ):
                return True
    return False


_SMALL = 12
"""Elements of a box that holds no more than a field and its button."""
_DRAWN = re.compile(r"(?:^|[\s_-])(?:search|sousuo)(?:[\s_-]|$)")
_SENDS = re.compile(r"^\W*(?:站内|全站|本站)?(?:搜\s*索|检\s*索|搜一下|search)\W*$", re.IGNORECASE)


def _sends_a_search(tree: Tree, holder: Node) -> bool:
    """Whether a button inside says that it searches, or is drawn as a magnifying glass."""
    return (
        any(
            _DRAWN.search(node.mark)
            for node in tree.inside(holder)
            if node.tag in ("i", "span", "button", "a", "img")
        )
        or any(
            _SENDS.match(node.get("value") or node.get("alt") or node.get("title"))
            for node in tree.within(holder, "input")
            if node.get("type").lower() in ("submit", "button", "image")
        )
        or any(_SENDS.match(tree.text(node) or node.get("title")) for node in tree.within(holder, "button"))
    )


def _is_field(node: Node) -> bool:
    if node.hidden:
        return False
    if node.tag == "input":
        return (node.get("type") or "text").lower() not in _TYPES
    return node.tag in ("textarea", "select")


# The pages of a site carry the same forms: what their words say is found out once.


@lru_cache(maxsize=4096)
def _role_of(words: str) -> str:
    return next((name for name, pattern in _ROLES if pattern.search(words)), "")


@lru_cache(maxsize=4096)
def _asks(words: str) -> bool:
    return _QUERY.search(words) is not None


@lru_cache(maxsize=4096)
def _seeks(words: str) -> bool:
    return _SEARCH.search(words) is not None


_APPLIED_FOR = re.compile(r"信息公开.{0,6}申请|依申请公开.{0,4}(?:申请|表)|公开申请")
_MANY_FIELDS = 5
"""Fields from which on the form of a page called an application is one, whatever the form itself says."""


def _facts(
    tree: Tree,
    holder: Node,
    fields: list[Node],
    named: Mapping[str, str],
    action: str,
    method: str,
    *,
    applied_for: bool,
) -> FormFacts:
    befores = [None, *fields[:-1]]
    labels = [_label(tree, node, before, named) for node, before in zip(fields, befores, strict=True)]
    keys = [
        f"{node.get('name')} {node.get('id')} {node.get('placeholder')} {node.get('title')}"
        for node in fields
    ]
    around = _holder(tree, fields) if _among_rows(holder) else holder
    text = tree.text(around)[:3000] if around.tag not in ("body", "html") else ""
    roles: dict[str, None] = {}
    written = [
        n for n in fields if (n.get("type") or "text").lower() in ("text", "search", "") and n.tag == "input"
    ]
    for node, label, key in zip(fields, labels, keys, strict=True):
        role = (_role_of(label) if label else "") or _role_of(key)
        if node.tag == "textarea" and role not in ("contact", "identity"):
            role = "description"
        if role:
            roles.setdefault(role)
    everything = (
        f"{action} {holder.get('name')} {holder.mark} {' '.join(keys)} {' '.join(labels)} {text[:200]}"
    )
    if any((node.get("type") or "").lower() == "password" for node in fields) or (
        _LOGIN.search(f"{action} {holder.mark}") and len(fields) <= 4
    ):
        purpose = "login"
    elif (
        len(written) <= 3
        and not any(n.tag == "textarea" for n in fields)
        and (
            _seeks(f"{action} {holder.get('name')} {holder.mark}")
            or (len(written) == 1 and (_stands_in_search(holder) or _sends_a_search(tree, around)))
            or any(
                _asks(f"{key} {label} {node.get('value')}")
                for node, key, label in zip(fields, keys, labels, strict=True)
            )
        )
    ):
        purpose = "search"
        roles.setdefault("query")
    elif (applied_for and len(fields) >= _MANY_FIELDS) or (
        _APPLY.search(f"{text} {everything}") and len(roles) >= 2
    ):
        purpose = "application"
    elif _MESSAGE.search(everything) or (any(n.tag == "textarea" for n in fields) and len(fields) >= 3):
        purpose = "message"
    else:
        purpose = "other"
    shown = tuple(
        label or node.get("name") or node.get("id") for node, label in zip(fields, labels, strict=True)
    )
    return FormFacts(
        action=action,
        method=method,
        purpose=purpose,
        fields=tuple(name for name in shown if name)[:80],
        roles=tuple(roles),
    )


def _stands_in_search(holder: Node) -> bool:
    return any(_seeks(above.mark) for above, _ in zip(holder.up(), range(2), strict=False))


def _labels(tree: Tree) -> dict[str, str]:
    """What each field is called by a label made for it."""
    found: dict[str, str] = {}
    for node in tree.tagged("label"):
        identity = node.get("for")
        if identity and identity not in found and (text := tree.text(node)):
            found[identity] = text[:40]
    return found


def _label(tree: Tree, node: Node, before: Node | None, named: Mapping[str, str]) -> str:
    placeholder = node.get("placeholder")
    if known := named.get(node.get("id")) or _heading(tree, node):
        return known
    start = max(node.t0 - 8, before.t1 if before is not None else 0)
    parts = [" ".join(part.split()) for part in "".join(tree.seen[start : node.t0]).split("\n")]
    near = next((part for part in reversed(parts) if part and not re.fullmatch(r"[*＊:：\s]+", part)), "")
    if placeholder and near.endswith(_ENDS):
        near = ""  # a sentence above the form, and no label
    return (near[-30:].strip("*＊:： ") or placeholder)[:40]


_ENDS = ("。", "！", "；", ".")
_NEAR_CELL = 3


def _heading(tree: Tree, node: Node) -> str:
    """What a field is called that stands in a row of nothing but fields, below a row of their names."""
    cell = next((above for above in islice(node.up(), _NEAR_CELL) if above.tag == "td"), None)
    row = cell.parent if cell is not None else None
    if cell is None or row is None or row.tag != "tr" or row.parent is None or tree.text(row):
        return ""
    rows = [one for one in tree.children(row.parent) if one.tag == "tr"]
    above = rows[max(0, rows.index(row) - 1)]
    heads, own = ([one for one in tree.children(each) if one.tag in ("td", "th")] for each in (above, row))
    return tree.text(heads[own.index(cell)])[:40] if len(heads) == len(own) else ""


def _holder(tree: Tree, fields: list[Node]) -> Node:
    last = fields[-1].i
    for above in fields[0].up():
        if above.end > last:
            return above
    return tree.nodes[0]
