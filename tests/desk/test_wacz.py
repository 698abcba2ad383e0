"""The evidence of one finding opens in other people's tools: a WACZ whose every file is named by its digest."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from homes import body, small_home
from warcio.archiveiterator import ArchiveIterator

from desk.cli import registered
from dossier.archive.wacz import key_of

NUMBER = "A01-2020-0001"


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    small_home(tmp_path / "home")
    out = tmp_path / "one.wacz"
    done = CliRunner().invoke(
        registered(), ["evidence", "export", NUMBER, "--out", str(out), "--home", str(tmp_path / "home")]
    )
    assert done.exit_code == 0, done.output
    return out


def test_every_file_in_it_is_named_with_its_digest_and_length(exported: Path) -> None:
    with zipfile.ZipFile(exported) as packed:
        package = json.loads(packed.read("datapackage.json"))
        listed = {one["path"]: one for one in package["resources"]}
        assert {
            "archive/data.warc.gz",
            "indexes/index.cdxj",
            "pages/pages.jsonl",
            "evidence/index.html",
        } <= listed.keys()
        assert set(packed.namelist()) - listed.keys() == {"datapackage.json", "datapackage-digest.json"}
        for name, one in listed.items():
            content = packed.read(name)
            assert one["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
            assert one["bytes"] == len(content)
        digest = json.loads(packed.read("datapackage-digest.json"))
        assert digest["hash"] == "sha256:" + hashlib.sha256(packed.read("datapackage.json")).hexdigest()
        assert packed.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED


def test_each_page_is_found_by_the_index_and_is_what_was_archived(exported: Path) -> None:
    with zipfile.ZipFile(exported) as packed:
        warc = packed.read("archive/data.warc.gz")
        first, *pages = [json.loads(line) for line in packed.read("pages/pages.jsonl").splitlines()]
        lines = packed.read("indexes/index.cdxj").decode().splitlines()
    assert first["format"] == "json-pages-1.0"
    assert pages
    assert lines == sorted(lines)
    entries = [json.loads(line.split(" ", 2)[2]) for line in lines]
    for page in pages:
        found = [one for one in entries if one["url"] == page["url"] and one["mime"] == "text/html"]
        assert found, page
        begin = int(found[0]["offset"])
        record = next(iter(ArchiveIterator(io.BytesIO(warc[begin : begin + int(found[0]["length"])]))))
        assert record.content_stream().read() == body(page["url"])


def test_the_same_export_is_the_same_bytes_but_for_its_hour(exported: Path) -> None:
    with zipfile.ZipFile(exported) as packed:
        sheet = packed.read("evidence/index.html").decode()
    assert NUMBER in sheet
    assert "<script" not in sheet


def test_the_reference_tool_takes_it(exported: Path) -> None:
    wacz = pytest.importorskip("wacz.main", reason="the reference tool is not installed")
    assert wacz.main(["validate", "-f", str(exported)]) == 0


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.example.gov.cn/A/b.html?b=2&a=1", "cn,gov,example)/a/b.html?a=1&b=2"),
        ("https://example.gov.cn:8443", "cn,gov,example:8443)/"),
        ("http://[bad", "http://[bad"),
    ],
)
def test_an_address_is_sorted_by_its_host_turned_around(url: str, key: str) -> None:
    assert key_of(url) == key
