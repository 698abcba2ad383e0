"""A header says what a server could mean, or nothing; no byte of it breaks the crawl."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.headers import moment, whole_number
from crawler.hosts import seconds_of


@pytest.mark.parametrize("said", ["", "²", "١٢", "-1", "1.5", "1e9", "0x10", "9" * 5000, "12 13", "\x00"])
def test_what_is_no_number_is_none(said: str) -> None:
    assert whole_number(said) is None
    assert seconds_of(said) == 0.0


def test_a_number_is_one() -> None:
    assert whole_number(" 120 ") == 120
    assert seconds_of("120") == 120.0


@pytest.mark.parametrize(
    "said", ["", "Tue", "Tue, 01 Sep 99999999999999999999 08:00:00 GMT", "Tue, 99 Foo 2020", "\x00", "2020"]
)
def test_what_is_no_time_is_none(said: str) -> None:
    assert moment(said) is None


def test_a_time_without_a_zone_is_greenwichs() -> None:
    found = moment("Tue, 01 Sep 2020 08:00:00")
    assert found is not None
    assert found.isoformat() == "2020-09-01T08:00:00+00:00"


@given(st.text(st.characters(max_codepoint=255)))
def test_no_header_raises(said: str) -> None:
    moment(said)
    seconds_of(said)
    whole_number(said)
