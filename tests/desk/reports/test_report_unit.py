"""What a unit's report says, before and after it takes a form."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser

import msgspec
import pytest
from report_sample import HOSTILE, RULES, sample_night

from desk.reports.html import unit_html
from desk.reports.paper import UnitPaper, write_up
from desk.reports.pictures import Pictures
from desk.reports.scoresheet import Unbalanced
from dossier.model import UnitStanding

NIGHT = sample_night()
STANDINGS = {standing.unit.unit_id: standing for standing in NIGHT.standings}


def paper_of(unit_id: str, standing: UnitStanding | None = None) -> UnitPaper:
    return write_up(standing or STANDINGS[unit_id], NIGHT, RULES)


def page_of(unit_id: str) -> str:
    return unit_html(paper_of(unit_id), NIGHT, Pictures("", unit_id))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.hrefs: list[str] = []
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "href":
                self.hrefs.append(value or "")
            if name in ("src", "srcset", "data", "action"):
                self.loads.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)
            if name == "id":
                self.ids.append(value or "")


def links_of(page: str) -> _Links:
    parser = _Links()
    parser.feed(page)
    return parser


@pytest.mark.parametrize("unit_id", ["A01", "A02", "B01"])
def test_lines_sections_and_problems_all_add_up_to_the_deduction_shown(unit_id: str) -> None:
    paper = paper_of(unit_id)
    deducted = paper.standing.scorecard.deducted
    assert deducted > 0
    assert sum(section.granted for section in paper.sections) == deducted
    by_line = sum(line.granted for section in paper.sections for line in section.lines)
    assert by_line - sum(section.over for section in paper.sections) == deducted
    assert sum(finding.granted for finding in paper.problems) == deducted
    assert f"{deducted:.2f}" in page_of(unit_id)


def test_the_level_one_table_of_the_page_adds_up_to_its_last_row() -> None:
    page = page_of("A02")
    table = page[page.index('<h2 id="sec-2">') : page.index("<h3>重大扣分项")]
    rows = re.findall(r'<tr id="level-\d+">(.*?)</tr>', table)
    granted = [Decimal(re.findall(r'<td class="n">([\d.—]+)</td>', row)[2]) for row in rows]
    total = re.search(r'<tr class="sum"><td>合计</td>(.*?)</tr>', table)
    assert total is not None
    assert len(rows) == 9
    assert sum(granted) == Decimal(re.findall(r'<td class="n">([\d.]+)</td>', total[1])[2])


def test_a_scorecard_whose_parts_do_not_make_its_total_is_refused() -> None:
    card = STANDINGS["A02"].scorecard
    for wrong in (
        msgspec.structs.replace(card, deducted=card.deducted + 1),
        msgspec.structs.replace(card, score=card.score + 1),
        msgspec.structs.replace(
            card, major_points=Decimal(0), deducted=card.deducted - 3, score=card.score + 3
        ),
        msgspec.structs.replace(card, lines=card.lines[1:]),
    ):
        with pytest.raises(Unbalanced, match="A02"):
            paper_of("A02", msgspec.structs.replace(STANDINGS["A02"], scorecard=wrong))


def test_a_point_that_stands_on_no_problem_is_refused() -> None:
    standing = STANDINGS["A02"]
    less = msgspec.structs.replace(standing, deficiencies=standing.deficiencies[1:])
    with pytest.raises(Unbalanced, match="问题清单"):
        paper_of("A02", less)


def test_every_section_of_the_paper_is_there_even_for_a_unit_that_was_not_seen() -> None:
    for unit_id in STANDINGS:
        page = page_of(unit_id)
        for heading in ("一、检查概况", "二、建议得分", "三、问题清单", "四、待人工核查", "五、未能检测"):
            assert re.search(rf'<h2 id="sec-\d">{heading}</h2>', page), (unit_id, heading)
        assert "暂定评分表，非官方" in page
        assert "附1" in page
        assert "附2" in page


def test_a_blocked_unit_gets_no_score_and_no_grade() -> None:
    page = page_of("B02")
    assert "不评分、不排名" in page
    assert "建议得分</span>" not in page
    assert "等次建议" not in page
    assert "网站返回脚本验证页面" in page
    assert "放行检查系统的访问" in page


def test_a_finding_shows_number_fact_basis_evidence_working_remedy_and_nights() -> None:
    page = page_of("A02")
    block = page[page.index('id="p-A02-2020-0010"') :]
    block = block[: block.index("</article>")]
    for said in (
        "A02-2020-0010", "未设置“政府信息公开制度”", "国办公开办函〔2019〕61号", "建议扣 2 分", "在平台补设该栏目",
        "见于 3 次检查", "2020年11月18日", "抓取于 2020-11-20 02:00:05（北京时间）", "screenshots/10.png", "另有 3 处",
    ):  # fmt: skip
        assert said in block, said
    digest = STANDINGS["A02"].deficiencies[0].outcome.evidence[0].sha256
    assert len(digest) == 64
    assert digest in block


def test_what_was_seen_one_night_only_is_marked() -> None:
    page = page_of("A02")
    block = page[page.index('id="p-A02-2020-0081"') :]
    assert "待次夜复现" in block[: block.index("</header>")]
    other = page[page.index('id="p-A02-2020-0010"') :]
    assert "待次夜复现" not in other[: other.index("</header>")]


def test_a_question_costs_nothing_and_says_what_to_check() -> None:
    page = page_of("A02")
    block = page[page.index('id="p-A02-2020-0090"') :]
    block = block[: block.index("</article>")]
    assert "待核，不计分" in block
    assert "请打开图片核对是否列明传真号码" in block
    assert not re.search(r"建议扣 ?[\d.]+ ?分", block)


def test_a_rule_that_broke_is_named_as_our_own_trouble() -> None:
    paper = paper_of("A02")
    assert [gap.place for gap in paper.gaps if "检查项" in gap.place] == ["检查项“retired-rule”"]
    assert "检查系统管理员" in page_of("A02")


def test_areas_not_seen_name_the_checks_that_could_not_be_asked() -> None:
    gaps = {gap.place: gap for gap in paper_of("B01").gaps}
    assert gaps["法定主动公开内容"].affected == ("法定主动公开内容缺项",)
    assert gaps["法定主动公开内容"].unseen == 4
    assert "放行" in gaps["法定主动公开内容"].ask
    assert "达到页数上限" in gaps["网站（部分）"].because


def test_no_page_ever_says_deduction_without_calling_it_a_suggestion() -> None:
    for unit_id in STANDINGS:
        text = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page_of(unit_id), flags=re.DOTALL)
        text = re.sub(r"<[^>]+>", "", text)
        for found in re.finditer(r"扣 ?[\d.]+ ?分", text):
            assert text[: found.start()].endswith("建议"), text[found.start() - 20 : found.end()]


def test_foreign_texts_are_escaped_and_cannot_run() -> None:
    page = page_of("A02")
    parsed = links_of(page)
    assert "script" not in parsed.tags
    assert parsed.handlers == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    page.encode("utf-8")
    assert "\x0b" not in page
    assert "\u202e" not in page
    assert "javascript:alert" in page, "the address is shown as text"
    assert all(href.startswith(("#", "http://", "https://", "summary.html")) for href in parsed.hrefs)
    assert HOSTILE not in page


def test_a_page_asks_nothing_of_any_server_and_its_own_links_lead_somewhere() -> None:
    parsed = links_of(page_of("A02"))
    assert parsed.loads == []
    assert "link" not in parsed.tags
    inside = {href[1:] for href in parsed.hrefs if href.startswith("#")}
    assert inside <= set(parsed.ids)
    assert len(parsed.ids) == len(set(parsed.ids))


def test_an_absence_searched_on_many_pages_lists_a_hundred_and_says_how_many_more() -> None:
    standing = STANDINGS["A01"]
    first = standing.deficiencies[0]
    pieces = tuple(
        msgspec.structs.replace(first.outcome.evidence[0], url=f"http://www.a01.gov.cn/{n}.html")
        for n in range(130)
    )
    wide = msgspec.structs.replace(first, outcome=msgspec.structs.replace(first.outcome, evidence=pieces))
    paper = paper_of(
        "A01", msgspec.structs.replace(standing, deficiencies=(wide, *standing.deficiencies[1:]))
    )
    page = unit_html(paper, NIGHT, Pictures("", "A01"))
    assert "http://www.a01.gov.cn/99.html" in page
    assert "http://www.a01.gov.cn/100.html" not in page
    assert "另有 30 个页面" in page


def test_a_picture_is_carried_inside_the_page_and_never_from_outside_the_units_folder(tmp_path) -> None:
    (tmp_path / "A02" / "screenshots").mkdir(parents=True)
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 40
    (tmp_path / "A02" / "screenshots" / "10.png").write_bytes(png)
    (tmp_path / "secret.png").write_bytes(png)
    page = unit_html(paper_of("A02"), NIGHT, Pictures(str(tmp_path), "A02"))
    assert links_of(page).loads[0].startswith("data:image/png;base64,")
    assert len(links_of(page).loads) == 1
    pictures = Pictures(str(tmp_path), "A02")
    assert pictures.read("../secret.png") is None
    assert pictures.read(str(tmp_path / "secret.png")) is None
    assert pictures.read("screenshots/none.png") is None
