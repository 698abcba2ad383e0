"""Sites that break every rule, through the real crawler and the real reading: bounded, archived, and nobody else harmed."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.guard import is_inner_name
from dossier.archive import verify
from dossier.model import Purpose, Reach
from tests.crawler.conftest import start_crawl, unit
from tests.crawler.hostile import Wicked, Wild
from tests.crawler.hostile_pages import PAGES
from tests.crawler.hostile_wire import WIRE
from tests.crawler.test_hostile import BAD, CASES, GOOD, LIMIT, Night

GROUPS: dict[str, dict[str, Wicked]] = {"wire": WIRE, "pages": PAGES}
NAMES = [(group, name) for group, cases in GROUPS.items() for name in cases]
MOST_MEGABYTES = 900
_nights: dict[str, Night] = {}
_broken: set[str] = set()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("sites")
    _nights.clear()


def night_of(group: str, folder: Path) -> Night:
    """One crawl over all sites of a group; each group is crawled once."""
    if group in _broken:
        pytest.fail(f"the crawl of {group} did not end")  # once is enough to know it
    if group not in _nights:
        _broken.add(group)
        with Wild(GROUPS[group]) as wild:
            began = time.monotonic()
            crawled = start_crawl(
                folder / group, wild.proxy, unit("A01", f"{BAD}/"), unit("A02", f"{GOOD}/"),
                real=True, timeout_seconds=3.0, max_body_bytes=LIMIT, max_pages=700, max_external=60,
                concurrency_per_host=4, patience=900,
            )  # fmt: skip
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            _broken.discard(group)
            _nights[group] = Night(crawled, wild, time.monotonic() - began, peak)
    return _nights[group]


def test_there_are_more_than_a_hundred_and_each_has_a_name_of_its_own() -> None:
    names = [*CASES, *WIRE, *PAGES]
    assert len(names) >= 100
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("group", "name"), NAMES)
def test_each_is_asked_and_leaves_a_bounded_answer(group: str, name: str, folder: Path) -> None:
    night = night_of(group, folder)
    tries = night.crawled.tries(f"{BAD}/{name}")
    assert 1 <= len(tries) <= 6, night.crawled.stderr[-2000:]
    assert all(each.length <= LIMIT for each in tries)
    assert all(len(each.redirects) <= 10 for each in tries)
    assert all(len(each.reason) < 100 for each in tries)


@pytest.mark.parametrize("group", list(GROUPS))
def test_the_other_unit_is_whole_and_the_process_bounded(group: str, folder: Path) -> None:
    night = night_of(group, folder)
    assert night.crawled.code == 0, night.crawled.stderr[-3000:]
    assert night.peak_megabytes < MOST_MEGABYTES
    assert night.crawled.report("A01").finish in ("finished", "budget")
    assert night.crawled.report("A02").finish == "finished"
    seen = [each for each in night.crawled.captures("A02") if each.reach is Reach.OK]
    assert len([each for each in seen if each.purpose is Purpose.PAGE]) == 31


@pytest.mark.parametrize("group", list(GROUPS))
def test_no_door_of_our_own_house_was_knocked_at(group: str, folder: Path) -> None:
    night = night_of(group, folder)
    knocked = {host for host, _, _ in night.wild.asked if is_inner_name(_bare(host))}
    assert not knocked, knocked


@pytest.mark.parametrize("group", list(GROUPS))
def test_nothing_hostile_is_gone_but_what_says_so(group: str, folder: Path) -> None:
    gone = {each.asked_url for each in night_of(group, folder).crawled.captures() if each.reach is Reach.GONE}
    said = {
        "page.pdf",
        "no-content-with-body",
        "two-places",
        "place-backslash",
        "place-with-break",
    }  # these lead to a 404
    assert not gone & {f"{BAD}/{name}" for name in GROUPS[group] if name not in said}


@pytest.mark.parametrize("group", list(GROUPS))
def test_no_cookie_goes_to_another_site_and_no_form_is_sent(group: str, folder: Path) -> None:
    asked = night_of(group, folder).wild.asked
    assert not [path for host, path, cookie in asked if host.startswith("good") and cookie]
    assert not [path for _, path, _ in asked if "delete" in path]


@pytest.mark.parametrize("group", list(GROUPS))
def test_the_archive_of_it_is_sound_and_nothing_was_smuggled_into_it(group: str, folder: Path) -> None:
    night = night_of(group, folder)
    assert verify(night.crawled.out / "A01") == []
    assert {each.unit_id for each in night.crawled.captures()} == {"A01"}
    assert not Path("/tmp/gongkai-evil").exists()


@pytest.mark.parametrize("group", list(GROUPS))
def test_the_log_shows_no_control_characters(group: str, folder: Path) -> None:
    said = night_of(group, folder).crawled.stderr
    assert not [letter for letter in said if ord(letter) < 32 and letter not in "\n\r\t"]


def _bare(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0].strip("[]")
    return host.rpartition("@")[2].partition(":")[0].lower()
