"""What was accused is drawn from the archive alone, and the fault is outlined where it stands."""

from __future__ import annotations

import hashlib
import shutil
import struct
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dossier.archive import ArchiveWriter, Exchange
from dossier.model import Capture, Reach

ROOT = Path(__file__).parents[2]
URL = "http://www.example.gov.cn/zwgk/1.html"
BROWSER = any(
    shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
)
needs_browser = pytest.mark.skipif(not BROWSER, reason="no browser on this machine")


def _kept(runs: Path, body: bytes, kind: str = "text/html; charset=utf-8", url: str = URL) -> Capture:
    at = datetime(2020, 9, 30, 16, 30, tzinfo=UTC)
    with ArchiveWriter(runs / "r1" / "A01", "A01") as archive:
        return archive.add(
            Capture(unit_id="A01", asked_url=url, at=at, reach=Reach.OK, status=200),
            [Exchange(url=url, at=at, status=200, body=body, response_headers=(("Content-Type", kind),))],
        )


def _wanted(runs: Path, capture: Capture, name: str = "a", **more: Any) -> dict[str, Any]:
    told = {
        "place": f"r1/A01/{capture.warc}@{capture.offset}", "sha256": capture.sha256, "url": capture.asked_url,
        "at": capture.at, "note": "链接打不开", "out": str(runs / "r1" / "A01" / "screenshots" / f"{name}.png"),
    }  # fmt: skip
    return told | more


def _draw(
    runs: Path, *wanted: dict[str, Any], seconds: float = 60.0, environment: dict[str, str] | None = None
) -> tuple[int, list[dict[str, Any]]]:
    path = runs / "job.json"
    path.write_bytes(msgspec.json.encode({"runs": str(runs), "seconds": seconds, "pictures": wanted}))
    done = subprocess.run(
        [sys.executable, "-m", "crawler.picture", str(path)],
        cwd=ROOT, capture_output=True, timeout=100, check=False, env=environment,
    )  # fmt: skip
    return done.returncode, [msgspec.json.decode(line) for line in done.stdout.splitlines()]


def _size(picture: Path) -> tuple[int, int]:
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return width, height


@needs_browser
def test_a_link_and_a_quote_are_outlined_and_the_same_body_gives_the_same_place(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    main = (
        "<p>很长的正文</p>" * 80
        + "<p><a href='/gone.html'>打不开的<b>链接</b></a></p>"
        + "<p>2020-08-05 某某动态</p>"
    )
    capture = _kept(runs, f"<html><head><meta charset=utf-8></head><body>{main}</body></html>".encode())
    code, lines = _draw(
        runs,
        _wanted(runs, capture, "link", quote="打不开的链接", target="http://www.example.gov.cn/gone.html"),
        _wanted(runs, capture, "quote", quote="某某动态"),
        _wanted(runs, capture, "split", quote="2020-08-05 另一句/某某动态"),
        _wanted(runs, capture, "nothing", quote="页面上没有这句话"),
        _wanted(runs, capture, "absence"),
    )
    assert code == 0
    marked = {Path(line["out"]).stem: line["marked"] for line in lines}
    assert marked == {"link": True, "quote": True, "split": True, "nothing": False, "absence": False}
    folder = runs / "r1" / "A01" / "screenshots"
    assert all(_size(folder / f"{name}.png") == (1100, 720) for name in marked)
    digests = {hashlib.sha256((folder / f"{name}.png").read_bytes()).hexdigest() for name in marked}
    assert len(digests) >= 4, "the pictures show different places"


@needs_browser
def test_a_gbk_page_is_drawn_legibly_without_script_and_without_network(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    harm = "<script>document.body.innerHTML='换掉了'</script><img src='http://127.0.0.1:9/x.png'><iframe src='http://127.0.0.1:9/'></iframe>"
    body = f"<html><head><meta charset=gb2312></head><body><p>政府信息公开指南</p>{harm}</body></html>"
    capture = _kept(runs, body.encode("gb18030"), "text/html")
    code, lines = _draw(runs, _wanted(runs, capture, quote="政府信息公开指南"))
    assert code == 0
    assert lines[0]["marked"], "the words were not found: script ran, or the charset was misread"


@needs_browser
def test_what_is_no_page_and_what_is_not_there_are_said_and_cost_nothing_else(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    pdf = _kept(runs, b"%PDF-1.4 <x>", "application/pdf")
    page = _kept(runs, b"<html><body><p>yes</p></body></html>")
    lost = _wanted(runs, page, "lost") | {"place": "r1/A01/none.warc.gz@0"}
    code, lines = _draw(runs, _wanted(runs, pdf, "pdf"), lost, _wanted(runs, page, "page"))
    files = {Path(line["out"]).stem: line["file"] for line in lines}
    assert (code, files) == (0, {"pdf": "", "lost": "", "page": "page.png"})


@needs_browser
def test_when_the_time_is_up_the_rest_is_left_undrawn(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    page = _kept(runs, b"<html><body><p>yes</p></body></html>")
    code, lines = _draw(runs, *(_wanted(runs, page, f"n{n}") for n in range(5)), seconds=0.0)
    assert (code, lines) == (0, [])


def test_a_bad_job_and_a_missing_browser_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    bad = subprocess.run(
        [sys.executable, "-m", "crawler.picture", str(tmp_path / "bad.json")],
        cwd=ROOT, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert bad.returncode == 2
    assert "任务文件读不出来" in bad.stderr.decode()
    runs = tmp_path / "runs"
    page = _kept(runs, b"<html><body><p>yes</p></body></html>")
    code, lines = _draw(runs, _wanted(runs, page), environment={"PATH": str(tmp_path), "HOME": str(tmp_path)})
    assert (code, lines) == (3, [])
