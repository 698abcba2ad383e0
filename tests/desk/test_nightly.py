"""The whole line, from unit_sites.csv to the reports, through the command line and a loopback province."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from checks.registry import RULES
from desk.cli import registered
from dossier.archive import read_captures
from dossier.errors import BadInput
from dossier.model import Claim, Purpose, Reach
from practice.home import write_home
from practice.province import build
from practice.score import score
from practice.server import serve

SEEN = ("A02", "B03", "B12")
UNSEEN = {"B05": "captcha", "B38": "no-address", "B42": "dead"}
ABSENCES = {module.RULE.id for module in RULES if module.RULE.claim is Claim.ABSENCE}


@dataclass
class Night:
    """A home after two nights over the same sites."""

    home: Path
    first: Result
    second: Result
    truth: list[dict[str, Any]]

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(
            registered(), [*arguments, "--home", str(self.home), "--as-of", "2020-09-30"]
        )

    def export(self, kind: str, *more: str) -> list[dict[str, Any]]:
        done = self.run("export", kind, *more)
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    home = tmp_path_factory.mktemp("home")
    province = build(seed=31, units=[*SEEN, *UNSEEN])
    with serve(province) as server:
        write_home(province, home)
        truth = [json.loads(line) for line in (home / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
        both = Night(home, Result, Result, truth)  # type: ignore[arg-type]  # filled in below
        (home / "settings.toml").write_text(
            f'[crawl]\nproxy = "{server.url}"\ndelay_seconds = 0\nconcurrency_per_host = 8\n'
            "retry_wait_seconds = 0.2\ntimeout_seconds = 4\nprocesses = 2\nbrowser = false\n",
            encoding="utf-8",
        )
        for path in sorted((home / "lists").glob("*")):
            assert both.run("import-list", path.stem, str(path)).exit_code == 0
        for path in sorted((home / "evidence").glob("*.xlsx")):
            assert both.run("import-evidence", str(path)).exit_code == 0
        both.first = both.run("nightly")
        both.second = both.run("nightly")
        yield both


def runs_of(night: Night) -> list[str]:
    return sorted(path.name for path in (night.home / "data" / "runs").iterdir())


def test_a_night_with_unseen_units_ends_with_three_and_names_each_with_its_reason(night: Night) -> None:
    assert night.first.exit_code == 3, night.first.output
    for unit_id in UNSEEN:
        assert f"{unit_id} " in night.first.output
    assert "验证码" in night.first.output


def test_what_was_planted_is_found_and_nothing_else_is_accused(night: Night) -> None:
    total = score(night.truth, night.export("findings"))["*"]
    assert total.precision >= 0.97, total.false
    assert total.recall >= 0.95, total.misses


def test_a_site_that_was_not_seen_is_never_accused_of_an_absence(night: Night) -> None:
    accused = {
        (row["unit_id"], row["rule_id"])
        for row in night.export("findings")
        if row["unit_id"] in UNSEEN and row["verdict"] == "fail"
    }
    assert not {rule for _, rule in accused} & ABSENCES
    cards = {row["unit_id"]: row for row in night.export("scorecards")}
    assert all(not cards[unit_id]["inspected"] for unit_id in UNSEEN)


def test_a_second_night_over_unchanged_sites_finds_the_same_deficiencies(night: Night) -> None:
    first, second = runs_of(night)
    before, after = (night.export("deficiencies", "--run", run) for run in (first, second))
    assert [row["fingerprint"] for row in before] == [row["fingerprint"] for row in after]
    assert [row["deficiency_no"] for row in before] == [row["deficiency_no"] for row in after]
    assert all(row["nights_seen"] == 2 for row in after)
    assert all(row["confirmed"] for row in after if row["verdict"] == "fail")


def test_every_unit_gets_its_papers_and_the_province_its_summary(night: Night) -> None:
    folder = night.home / "reports" / runs_of(night)[-1]
    for unit_id in (*SEEN, *UNSEEN):
        for ending in ("html", "docx", "xlsx"):
            assert (folder / f"{unit_id}.{ending}").stat().st_size > 1000
    assert "得分排名" in (folder / "summary.html").read_text(encoding="utf-8")
    assert "总览" in load_workbook(folder / "summary.xlsx").sheetnames


def test_points_of_an_export_add_up_to_the_scorecards(night: Night) -> None:
    granted: dict[str, float] = {}
    for row in night.export("findings"):
        granted[row["unit_id"]] = granted.get(row["unit_id"], 0) + (row["points_granted"] or 0)
    for card in night.export("scorecards"):
        assert granted.get(card["unit_id"], 0) == pytest.approx(card["deducted"])


def test_judging_again_flips_nothing_and_the_stages_run_alone(night: Night) -> None:
    run = runs_of(night)[-1]
    again = night.run("rejudge", run)
    assert again.exit_code == 0
    assert "共 0 处翻转" in again.output
    before = night.export("findings", "--run", run)
    for stage in ("judge", "suggest", "report"):
        assert night.run(stage, "--run", run).exit_code in (0, 3)
    assert night.export("findings", "--run", run) == before


def test_an_archived_page_is_read_as_it_was(night: Night) -> None:
    seen = read_captures(night.home / "data" / "runs" / runs_of(night)[0] / "A02")
    page = next(one for one in seen if one.reach is Reach.OK and one.purpose is Purpose.PAGE)
    done = night.run("read", "--url", page.asked_url)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["url"].startswith("http://")


def test_when_the_proxy_is_down_nothing_is_judged_and_nothing_recorded(night: Night) -> None:
    runs = runs_of(night)
    before = night.export("deficiencies")
    done = night.run("nightly", "--set", "crawl.proxy=http://127.0.0.1:9")
    assert done.exit_code != 0
    assert "网络" in str(done.exception or done.output)
    assert night.export("deficiencies") == before
    assert [run for run in runs_of(night) if not run.endswith(".network-down")] == runs


def test_a_bad_list_stops_the_night_before_it_starts(night: Night, tmp_path: Path) -> None:
    (tmp_path / "unit_sites.csv").write_text("unit_id,class\nA01,A\n", encoding="utf-8")
    done = CliRunner().invoke(registered(), ["nightly", "--home", str(tmp_path)])
    assert "unit_sites.csv" in str(done.exception)
    assert not (tmp_path / "data").exists()


def test_another_table_is_tried_on_a_night_and_nothing_is_kept(night: Night, tmp_path: Path) -> None:
    harder = tmp_path / "harder.toml"
    shipped = (Path(__file__).parents[2] / "tables" / "indicators_B.toml").read_text(encoding="utf-8")
    harder.write_text(re.sub(r"points = ([\d.]+) \}", "points = 3 }", shipped), encoding="utf-8")
    before = night.export("scorecards")
    done = night.run("what-if", str(harder))
    assert done.exit_code == 0, done.output
    lines = {line.partition(" ")[0]: line for line in done.output.splitlines()}
    assert "未能检测，不试算" in lines["B05"]
    now, then = (Decimal(found) for found in re.findall(r"表 ([\d.]+)（", lines["B03"]))
    assert then < now
    assert "由扣" in lines["B03"]
    assert "A02" not in lines, "a table of class B says nothing of class A"
    assert night.export("scorecards") == before
    same = Path(__file__).parents[2] / "tables" / "indicators_B.toml"
    assert "0 个得分有变化" in night.run("what-if", str(same)).output


def test_a_bad_table_is_not_tried(night: Night, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("year = 1", encoding="utf-8")
    done = night.run("what-if", str(tmp_path / "bad.toml"))
    assert isinstance(done.exception, BadInput)
