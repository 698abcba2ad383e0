"""What was fetched can be shown again, and whatever was changed, lost or torn since is found."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from dossier.archive import (
    ArchiveWriter,
    BodyMissing,
    DigestMismatch,
    Exchange,
    ManifestBroken,
    close_folder,
    pack_unit,
    read_body,
    read_captures,
    read_facts,
    read_report,
    verify,
    write_report,
)
from dossier.model import Capture, KnownPage, Reach, UnitReport

AT = datetime(2020, 12, 1, 3, 0, tzinfo=UTC)


def _capture(url: str, **more: object) -> Capture:
    return Capture(unit_id="A01", asked_url=url, at=AT, reach=Reach.OK, **more)  # type: ignore[arg-type] # test values


def _exchange(url: str, body: bytes = b"", status: int = 200, **headers: str) -> Exchange:
    given = {
        "Content-Type": "text/html",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return Exchange(
        url=url,
        at=AT,
        status=status,
        reason="OK",
        request_headers=(("User-Agent", "gongkai"),),
        response_headers=tuple(given.items()),
        body=body,
    )


def _close(folder: Path) -> None:
    write_report(
        folder,
        UnitReport(unit_id="A01", run_id=folder.parent.name, started=AT, finished=AT, finish="finished"),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "r1" / "A01"


def test_a_kept_body_comes_back_as_it_was(folder: Path) -> None:
    url = "http://a.gov.cn/政策.html?x=1"
    body = "正文\r\n\r\n空行之后".encode("gb18030")
    with ArchiveWriter(folder, "A01") as archive:
        placed = archive.add(
            _capture(url),
            [
                _exchange(
                    url, body, Content_Encoding="gzip", Content_Length="9", Set_Cookie="a=1", Server="名字"
                )
            ],
        )
        empty = archive.add(_capture("http://a.gov.cn/empty"), [_exchange("http://a.gov.cn/empty")])
        silent = archive.add(_capture("http://a.gov.cn/silent"))
    _close(folder)
    assert placed.sha256 == hashlib.sha256(body).hexdigest()
    assert (placed.length, empty.sha256, silent.warc) == (len(body), "", "")
    assert read_captures(folder) == (placed, empty, silent)
    assert read_body(folder.parent.parent, "r1", "A01", placed) == body
    assert read_body(folder.parent.parent, "r1", "A01", empty) == b""
    with pytest.raises(BodyMissing):
        read_body(folder.parent.parent, "r1", "A01", silent)
    assert verify(folder) == []


def test_any_warc_tool_can_read_the_archive(folder: Path) -> None:
    url = "http://a.gov.cn/a.html"
    with ArchiveWriter(folder, "A01") as archive:
        moved = _exchange(url, b"moved", 302, Location="/b.html")
        archive.add(
            _capture(url, redirects=(url,)), [moved, _exchange("http://a.gov.cn/b.html", b"<html>b</html>")]
        )
    seen = []
    with (folder / "A01-000.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            text = record.content_stream().read()
            line = record.http_headers.statusline if record.http_headers else ""
            seen.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), line, text))
    assert [each[:3] for each in seen[1:]] == [
        ("response", url, "302 OK"),
        ("request", url, "/a.html HTTP/1.1"),
        ("response", "http://a.gov.cn/b.html", "200 OK"),
        ("request", "http://a.gov.cn/b.html", "/b.html HTTP/1.1"),
    ]
    assert seen[0][0] == "warcinfo"
    assert seen[3][3] == b"<html>b</html>"


def test_an_unchanged_body_stands_only_once(tmp_path: Path) -> None:
    url, body = "http://a.gov.cn/a.html", b"unchanged" * 50
    with ArchiveWriter(tmp_path / "r1" / "A01", "A01") as archive:
        first = archive.add(_capture(url), [_exchange(url, body)])
    known = KnownPage(url=url, sha256=first.sha256, warc=f"r1/A01/{first.warc}", offset=first.offset)
    with ArchiveWriter(tmp_path / "r2" / "A01", "A01") as archive:
        same = archive.add(_capture(url), [_exchange(url, body)], known)
        spared = archive.add(_capture(url, length=len(body)), [_exchange(url, b"", 304)], known)
        other = archive.add(_capture(url), [_exchange(url, b"new words")], known)
    _close(tmp_path / "r2" / "A01")
    for capture in (same, spared):
        assert capture.revisit_of == "r1/A01-000.warc.gz"
        assert (capture.sha256, capture.length) == (first.sha256, len(body))
        assert read_body(tmp_path, "r2", "A01", capture) == body
    assert other.revisit_of == ""
    assert read_body(tmp_path, "r2", "A01", other) == b"new words"
    assert verify(tmp_path / "r2" / "A01") == []
    (tmp_path / "r1" / "A01" / "A01-000.warc.gz").unlink()
    assert {fault.kind for fault in verify(tmp_path / "r2" / "A01")} == {"missing-body"}


def test_a_line_torn_by_a_kill_costs_only_itself(folder: Path) -> None:
    with ArchiveWriter(folder, "A01") as archive:
        kept = archive.add(_capture("http://a.gov.cn/1"), [_exchange("http://a.gov.cn/1", b"one")])
    path = folder / "captures.jsonl"
    path.write_bytes(path.read_bytes() + b'{"unit_id":"A01","asked_u')
    assert read_captures(folder) == (kept,)
    assert read_report(folder) is None
    assert {fault.kind for fault in verify(folder)} == {"torn-line", "no-report"}
    with ArchiveWriter(folder, "A01") as archive:
        more = archive.add(_capture("http://a.gov.cn/2"), [_exchange("http://a.gov.cn/2", b"two")])
    assert more.warc == "A01-001.warc.gz"
    assert read_captures(folder) == (kept, more)
    (folder / "facts.jsonl").write_bytes(b'{"sha256":"x","url":"u","facts":{"url":"u"}}\n{"sha')
    assert [record.url for record in read_facts(folder)] == ["u"]


def test_changed_bytes_are_found(folder: Path) -> None:
    url = "http://a.gov.cn/1"
    with ArchiveWriter(folder, "A01") as archive:
        placed = archive.add(_capture(url), [_exchange(url, b"what was fetched" * 40)])
    _close(folder)
    lie = (folder / "captures.jsonl").read_bytes().replace(placed.sha256.encode(), b"0" * 64)
    (folder / "captures.jsonl").write_bytes(lie)
    assert [fault.kind for fault in verify(folder)] == ["digest"]
    with pytest.raises(DigestMismatch):
        read_body(folder.parent.parent, "r1", "A01", read_captures(folder)[0])
    raw = bytearray((folder / placed.warc).read_bytes())
    raw[placed.offset + 200] ^= 0xFF
    (folder / placed.warc).write_bytes(bytes(raw))
    with pytest.raises(BodyMissing):
        read_body(folder.parent.parent, "r1", "A01", placed)
    assert verify(folder) != []


def test_missing_and_extra_records_are_found(folder: Path) -> None:
    with ArchiveWriter(folder, "A01") as archive:
        for name in ("1", "2"):
            archive.add(
                _capture(f"http://a.gov.cn/{name}"), [_exchange(f"http://a.gov.cn/{name}", name.encode())]
            )
    _close(folder)
    path = folder / "captures.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0])
    assert [(fault.kind, fault.url) for fault in verify(folder)] == [("extra-record", "http://a.gov.cn/2")]
    path.write_bytes(b"".join(lines))
    archive_path = folder / "A01-000.warc.gz"
    archive_path.write_bytes(archive_path.read_bytes()[:-300])
    assert {"torn-archive", "missing-body"} & {fault.kind for fault in verify(folder)}
    archive_path.unlink()
    assert {fault.kind for fault in verify(folder)} == {"missing-file"}


def test_an_archive_is_cut_into_parts(folder: Path) -> None:
    with ArchiveWriter(folder, "A01", part_bytes=2000) as archive:
        placed = [
            archive.add(
                _capture(f"http://a.gov.cn/{n}"), [_exchange(f"http://a.gov.cn/{n}", bytes([n]) * 10)]
            )
            for n in range(12)
        ]
    _close(folder)
    assert len({capture.warc for capture in placed}) > 2
    assert verify(folder) == []
    assert all(
        read_body(folder.parent.parent, "r1", "A01", c) == bytes([n]) * 10 for n, c in enumerate(placed)
    )


def test_a_unit_without_an_address_has_nothing_to_show_and_no_fault(folder: Path) -> None:
    report = UnitReport(unit_id="A01", run_id="r1", started=AT, finished=AT, finish="no-address")
    write_report(folder, report)
    assert verify(folder) == []
    _close(folder)
    assert [fault.kind for fault in verify(folder)] == ["missing-file"]


def _two_nights(runs: Path) -> tuple[list[Capture], list[Capture]]:
    """A night with three pages and one 'not found' twice; a second on which two pages did not change."""
    urls = [f"http://a.gov.cn/{n}.html" for n in range(3)]
    bodies = [f"<html>{url}</html>".encode() * 40 for url in urls]
    lost = b"<html>not here</html>" * 50
    with ArchiveWriter(runs / "r1" / "A01", "A01") as archive:
        first = [
            archive.add(
                _capture(url, status=200, etag='"e"', content_type="text/html"), [_exchange(url, body)]
            )
            for url, body in zip(urls, bodies, strict=True)
        ]
        for name in ("x", "y"):
            url = f"http://a.gov.cn/{name}"
            first.append(archive.add(_capture(url, status=404), [_exchange(url, lost, 404)]))
    pack_unit(runs / "r1" / "A01")
    _close(runs / "r1" / "A01")
    known = [
        KnownPage(url=one.asked_url, sha256=one.sha256, warc=f"r1/A01/{one.warc}", offset=one.offset)
        for one in first[:3]
    ]
    with ArchiveWriter(runs / "r2" / "A01", "A01") as archive:
        second = [
            archive.add(
                _capture(urls[0], status=304, etag='"e"', content_type="text/html", length=first[0].length),
                [_exchange(urls[0], b"", 304)], known[0],
            ),
            archive.add(_capture(urls[1], status=200, referrer="http://a.gov.cn/"), [_exchange(urls[1], bodies[1])], known[1]),
            archive.add(_capture(urls[2], status=200), [_exchange(urls[2], b"new" * 300)], known[2]),
            archive.add(_capture("http://a.gov.cn/silent")),
        ]  # fmt: skip
    pack_unit(runs / "r2" / "A01")
    _close(runs / "r2" / "A01")
    return first, second


def test_a_packed_night_says_what_it_said_before_it_was_packed(tmp_path: Path) -> None:
    first, second = _two_nights(tmp_path)
    folder = tmp_path / "r2" / "A01"
    assert read_captures(tmp_path / "r1" / "A01") == tuple(first)
    assert read_captures(folder) == tuple(second)
    assert sorted(path.name for path in folder.iterdir()) == [
        "A01-000.warc.gz", "A01-revisits-000.warc.gz", "captures.jsonl.gz", "unit.json",
    ]  # fmt: skip
    assert second[0].revisit_of == second[1].revisit_of == "r1/A01-000.warc.gz"
    for capture, before in zip(second[:2], first, strict=False):
        assert read_body(tmp_path, "r2", "A01", capture) == read_body(tmp_path, "r1", "A01", before)
    assert verify(tmp_path / "r1" / "A01") == verify(folder) == []


def test_one_not_found_page_is_kept_once_however_often_it_was_shown(tmp_path: Path) -> None:
    first, _ = _two_nights(tmp_path)
    assert first[3].revisit_of == ""
    assert first[4].revisit_of == "r1/A01-000.warc.gz"
    assert read_body(tmp_path, "r1", "A01", first[4]) == read_body(tmp_path, "r1", "A01", first[3])


def test_any_warc_tool_finds_the_unchanged_answers_in_a_packed_file(tmp_path: Path) -> None:
    _, second = _two_nights(tmp_path)
    found = []
    with (tmp_path / "r2" / "A01" / "A01-revisits-000.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream):
            status = record.http_headers.get_statuscode() if record.rec_type == "revisit" else ""
            record.content_stream().read()
            found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), status))
    assert found == [
        ("warcinfo", None, ""),
        ("request", second[0].asked_url, ""),
        ("revisit", second[0].asked_url, "304"),
        ("revisit", second[1].asked_url, "200"),
    ]


def test_an_open_night_can_be_read_and_is_found_sound_before_it_is_packed(tmp_path: Path) -> None:
    first, _ = _two_nights(tmp_path)
    known = KnownPage(
        url=first[0].asked_url, sha256=first[0].sha256, warc=f"r1/A01/{first[0].warc}", offset=first[0].offset
    )
    folder = tmp_path / "r3" / "A01"
    with ArchiveWriter(folder, "A01") as archive:
        placed = archive.add(_capture(known.url), [_exchange(known.url, b"", 304)], known)
        assert read_captures(folder) == (placed,)
        assert read_body(tmp_path, "r3", "A01", placed) == read_body(tmp_path, "r1", "A01", first[0])
    _close(folder)
    assert verify(folder) == []
    with (folder / placed.warc).open("ab") as end:
        end.write(b"WARC/1.1\r\nWARC-Type: revisit\r\nContent-Le")
    assert {fault.kind for fault in verify(folder)} == {"torn-archive"}
    assert close_folder(folder) == (placed.warc,)
    assert verify(folder) == []


def test_a_packed_night_that_goes_on_is_laid_open_again(tmp_path: Path) -> None:
    _, second = _two_nights(tmp_path)
    folder = tmp_path / "r2" / "A01"
    with ArchiveWriter(folder, "A01") as archive:
        more = archive.add(_capture("http://a.gov.cn/9"), [_exchange("http://a.gov.cn/9", b"nine")])
    assert read_captures(folder) == (*second, more)
    assert verify(folder) == []
    pack_unit(folder)
    assert read_captures(folder) == (*second, more)
    assert verify(folder) == []


def test_lines_and_records_taken_from_a_packed_night_are_missed(tmp_path: Path) -> None:
    _two_nights(tmp_path)
    folder = tmp_path / "r2" / "A01"
    path = folder / "captures.jsonl.gz"
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(lines[1:])))
    assert [fault.kind for fault in verify(folder)] == ["extra-record"]
    path.write_bytes(gzip.compress(b"".join(lines).replace(b"A01-000.warc.gz@", b"A01-009.warc.gz@")))
    assert "missing-line" in {fault.kind for fault in verify(folder)}
    with pytest.raises(ManifestBroken):
        read_captures(folder)
    path.write_bytes(gzip.compress(b"".join(lines)))
    assert verify(folder) == []
    (tmp_path / "r1" / "A01" / "captures.jsonl").unlink()
    assert {fault.kind for fault in verify(folder)} >= {"missing-line"}


def _members(packed: bytes) -> list[int]:
    """Where the members of a gzip file begin."""
    starts, rest = [], packed
    while rest:
        starts.append(len(packed) - len(rest))
        member = zlib.decompressobj(wbits=31)
        member.decompress(rest)
        rest = member.unused_data
    return starts


def test_any_flipped_bit_of_a_packed_night_is_found(tmp_path: Path) -> None:
    _two_nights(tmp_path)
    folder = tmp_path / "r2" / "A01"
    for name in ("A01-revisits-000.warc.gz", "captures.jsonl.gz"):
        content = (folder / name).read_bytes()
        for place in range(20, len(content) - 8, 17):
            members = _members(content)
            if any(start + 4 <= place < start + 10 for start in members):
                continue  # time, effort and system in a member's head have no check sum: the run's seal answers for them
            if place in {end - 9 for end in (*members, len(content))}:
                continue  # nor have the bits that fill up a member's last byte
            changed = bytearray(content)
            changed[place] ^= 1 << (place % 8)
            (folder / name).write_bytes(changed)
            os.utime(folder / name, ns=(place, place))
            assert verify(folder), (name, place)
        (folder / name).write_bytes(content)
    assert verify(folder) == []
