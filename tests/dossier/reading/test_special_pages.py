"""Answers that are no pages, and pages that only look like such answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dossier.model import PageFacts, PageKind

Make = Callable[..., PageFacts]
TEXT = "<p>" + "网站工作人员介绍说，访问者看到的是一个说明页面，下面介绍它的来历和处理办法。" * 20 + "</p>"
RUISHU = "<script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=81494;$_ts.cd=\"qx2xrr\";if($_ts.lcd)$_ts.lcd();</script>"


def test_an_empty_answer_with_a_protection_script_is_a_challenge(page: Make) -> None:
    html = f"<html><head><meta content='F9' r='m'>{RUISHU}</head><body></body></html><script r='m'>_$cT();</script>"
    for status in (412, 202, 200):
        facts = page(html, status=status)
        assert (facts.kind, facts.sign) == (PageKind.CHALLENGE, "ruishu")


def test_the_same_script_inside_a_real_article_is_no_challenge(page: Make) -> None:
    html = f"<html><head><title>关于网站的说明</title>{RUISHU}</head><body><h1>关于网站的说明</h1><div>发布时间：2020-01-02</div><div id='zoom'>{TEXT}</div></body></html>"
    assert page(html).kind is PageKind.ARTICLE


def test_the_same_script_in_a_page_drawn_by_script_is_a_shell(page: Make) -> None:
    html = f"<html><head><title>数据查询</title>{RUISHU}</head><body><div id='home' v-cloak><div v-for='(i,n) in list'></div></div></body></html>"
    assert page(html).kind is PageKind.SHELL


@pytest.mark.parametrize(
    ("html", "sign"),
    [
        (
            "<script>document.cookie=('_')+('_')+('j')+('s')+('l');location.href=location.pathname+location.search</script>",
            "jsl",
        ),
        (
            "<noscript><h1>请开启JavaScript并刷新该页.</h1></noscript><script>var x='/WZWSRELzMz'</script>",
            "wzws",
        ),
        (
            "<html><script>var arg1='0123456789ABCDEF0123456789ABCDEF01234567';setCookie('acw_sc__v2',x)</script></html>",
            "yundun",
        ),
        (
            "<html><title>安全验证</title><body>请完成安全验证 <div id='slider'>拖动滑块</div></body></html>",
            "captcha",
        ),
        ("<html><body><h3>您的请求已被该站点的安全策略拦截</h3><p>事件ID：123</p></body></html>", "waf"),
    ],
)
def test_other_protections_are_named(page: Make, html: str, sign: str) -> None:
    facts = page(html)
    assert (facts.kind, facts.sign) == (PageKind.CHALLENGE, sign)


@pytest.mark.parametrize(
    "html",
    [
        "<title>502</title><style>a{}</style><div>502 服务器开小差了</div><img src='data:image/png;base64,AAAA'>",
        "<title>404 Not Found</title><center><h1>404 Not Found</h1></center><hr><center>nginx</center>",
        "<title>提示信息</title><p>抱歉，您访问的页面不存在或已被删除！</p><a href='/'>返回首页</a>",
        "<title>示例厅</title><div>您要查看的文章不存在</div>",
        "<html><head><title>页面未找到</title></head><body>对不起，找不到该页面</body></html>",
    ],
)
def test_a_page_that_says_so_is_an_error(page: Make, html: str) -> None:
    facts = page(html)
    assert facts.kind is PageKind.ERROR
    assert facts.sign


def test_an_article_about_errors_is_an_article(page: Make) -> None:
    title = "网站出现404页面不存在怎么办"
    html = f"<title>{title}_常见问题_示例厅</title><h1>{title}</h1><div>发布时间：2020-03-01 来源：本网</div><div class='TRS_Editor'><p>很多网友反映页面不存在。</p>{TEXT}</div>"
    assert page(html).kind is PageKind.ARTICLE
    short = f"<title>{title}_示例厅</title><meta name='ArticleTitle' content='{title}'><meta name='PubDate' content='2020-03-01'><h1>{title}</h1><p>您访问的页面不存在时，请联系我们。</p>"
    assert page(short).kind is PageKind.ARTICLE


@pytest.mark.parametrize(
    "head", ["发布时间：2020-03-01", "来源：示例厅　2020-03-01", "2020年3月1日 来源：办公室"]
)
def test_a_short_answer_with_an_articles_head_is_an_article_without_any_tag(page: Make, head: str) -> None:
    told = "<p>您申请的政府信息不存在，现予告知。</p><p>您访问的页面不存在一事，已经修复。</p>"
    html = f"<title>答复_示例厅</title><div class='nav'><a href='/'>首页</a></div><h1>答复</h1><div>{{}}</div>{told}"
    assert page(html.format(head)).kind is not PageKind.ERROR
    assert page(html.format("")).kind is PageKind.ERROR


def test_a_notice_that_the_site_moved_says_where_to(page: Make) -> None:
    html = "<title>网站域名变更公告</title><p>我单位网站已迁移至全省政府网站集约化平台，网站域名变更为：<a href='javascript:;'>new.example.gov.cn</a>。</p><script>setTimeout(function(){window.location.href='http://new.example.gov.cn'},1000);</script>"
    facts = page(html)
    assert (facts.kind, facts.moved_to) == (PageKind.MOVED, "http://new.example.gov.cn")


def test_an_article_about_a_moved_office_is_an_article(page: Make) -> None:
    html = f"<title>关于办公地址搬迁至新址的公告</title><h1>关于办公地址搬迁至新址的公告</h1><div>发布时间：2020-03-01 来源：本网</div><div class='TRS_Editor'>{TEXT}</div>"
    assert page(html).kind is PageKind.ARTICLE


def test_an_application_that_draws_itself_is_a_shell(page: Make) -> None:
    for html in (
        "<title>国家局</title><body ng-app='app'><div ng-view></div><script src='/app.js'></script></body>",
        "<title>检索</title><div id='app'></div><script src='/js/chunk.js'></script>",
        '<html><head></head><body><div id="root"></div><script>window.x=1</script></body></html>',
    ):
        assert page(html).kind is PageKind.SHELL


def test_a_home_page_knows_itself_and_its_site(page: Make) -> None:
    links = "".join(
        f"<li><a href='/a/{n}.html'>示例新闻标题第{n}条内容较长</a><span>2020-01-0{n}</span></li>"
        for n in range(1, 9)
    )
    facts = page(f"<title>示例省教育厅</title><ul>{links}</ul>", url="http://jyt.example.gov.cn/")
    assert (facts.kind, facts.title) == (PageKind.HOME, "示例省教育厅")


@pytest.mark.parametrize(
    ("path", "crumb", "title", "kind"),
    [
        ("/zfxxgk/", "政府信息公开", "政府信息公开", PageKind.PLATFORM),
        ("/zfxxgk/zfxxgkzn/", "政府信息公开指南", "政府信息公开指南", PageKind.GUIDE),
        ("/zfxxgk/zfxxgkzd/", "政府信息公开制度", "政府信息公开制度", PageKind.RULES),
        ("/zfxxgk/fdzdgknr/", "法定主动公开内容", "法定主动公开内容", PageKind.STATUTORY),
        ("/zfxxgk/zfxxgknb/", "政府信息公开年报", "政府信息公开年报", PageKind.COLUMN),
        ("/zfxxgk/ysqgk/", "依申请公开", "依申请公开", PageKind.APPLICATION),
        ("/jggk/", "机构概况", "机构概况", PageKind.FUNCTIONS),
        ("/jggk/ldxx/", "领导信息", "领导信息", PageKind.LEADERS),
        ("/xwzx/gzdt/", "工作动态", "工作动态", PageKind.COLUMN),
    ],
)
def test_a_column_page_is_what_its_name_says(
    page: Make, path: str, crumb: str, title: str, kind: PageKind
) -> None:
    side = (
        "<div class='leftmenu'><ul>"
        + "".join(
            f"<li><a href='/x/{n}'>{n}</a></li>"
            for n in (
                "政府信息公开指南",
                "政府信息公开制度",
                "法定主动公开内容",
                "政府信息公开年报",
                "依申请公开",
            )
        )
        + "</ul></div>"
    )
    html = (
        f"<title>{title}_示例厅</title><div class='position'>您的位置：<a href='/'>首页</a> > <a href='.'>{crumb}</a></div>{side}<ul>"
        + "".join(
            f"<li><a href='{n}.html'>示例条目标题内容第{n}条</a><span>2020-01-0{n}</span></li>"
            for n in range(1, 6)
        )
    )
    assert page(html, url=f"http://x.example.gov.cn{path}").kind is kind


@pytest.mark.parametrize(
    ("title", "crumb", "kind"),
    [
        ("示例省教育厅2020年政府信息公开工作年度报告", "政府信息公开年报", PageKind.ANNUAL_REPORT),
        ("关于做好2020年政府信息公开年度报告编制工作的通知", "通知公告", PageKind.ARTICLE),
        ("《示例省管理办法》解读", "政策解读", PageKind.INTERPRETATION),
        ("一图读懂《示例省管理办法》", "通知公告", PageKind.INTERPRETATION),
        ("示例省教育厅政府信息公开指南", "政府信息公开指南", PageKind.GUIDE),
        ("示例厅主要职责", "机构职能", PageKind.FUNCTIONS),
        ("2019年政府网站年度工作报表", "通知公告", PageKind.ARTICLE),
        ("全省教育工作会议召开", "工作动态", PageKind.ARTICLE),
    ],
)
def test_one_text_is_what_its_headline_and_column_say(
    page: Make, title: str, crumb: str, kind: PageKind
) -> None:
    html = f"<title>{title}_示例厅</title><div class='position'>当前位置：<a href='/'>首页</a> > <a href='.'>{crumb}</a></div><h1>{title}</h1><div>发布时间：2021-01-20 来源：本厅</div><div id='zoom'>{TEXT}</div>"
    assert page(html, url="http://x.gov.cn/a/202101/t20210120_1.shtml").kind is kind


def test_a_stub_that_leads_on_within_its_site_has_not_moved(page: Make) -> None:
    html = "<html><head><script>window.location.href='/sxszfxxgk/index.shtml'</script></head><body></body></html>"
    facts = page(html, url="http://www.example.gov.cn/")
    assert (facts.kind, facts.moved_to) == (PageKind.SHELL, "http://www.example.gov.cn/sxszfxxgk/index.shtml")
    away = page(html.replace("'/sxs", "'http://new.example.cn/sxs"), url="http://www.example.gov.cn/")
    assert away.kind is PageKind.MOVED


def test_entries_kept_as_xml_in_a_script_are_read(page: Make) -> None:
    rows = "".join(
        f"<record><![CDATA[<li><a href='/art/2020/1/{n}/art_1_{n}.html'>关于第{n}项工作安排的通知</a><span>2020-01-0{n}</span></li>]]></record>"
        for n in range(1, 4)
    )
    html = f"<title>通知公告</title><div id='1'><script type='text/xml'><datastore><recordset>{rows}</recordset></datastore></script></div><p>通知公告</p>"
    facts = page(html, url="http://www.example.gov.cn/col/col123/index.html")
    assert len(facts.items) == 3


MENU = (
    "<div class='header'><div class='nav'><ul>"
    + "".join(f"<li><a href='/{n}/'>栏目名称{n}</a></li>" for n in range(30))
    + "</ul></div></div>"
)
FOOT = "<div class='footer'>主办单位：示例厅 网站标识码：1400000001 晋ICP备12000001号 <a href='/map'>网站地图</a></div>"


def test_an_error_in_the_full_dress_of_the_site_is_an_error(page: Make) -> None:
    html = f"<title>示例厅</title>{MENU}<div class='main'><div class='tip'>抱歉，您访问的页面不存在或已被删除</div></div>{FOOT}"
    assert page(html).kind is PageKind.ERROR


def test_an_empty_column_is_empty_not_an_error(page: Make) -> None:
    for said in ("此栏目暂无任何新增信息", "暂无内容，没有找到相关信息", "抱歉，暂无信息"):
        html = f"<title>通知公告-示例厅</title>{MENU}<div class='crumb'>当前位置：<a href='/'>首页</a> > 通知公告</div><div>{said}</div>{FOOT}"
        facts = page(html, url="http://www.example.gov.cn/tzgg/")
        assert (facts.kind, facts.items) == (PageKind.COLUMN, ())
        assert len(facts.text) < 30


def test_a_notice_that_its_template_labels_as_an_article_is_still_an_error(page: Make) -> None:
    menu = "".join(f"<li><a href='/c{n}/'>栏目名称{n}</a></li>" for n in range(12))
    html = (
        "<html><head><title>提示信息-某市人民政府</title><meta name='ArticleTitle' content='提示信息'></head><body>"
        f"<ul class='nav'>{menu}</ul><div class='err'><p>抱歉，您要访问的页面不存在或已被删除！</p><p>5秒后返回首页</p></div></body></html>"
    )
    assert page(html).kind is PageKind.ERROR
    real = html.replace("content='提示信息'", "content='我市政府网站启用404公益页面'")
    assert page(real).kind is not PageKind.ERROR


def test_a_page_that_wants_a_password_before_it_leads_on_has_not_moved(page: Make) -> None:
    said = "<html><body><p>请登录后继续访问 http://www.example.gov.cn/a.html</p>{}</body></html>"
    form = "<form action='/login'><input name='u'><input type='password' name='p'></form>"
    assert page(said.format(form)).kind is not PageKind.MOVED
    assert [one.purpose for one in page(said.format(form)).forms] == ["login"]


def test_a_number_of_thousands_of_digits_is_no_size_and_no_count(page: Make) -> None:
    many = "9" * 5000
    pages = f"<script>createPageHTML({many}, 0, 'index', 'html');var countPage={many};var currentPage={many};createPage()</script>"
    facts = page(
        f"<html><body>{pages}<h1>通知</h1><div class='content'><p>各单位：</p><img src='/a.jpg' height='{many}'></div></body></html>"
    )
    assert facts.next_pages == ()


def test_a_notice_that_its_template_labels_as_an_article_called_notice_is_an_error(page: Make) -> None:
    html = (
        '<html><head><title>提示</title><meta name="ArticleTitle" content="提示"><meta name="PubDate" content=""></head>'
        "<body><div class='tip'>对不起，您访问的页面不存在或已被删除！<a href='/'>返回首页</a></div></body></html>"
    )
    assert page(html).kind is PageKind.ERROR
