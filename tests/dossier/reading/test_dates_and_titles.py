"""Headlines and dates in the ways that templates show them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from dossier.model import DateSource, PageFacts
from dossier.reading.dates import address_date, any_date, first_date, is_only_date, latest, row_date

Make = Callable[..., PageFacts]
BODY = (
    "<div class='TRS_Editor'><p>"
    + "各市、县人民政府，省人民政府各委、办、厅、局，现将有关事项通知如下，请认真贯彻执行。" * 6
    + "</p></div>"
)


def article(info: str, head: str = "", title: str = "关于做好冬季供暖工作的通知") -> str:
    return (
        f"<html><head><title>{title}_通知公告_示例厅</title>{head}</head><body><h1>{title}</h1>"
        f"<div class='info'>{info}</div>{BODY}</body></html>"
    )


@pytest.mark.parametrize(
    "info",
    [
        "发布日期：<b>2020-06-26 17:40:20</b>   来源：<b> 政府办秘书科</b>",
        "<span><i>时间：</i>2020-06-26 17:30</span>",
        "<i><img title='发布时间'></i><span>2020-06-26</span>",
        "2020-06-26&#32;00:00　来源：示例厅",
        "日期 2020年06月26日 09时32分",
        "发布日期 : 2020-06-26    来源  :  本网站",
        "更新时间：2020-08-14 10:46 发布时间：2020-06-26 08:00",
        "发 布 时 间：2020年6月26日",
        "<table><tr><td>发布时间：</td><td>2020/06/26</td></tr></table>",
        "来源：示例厅　2020.06.26　【字体：大 中 小】",
        "浏览次数：12 发布于 2020-06-26",
    ],
)
def test_the_publication_date_is_found_whatever_the_label(page: Make, info: str) -> None:
    assert page(article(info)).published == date(2020, 6, 26)


def test_an_update_time_alone_is_no_publication_date(page: Make) -> None:
    facts = page(article("更新时间：2024-08-14 10:46"), url="http://www.example.gov.cn/a/b.html")
    assert facts.published is None


def test_a_page_generation_time_is_no_publication_date(page: Make) -> None:
    facts = page(article("页面生成时间 2024-08-14 10:46"), url="http://www.example.gov.cn/a/b.html")
    assert facts.published is None


def test_the_visible_date_beats_the_tag_and_the_conflict_is_reported(page: Make) -> None:
    head = '<meta name="PubDate" content="2022-10-14 10:16:14">'
    facts = page(article("日期 2020年09月15日 09时32分", head))
    assert facts.published == date(2020, 9, 15)
    assert "2020-09-15" in facts.dates_conflict
    assert "2022-10-14" in facts.dates_conflict


def test_the_tag_serves_where_nothing_is_shown(page: Make) -> None:
    facts = page(article("", '<meta content="2024.09.30 09:24:36 GMT+08:00" name="pubdate">'))
    assert (facts.published, facts.published_from) == (date(2024, 9, 30), DateSource.TAG)


def test_the_address_is_the_last_resort_and_says_so(page: Make) -> None:
    facts = page(article(""))
    assert (facts.published, facts.published_from) == (date(2020, 11, 5), DateSource.ADDRESS)


def test_a_label_beats_the_date_in_the_address(page: Make) -> None:
    facts = page(article("发布日期：2015-10-09"), url="http://x.gov.cn/xxgk/2018-06-30/249.html")
    assert (facts.published, facts.published_from) == (date(2015, 10, 9), DateSource.LABEL)


def test_a_date_in_a_comment_is_not_there(page: Make) -> None:
    facts = page(article("<!--发布日期：2018-09-30--> 发布日期：2018-11-21"))
    assert facts.published == date(2018, 11, 21)


def test_dates_inside_the_text_are_not_the_publication_date(page: Make) -> None:
    html = article("").replace("各市、县", "会议时间：2019年3月4日。截止日期：2019年5月1日。各市、县", 1)
    assert page(html, url="http://x.gov.cn/a/b.html").published is None


def test_the_headline_comes_with_its_full_words(page: Make) -> None:
    head = '<meta name="ArticleTitle" content="山西省人民政府办公厅关于印发山西省煤炭资源开发利用总体规划的通知">'
    facts = page(
        article("发布日期：2020-01-02", head, "山西省人民政府办公厅关于印发山西省煤炭资源开发利...").replace(
            "<h1>", "<h1>"
        )
    )
    assert facts.title == "山西省人民政府办公厅关于印发山西省煤炭资源开发利用总体规划的通知"


def test_a_title_that_is_only_the_site_name_gives_way_to_the_shown_headline(page: Make) -> None:
    html = article("发布日期：2020-01-02").replace(
        "<title>关于做好冬季供暖工作的通知_通知公告_示例厅</title>", "<title>示例市人民政府门户网站</title>"
    )
    assert page(html).title == "关于做好冬季供暖工作的通知"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("示例厅-政府信息公开-依申请公开", "依申请公开"),
        ("示例厅-首页-关于做好冬季供暖工作有关事项的通知-正文", "关于做好冬季供暖工作有关事项的通知"),
    ],
)
def test_behind_the_name_of_the_site_the_way_goes_down_to_the_page(page: Make, title: str, name: str) -> None:
    html = f"<html><head><title>{title}</title><meta name='SiteName' content='示例厅'></head><body><div>{'公民可以申请获取政府信息。' * 6}</div></body></html>"
    assert page(html, url="http://www.example.gov.cn/zfxxgk/ysq.html").title == name


def test_a_hidden_copy_of_the_headline_serves_a_template_without_headings(page: Make) -> None:
    html = (
        "<title>示例厅</title><meta name='SiteName' content='示例厅'>"
        "<div id='NewsArticleTitle' style='display:none;'>关于开展专项检查的公告</div>"
        f"<div class='article-inf-left'>2024-09-12 10:10 &nbsp;来源：本厅</div>{BODY}"
    )
    facts = page(html)
    assert facts.title == "关于开展专项检查的公告"
    assert facts.published == date(2024, 9, 12)


def test_a_title_over_several_lines_is_one_headline(page: Make) -> None:
    html = (
        article("发布日期：2020-01-02")
        .replace("<title>", "<title>\n\n   ")
        .replace("_通知公告", "\n_通知公告")
    )
    assert page(html).title == "关于做好冬季供暖工作的通知"


def test_custom_title_elements_are_headlines(page: Make) -> None:
    html = f"<title>四川省人民政府</title><ucaptitle>关于加快发展的意见</ucaptitle><p>日期 2020年09月15日 09时32分</p><ucapcontent>{BODY}</ucapcontent>"
    facts = page(html)
    assert (facts.title, facts.published) == ("关于加快发展的意见", date(2020, 9, 15))


def test_the_signature_date_is_the_day_of_writing(page: Make) -> None:
    html = article("发布日期：2020-07-01").replace(
        "</p></div>", "</p><p>示例省人民政府</p><p>二〇二〇年六月十五日</p><p>（此件公开发布）</p></div>"
    )
    assert page(html).written == date(2020, 6, 15)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2020-6-5", date(2020, 6, 5)),
        ("２０２０年０６月０５日", date(2020, 6, 5)),
        ("二○二○年十月二十一日", date(2020, 10, 21)),
        ("二〇一九年一月三十日", date(2019, 1, 30)),
        ("2020-13-05", None),
        ("2020-02-30", None),
        ("电话 0351-2020123", None),
        ("", None),
    ],
)
def test_dates_are_read_as_offices_write_them(text: str, wanted: date | None) -> None:
    assert first_date(text) == wanted


def test_eight_figures_count_only_in_data() -> None:
    assert first_date("20200605") is None
    assert any_date("20200605") == date(2020, 6, 5)


def test_a_month_and_day_mean_the_latest_such_day() -> None:
    assert row_date("11-20", date(2026, 11, 23)) == date(2026, 11, 20)
    assert row_date("12-30", date(2026, 11, 23)) == date(2025, 12, 30)
    assert latest(2, 29, date(2026, 11, 23)) == date(2024, 2, 29)
    assert row_date("3天前", date(2026, 11, 23)) == date(2026, 11, 20)


def test_a_date_with_brackets_is_still_only_a_date() -> None:
    assert is_only_date("[2020-06-05]")
    assert is_only_date("2020年06月05日 09:30")
    assert not is_only_date("2020年06月05日召开会议")
    assert not is_only_date("更多")


def test_an_address_gives_its_day() -> None:
    assert address_date("http://a.gov.cn/tzgg/202009/t20200915_1.shtml") == date(2020, 9, 15)
    assert address_date("http://a.gov.cn/art/2019/4/3/art_1_2.html") == date(2019, 4, 3)
    assert address_date("http://a.gov.cn/x/index.html") is None
