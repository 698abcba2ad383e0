"""A tag may be long; it may not hold up everybody."""

from __future__ import annotations

from dossier.reading.guard import OPTION_BOUND, bounded


def test_a_tag_of_very_many_attributes_keeps_its_first() -> None:
    many = " ".join(f"a{n}=1" for n in range(50_000))
    html, _ = bounded(f"<html><body><p {many}>前</p><a href='/x.html' {many}>链接</a><p>后</p></body></html>")
    assert len(html) < 20_000
    assert "前" in html
    assert "<a href='/x.html' a0=1" in html
    assert html.endswith(">链接</a><p>后</p></body></html>")


def test_long_words_in_quotes_are_one_attribute() -> None:
    text = "文 " * 20_000
    for page in (
        f"<p title=\"{text}\" class='x'>前</p><p>后</p>",
        f"<p title='{text}'>前</p><p>后</p>",
        f'<p data-x="1 > 0 {text}">前</p>',
        f'<p title="it\'s {text}">前</p>',
        f"<img src='data:image/png;base64,{'A' * 90_000}' alt='图'><p>后</p>",
    ):
        assert bounded(page)[0] == page


def test_a_list_to_choose_from_without_end_keeps_its_first_and_all_its_words() -> None:
    page = "<select>" + "".join(f"<option value='/{n}'>第{n}项</option>" for n in range(3 * OPTION_BOUND))
    html, cut = bounded(page + "</select><p>后</p>")
    assert cut
    assert html.count("<option") == OPTION_BOUND
    assert f"第{3 * OPTION_BOUND - 1}项</option></select><p>后</p>" in html
