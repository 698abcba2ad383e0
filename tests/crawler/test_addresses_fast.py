"""The short ways through addresses lead where the long ones lead."""

from __future__ import annotations

from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from crawler import addresses
from crawler.addresses import host_of, identity, is_web, origin_of, wire

_PIECES = st.sampled_from(
    ["http://", "https://", "HTTP://", "a.gov.cn", "A.gov.cn", "b-c.cn", "a.gov.cn.", "a.gov.cn:80", "a.gov.cn:8080", "u@a.cn",
     "/", "//", "/a.html", "/政策", "/%41", "/%e6%94", "/.", "/..", "/~x", ";jsessionid=1", "?id=1", "?_=3", "#x", "#/r", "(S(abc))", " "],
)  # fmt: skip
_NEVER = addresses.re.compile(r"(?!)")


@given(st.lists(_PIECES, max_size=6).map("".join) | st.text(max_size=30))
def test_an_address_has_the_same_host_and_identity_by_the_short_way(url: str) -> None:
    with mock.patch.object(addresses, "_PLAIN", _NEVER), mock.patch.object(addresses, "_PLAIN_HOST", _NEVER):
        slow = (host_of.__wrapped__(url), identity(url))
    assert (host_of.__wrapped__(url), identity(url)) == slow


@given(st.lists(_PIECES, max_size=6).map("".join) | st.text(max_size=30))
def test_an_address_goes_over_the_wire_and_to_its_server_by_the_short_way_as_by_the_long_one(
    url: str,
) -> None:
    def both() -> tuple[str, str]:
        return (wire(url), origin_of(url)) if is_web(url) else ("", "")

    with (
        mock.patch.object(addresses, "_SENDABLE", _NEVER),
        mock.patch.object(addresses, "_PLAIN_HOST", _NEVER),
    ):
        slow = both()
    assert both() == slow


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_no_letter_is_sent_as_it_is_that_would_have_been_quoted(rest: str) -> None:
    url = f"http://a.gov.cn/{rest}"
    with mock.patch.object(addresses, "_SENDABLE", _NEVER):
        slow = wire(url)
    assert wire(url) == slow
