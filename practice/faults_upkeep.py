"""How a site's upkeep, its wording and its accounts go wrong."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from practice.content import add_section, attach
from practice.model import Account, Fault, Leaf, Site

WRONG_PHRASES = {
    "中华人民共合国": "会议组织学习了《中华人民共合国政府信息公开条例》。",
    "劳记使命": "会议要求巩固深化“不忘初心、劳记使命”主题教育成果。",
    "布署": "会议对下一阶段重点任务作出安排布署。",
    "招开会议": "随后招开会议研究落实措施。",
}
"""Wrong phrases as lists of such have them, each in a sentence."""
ILLICIT = (
    ("澳门新葡京娱乐城", "www.xpj-9188.example.com"),
    ("真人百家乐在线投注", "www.bjl-7766.example.net"),
)
_EMPTY_NAMES = ("回应关切", "数据发布", "公众参与", "专题专栏", "调查征集")


def article(site: Site, key: str, low: int = 1) -> Leaf | None:
    """An article that no other fault has touched, from the first page of a column."""
    found = [
        leaf
        for leaf in site.sections[key].leaves[low:12]
        if not leaf.extra.get("spent") and leaf.kind == "article" and not leaf.moved_from
    ]
    if not found:
        return None
    leaf = site.dice("article", key, len(site.truth)).choice(found)
    leaf.extra["spent"] = True
    return leaf


def _shift(leaf: Leaf, days: int) -> None:
    if leaf.published:
        leaf.published -= timedelta(days=days)
    if leaf.written:
        leaf.written -= timedelta(days=days)


def home_stale(site: Site, fault: Fault) -> None:
    """Everything moves back until nothing is younger than some weeks; pairs move together."""
    limit = site.as_of - timedelta(days=22)
    for key, section in site.sections.items():
        for leaf in section.leaves:
            if key in ("news", "local", "notices"):
                _shift(leaf, 24)
            elif leaf.kind == "document":
                pair = [x for x in (leaf, leaf.partner) if x is not None]
                if max(x.published or limit for x in pair) > limit:
                    for x in pair:
                        _shift(x, 28)
            elif leaf.kind != "interpretation" and leaf.published and leaf.published > limit:
                _shift(leaf, 30)
    site.declare(fault.kind, "home-stale", site.host)
    for key in ("news", "local"):
        site.declare(fault.kind, "column-stale", site.sections[key].link, note="implied")


def column_stale(site: Site, fault: Fault) -> None:
    key = fault.option("column") or site.dice(fault.kind).choice(("local", "notices"))
    for leaf in site.sections[key].leaves:
        _shift(leaf, 70 if key == "local" else 260)
    site.declare(fault.kind, "column-stale", site.sections[key].link)


def column_empty(site: Site, fault: Fault) -> None:
    dice = site.dice(fault.kind)
    name = dice.choice(_EMPTY_NAMES)
    section = add_section(site, "empty", name, "hygq", "list")
    section.in_nav = True
    section.text = dice.choice(
        ("", "<p>栏目建设中</p>", "<p>暂无内容</p>", "<!-- <li><a href='/hygq/1.html'>旧内容</a></li> -->")
    )
    site.declare(fault.kind, "column-empty", section.link)


def link_broken(site: Site, fault: Fault) -> None:
    how = fault.option("how") or site.dice(fault.kind).choice(("page", "page", "file", "image", "410"))
    leaf = article(site, "news" if how != "file" else "notices")
    if leaf is None:
        return
    dice = site.dice(fault.kind, leaf.key)
    mode = "404" if how == "image" else "410" if how == "410" else site.not_found
    if how == "file":
        url = attach(site, leaf, "docx", "报名表", "gone").url
    elif how == "image":
        url = f"{site.home}images/gone/W{dice.randrange(10**8, 10**9)}.jpg"
        leaf.inserts.append(f'<p><img src="{url}"></p>')
    else:
        url = f"{site.home}old/{dice.randrange(10**5, 10**6)}.html"
        leaf.inserts.append(f'<p>相关报道：<a href="{url}">往期工作情况</a></p>')
    site.gone[url] = mode
    site.declare(fault.kind, "link-broken", url, note=f"{how}/{mode}", optional=mode == "home")


def external_link_broken(site: Site, fault: Fault) -> None:
    leaf = article(site, "news")
    if leaf is None:
        return
    dice = site.dice(fault.kind)
    host = f"www.xiehui{dice.randrange(1000, 9999)}.example.org"
    how = fault.option("how") or dice.choice(("name", "page"))
    url = (
        f"http://{host}/"
        if how == "name"
        else f"http://www.lianxi.gov.cn/gone/{dice.randrange(1000, 9999)}.html"
    )
    leaf.inserts.append(f'<p>友情链接：<a href="{url}" target="_blank">省行业协会</a></p>')
    site.declare(fault.kind, "external-link-broken", url, note=how)


def fake_link(site: Site, fault: Fault) -> None:
    dice = site.dice(fault.kind)
    text = fault.option("text") or dice.choice(("数据开放", "在线访谈", "意见征集", "办事大厅"))
    site.home_extra.append((text, dice.choice(("#", "javascript:;", ""))))
    site.declare(fault.kind, "fake-link", f"{site.home} {text}")


def footer_element_missing(site: Site, fault: Fault) -> None:
    kinds = {f.kind for f in site.faults}
    among = ["party-mark", "error-report", "icp", "police", "organiser", "contact"]
    among += [] if "platform-entry-missing" in kinds else ["sitemap"]
    among += [] if "site-code-mismatch" in kinds else ["site-code"]
    lost = fault.option("element") or site.dice(fault.kind).choice(among)
    site.footer.discard(lost)
    site.declare(fault.kind, "footer-element-missing", lost)


def site_code_mismatch(site: Site, fault: Fault) -> None:
    how = fault.option("how") or site.dice(fault.kind).choice(("malformed", "other", "tag"))
    code = site.unit.code
    wrong = code[:-2] + f"{(int(code[-2:]) + 37) % 100:02d}"
    if how == "malformed":
        site.shown_code = site.tag_code = "00" + code
    elif how == "other":
        site.shown_code = site.tag_code = wrong
    else:
        site.tag_code = wrong
    site.declare(fault.kind, "site-code-mismatch", site.host, note=how)


def page_tags_missing(site: Site, fault: Fault) -> None:
    kind = fault.option("page") or site.dice(fault.kind).choice(("home", "column", "content"))
    site.missing_tags[kind] = {
        "home": ("SiteDomain",),
        "column": ("ColumnType", "ColumnName"),
        "content": ("ContentSource", "PubDate"),
    }[kind]
    site.declare(fault.kind, "page-tags-missing", kind)


def publish_date_missing(site: Site, fault: Fault) -> None:
    leaf = article(site, "notices", 2)
    if leaf is None:
        return
    leaf.dated = False
    site.declare(fault.kind, "publish-date-missing", leaf.link)


def publish_date_future(site: Site, fault: Fault) -> None:
    leaf = article(site, "notices", 1)
    if leaf is None or leaf.published is None:
        return
    leaf.published = site.as_of + timedelta(days=site.dice(fault.kind).randrange(40, 350))
    site.declare(fault.kind, "publish-date-future", leaf.link)


def search_unusable(site: Site, fault: Fault) -> None:
    site.search = fault.option("how") or site.dice(fault.kind).choice(("none", "error", "finds-nothing"))
    barred = site.search != "none" and "Disallow: /search" in site.robots
    # Who keeps to robots.txt cannot try it.
    site.declare(fault.kind, "site-search-unusable", site.host, note=site.search, optional=barred)


def illicit_link(site: Site, fault: Fault) -> None:
    dice = site.dice(fault.kind)
    text, host = dice.choice(ILLICIT)
    url = f"http://{host}/{site.unit.unit_id.lower()}.html"
    how = fault.option("how") or dice.choice(("display", "zero", "off", "words"))
    site.hidden_links.append((text if how == "words" else "友情链接", url, how))
    site.declare(fault.kind, "illicit-link", url, note=how)


def certificate_invalid(site: Site, fault: Fault) -> None:
    """The listed address is https, its certificate is bad, and behind it the way leads on to the http pages."""
    site.tls = fault.option("how") or site.dice(fault.kind).choice(("expired", "name", "untrusted"))
    site.declare(fault.kind, "certificate-invalid", site.host, note=site.tls)


def wording_error(site: Site, fault: Fault) -> None:
    leaf = article(site, "news")
    if leaf is None:
        return
    wrong = fault.option("phrase") or site.dice(fault.kind).choice(tuple(WRONG_PHRASES))
    leaf.inserts.append(f"<p>{WRONG_PHRASES.get(wrong, wrong)}</p>")
    site.declare(fault.kind, "wording-error", f"{leaf.link} {wrong}")


def resident_id(dice: Random) -> str:
    """A number that passes the checksum and belongs to nobody: its area and order are never given out."""
    born = date(dice.randrange(1955, 2000), dice.randrange(1, 13), dice.randrange(1, 28))
    body = f"140100{born:%Y%m%d}000"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(a) * b for a, b in zip(body, weights, strict=True)) % 11]


def bank_card(dice: Random) -> str:
    body = "620000" + "".join(str(dice.randrange(10)) for _ in range(12))
    digits = [int(c) for c in reversed(body)]
    total = sum(d if n % 2 else (d * 2 - 9 if d > 4 else d * 2) for n, d in enumerate(digits))
    return body + str(-total % 10)


def personal_data_exposed(site: Site, fault: Fault) -> None:
    leaf = article(site, "notices")
    if leaf is None:
        return
    dice = site.dice(fault.kind)
    how = fault.option("how") or dice.choice(("id", "id", "card"))
    shown = f"身份证号 {resident_id(dice)}" if how == "id" else f"银行卡号：{bank_card(dice)}"
    leaf.inserts.append(f"<table><tr><td>1</td><td>某某</td><td>{shown}</td></tr></table>")
    site.declare(fault.kind, "personal-data-exposed", leaf.link, note=how)


def _account(site: Site) -> Account | None:
    touched = {truth.subject for truth in site.truth if truth.rule_id.startswith("account-")}
    free = [a for a in site.accounts if a.channel in ("weibo", "feed") and a.account_id not in touched]
    return free[site.dice("account", len(touched)).randrange(len(free))] if free else None


def account_stale(site: Site, fault: Fault) -> None:
    account = _account(site)
    if account:
        account.posts = [(day - timedelta(days=33), text) for day, text in account.posts]
        site.declare(fault.kind, fault.kind, account.account_id)


def account_gone(site: Site, fault: Fault) -> None:
    account = _account(site)
    if account:
        account.state = "gone"
        site.declare(fault.kind, fault.kind, account.account_id)


def account_duplicated(site: Site, fault: Fault) -> None:
    first = next((a for a in site.accounts if a.channel == "weibo" and a.state == "open"), None)
    if first is None:
        return
    uid = str(int(first.account_id) + 7)
    second = Account(
        "weibo",
        uid,
        first.name + "发布",
        f"http://m.weibo.cn/u/{uid}",
        first.name + "发布",
        first.certified,
        first.posts,
    )
    site.accounts.append(second)
    site.declare(fault.kind, fault.kind, "weibo")


def account_name_mismatch(site: Site, fault: Fault) -> None:
    account = _account(site)
    if account:
        account.shown_name = site.dice(fault.kind).choice(("爱生活的小编", "本地资讯速递", "用户7702158"))
        site.declare(fault.kind, fault.kind, account.account_id)
