"""Attachments open, lists can be read, and a score tells hits from misses and false accusations."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest

from practice.__main__ import main
from practice.faults_upkeep import bank_card, resident_id
from practice.home import COLUMNS, write_home
from practice.province import Province
from practice.score import score


def test_every_attachment_of_a_healthy_site_opens(healthy: Province) -> None:
    opened = Counter()
    for site in list(healthy.sites.values())[:8]:
        for leaf in site.leaves.values():
            for file in leaf.attachments:
                answer = healthy.answer(file.url)
                assert answer is not None
                if file.form == "pdf":
                    page = pypdfium2.PdfDocument(answer.body)[0]
                    assert leaf.topic in page.get_textpage().get_text_bounded().replace("\r\n", "")
                elif file.form == "docx":
                    assert docx.Document(io.BytesIO(answer.body)).paragraphs
                else:
                    assert openpyxl.load_workbook(io.BytesIO(answer.body)).active["A1"].value == "序号"
                opened[file.form] += 1
    assert min(opened[form] for form in ("pdf", "docx", "xlsx")) > 3


def test_a_home_folder_holds_the_list_the_truth_and_the_units_own_lists(
    province: Province, tmp_path: Path
) -> None:
    write_home(province, tmp_path, "http://127.0.0.1:1")
    rows = list(csv.DictReader((tmp_path / "unit_sites.csv").open(encoding="utf-8")))
    assert tuple(rows[0]) == COLUMNS
    assert len({row["unit_id"] for row in rows}) == 54
    assert [row["unit_id"] for row in rows if row["channel"] == "website" and not row["url"]] == ["B38"]
    truth = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(truth) == len(province.truth)
    lists = {path.stem for path in (tmp_path / "lists").iterdir()}
    assert {
        row["unit_id"] for row in truth if row["rule_id"].startswith(("listed-", "document-unlisted"))
    } <= lists
    sheet = openpyxl.load_workbook(next((tmp_path / "lists").glob("*.xlsx"))).active
    assert sheet["A1"].value == "公文全称"
    assert any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


def test_the_truth_itself_scores_full_marks_and_one_lie_costs_precision(
    province: Province, tmp_path: Path
) -> None:
    write_home(province, tmp_path)
    truth = tmp_path / "truth.jsonl"
    arguments = [
        "score",
        "--truth",
        str(truth),
        "--findings",
        str(truth),
        "--min-precision",
        "1",
        "--min-recall",
        "1",
    ]
    assert main(arguments) == 0
    lie = {"unit_id": "A01", "rule_id": "home-stale", "subject": "www.invented.cn", "verdict": "fail"}
    findings = tmp_path / "findings.jsonl"
    findings.write_text(truth.read_text(encoding="utf-8") + json.dumps(lie) + "\n", encoding="utf-8")
    arguments[4] = str(findings)
    assert main(arguments) == 1


def test_unsure_is_neither_hit_nor_false_unless_the_truth_is_unsure() -> None:
    row = {"unit_id": "A01", "rule_id": "r", "subject": "s", "verdict": "fail"}
    asked = score([row], [row | {"verdict": "unsure"}, row | {"subject": "t", "verdict": "unsure"}])["*"]
    assert (asked.hits, len(asked.misses), asked.false, len(asked.unsure)) == ([], 1, [], 1)
    doubt = row | {"verdict": "unsure"}
    assert len(score([doubt], [doubt])["*"].hits) == 1
    assert len(score([doubt], [row])["*"].false) == 1


def test_an_optional_truth_is_never_a_miss_and_never_false() -> None:
    row = {"unit_id": "A01", "rule_id": "r", "subject": "s", "verdict": "fail", "optional": True}
    for said in ([], [row]):
        tally = score([row], said).get("*")
        assert tally is None or (tally.misses, tally.false) == ([], [])


@pytest.mark.parametrize("n", range(5))
def test_invented_numbers_pass_their_checks(province: Province, n: int) -> None:
    dice = province.sites["A01"].dice(n)
    number, card = resident_id(dice), bank_card(dice)
    weights = [2 ** (17 - k) % 11 for k in range(17)]
    assert "10X98765432"[sum(int(a) * b for a, b in zip(number, weights, strict=False)) % 11] == number[17]
    digits = [int(c) for c in reversed(card)]
    assert (sum(digits[::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[1::2])) % 10 == 0
