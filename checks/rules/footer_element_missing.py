"""首页缺少规定的底部要素。

## 查什么
网站首页有没有党政机关网站标识、“我为政府网站找错”、网站标识码、ICP备案编号、公安备案、网站地图、
主办单位、联系方式。图片、脚本代码形式的也算有。

## 为什么要紧
《政府网站发展指引》（国办发〔2017〕47号）要求首页底部集中展示这些要素，便于公众识别真伪、反映问题。

## 看不见什么
页脚由脚本绘制或由没有取到的公共部分构成时，只提示人工核对。

## 怎样整改
在网站首页底部补充所缺的要素。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checks.accuse import absent, passed, unsure
from checks.lenses.navigation import drawn_elsewhere, facts_of, home_pages
from dossier.model import Area, Claim, Footer, Outcome, Page, PageKind, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="footer-element-missing",
    name="首页底部要素缺失",
    topic=Topic.UPKEEP,
    severity=Severity.NORMAL,
    basis=("《政府网站发展指引》（国办发〔2017〕47号）",),
    claim=Claim.ABSENCE,
    needs=(Area.HOME,),
    messages={"missing": "网站首页未见{element}"},
    remedy="在网站首页底部补充所缺的要素。",
)

ELEMENTS: Mapping[str, str] = {
    "party-mark": "党政机关网站标识",
    "error-report": "“我为政府网站找错”入口",
    "site-code": "政府网站标识码",
    "icp": "ICP备案编号",
    "police": "公安备案",
    "sitemap": "网站地图",
    "organiser": "主办单位",
    "contact": "联系方式",
}


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """The foot of a home page says whose site it is."""
    for page in home_pages(site):
        footer = facts_of(page).footer
        for subject, name in ELEMENTS.items():
            shown = getattr(footer, subject.replace("-", "_")) if footer else None
            if shown is True:
                yield passed(RULE, subject, page=page)
            elif shown is None or drawn_elsewhere_in_foot(page):
                yield unsure(
                    RULE,
                    subject,
                    "missing",
                    because=_why(footer, page),
                    page=page,
                    element=name,
                )
            else:
                yield absent(RULE, subject, "missing", searched=(page,), looked_for=(name,), element=name)


def _why(footer: Footer | None, page: Page) -> str:
    if footer is None or drawn_elsewhere_in_foot(page) or footer.icp is None or footer.organiser is None:
        return "首页底部由脚本绘制，或没有读到页脚，请人工打开首页看最下面"
    return "首页底部有不带文字说明的图片链接，可能就是这一标识，请人工打开首页看最下面"


def drawn_elsewhere_in_foot(page: Page) -> bool:
    """Whether a part that was not fetched may hold the foot of the page."""
    facts = facts_of(page)
    return (
        bool(facts.includes)
        or page.kind is PageKind.SHELL
        or (facts.script_lists and drawn_elsewhere(page) and not facts.links)
    )
