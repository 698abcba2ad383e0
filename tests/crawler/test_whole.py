"""The crawl as the desk starts it: `python -m crawler JOB.json` with the real reading, and what a kill leaves."""

from __future__ import annotations

import signal
import ssl
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from warcio.archiveiterator import ArchiveIterator

from dossier.archive import read_captures, read_report, verify
from dossier.model import CrawlJob, CrawlSettings, Reach, UnitJob
from tests.crawler.conftest import ROOT, Run, unit
from tests.crawler.test_certificates import make_certificate
from tests.crawler.town import Reply, Town, page

A = "http://a.gov.cn"


def test_the_real_reading_finds_the_way(run: Run) -> None:
    gbk = "<html><head><meta charset=gb2312><title>政策文件</title></head><body><ul><li><a href='/t1.html'>关于某事的通知</a><span>2020-11-03</span></li></ul></body></html>"
    site = {
        "/": page("某某市人民政府", "欢迎", links={"/zc/": "政策文件"}),
        "/zc/": Reply(body=gbk.encode("gb18030"), type="text/html"),
        "/t1.html": page("关于某事的通知", "各有关单位：现将有关事项通知如下，请认真贯彻执行。" * 5),
    }
    with Town({"a.gov.cn": site}) as town:
        crawled = run(town.proxy, unit("A01", f"{A}/"), real=True)
    assert crawled.code == 0, crawled.stderr
    assert crawled.stderr == ""
    assert crawled.last(f"{A}/t1.html").reach is Reach.OK
    assert crawled.facts()[f"{A}/zc/"].items[0].date == date(2020, 11, 3)
    assert crawled.report().finish == "finished"


def test_a_killed_crawl_leaves_whole_lines_and_a_readable_archive(tmp_path: Path) -> None:
    pages = {f"/p{n}.html": page(f"页{n}", f"内容{n}") for n in range(300)}
    site = {"/": page("首页", "首页", links={path: path for path in pages})} | pages
    out = tmp_path / "r1"
    with Town({"a.gov.cn": site}) as town:
        job = CrawlJob(
            run_id="r1",
            as_of=date(2020, 12, 1),
            out=str(out),
            home=str(tmp_path),
            settings=CrawlSettings(delay_seconds=0.02, proxy=town.proxy, browser=False),
            units=(UnitJob(unit=unit("A01", f"{A}/")),),
        )
        path = tmp_path / "job.json"
        path.write_bytes(msgspec.json.encode(job))
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crawler.double", str(path)], cwd=ROOT, stdout=subprocess.DEVNULL
        )
        try:
            ends = time.monotonic() + 60
            while len(town.visits) < 60 and time.monotonic() < ends:
                time.sleep(0.02)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    captures = read_captures(out / "A01")
    assert len(captures) >= 50
    assert read_report(out / "A01") is None
    assert {fault.kind for fault in verify(out / "A01")} <= {
        "no-report",
        "torn-line",
        "extra-record",
        "torn-archive",
    }
    with (out / "A01" / "A01-000.warc.gz").open("rb") as stream:
        assert sum(record.rec_type == "response" for record in ArchiveIterator(stream)) >= 50


def test_a_site_with_a_bad_certificate_is_inspected_all_the_same(run: Run, tmp_path: Path) -> None:
    pem = make_certificate(tmp_path, issuer="localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with Town({}) as town:
        town.wrap(context)
        place = f"localhost:{urlsplit(town.proxy).port}"
        town.sites[place] = {
            "/": page("首页", "首页", links={"/a.html": "甲"}),
            "/a.html": page("甲", "甲的内容"),
        }
        crawled = run("", unit("A01", f"https://{place}/"), environment={"http_proxy": "", "https_proxy": ""})
    assert crawled.code == 0, crawled.stderr
    assert crawled.last(f"https://{place}/a.html").reach is Reach.OK
    assert crawled.report().certificates == {"localhost": "untrusted"}


def test_a_bad_job_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    path.write_text("{}")
    for argument in (str(path), str(tmp_path / "none.json")):
        done = subprocess.run(
            [sys.executable, "-m", "crawler", argument], cwd=ROOT, capture_output=True, check=False
        )
        assert done.returncode == 2
        assert "任务文件" in done.stderr.decode()
