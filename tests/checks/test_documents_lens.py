"""Which pages are policy documents, whose they are, and what they show."""

from __future__ import annotations

import pytest
from made_sites import CITY, DEPARTMENT, attached, block, document, interpretation, link, page, site

from checks.lenses.copies import copies
from checks.lenses.documents import policy_documents
from checks.lenses.drawn import drawn_by_script
from checks.lenses.issuers import Origin, origin_of
from dossier.model import Column, LinkPlace, MetadataField, PageFacts, PageKind

POLICY = (Column.POLICY,)


def test_a_page_in_a_document_column_is_a_policy_document() -> None:
    made = site(document())
    assert [one.url for one in policy_documents(made)] == [document().url]
    assert not policy_documents(made)[0].doubt


def test_a_numbered_block_makes_a_document_in_any_column() -> None:
    made = site(document(columns=(Column.NOTICE,)))
    assert len(policy_documents(made)) == 1


def test_interpretations_columns_news_and_files_are_no_documents() -> None:
    made = site(
        interpretation("jd/1.html", "《招生工作方案》解读", columns=(Column.POLICY_JOINT,)),
        page("zc/index.html", POLICY, kind=PageKind.COLUMN, title="政策文件"),
        page("xw/1.html", (Column.NEWS,), title="全省教育工作会议召开"),
        page("zc/1.pdf", POLICY, file=True, title="关于做好招生工作的通知"),
        page("zc/9.html", POLICY, title="某某拟录用人员名单公示"),
    )
    assert policy_documents(made) == ()


def test_what_looks_like_no_document_is_kept_with_a_doubt() -> None:
    made = site(page("zc/2.html", POLICY, title="教育事业统计数据", text="统计数据如下。" * 20))
    assert policy_documents(made)[0].doubt


def test_the_number_of_a_mere_carrier_is_read_in_its_file() -> None:
    carrier = document(
        document_number=None,
        metadata=block(发文字号=""),
        text="附件：通知全文",
        attachments=(attached("zc/1.pdf"),),
    )
    scroll = page("zc/1.pdf", file=True, text="山西省教育厅文件\n晋教办〔2020〕9号\n关于做好资助工作的通知")
    assert policy_documents(site(carrier, scroll))[0].number_text == "晋教办〔2020〕9号"


def test_a_number_cited_in_the_text_is_not_the_document_s_own() -> None:
    made = site(
        document(
            document_number=None,
            metadata=block(发文字号=""),
            text="根据晋教办〔2019〕3号文件要求，通知如下。" * 9,
        )
    )
    assert policy_documents(made)[0].number_text == ""


def test_two_addresses_of_one_document_are_copies() -> None:
    made = site(document("zc/1.html"), document("gk/1_gfwj.html"))
    assert len(copies(made)[document("zc/1.html").url]) == 2


def test_yearly_notices_of_one_title_are_not_copies() -> None:
    made = site(document("zc/1.html"), document("zc/2.html", document_number="晋教办〔2020〕9号"))
    assert len(copies(made)[document("zc/1.html").url]) == 1


def test_a_block_without_any_value_was_drawn_by_a_script() -> None:
    empty = document(metadata=tuple(MetadataField(label=one.label, name=one.name) for one in block()))
    assert drawn_by_script(empty)
    assert not drawn_by_script(document())


@pytest.mark.parametrize(
    ("title", "number", "issuer", "origin"),
    [
        ("山西省教育厅关于做好资助工作的通知", None, None, Origin.OWN),
        ("关于做好资助工作的通知", "晋教办〔2020〕5号", None, Origin.OWN),
        ("关于做好资助工作的通知", None, "省教育厅办公室", Origin.OWN),
        ("国务院办公厅关于做好资助工作的通知", "国办发〔2020〕5号", "山西省教育厅", Origin.FOREIGN),
        ("关于做好资助工作的通知", "国办发〔2020〕5号", "山西省教育厅", Origin.FOREIGN),
        ("关于做好资助工作的通知", "晋政办发〔2020〕5号", "山西省教育厅", Origin.FOREIGN),
        ("教育部关于做好资助工作的通知", None, None, Origin.FOREIGN),
        ("国务院办公厅《关于做好资助工作的意见》政策解读", None, None, Origin.FOREIGN),
        ("一图读懂《山西省资助办法》", None, "山西省教育厅", Origin.OWN),
        ("关于做好资助工作的通知", None, "教育部", Origin.FOREIGN),
        ("山西省教育厅转发教育部关于做好资助工作的通知", None, None, Origin.OWN),
        ("山西省财政厅 山西省教育厅关于做好资助工作的通知", "晋财教〔2020〕5号", None, Origin.UNKNOWN),
        ("关于做好资助工作的通知", None, None, Origin.UNKNOWN),
    ],
)
def test_whose_document_it_is_shows_in_title_number_or_issuer(
    title: str, number: str | None, issuer: str | None, origin: Origin
) -> None:
    facts = PageFacts(url="http://a/", title=title, document_number=number, issuer=issuer)
    assert origin_of(DEPARTMENT, facts) is origin


@pytest.mark.parametrize(
    ("title", "number", "issuer", "origin"),
    [
        (
            "太原市人民政府办公室关于做好防汛工作的通知",
            "并政办发〔2020〕5号",
            "太原市人民政府办公室",
            Origin.OWN,
        ),
        ("关于做好防汛工作的通知", "并政发〔2020〕5号", None, Origin.OWN),
        ("关于做好防汛工作的通知", None, "太原市教育局", Origin.LOCAL),
        ("山西省人民政府关于做好防汛工作的通知", "晋政发〔2020〕5号", None, Origin.FOREIGN),
    ],
)
def test_a_city_is_its_government_and_its_bureaus_are_others(
    title: str, number: str | None, issuer: str | None, origin: Origin
) -> None:
    facts = PageFacts(url="http://a/", title=title, document_number=number, issuer=issuer)
    assert origin_of(CITY, facts) is origin


def test_a_pdf_linked_in_the_text_is_an_attachment_too() -> None:
    from checks.lenses.attached import attachments_of

    made = document(links=(link("zc/2.pdf", "通知全文", LinkPlace.MAIN),))
    assert [item.text for item, _ in attachments_of(site(made), made)] == ["通知全文"]
