"""Titles and numbers as real pages write them."""

from __future__ import annotations

import pytest

from checks.lenses.titles import (
    DocumentNumber,
    called_interpretation,
    chinese_year,
    document_keys,
    inner_title,
    interpretation_keys,
    key_of,
    names_number,
    number_line,
    parse_number,
    quoted_titles,
)

FIVE = DocumentNumber("晋教办", 2020, 5)


@pytest.mark.parametrize(
    "written",
    [
        "晋教办〔2020〕5号",
        "晋教办[2020]5号",
        "晋教办［2020］5号",
        "晋教办（2020）5号",
        "晋教办(2020)第5号",
        "晋教办【2020】5号",
        "晋教办﹝2020﹞5号",
        "晋教办 〔 2020 〕 5 号",
        "发文字号：晋教办〔2020〕005号",
        "晋教办〔２０２０〕５号",
    ],
)
def test_a_number_is_the_same_in_every_bracket_that_real_pages_use(written: str) -> None:
    assert parse_number(written) == FIVE
    assert number_line(written)


def test_a_number_without_brackets_is_still_a_number() -> None:
    assert parse_number("岚农发2018.186") == DocumentNumber("岚农发", 2018, 186)
    assert number_line("岚农发2018.186")


@pytest.mark.parametrize("written", ["山西省人民政府令第270号", "2020年第3号", "公告2020年第3号"])
def test_orders_and_announcements_have_numbers_of_their_own_kind(written: str) -> None:
    assert number_line(written)


@pytest.mark.parametrize("written", ["", "无", "——", "2020年5月22日", "索引号", "各市教育局："])
def test_what_is_no_number_is_not_read_as_one(written: str) -> None:
    assert parse_number(written) is None
    assert not number_line(written)


def test_a_cited_number_in_a_sentence_is_no_number_line() -> None:
    assert not number_line("根据《关于做好资助工作的通知》（晋教办〔2020〕5号）精神，现就有关事项通知如下")


def test_a_number_is_recognised_behind_words_that_run_into_it() -> None:
    assert names_number("根据山西省教育厅晋教办〔2020〕5号文件", FIVE)
    assert not names_number("根据晋教办〔2020〕15号文件", FIVE)
    assert not names_number("根据晋教基〔2020〕5号文件", FIVE)


@pytest.mark.parametrize(
    "interpreting",
    [
        "《山西省义务教育招生办法（试行）》解读",
        "《山西省义务教育招生办法》政策解读",
        "一图读懂《山西省义务教育招生办法》",
        "一图读懂 | 山西省义务教育招生办法",
        "图解：山西省义务教育招生办法",
        "【图解】山西省义务教育招生办法",
        "政策解读：《 山西省义务教育招生办法 》",
        "“山西省义务教育招生办法”政策问答",
        "山西省教育厅负责人就《山西省义务教育招生办法》答记者问",
        "关于《山西省义务教育招生办法（试行）》的解读",
        "山西省义务教育招生办法解读（二）",
        "《山西省教育厅关于印发山西省义务教育招生办法的通知》解读",
    ],
)
def test_an_interpretation_finds_its_document_under_any_of_its_names(interpreting: str) -> None:
    document = "山西省教育厅关于印发《山西省义务教育招生办法（试行）》的通知"
    assert called_interpretation(interpreting)
    assert interpretation_keys(interpreting) & document_keys(document)


def test_an_interpretation_of_the_detailed_rules_is_not_one_of_the_measures() -> None:
    document = "山西省教育厅关于印发《山西省义务教育招生办法》的通知"
    assert not interpretation_keys("《山西省义务教育招生办法实施细则》解读") & document_keys(document)
    assert not interpretation_keys("《2019年义务教育招生方案》解读") & document_keys("2020年义务教育招生方案")


@pytest.mark.parametrize(
    "title",
    [
        "关于印发《政策解读工作办法》的通知",
        "山西省政策解读制度",
        "关于做好政策解读工作的通知",
        "关于做好2020年招生工作的意见",
    ],
)
def test_a_document_about_interpreting_is_no_interpretation(title: str) -> None:
    assert not called_interpretation(title)


def test_quotes_spaces_and_brackets_do_not_make_another_title() -> None:
    assert key_of("关于 “十三五”规划（2016—2020年） 的通知") == key_of(
        '关于\u3000"十三五"规划(2016-2020年)的通知'
    )


def test_the_outermost_quoted_title_is_taken_whole() -> None:
    assert quoted_titles("解读《关于贯彻〈义务教育法〉的意见》和《办学条例》") == (
        "关于贯彻〈义务教育法〉的意见",
        "办学条例",
    )


def test_what_a_notice_issues_is_what_the_document_is() -> None:
    assert inner_title("山西省教育厅关于印发《招生工作方案》的通知") == "招生工作方案"
    assert inner_title("山西省教育厅关于做好招生工作的意见") == "关于做好招生工作的意见"


def test_a_short_common_name_is_no_key() -> None:
    assert document_keys("《办法》") == frozenset()


def test_years_are_read_in_figures_and_in_chinese() -> None:
    assert chinese_year("山西省教育厅2019年政府信息公开工作年度报告") == 2019
    assert chinese_year("二〇一九年政府信息公开工作年度报告") == 2019
    assert chinese_year("政府信息公开年报") is None
