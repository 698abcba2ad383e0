"""The quote of a finding is marked where it stands on the archived page."""

from __future__ import annotations

from desk.web.archived import mark, quoted_text
from dossier.model import PageFacts

QUOTE = "2020-09-30 龙湾区深化道路运输安全 迈出新步伐"


def test_an_entry_quoted_with_its_date_is_found_on_a_page_that_writes_the_date_elsewhere() -> None:
    page = PageFacts(
        url="http://a.gov.cn/",
        text="(20200930)\n(20200927)",
        whole_text="首页\n龙湾区深化道路运输安全  迈出新步伐 (20200930)",
    )
    text, words = quoted_text(page, QUOTE)
    paragraphs, found = mark(text, words)
    assert found
    assert "<mark>龙湾区深化道路运输安全  迈出新步伐</mark> (20200930)" in paragraphs


def test_a_quote_that_stands_whole_in_the_body_is_marked_whole() -> None:
    page = PageFacts(url="http://a.gov.cn/", text=f"要闻\n{QUOTE}", whole_text=f"导航\n要闻\n{QUOTE}")
    assert quoted_text(page, QUOTE) == (page.text, QUOTE)


def test_a_date_alone_and_what_is_nowhere_are_left_as_they_are() -> None:
    page = PageFacts(url="http://a.gov.cn/", text="正文", whole_text="导航 正文")
    for quote in ("2020-09-30", "2020-09-30 别处的话", ""):
        assert quoted_text(page, quote) == ("正文", quote)
        assert not mark("正文", quote)[1]
