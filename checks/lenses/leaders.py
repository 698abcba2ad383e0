"""A page names a leader where a person's name stands beside a post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.lens import lens
from checks.lenses.names import is_name, may_be_name
from checks.lenses.navigation import facts_of
from checks.lenses.organs import leaders_pages, words_of
from dossier.model import Page, SiteSnapshot

POSTS = (
    r"(?:副?(?:市|县|区|厅|局|主任|省|州|秘书|会|院|校|台|行|部|处|队|社|所|馆|站)长|副?主任|副?书记|巡视员|调研员|党组成员|"
    r"纪检组长|总工程师|总经济师|总规划师|秘书长|检察长|副?主席|参事|主席)"
)
_NEXT = re.compile(r"[\s：:、，,|（(]*(?P<name>[一-鿿·]{2,4})(?P<on>[一-鿿]{0,2})")
_BEFORE = re.compile(rf"(?<![一-鿿])(?P<name>[一-鿿·]{{2,4}})[\s：:、，,|（(]+[^\n]{{0,16}}{POSTS}")
_RUN_ON = re.compile(r"(?P<name>[一-鿿]{2,3}?)(?=同志|简历|主持|分管|负责|出席|分工|简介)")
_GLUED = re.compile(rf"(?:^|(?<=[\s|]))(?P<name>[一-鿿]{{2,3}}?)(?=(?:党组|党委|纪委)?{POSTS})", re.MULTILINE)
"""A name right before a post with nothing between, as pages have it whose style sheet sets them apart."""
_LABELLED = re.compile(r"姓\s*名[\s：:|]*(?P<name>[一-鿿·]{2,4})(?![一-鿿])")
_OF_A_LIFE = re.compile(r"(?<![一-鿿])(?P<name>[一-鿿·]{2,4}?)(?:同志|[，,、]\s*[男女][，,、])")
"""How a curriculum vitae begins: 王建国同志，男，汉族……"""
_ALONE = re.compile(r"(?<![一-鿿])[一-鿿]{2,3}(?![一-鿿])")
_POST = re.compile(POSTS)
_SPACED = re.compile(r"(?<![一-鿿])([一-鿿])[ \u3000\xa0]+([一-鿿])(?![一-鿿])")


@dataclass(frozen=True)
class Named:
    """What the leaders' pages say: the page and the words."""

    sure: tuple[Page, str] | None = None
    perhaps: tuple[Page, str] | None = None
    """A post with something beside it that may be a name, of a surname that is not known."""


@lens
def named_leaders(site: SiteSnapshot) -> Named:
    """The first leader whom the leaders' pages name."""
    perhaps: tuple[Page, str] | None = None
    for page in leaders_pages(site):
        facts = facts_of(page)
        words = "\n".join((words_of(site, page), *(link.text for link in facts.links), facts.whole_text))
        for name, quote in _candidates(_SPACED.sub(r"\1\2", words)):
            if is_name(name):
                return Named(sure=(page, quote))
            perhaps = perhaps or (page, quote)
        alone = (word for word in _ALONE.findall(_SPACED.sub(r"\1\2", facts_of(page).text)) if is_name(word))
        if perhaps is None and (word := next(alone, "")):
            perhaps = (page, word)
    return Named(perhaps=perhaps)


def names_a_leader(page: Page) -> bool:
    """Whether a page itself tells a post with somebody beside it."""
    return next(_candidates(_SPACED.sub(r"\1\2", facts_of(page).text)), None) is not None


def _candidates(words: str) -> Iterator[tuple[str, str]]:
    """Each name that stands, or may stand, right after a post or right before one, with the words of both."""
    for post in _POST.finditer(words):
        beside = _RUN_ON.match(words, post.end()) or _NEXT.match(words, post.end())
        if beside and not (beside.re is _NEXT and beside["on"]):  # running text has no name there
            yield from _named(beside, post[0] + beside[0])
    for glued in _GLUED.finditer(words):
        if is_name(glued["name"]):
            yield from _named(glued, words[glued.start() : glued.end() + 12])
    alone = (*_BEFORE.finditer(words), *_LABELLED.finditer(words), *_OF_A_LIFE.finditer(words))
    for before in alone:
        yield from _named(before, before[0])


def _named(match: re.Match[str], quote: str) -> Iterator[tuple[str, str]]:
    if may_be_name(match["name"]) and not _POST.search(match["name"]):
        yield match["name"], " ".join(quote.split())
