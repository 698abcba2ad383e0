"""A guide that offers itself as a file makes one statement, and what is wrong with it is one finding."""

from __future__ import annotations

import msgspec
from made_sites import DEPARTMENT, HOST, attached, page, site, verdicts

from dossier.model import Channel, Column, Page, PageKind, SiteRow, Verdict

RULE = "application-guide-outdated"
OLD = "本机关自收到申请之日起15个工作日内予以答复。"
TODAY = "本机关自收到申请之日起20个工作日内予以答复。"
OWN_SITE = SiteRow(unit_id="B07", channel=Channel.WEBSITE, name="省教育厅", url=f"{HOST}/")
UNIT = msgspec.structs.replace(DEPARTMENT, sites=(OWN_SITE,))


def found(*pages: Page) -> dict[str, Verdict]:
    return verdicts(RULE, site(*pages, unit=UNIT))


def guide(text: str, *files: str) -> Page:
    return page(
        "zn/",
        [Column.GUIDE],
        kind=PageKind.GUIDE,
        title="山西省教育厅政府信息公开指南",
        text=text,
        attachments=tuple(attached(path, "附件1：政府信息公开指南.docx") for path in files),
    )


def file(path: str, text: str) -> Page:
    return page(path, [Column.GUIDE], file=True, kind=PageKind.GUIDE, title="政府信息公开指南", text=text)


def test_the_old_law_in_a_guides_file_is_held_against_its_page_once() -> None:
    assert found(guide(TODAY, "zn/1.docx"), file("zn/1.docx", OLD)) == {f"{HOST}/zn/": Verdict.FAIL}


def test_the_old_law_on_the_page_and_in_its_file_is_one_finding() -> None:
    assert found(guide(OLD, "zn/1.docx"), file("zn/1.docx", OLD)) == {f"{HOST}/zn/": Verdict.FAIL}


def test_a_guide_that_is_a_file_and_no_more_is_still_judged() -> None:
    assert found(guide(TODAY), file("zn/2.docx", OLD)) == {f"{HOST}/zn/2.docx": Verdict.FAIL}


def test_todays_law_in_page_and_file_is_held_against_nobody() -> None:
    assert found(guide(TODAY, "zn/1.docx"), file("zn/1.docx", TODAY)) == {}
