"""A box that a site's pages repeat is known again, and says on each page what it says on its own."""

from __future__ import annotations

from typing import Any

import pytest

from dossier.reading import growing, repeated
from dossier.reading.growing import grow
from dossier.reading.tree import Tree

MENU = (
    '<div class="nav" id="top"><ul>'
    + "".join(f'<li><a href="/c{n}/" title="栏目">栏目 {n}</a>\n</li>' for n in range(12))
    + '</ul><div style="display:none"><a href="/x" data-u="1">藏</a></div><!-- begin menu -->'
    "<script>var a = 1;</script><img alt='发布时间' src='/t.gif'></div>"
)


@pytest.fixture(autouse=True)
def nothing_met() -> None:
    repeated.forget()


def told(tree: Tree) -> Any:
    """All that readers may ask of a tree."""
    return (
        [
            (n.tag, n.attrs, n.i, n.end, n.t0, n.t1, n.hidden, n.mark, n.parent and n.parent.i, tree.text(n))
            for n in tree.nodes
        ],
        {tag: [n.i for n in found] for tag, found in tree.by_tag.items()},
        [[n.i for n in found] for found in (tree.named, tree.odd, tree.veiled)],
        [(n.i, code) for n, code in tree.scripts],
        (
            tree.pieces,
            tree.seen,
            tree.seen is tree.pieces,
            tree.shown,
            tree.at,
            tree.comments,
            tree.html_title,
        ),
    )


def page(before: str, after: str, style: str = "", menu: str = MENU) -> str:
    return f"<html><head><title>甲</title>{style}</head><body>{before}{menu}<p>文</p>{after}</body></html>"


@pytest.mark.parametrize(
    "html",
    [
        page("", ""),
        page("<p>前</p><b>粗", "<div>后</div>"),
        page('<p style="display:none">藏</p>', "<a href=/y>乙</a>"),
        page("<div hidden>", "</div>"),
        page("", "", style="<style>.nav{display:none}</style>"),
        page("<table><tr>", "</table>"),
        page("", MENU),
    ],
)
def test_a_page_with_a_known_menu_has_the_elements_of_one_that_is_walked(html: str) -> None:
    alone = told(grow(html))
    repeated._met.clear()
    for number in range(3):
        grow(page(f"<p>{number}</p>", ""))
    assert repeated._parts
    assert told(grow(html)) == alone
    assert told(grow(html)) == alone


def test_a_menu_met_twice_is_not_walked_a_third_time(monkeypatch: pytest.MonkeyPatch) -> None:
    put: list[int] = []
    real = repeated.put
    if growing.__file__.endswith(".py"):
        monkeypatch.setattr(
            growing, "put", lambda tree, part, parent: (put.append(1), real(tree, part, parent))
        )
    for number in range(4):
        grow(page("", f"<p>{number}</p>"))
    assert len(repeated._parts) == 1
    assert not growing.__file__.endswith(".py") or len(put) == 2


def test_each_page_has_elements_of_its_own() -> None:
    first, second, third = (grow(page("", f"<p>{number}</p>")) for number in range(3))
    fourth = grow(page("<p>前</p>", ""))
    assert {id(n) for n in third.nodes}.isdisjoint(id(n) for n in fourth.nodes)
    assert all(n.parent is None or fourth.nodes[n.parent.i] is n.parent for n in fourth.nodes)
    assert len(first.nodes) == len(second.nodes) == len(third.nodes) == len(fourth.nodes)


def test_what_the_page_hides_by_its_style_is_hidden_in_a_known_menu_too() -> None:
    for _ in range(3):
        assert not grow(page("", "")).by_tag["ul"][0].hidden
    for _ in range(3):
        veiled = grow(page("", "", style="<style>.nav{display:none}</style>"))
        assert veiled.by_tag["ul"][0].hidden == "display-none"


def test_text_that_looks_like_mark_up_is_never_taken_for_it() -> None:
    """Inside a drawing the parser writes `<b>` for the letters and for the element alike."""
    drawn = '<div class="nav">' + "x" * 200 + "<svg><style>&lt;a href='/q'&gt;</style></svg></div>"
    for _ in range(4):
        grow(page("", "", menu=drawn))
    assert not repeated._parts


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    if not repeated.__file__.endswith(".py"):
        pytest.skip("bounds are constants to the compiler")
    monkeypatch.setattr(repeated, "_MOST_KEPT", 5_000)
    monkeypatch.setattr(repeated, "_MOST_MET", 20)
    for number in range(40):
        for _ in range(3):
            grow(page("", "", menu=MENU.replace("栏目", f"栏{number}")))
        assert sum(part.weight for part in repeated._parts.values()) <= 5_000
        assert len(repeated._met) <= 20
    huge = "<div>" + "<div>字" * 400 + "</div>" * 401
    for _ in range(3):
        grow(page("", "", menu=huge))
    assert all(len(key[0]) < 5_000 for key in repeated._parts)
