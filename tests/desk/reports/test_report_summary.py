"""The page of the whole night."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
from report_sample import HOSTILE, RULES, sample_night
from test_report_unit import links_of

from desk.reports import charts
from desk.reports.html import summary_html
from desk.reports.paper import write_up
from desk.reports.province import ProvincePaper, gather
from desk.reports.writing import write_papers
from dossier.model import UnitClass


def province(**changes: object) -> ProvincePaper:
    night = sample_night(**changes)
    return gather(night, [write_up(standing, night, RULES) for standing in night.standings])


def test_units_that_were_not_inspected_stand_apart_and_are_never_ranked() -> None:
    found = province()
    ranked = [row.paper.standing.unit.unit_id for ranking in found.rankings for row in ranking.rows]
    assert ranked == ["A01", "A02", "B01"]
    page = summary_html(found)
    rankings = page[page.index('id="rankings"') : page.index('id="uninspected"')]
    assert "科技厅" not in rankings
    apart = page[page.index('id="uninspected"') : page.index('id="changes"')]
    assert "山西省科学技术厅" in apart
    assert "网站返回脚本验证页面" in apart
    assert "名单中没有该单位的网站地址" in apart


def test_equal_scores_share_a_place() -> None:
    night = sample_night()
    good = night.standings[0]
    twin = msgspec.structs.replace(
        good, unit=msgspec.structs.replace(good.unit, unit_id="A03", short_name="阳泉")
    )
    found = province(standings=(twin, *night.standings))
    first = found.rankings[0]
    assert first.unit_class is UnitClass.A
    assert [row.place for row in first.rows] == [1, 1, 3]


def test_the_line_of_the_night_counts_what_stands_in_the_papers() -> None:
    found = province()
    page = summary_html(found)
    assert "5 个单位" in page
    assert "2 个完成" in page
    assert "1 个部分完成" in page
    assert "2 个未能检测" in page
    fails = sum(d.verdict.value == "fail" for s in found.night.standings for d in s.deficiencies)
    assert f"问题 {fails} 项" in page
    assert found.count("new") + found.count("standing") + found.count("changed") == fails
    assert sum(fault.findings for fault in found.faults) == fails


def test_every_link_of_the_summary_leads_to_an_anchor_that_is_there(tmp_path: Path) -> None:
    write_papers(sample_night(), out=tmp_path, rules=RULES)
    parsed = links_of((tmp_path / "summary.html").read_text(encoding="utf-8"))
    assert parsed.loads == []
    ids = {path.name: set(links_of(path.read_text(encoding="utf-8")).ids) for path in tmp_path.glob("*.html")}
    checked = 0
    for href in parsed.hrefs:
        file, _, anchor = href.partition("#")
        assert (tmp_path / (file or "summary.html")).is_file(), href
        if anchor:
            assert anchor in ids[file or "summary.html"], href
            checked += 1
    assert checked > 60


def test_a_first_night_says_that_there_is_nothing_to_compare_with() -> None:
    night = sample_night()
    first = tuple(msgspec.structs.replace(s, previous=None, gone=()) for s in night.standings)
    page = summary_html(province(standings=first))
    assert "没有上次检查可比" in page


def test_a_night_without_any_inspected_unit_still_has_a_summary() -> None:
    night = sample_night()
    page = summary_html(province(standings=night.standings[3:]))
    assert "没有已检测的单位" in page
    assert "0 个完成" in page


def test_charts_are_well_formed_named_and_described() -> None:
    drawn = [
        charts.level_bars([(HOSTILE, Decimal(10), Decimal("2.5"), True)], key="a"),
        charts.fault_bars([(HOSTILE, 3, 9, "#x")], key="b"),
        charts.score_histogram([("A", [Decimal(100), Decimal(0), Decimal("62.5")]), ("B", [])], key="c"),
        charts.loss_heat([HOSTILE, "重大扣分项"], [charts.HeatRow("太原", "A01.html#sec-2", ((Decimal(10), Decimal(4)), (Decimal(0), Decimal(3))))], key="d", title="图"),
    ]  # fmt: skip
    for svg in drawn:
        root = ET.fromstring(svg)
        kinds = [child.tag.rpartition("}")[2] for child in root]
        assert kinds[:2] == ["title", "desc"]
        assert root.get("role") == "img"


def test_a_histogram_counts_every_score_once() -> None:
    scores = [Decimal(value) for value in ("100", "99.99", "95", "94.99", "60", "0", "12.5")]
    svg = charts.score_histogram([("A类", scores)], key="s")
    desc = re.search(r"<desc[^>]*>(.*?)</desc>", svg)
    assert desc is not None
    assert sum(int(n) for n in re.findall(r"分 (\d+) 个", desc[1])) == len(scores)
    assert "95至100分 3 个" in desc[1]


def test_a_darker_cell_never_hides_its_number() -> None:
    rows = [charts.HeatRow("甲", "A01.html", tuple((Decimal(10), Decimal(n)) for n in range(11)))]
    svg = charts.loss_heat([str(n) for n in range(11)], rows, key="h", title="t")
    fills = re.findall(r'<rect [^>]*fill="(#[0-9a-f]{6})"', svg)
    inks = re.findall(r'font-size="12" fill="(#[0-9a-f]{6})">(?:\d+\.\d\d|·)<', svg)
    assert len(fills) == len(inks) == 11
    for fill, ink in zip(fills, inks, strict=True):
        assert _contrast(fill, ink) >= 4.0, (fill, ink)
    assert [_light(fill) for fill in fills] == sorted((_light(fill) for fill in fills), reverse=True)


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
