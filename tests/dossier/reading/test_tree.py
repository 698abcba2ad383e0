"""The tree that all readers share: what it sorts out in one walk must be what a walk would find."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.reading import Vocabulary
from dossier.reading.growing import grow
from dossier.reading.sieve import Sieve, fold
from dossier.reading.tree import EVERYDAY, Tree

from .conftest import REALPAGES, real_files

PAGE = """<html><head><title> 某  局 </title><meta name=SiteName content=某局></head><body>
<div class="Top Nav" id="H"><a href=/>首页</a> <b onclick="go()">进</b></div>
<ul><li><a href=/1 title=一>第<i>一</i>条</a><span>2020-01-02</span><li style="display:none"><a href=/2>藏</a></li></ul>
<table><tr><td>甲<td>乙</table><noscript><a href=/n>无</a></noscript><foo-bar>异</foo-bar><img alt=发布时间><br>
<script>var a = "<a href=/s>"</script><!-- <a href=/c>注</a> --></body></html>"""


def _trees() -> list[Tree]:
    pages = [(REALPAGES / file).read_bytes().decode("utf-8", "replace") for file in real_files()[::25]]
    return [grow(PAGE), *map(grow, pages)]


def test_elements_sorted_out_by_tag_are_those_a_walk_finds_in_its_order() -> None:
    for tree in _trees():
        for tags in (("a",), ("div", "li", "td"), ("foo-bar", "a"), ("marquee",)):
            assert tree.tagged(*tags) == [node for node in tree.nodes if node.tag in tags]
        for node in tree.nodes[:200]:
            for tag in ("a", "li", "div"):
                assert tree.within(node, tag) == [inner for inner in tree.inside(node) if inner.tag == tag]


def test_named_odd_and_veiled_elements_are_those_a_walk_finds() -> None:
    for tree in _trees():
        assert tree.named == [node for node in tree.nodes if node.mark != " "]
        assert tree.odd == [node for node in tree.nodes if node.attrs.keys() - EVERYDAY]
        assert tree.veiled == [node for node in tree.nodes if node.hidden]


def test_text_of_an_element_is_its_pieces_and_leaves_out_what_is_hidden() -> None:
    for tree in _trees():
        assert len(tree.seen) == len(tree.pieces) == len(tree.at) - 1
        for node in tree.nodes[:300]:
            assert tree.text(node) == " ".join("".join(tree.seen[node.t0 : node.t1]).split())
            whole = " ".join("".join(tree.pieces[node.t0 : node.t1]).split())
            assert tree.text(node, hidden=True) == whole
    tree = grow(PAGE)
    rows = tree.tagged("li")
    assert tree.lines(rows[0]) == ["第一条2020-01-02"]
    assert (tree.text(rows[1]), tree.text(rows[1], hidden=True)) == ("", "藏")
    assert "无" not in tree.shown
    assert "注" not in tree.shown
    assert tree.html_title == "某 局"


@pytest.mark.parametrize("reach", [1, 3, 8])
def test_pieces_near_a_sign_are_those_from_which_it_is_within_reach(reach: int) -> None:
    sign = re.compile("[条乙]")
    for tree in _trees():
        flags = tree.near(sign, reach)
        for i in range(len(tree.seen)):
            assert bool(flags[i]) == any(sign.search(piece) for piece in tree.seen[i : i + reach])


def test_a_needle_stands_in_every_text_that_its_pattern_matches(vocabulary: Vocabulary) -> None:
    samples = {
        r"cf-browser-verification": "xx CF-Browser-Verification",
        r"yunaq\.com": "www.YUNAQ.com",
        r"acw_sc__v[23]": "ACW_SC__V3",
        r"wzws_?cid": "WZWSCID",
        r"a+bcd{0,2}ef": "aabcef",
        r"x[^\]]yabc": "x-yabc",
        r"知道创宇": "由知道创宇保护",
        r"renderData.{0,20}_waf_": "RenderData = _WAF_",
        r"(one|two)": "two",
        r"(拦截|阻断)了?您的(请求|访问)": "已拦截您的访问",
        r"(请求|访问).{0,12}(被|已).{0,6}(拦截|阻断|拒绝)": "您的请求 已被 阻断",
        r"(?:one)?(a|bcde)x": "bcdex",
        r"(one)?two": "two",
        r"(wart)+(abc)*ef": "wartwartef",
        r"one|two": "two",
        r"((one|two)abc|def)": "def",
        r"(?<=one)two": "onetwo",
        r"o[n\]]ewart": "o]ewart",
    }
    for source, text in samples.items():
        pattern = re.compile(source, re.IGNORECASE)
        assert pattern.search(text)
        assert Sieve.before(pattern).finds(text, fold(text)), source
    told = [sieve.words for sign in vocabulary.challenges for sieve in sign.body]
    assert sum(map(bool, told)) * 10 > len(told) * 9


@given(
    st.text("abſkKıIi<.", max_size=12),
    st.sampled_from(["abk", "ka.b", "ib+a", "b?aak", "(abı|aba)b", "(abk|aba)"]),
)
def test_no_way_of_writing_a_letter_gets_past_a_needle(text: str, source: str) -> None:
    pattern = re.compile(source, re.IGNORECASE)
    if pattern.search(text):
        assert Sieve.before(pattern).finds(text, fold(text))


def test_a_sieve_asks_its_pattern_only_where_a_word_stands() -> None:
    sieve = Sieve("安 beian.", "公安备案|beian\\.gov", re.IGNORECASE)
    for text, found in (("公安备案", True), ("BEIAN.GOV.cn", True), ("安全", False), ("公司备案", False)):
        assert sieve.finds(text, fold(text)) is found
    assert Sieve("icp").finds("晋ICP备1号", fold("晋ICP备1号"))
