"""An answer of a platform says what it says; a shape that nobody knows accuses nobody."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import pytest

from crawler.account_feed import read_feed
from crawler.account_profile import read_profile_page
from crawler.account_times import BEIJING
from crawler.account_wechat import is_article, read_article
from crawler.account_weibo import address_of, read_posts, read_profile, together, uid_of
from dossier.archive import Exchange
from dossier.model import Channel, SiteRow

NOW = datetime(2020, 9, 30, 10, 0, tzinfo=BEIJING)
API = "https://m.weibo.cn/api/container/getIndex?type=uid&value=5500001013&containerid=1076035500001013"


def said(body: str | bytes, status: int = 200, url: str = API, kind: str = "application/json") -> Exchange:
    raw = body if isinstance(body, bytes) else body.encode()
    headers = (("Content-Type", kind),)
    return Exchange(
        url=url, at=datetime.now(UTC), status=status, reason="Gone", response_headers=headers, body=raw
    )


def posts(*blogs: dict[str, Any], ok: int = 1, **more: Any) -> Exchange:
    cards = [{"card_type": 9, "mblog": blog, "scheme": ""} for blog in blogs]
    return said(json.dumps({"ok": ok, "data": {"cards": cards}} | more, ensure_ascii=False))


def blog(created: str, text: str = "内容", **more: Any) -> dict[str, Any]:
    user = {"screen_name": "清河发布", "verified": True, "verified_reason": "清河市人民政府官方微博"}
    return {"id": "45", "created_at": created, "text": text, "user": user} | more


def row(url: str, channel: Channel = Channel.WEIBO, account_id: str = "") -> SiteRow:
    return SiteRow(unit_id="A01", channel=channel, name="清河发布", url=url, account_id=account_id)


def test_the_newest_post_is_the_latest_and_not_the_first() -> None:
    pinned = blog("Mon Mar 02 09:00:00 +0800 2020", isTop=1, title={"text": "置顶"})
    got = read_posts(posts(pinned, blog("09-12"), blog("昨天 10:20", "<a href='#'>会议</a> 召开")), NOW)
    assert (got.state, got.newest, got.shown_name) == ("open", date(2020, 9, 29), "清河发布")
    assert got.certified == "清河市人民政府官方微博"
    assert got.quote == "昨天 10:20 会议 召开"
    assert got.newest_url == "https://m.weibo.cn/status/45"


def test_posts_in_groups_of_cards_are_seen() -> None:
    group = {"card_type": 11, "card_group": [{"card_type": 9, "mblog": blog("3小时前")}]}
    got = read_posts(said(json.dumps({"ok": 1, "data": {"cards": [group]}})), NOW)
    assert got.newest == date(2020, 9, 30)


@pytest.mark.parametrize(
    ("exchange", "state"),
    [
        (posts(ok=0, msg="用户不存在"), "gone"),
        (posts(ok=0, msg="该账号已注销"), "gone"),
        (posts(ok=0, msg="这里还没有内容"), "empty"),
        (posts(), "empty"),
        (posts(ok=-100, url="https://passport.weibo.com/sso"), "login"),
        (posts(ok=0, msg="系统繁忙"), "unread"),
        (posts(ok=0, msg="如需注销账号请先登录"), "unread"),
        (said(json.dumps({"ok": 1, "data": {"cards": [{"card_type": 58, "x": 1}]}})), "unread"),
        (said(json.dumps({"ok": 1, "data": []})), "unread"),
        (said("[1, 2]"), "unread"),
        (said("<html><body>微博</body></html>"), "unread"),
        (said(b"\xff\xfe"), "unread"),
        (said("{}", 404), "unread"),
        (said("{}", 500), "unread"),
        (said("{}", 432), "blocked"),
        (said("{}", 418), "blocked"),
        (said("<html></html>", url="https://passport.weibo.com/visitor/visitor"), "login"),
    ],
)
def test_only_the_platforms_word_makes_an_account_gone(exchange: Exchange, state: str) -> None:
    got = read_posts(exchange, NOW)
    assert got.state == state
    assert got.newest is None
    assert (state == "gone") <= bool(got.quote)
    assert bool(got.because) or state == "gone"


def test_an_account_is_gone_where_profile_and_posts_say_so() -> None:
    gone, open_, listed = posts(ok=0, msg="用户不存在"), _profile(9), posts(blog("刚刚"))
    assert together(read_profile(gone), read_posts(gone, NOW)).state == "gone"
    assert together(read_profile(open_), read_posts(gone, NOW)).state == "unread"
    assert together(read_profile(said("{}", 500)), read_posts(gone, NOW)).state == "unread"
    assert together(read_profile(gone), read_posts(listed, NOW)).state == "open"


def test_a_profile_that_counts_posts_is_not_empty_for_showing_none() -> None:
    nothing = read_posts(posts(ok=0, msg="这里还没有内容"), NOW)
    assert together(read_profile(_profile(120)), nothing).state == "unread"
    assert together(read_profile(_profile(0)), nothing).state == "empty"


def _profile(count: int) -> Exchange:
    user = {"screen_name": "清河发布", "verified": True, "verified_reason": "清河市", "statuses_count": count}
    return said(json.dumps({"ok": 1, "data": {"userInfo": user}}))


@pytest.mark.parametrize(
    ("url", "account_id", "uid"),
    [
        ("https://m.weibo.cn/u/5500001013", "", "5500001013"),
        ("https://weibo.com/u/5500001013?from=x", "", "5500001013"),
        ("https://weibo.com/5500001013", "", "5500001013"),
        ("https://m.weibo.cn/p/1005055500001013", "", "5500001013"),
        ("https://weibo.com/qinghefabu", "5500001013", "5500001013"),
        ("https://weibo.com/qinghefabu", "清河发布", ""),
    ],
)
def test_the_number_of_an_account_is_taken_from_the_list(url: str, account_id: str, uid: str) -> None:
    assert uid_of(row(url, account_id=account_id)) == uid


def test_the_scheme_of_the_list_is_kept() -> None:
    assert address_of(row("http://weibo.com/u/5500001013"), "107603").startswith("http://m.weibo.cn/api/")
    assert address_of(row("https://m.weibo.cn/u/5500001013"), "100505").endswith(
        "containerid=1005055500001013"
    )


RSS = "<?xml version='1.0'?><rss version='2.0'><channel><title>清河发布</title>{}</channel></rss>".format
ITEM = "<item><title>{}</title><link>http://f/{}</link><pubDate>{}</pubDate></item>".format


def test_a_feed_is_read_in_each_of_its_three_forms() -> None:
    rss = RSS(
        ITEM("旧", 1, "Tue, 01 Sep 2020 10:00:00 +0800") + ITEM("新", 2, "Mon, 28 Sep 2020 23:30:00 +0000")
    )
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>清河发布</title><entry><title>新</title>"
        "<published>2020-09-29T07:30:00+08:00</published><updated>2020-09-30T07:30:00+08:00</updated></entry></feed>"
    )
    items = [{"id": "http://f/2", "title": "新", "date_published": "2020-09-29T07:30:00+08:00"}]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "清河发布", "items": items}
    for body in (rss, atom, json.dumps(feed)):
        got = read_feed(said(body, url="http://f/", kind="text/plain"), NOW)
        assert (got.state, got.newest, got.shown_name, got.via) == (
            "open",
            date(2020, 9, 29),
            "清河发布",
            "feed",
        )
        assert "新" in got.quote


@pytest.mark.parametrize(
    ("exchange", "state"),
    [
        (said("", 404), "gone"),
        (said("gone", 410), "gone"),
        (said("", 503), "unread"),
        (said("", 403), "blocked"),
        (said(RSS("")), "empty"),
        (said(RSS("")[:40]), "unread"),
        (said("<html><body><p>首页</p></body></html>", kind="text/html"), "unread"),
        (said('{"items": []}'), "unread"),
        (said(""), "unread"),
        (said(RSS("<item><title>无日期</title></item>")), "open"),
        (said("<feed xmlns='http://www.w3.org /2005/Atom'><title>清河</title></feed>"), "unread"),
    ],
)
def test_what_is_no_feed_says_nothing(exchange: Exchange, state: str) -> None:
    got = read_feed(exchange, NOW)
    assert got.state == state
    assert got.newest is None


def test_an_article_of_wechat_is_not_the_last_word_of_its_account() -> None:
    page = '<html><script>var ct = "1600185600"; var nickname = htmlDecode("清河发布");</script><p>正文</p></html>'
    got = read_article(said(page, url="https://mp.weixin.qq.com/s/abc", kind="text/html"))
    assert (got.state, got.newest, got.shown_name) == ("unread", date(2020, 9, 16), "清河发布")
    assert "import-evidence" in got.because


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("该内容已被发布者删除", "unread"),
        ("此内容因违规无法查看", "unread"),
        ("环境异常，完成验证后即可继续访问", "blocked"),
    ],
)
def test_a_lost_article_is_not_a_lost_account(words: str, state: str) -> None:
    got = read_article(said(f"<html><body>{words}</body></html>", kind="text/html"))
    assert got.state == state


def test_articles_of_wechat_are_known_by_their_address() -> None:
    assert is_article(row("https://mp.weixin.qq.com/s/abc", Channel.WECHAT))
    assert is_article(row("https://mp.weixin.qq.com/s?__biz=x&mid=1", Channel.WECHAT))
    assert not is_article(row("https://mp.weixin.qq.com/mp/profile_ext?action=home", Channel.WECHAT))


def test_a_profile_tells_its_newest_visible_post() -> None:
    cards = "".join(
        f"<div class='card'><p>内容</p><span class='post-time'>{when}</span></div>"
        for when in ("09-01", "3天前")
    )
    page = f"<html><title>清河发布的主页</title><h1>清河发布</h1><p>认证：清河市人民政府</p>{cards}<p>注册于 2012-01-01</p></html>"
    got = read_profile_page(said(page, kind="text/html"), NOW)
    assert (got.state, got.newest, got.shown_name) == ("open", date(2020, 9, 27), "清河发布")
    assert got.certified == "清河市人民政府"


def test_times_are_taken_from_the_data_that_a_page_carries() -> None:
    data = quote(json.dumps({"feed": [{"publish_time": 1600185600}, {"publish_time": 1601000000}]}))
    page = f'<html><title>头条</title><script id="RENDER_DATA" type="application/json">{data}</script></html>'
    assert read_profile_page(said(page, kind="text/html"), NOW).newest == date(2020, 9, 25)


@pytest.mark.parametrize(
    ("exchange", "state"),
    [
        (said("<html><div id='root'></div><script>var a='用户不存在'</script></html>"), "unread"),
        (said("<html><body>扫码登录，查看更多精彩</body></html>"), "login"),
        (said("<html><body>请拖动滑块完成验证</body></html>"), "blocked"),
        (said("<html><body>该账号已被封禁</body></html>"), "gone"),
        (said("<html><body>" + "介绍怎样注销，用户不存在时怎么办。" * 60 + "</body></html>"), "unread"),
        (said("<html><body>404</body></html>", 404), "unread"),
        (said("<html><p>成立于 2012-01-01</p><p class='reg-date'>2012-01-01</p></html>"), "unread"),
        (said("<html></html>", url="https://sso.douyin.com/login"), "login"),
    ],
)
def test_a_profile_that_shows_nothing_accuses_nobody(exchange: Exchange, state: str) -> None:
    got = read_profile_page(exchange, NOW)
    assert got.state == state
    assert got.newest is None
