"""Faults inside files, faults that a first look does not show, and what an assessor brings by hand."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pdfplumber
import pypdfium2
import pytest

from desk import demo
from desk.import_evidence import read_evidence
from practice.faults import KINDS
from practice.home import write_home
from practice.model import Account, Fault, Leaf, Site
from practice.province import Province, build
from practice.report_files import carry

UNIT = "B07"
CARRIED = {"annual-report-figures-in-pdf": "pdf", "annual-report-figures-in-word": "docx"}


def made_with(kind: str, *options: tuple[str, str]) -> Province:
    return build(faults=[Fault(UNIT, kind, options)], units=[UNIT])


def served(province: Province, url: str) -> bytes:
    answer = province.answer(url)
    assert answer is not None
    assert answer.status == 200
    return answer.body


def words_of(form: str, body: bytes) -> str:
    if form == "pdf":
        return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(body))
    if form == "docx":
        return "\n".join(one.text for one in docx.Document(io.BytesIO(body)).paragraphs)
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)


def figures_of(form: str, body: bytes) -> list[list[int]]:
    """The 25 lines of seven figures of the prescribed table."""
    if form == "pdf":
        with pdfplumber.open(io.BytesIO(body)) as book:
            rows = [
                [cell or "" for cell in row]
                for page in book.pages
                for t in page.extract_tables()
                for row in t
            ]
    else:
        rows = [[c.text for c in row.cells] for t in docx.Document(io.BytesIO(body)).tables for row in t.rows]
    return [
        [int(n) for n in row[-7:]] for row in rows if len(row) == 10 and all(n.isdigit() for n in row[-7:])
    ]


def adds_up(rows: list[list[int]]) -> bool:
    assert len(rows) == 25
    across = all(sum(row[:6]) == row[6] for row in rows)
    return across and all(rows[0][n] + rows[1][n] == rows[23][n] + rows[24][n] for n in range(7))


def last_report(site: Site) -> Leaf:
    return next(
        x for x in site.leaves.values() if x.kind == "annual" and x.extra["year"] == site.as_of.year - 1
    )


@pytest.mark.parametrize(("kind", "form"), CARRIED.items())
def test_a_report_in_a_file_bears_its_wrong_sum_and_its_page_bears_no_table(kind: str, form: str) -> None:
    province = made_with(kind)
    leaf = last_report(province.sites[UNIT])
    (file,) = leaf.attachments
    assert not adds_up(figures_of(form, served(province, file.url)))
    assert "自然人" not in served(province, leaf.url).decode(province.sites[UNIT].encoding)


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_healthy_twin_of_a_report_in_a_file_adds_up(form: str) -> None:
    province = build(faults=[], units=[UNIT])
    leaf = last_report(province.sites[UNIT])
    carry(province.sites[UNIT], leaf, form)
    province.forget()
    body = served(province, leaf.attachments[0].url)
    assert adds_up(figures_of(form, body))
    assert "总体情况" in words_of(form, body).replace("\r\n", "")


@pytest.mark.parametrize("form", ["docx", "pdf", "xlsx"])
def test_a_wrong_word_stands_in_the_file_alone(form: str) -> None:
    province = made_with("wording-error-in-file", ("phrase", "布署"), ("form", form))
    (row,) = province.truth
    url, _, phrase = row.subject.partition(" ")
    assert phrase in words_of(form, served(province, url))
    (leaf,) = [x for x in province.sites[UNIT].leaves.values() if any(f.url == url for f in x.attachments)]
    assert phrase not in served(province, leaf.url).decode(province.sites[UNIT].encoding)


@pytest.mark.parametrize("kind", ["resident-id-in-sheet", "bank-card-in-file"])
def test_the_numbers_of_a_person_stand_in_the_file_that_the_truth_names(kind: str) -> None:
    province = made_with(kind)
    (row,) = province.truth
    form = row.subject.rsplit(".", 1)[1]
    words = words_of(form, served(province, row.subject))
    digits = "".join(char if char.isdigit() or char == "X" else " " for char in words)
    assert any(len(run) in (18, 19) for run in digits.split())


def test_a_page_that_says_it_is_gone_answers_well() -> None:
    for kind in ("link-says-gone", "interpretation-link-says-gone"):
        province = made_with(kind)
        (target,) = {row.subject for row in province.truth if row.rule_id == "link-broken"}
        assert "不存在" in served(province, target).decode(province.sites[UNIT].encoding)


def test_a_date_that_stands_in_the_list_alone_is_not_on_the_page() -> None:
    province = made_with("publish-date-future-in-list")
    site = province.sites[UNIT]
    (row,) = province.truth
    day = site.leaves[row.subject].published
    assert day is not None
    assert day > site.as_of
    page = served(province, row.subject).decode(site.encoding)
    assert not any(f"{day:{form}}" in page for form in ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d"))


def test_a_number_in_a_pictures_name_is_nowhere_in_the_words_of_the_page() -> None:
    province = made_with("document-number-in-picture-name")
    (row,) = province.truth
    page = served(province, row.subject).decode(province.sites[UNIT].encoding)
    assert "%E3%80%94" in page
    assert "〔" not in page.partition("%E3%80%94")[2].partition("</p>")[0]


def accounts_by_hand(province: Province) -> dict[str, tuple[Site, Account]]:
    return {a.account_id: (s, a) for s in province.sites.values() for a in s.accounts if a.by_hand}


def test_three_in_four_accounts_behind_a_login_come_with_evidence_that_the_desk_reads(
    province: Province, tmp_path: Path
) -> None:
    write_home(province, tmp_path)
    (file,) = demo.hand_evidence(tmp_path)
    facts = {fact.account_id: fact for fact in read_evidence(file)}
    known = accounts_by_hand(province)
    every = sum(a.channel == "wechat" for s in province.sites.values() for a in s.accounts)
    assert set(facts) == set(known)
    assert 0.5 * every < len(known) < every
    assert len({fact.sha256 for fact in facts.values()}) == len(facts), "each has a picture of its own"
    stale = {row.subject for row in province.truth if row.kind == "account-stale-by-hand"}
    assert stale
    for name, fact in facts.items():
        assert fact.newest_post is not None
        assert fact.observed_at is not None
        assert fact.observed_at.date() == date(2020, 9, 29)
        assert ((province.as_of - fact.newest_post).days > 14) == (name in stale)


def test_evidence_is_never_of_tomorrow() -> None:
    for day in (date(2020, 9, 30), date(2021, 6, 3)):
        made = build(as_of=day)
        assert all(
            datetime.combine(min(d for d, _ in account.posts), datetime.min.time()).date() < day
            for _, account in accounts_by_hand(made).values()
        )


def test_healthy_twins_are_many_and_are_no_truth(healthy: Province) -> None:
    seen: Counter[str] = Counter()
    for site in healthy.sites.values():
        for leaf in site.leaves.values():
            seen["report"] += bool(leaf.extra.get("carried"))
            seen["list date"] += bool(leaf.extra.get("date-in-list-only"))
            seen["number in head"] += bool(leaf.extra.get("number-in-head"))
            seen["file"] += any(file.says for file in leaf.attachments)
    assert min(seen[name] for name in ("report", "list date", "number in head", "file")) >= 5
    assert healthy.truth == ()


def test_a_row_without_number_is_known_by_its_title() -> None:
    province = made_with("listed-title-unreachable")
    (row,) = [row for row in province.truth if row.kind == "listed-title-unreachable"]
    listed = province.sites[UNIT].listed
    assert listed is not None
    (found,) = [one for one in listed if one.title == row.subject]
    assert found.number == ""


def test_every_kind_with_another_name_names_a_rule_that_others_break_too() -> None:
    for kind, how in KINDS.items():
        assert (how.rule or kind) in {k for k, v in KINDS.items() if not v.rule}, kind
