"""A round of probes says who opened; what bars robots has opened, and our own silence is nobody's fault."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from dossier.model import CrawlJob, CrawlSettings, ProbeSample, Unit, UnitJob
from tests.crawler.conftest import ROOT, unit
from tests.crawler.town import Answer, Reply, Town, page

AS_OF = date(2020, 12, 1)


def probed(
    tmp_path: Path, proxy: str, *units: Unit, control: tuple[str, ...] = (), seconds: float = 2.0
) -> tuple[dict[str, ProbeSample], int]:
    job = CrawlJob(
        run_id="probe",
        as_of=AS_OF,
        out="",
        home=str(tmp_path),
        settings=CrawlSettings(proxy=proxy, timeout_seconds=seconds),
        control_urls=control,
        units=tuple(UnitJob(unit=one) for one in units),
    )
    path = tmp_path / "probe.json"
    path.write_bytes(msgspec.json.encode(job))
    done = subprocess.run(
        [sys.executable, "-m", "crawler.probe", str(path)],
        cwd=ROOT,
        env={**os.environ},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == b"", done.stderr.decode()
    samples = [msgspec.json.decode(line, type=ProbeSample) for line in done.stdout.splitlines()]
    return {sample.host: sample for sample in samples}, done.returncode


def town_of(**answers: Answer) -> dict[str, Mapping[str, Answer]]:
    return {f"{name}.gov.cn": {"/": answer} for name, answer in answers.items()}


def units_of(*names: str) -> tuple[Unit, ...]:
    return tuple(unit(f"A{n:02d}", f"http://{name}.gov.cn/") for n, name in enumerate(names, 1))


def test_whatever_answers_has_opened_and_a_refusal_answers(tmp_path: Path) -> None:
    answers = town_of(
        good=page("首页", "首页"),
        moved=Reply(302, headers={"Location": "http://good.gov.cn/"}),
        forbidden=Reply(403),
        rain=Reply(412, b"<script>$_ts</script>"),
        jsl=Reply(521, b"<script>document.cookie='__jsl_clearance'</script>"),
        busy=Reply(429),
        broken=Reply(500, b"<h1>500</h1>"),
        gone=Reply(404),
        slow=Reply(wait=4.0),
        reset=Reply(drop=True),
    )
    names = (*(name.removesuffix(".gov.cn") for name in answers), "nameless")
    with Town(answers) as town:
        got, code = probed(tmp_path, town.proxy, *units_of(*names))
    assert code == 0
    opened = {host.removesuffix(".gov.cn") for host, sample in got.items() if sample.opened}
    assert opened == {"good", "moved", "forbidden", "rain", "jsl", "busy"}
    reasons = {
        host.removesuffix(".gov.cn"): sample.reason for host, sample in got.items() if not sample.opened
    }
    assert reasons == {
        "broken": "status-500", "gone": "status-404", "slow": "timeout", "reset": "reset", "nameless": "status-502",
    }  # fmt: skip
    assert not any(sample.ours for sample in got.values())
    assert 2000 <= got["slow.gov.cn"].elapsed_ms < 3500
    assert all(sample.at.date() in (AS_OF, date(2020, 11, 30)) for sample in got.values())


def test_each_host_is_asked_once_and_only_its_first_bytes_are_taken(tmp_path: Path) -> None:
    answers = town_of(a=Reply(body=b"x" * 5_000_000))
    with Town(answers) as town:
        got, _ = probed(tmp_path, town.proxy, unit("A01", "http://a.gov.cn/", "http://a.gov.cn/zw/"))
        assert town.paths("a.gov.cn") == ["/"]
    assert got["a.gov.cn"].opened


def test_without_the_proxy_nobody_was_seen(tmp_path: Path) -> None:
    got, code = probed(tmp_path, "http://127.0.0.1:9", *units_of("a", "b"))
    assert code == 4
    assert len(got) == 2
    assert all(sample.ours and not sample.opened for sample in got.values())


def test_dead_control_addresses_are_our_own_outage(tmp_path: Path) -> None:
    with Town(town_of(a=page("首页"), b=Reply(drop=True))) as town:
        got, code = probed(tmp_path, town.proxy, *units_of("a", "b"), control=("http://control.invalid/",))
    assert code == 4
    assert all(sample.ours for sample in got.values())


def test_when_everybody_is_silent_it_is_us(tmp_path: Path) -> None:
    with Town({}) as town:
        got, code = probed(tmp_path, town.proxy, *units_of("a", "b", "c"))
    assert code == 4
    assert all(sample.ours for sample in got.values())


def test_one_name_that_does_not_resolve_is_not_us(tmp_path: Path) -> None:
    with Town({}) as town:
        got, code = probed(tmp_path, town.proxy, *units_of("a"))
    assert code == 0
    assert not got["a.gov.cn"].ours


def test_a_bad_job_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler.probe", "/nonexistent.json"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert "任务文件" in done.stderr.decode()
