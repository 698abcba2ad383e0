"""What looks like text, a number or an issuer and is none; what looks like news and is a document."""

from __future__ import annotations

import re
from datetime import date

import pytest
from made_sites import page, site

from checks.lenses.block import value_of
from checks.lenses.documents import body_length, policy_documents
from checks.lenses.platform import near_misses
from checks.rules.application_guide_outdated import old_law
from dossier.model import Column, Item, Link, MetadataField, PageKind


def fields(*rows: tuple[str, str, str]) -> tuple[MetadataField, ...]:
    return tuple(MetadataField(label=label, name=name, value=value) for label, name, value in rows)


@pytest.mark.parametrize("form", ["【{}】{}", "{}：{}", "{} {}"])
def test_a_block_is_no_body_however_its_labels_are_marked(form: str) -> None:
    block = fields(
        ("索引号", "index_number", "990200000/2020-00109"),
        ("发文字号", "document_number", "平政规〔2020〕2号"),
    )
    text = "\n".join(form.format(entry.label, entry.value) for entry in block)
    byline = "发布时间：2020/07/23 10:20 信息来源：某市人民政府 字号：[大 中 小]"
    assert body_length(page("a.html", title="某文", text=f"某文\n{byline}\n{text}", metadata=block)) == 0


def test_the_size_of_letters_is_no_document_number() -> None:
    made = page(
        "a.html",
        metadata=fields(("字号", "document_number", "大 中 小"), ("索引号", "index_number", "1/2020")),
    )
    assert value_of(made.facts, "document_number") == ""  # type: ignore[arg-type]  # the page was read


def test_the_source_in_the_byline_is_not_the_issuer_whose_field_is_empty() -> None:
    rows = (
        ("发布日期", "published", "2020.05.21"),
        ("信息来源", "issuer", "某市人民政府"),
        ("索引号", "index_number", "1/2"),
    )
    assert value_of(page("a.html", metadata=fields(*rows, ("发布机构", "issuer", ""))).facts, "issuer") == ""  # type: ignore[arg-type]  # the page was read
    assert value_of(page("a.html", metadata=fields(*rows)).facts, "issuer") == "某市人民政府"  # type: ignore[arg-type]  # the page was read


@pytest.mark.parametrize(
    ("title", "doubted"),
    [
        ("某厅关于印发《资金公示提质增效管理办法》的通知", False),
        ("某厅关于印发公示工作办法的通知", False),
        ("某项目中标结果公示", True),
    ],
)
def test_a_title_is_judged_by_what_it_does_not_by_what_it_names(title: str, doubted: bool) -> None:
    made = site(
        page(
            "a.html",
            [Column.NORMATIVE],
            title=title,
            text="正文" * 40,
            metadata=fields(("索引号", "index_number", "1/2")),
        )
    )
    assert [bool(document.doubt) for document in policy_documents(made)] == [doubted]


def test_a_telephone_number_with_711_in_it_is_not_the_new_decree() -> None:
    said = "根据《中华人民共和国政府信息公开条例》（国务院令第492号），编制本指南。联系电话：0399-6471173。"
    assert "以国务院令第492号为依据" in old_law(said)
    assert not old_law(said.replace("0399-6471173", "国务院令第711号修订"))


def test_a_tab_without_a_link_comes_near_and_a_dated_headline_does_not() -> None:
    home = page(
        "",
        kind=PageKind.HOME,
        links=(Link(url="http://www.example.gov.cn/n/1.html", text="《信访事项公开办法》政策解读"),),
        items=(
            Item(
                title="《信访事项公开办法》政策解读",
                url="http://www.example.gov.cn/n/1.html",
                date=date(2020, 9, 1),
            ),
        ),
        whole_text="首页\n《信访事项公开办法》政策解读\n政府信息公开指南",
    )
    found = near_misses((home,), re.compile("公开|指南"))
    assert [one.quote for one in found] == ["政府信息公开指南"]


def test_a_row_of_tabs_is_read_word_by_word() -> None:
    platform = page(
        "zwgk/",
        kind=PageKind.PLATFORM,
        links=(Link(url="http://www.example.gov.cn/fd/", text="法定主动公开内容"),),
        whole_text="政府信息公开指南法定主动公开内容政府信息公开年报\n本指南由某局编制，每年更新。",
    )
    found = near_misses((platform,), re.compile("指南|年报|主动公开"), None)
    assert [one.quote for one in found] == ["法定主动公开内容", "政府信息公开指南", "政府信息公开年报"]
