"""An unchanged answer leaves a record as small as the standard allows, and still says all that was new."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from dossier.archive import ArchiveWriter, Exchange, pack_unit, read_body, read_captures
from dossier.model import Capture, KnownPage, Reach

AT = datetime(2026, 9, 30, 20, 0, tzinfo=UTC)
URLS = [f"http://a.gov.cn/{n}.html" for n in range(4)]
BODY = b"<html>the same</html>" * 60
HEADERS = (("Date", "now"), ("Server", "nginx"), ("ETag", '"e"'), ("Connection", "keep-alive"))


def _exchange(number: int, status: int = 304, headers: tuple[tuple[str, str], ...] = HEADERS) -> Exchange:
    return Exchange(
        url=URLS[number], at=AT + timedelta(seconds=number), status=status, reason="Not Modified",
        request_headers=(("User-Agent", "gongkai"),), response_headers=headers,
        body=BODY + b"%d" % number if status == 200 else b"",
    )  # fmt: skip


def _two_nights(runs: Path, tonight: list[Exchange], unit: str = "A01", part: str = "") -> list[Capture]:
    with ArchiveWriter(runs / "r1" / unit, f"{unit}{part}") as archive:
        first = [archive.add(_capture(url), [_exchange(number, 200)]) for number, url in enumerate(URLS)]
    with ArchiveWriter(runs / "r2" / unit, unit) as archive:
        for one, before in zip(tonight, first, strict=False):
            known = KnownPage(
                url=before.asked_url, sha256=before.sha256, etag='"e"', warc=f"r1/{unit}/{before.warc}", offset=before.offset
            )  # fmt: skip
            archive.add(_capture(one.url), [one], known)
    pack_unit(runs / "r2" / unit)
    return list(read_captures(runs / "r2" / unit))


def _capture(url: str) -> Capture:
    return Capture(unit_id="A01", asked_url=url, at=AT, reach=Reach.OK)


def _revisits(runs: Path, profile: str = "server-not-modified") -> list[tuple[str, str]]:
    """Address and status line of each revisit, as any WARC tool reads them; all ids differ, all blocks are typed."""
    found, names = [], set()
    with (runs / "r2" / "A01" / "A01-revisits-000.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream):
            said = record.rec_headers
            names.add(said.get_header("WARC-Record-ID"))
            assert said.get_header("WARC-Date")
            assert bool(int(said.get_header("Content-Length"))) == bool(said.get_header("Content-Type"))
            if record.rec_type == "revisit":
                assert said.get_header("WARC-Profile").endswith(f"/revisit/{profile}")
                line = record.http_headers.statusline if record.http_headers else ""
                found.append((said.get_header("WARC-Target-URI"), line))
            record.content_stream().read()
    assert len(names) == len(found) + 2  # the file's head and one request
    return found


def test_a_head_is_written_once_where_a_server_says_the_same_of_page_after_page(tmp_path: Path) -> None:
    later = tuple((name, "later" if name == "Date" else value) for name, value in HEADERS)
    captures = _two_nights(tmp_path, [_exchange(0), _exchange(1, headers=later), _exchange(2)])
    assert _revisits(tmp_path) == [(URLS[0], "304 Not Modified"), (URLS[1], ""), (URLS[2], "")]
    for number, capture in enumerate(captures):
        assert read_body(tmp_path, "r2", "A01", capture) == BODY + b"%d" % number


def test_a_head_that_says_something_new_is_written_whole(tmp_path: Path) -> None:
    other_mark = tuple((name, '"other"' if name == "ETag" else value) for name, value in HEADERS)
    other_server = tuple((name, "waf" if name == "Server" else value) for name, value in HEADERS)
    tonight = [
        _exchange(0),
        _exchange(1, headers=other_mark),
        _exchange(2, headers=other_server),
        _exchange(3),
    ]
    _two_nights(tmp_path, tonight)
    assert [line for _, line in _revisits(tmp_path)] == ["304 Not Modified"] * 4


def test_the_status_of_an_answer_that_is_no_304_is_always_written(tmp_path: Path) -> None:
    captures = _two_nights(tmp_path, [_exchange(number, 200) for number in range(3)])
    assert len(captures) == 3
    assert [line for _, line in _revisits(tmp_path, "identical-payload-digest")] == ["200 Not Modified"] * 3


def test_an_address_that_is_no_uri_still_gets_a_name_that_is_one(tmp_path: Path) -> None:
    strange = replace(_exchange(0), url="http://a.gov.cn/<a>#b#c")
    _two_nights(tmp_path, [strange, _exchange(1)])
    content = (tmp_path / "r2" / "A01" / "A01-revisits-000.warc.gz").open("rb")
    with content:
        names = [one.rec_headers.get_header("WARC-Record-ID") for one in ArchiveIterator(content)]
    assert names[2].startswith("<urn:uuid:")
    assert names[3].startswith(f"<{URLS[1]}#2026-09-30T20:00:01")


def test_a_body_in_a_further_part_of_an_archive_is_found(tmp_path: Path) -> None:
    captures = _two_nights(tmp_path, [_exchange(0), _exchange(1)], part="-other")
    for number, capture in enumerate(captures):
        assert read_body(tmp_path, "r2", "A01", capture) == BODY + b"%d" % number


def test_records_of_unchanged_answers_are_small(tmp_path: Path) -> None:
    _two_nights(tmp_path, [_exchange(0)])
    path = tmp_path / "r2" / "A01" / "A01-revisits-000.warc.gz"
    one = path.stat().st_size
    for file in (tmp_path / "r2" / "A01").iterdir():
        file.unlink()
    _two_nights(tmp_path, [_exchange(number) for number in range(4)])
    assert (path.stat().st_size - one) / 3 < 260
