"""A healthy site has everything the law asks for; this is how one is filled before any fault is planted."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from practice import writing
from practice.address import column_address, leaf_address
from practice.catalogue import COLUMN_NAMES, ITEM_TITLES, STATUTORY
from practice.model import Attachment, Leaf, Section, Site

_COLUMNS = (
    ("news", "工作动态", "xwzx/gzdt", "news"),
    ("local", "基层动态", "xwzx/jcdt", "news"),
    ("notices", "通知公告", "tzgg", "notice"),
    ("policy", "政策文件", "zcwj/qtwj", "policy"),
    ("normative", "规范性文件", "zcwj/gfxwj", "normative"),
    ("interpretations", "政策解读", "zcjd", "interpretation"),
    ("functions", "机构职能", "jgzn", "page"),
    ("organs", "内设机构", "jgzn/nsjg", "page"),
    ("leaders", "领导信息", "ldxx", "page"),
    ("platform", "政府信息公开", "zwgk/zfxxgk", "platform"),
    ("guide", "政府信息公开指南", "zwgk/zfxxgk/zfxxgkzn", "guide"),
    ("rules", "政府信息公开制度", "zwgk/zfxxgk/zfxxgkzd", "rules"),
    ("statutory", "法定主动公开内容", "zwgk/zfxxgk/fdzdgknr", "statutory"),
    ("annual", "政府信息公开年报", "zwgk/zfxxgk/zfxxgknb", "annual"),
    ("application", "依申请公开", "zwgk/zfxxgk/ysqgk", "page"),
    ("sitemap", "网站地图", "wzdt", "sitemap"),
    ("contact", "联系我们", "lxwm", "page"),
)
_NAV = (
    "news",
    "local",
    "notices",
    "policy",
    "normative",
    "interpretations",
    "functions",
    "leaders",
    "platform",
)
_PLATFORM = ("guide", "rules", "statutory", "annual", "application")
_FORMS = ("image", "video", "image", "h5", "text", "image", "video", "image", "text", "video")


def add_section(site: Site, key: str, name: str, path: str, kind: str, parent: str = "home") -> Section:
    section = Section(key, name, path, kind, parent)
    section.url = column_address(site, section, site.next_column())
    site.sections[key] = section
    return section


def add_leaf(site: Site, section: Section, kind: str, title: str, day: date | None, **more: object) -> Leaf:
    """A new page in a column, with an address after the manner of its content system."""
    number = site.next_leaf()
    leaf = Leaf(f"{section.key}-{number}", kind, title, section, day)
    for name, value in more.items():
        setattr(leaf, name, value)
    leaf.url = leaf_address(site, section, leaf, number)
    leaf.issuer = leaf.issuer or site.unit.full_name
    leaf.source = leaf.source or site.unit.full_name
    site.leaves[leaf.url] = leaf
    section.leaves.append(leaf)
    return leaf


def _page(site: Site, key: str, kind: str, title: str) -> Leaf:
    """A column that is one page."""
    section = site.sections[key]
    day = date(site.as_of.year, 1, 6) - timedelta(days=site.dice("page", key).randrange(90))
    leaf = Leaf(key, kind, title, section, day, section.url)
    leaf.issuer = leaf.source = site.unit.full_name
    section.page = leaf
    site.leaves[leaf.url] = leaf
    return leaf


def _weekday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def fill_site(site: Site, pages: int) -> None:
    """A complete, fresh and consistent site of about so many pages."""
    dice = site.dice("content")
    lead = site.unit.unit_class == "A" or dice.random() < 0.5
    for key, name, path, kind in _COLUMNS:
        if key == "leaders" and not lead:
            continue
        name = dice.choice(COLUMN_NAMES.get(key, (name,)))
        add_section(site, key, name, path, kind, "platform" if key in _PLATFORM else "home").in_nav = (
            key in _NAV
        )
    _documents(site, dice)
    _platform(site, dice, 1 if pages < 80 else 2)
    _offices(site, dice)
    _news(site, dice, max(6, pages - len(site.leaves) - len(site.sections)))


def _documents(site: Site, dice: Random) -> None:
    """This year's documents with their interpretations, and a few of earlier years."""
    unit, year = site.unit, site.as_of.year
    first, last = date(year, 1, 8), site.as_of - timedelta(days=6)
    span = max(12, (last - first).days)
    forms = list(writing.POLICY_FORMS.split("|"))
    used: set[str] = set()
    plan = [(True, True)] * 4 + [(False, True)] * 6 + [(False, False)] * 2
    dice.shuffle(plan)
    for want in ((False, True), (True, True)):
        # The youngest document of each column is recent, whatever the dice say.
        plan.remove(want)
        plan.append(want)
    counters = {"规": 0, "发": 0}
    for n, (normative, needs) in enumerate(plan):
        day = _weekday(first + timedelta(days=9 + (span - 9) * (n + 1) // len(plan)))
        topic = unit.topics[n % len(unit.topics)]
        form = forms[(n * 3 + len(topic)) % len(forms)] if not normative else forms[n % 2]
        core = f"{topic}{form}" if needs else f"{topic}工作"
        if core in used:
            core = (
                f"{topic}{'（试行）' if needs else '常态化工作'}" if not needs else f"{topic}提质增效{form}"
            )
        used.add(core)
        title = (
            f"{unit.full_name}关于印发《{core}》的通知" if needs else f"{unit.full_name}关于做好{core}的通知"
        )
        series = "规" if normative else "发"
        counters[series] += 1
        section = site.sections["normative" if normative else "policy"]
        leaf = add_leaf(
            site,
            section,
            "document",
            writing.unique(site.titles, title, dice),
            day,
            written=_weekday(day - timedelta(days=dice.randrange(1, 9))),
            number=f"{unit.sign}{series}〔{year}〕{counters[series]}号",
            index=f"{unit.code[:9]}/{year}-{n + 101:05d}",
            validity="有效",
            normative=normative,
            needs_interpretation=needs,
            topic=topic,
            extra={"core": core, "form": form if needs else "通知"},
        )
        if n % 3 == 0:
            attach(site, leaf, ("pdf", "docx", "xlsx")[n // 3 % 3], core)
            leaf.extra["brief"] = n == 0
        if needs:
            _interpretation(site, leaf, n)
    _older(site, dice)
    for key in ("policy", "normative"):
        site.sections[key].leaves.sort(key=lambda leaf: leaf.published or site.as_of, reverse=True)


def _interpretation(site: Site, document: Leaf, n: int) -> Leaf:
    form = _FORMS[n % len(_FORMS)]
    core = document.extra["core"]
    name = {"image": f"一图读懂《{core}》", "video": f"视频解读《{core}》", "h5": f"H5｜《{core}》解读"}
    title = name.get(form, f"《{core}》政策解读")
    assert document.published
    day = min(document.published + timedelta(days=(0, 1, 0)[n % 3]), site.as_of)
    leaf = add_leaf(site, site.sections["interpretations"], "interpretation", title, day, form=form)
    leaf.topic, leaf.partner, document.partner = document.topic, document, leaf
    site.titles.add(title)
    return leaf


def _older(site: Site, dice: Random) -> None:
    unit = site.unit
    for n in range(4):
        year = site.as_of.year - 1 - n // 2
        key, series = (("policy", "发"), ("normative", "规"))[n % 2]
        day = _weekday(date(year, dice.randrange(3, 12), dice.randrange(3, 27)))
        topic = dice.choice(unit.topics)
        core = f"{topic}年度任务"
        title = writing.unique(site.titles, f"{unit.full_name}关于下达{year}年{core}的通知", dice)
        add_leaf(
            site,
            site.sections[key],
            "document",
            title,
            day,
            written=_weekday(day - timedelta(days=dice.randrange(1, 8))),
            number=f"{unit.sign}{series}〔{year}〕{dice.randrange(5, 60)}号",
            index=f"{unit.code[:9]}/{year}-{dice.randrange(100, 900):05d}",
            validity="失效" if n == 3 else "有效",
            normative=series == "规",
            topic=topic,
            extra={"core": core, "form": "通知"},
        )


def attach(site: Site, leaf: Leaf, form: str, name: str, state: str = "ok") -> Attachment:
    """A file beside a page."""
    stem = site.dice("file", leaf.key, len(leaf.attachments)).randrange(10**9, 10**10)
    base = leaf.url.rsplit("/", 1)[0]
    made = Attachment(
        f"附件{len(leaf.attachments) + 1}：{name}.{form}", f"{base}/P0{stem}.{form}", form, state
    )
    leaf.attachments.append(made)
    return made


def _platform(site: Site, dice: Random, each: int) -> None:
    unit, year = site.unit, site.as_of.year
    if dice.random() < 0.4:
        day = date(year - 1, 12, dice.randrange(2, 28))
        add_leaf(site, site.sections["guide"], "guide", f"{unit.full_name}政府信息公开指南", day)
    else:
        _page(site, "guide", "guide", f"{unit.full_name}政府信息公开指南")
    for title in ("政府信息依申请公开工作制度", "政府信息公开保密审查制度", "中华人民共和国政府信息公开条例"):
        day = date(year - 1, dice.randrange(5, 12), dice.randrange(2, 28))
        add_leaf(site, site.sections["rules"], "rules", title, day)
    alias = {"20-1": "normative", "20-2": "functions"}
    for n, (code, names) in enumerate(STATUTORY.items()):
        if code.startswith("21") and unit.unit_class != "A":
            continue
        section = add_section(
            site, code, dice.choice(names), f"zwgk/zfxxgk/fdzdgknr/x{n + 1:02d}", "list", "statutory"
        )
        if code in alias:
            section.alias = site.sections[alias[code]].url
            continue
        for shape in ITEM_TITLES[code][:each]:
            topic = dice.choice(unit.topics)
            title = shape.format(t=topic, y=year, ly=year - 1, p=writing.pick(dice, writing.PLACES))
            day = _weekday(site.as_of - timedelta(days=dice.randrange(16, 110)))
            title = writing.unique(site.titles, unit.full_name + title if shape[1] == "y" else title, dice)
            leaf = add_leaf(site, section, "article", title, day, topic=topic)
            if code == "20-7":
                attach(site, leaf, "xlsx", "收支总表")
    for back in (1, 2, 3):
        due = report_day(site, dice, year - back)
        if due is not None:
            title = f"{unit.full_name}{year - back}年政府信息公开工作年度报告"
            add_leaf(site, site.sections["annual"], "annual", title, due, extra={"year": year - back})


def report_day(site: Site, dice: Random, year: int) -> date | None:
    """The day on which that year's report was published; None where it is not due yet."""
    month, low, high = (3, 10, 28) if site.unit.unit_class == "A" else (1, 14, 30)
    day = _weekday(date(year + 1, month, dice.randrange(low, high)))
    return day if day <= site.as_of else None


def _offices(site: Site, dice: Random) -> None:
    unit = site.unit
    facts = {
        "name": f"{unit.full_name}办公室",
        "address": f"{unit.place}{writing.pick(dice, writing.STREETS)}{dice.randrange(3, 199)}号",
        "hours": "周一至周五 上午8:30—12:00，下午14:30—18:00（法定节假日除外）",
        "phone": f"0399-{dice.randrange(2000000, 6999999)}",
        "fax": f"0399-{dice.randrange(2000000, 6999999)}",
        "internet": f"xxgk@{unit.domain}",
        "head": writing.person(dice),
    }
    site.guide, site.functions = dict(facts), dict(facts)
    site.application = (
        dict(facts) if dice.random() < 0.5 else {"name": facts["name"], "phone": facts["phone"]}
    )
    _page(site, "functions", "functions", unit.full_name + site.sections["functions"].name)
    _page(site, "organs", "organs", "内设机构")
    if "leaders" in site.sections:
        _page(site, "leaders", "leaders", "领导信息")
    _page(site, "application", "application", "政府信息依申请公开")
    _page(site, "contact", "contact", "联系我们")
    site.form_mode = ("online", "download", "both")[dice.randrange(3)]
    section = site.sections["application"]
    if site.form_mode != "download":
        form = Leaf("form", "form", "政府信息公开申请表（在线填写）", section)
        form.url = "/".join(section.url.split("/")[:3]) + "/ysqgk/form.html"
        site.leaves[form.url] = form
    if site.form_mode != "online":
        assert section.page
        attach(site, section.page, "docx", "政府信息公开申请表")


def _news(site: Site, dice: Random, count: int) -> None:
    """News and notices fill the rest; the newest are never older than a few days."""
    unit = site.unit
    short = unit.place if unit.unit_class == "A" else unit.short_name
    shares = {"news": count * 4 // 10, "notices": count * 3 // 10}
    shares["local"] = count - sum(shares.values())
    for key, least in (("news", 6), ("notices", 6), ("local", 5)):
        total = max(least, shares[key])
        step = {"news": 2.3, "notices": 5.0, "local": 3.1}[key]
        step = min(step, 900 / total)
        for n in range(total):
            day = site.as_of - timedelta(days=int(n * step) + dice.randrange(2) + (key == "notices") * 3)
            topic = dice.choice(unit.topics)
            make = writing.notice_title if key == "notices" else writing.news_title
            title = writing.unique(site.titles, make(dice, short, topic), dice)
            leaf = add_leaf(site, site.sections[key], "article", title, day, topic=topic)
            if key == "notices" and n % 4 == 1:
                attach(site, leaf, ("pdf", "docx", "xlsx")[n // 4 % 3], topic + "名单")
            if key == "notices" and n == total - 1:
                leaf.pinned = True
