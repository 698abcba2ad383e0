"""What goes wrong inside the files that pages offer: a report's sums, a word, a person's numbers, an old law."""

from __future__ import annotations

from practice.content import attach
from practice.faults_upkeep import WRONG_PHRASES, article, bank_card, resident_id
from practice.model import Fault, Leaf, Site
from practice.report_files import carry

OLD_LAW = (
    "本机关自收到申请之日起15个工作日内予以答复。",
    "申请人应当说明与自身生产、生活、科研等特殊需要的关系。",
    "提供政府信息收取检索费、复制费、邮寄费。",
)


def _report(site: Site) -> Leaf:
    return next(x for x in site.sections["annual"].leaves if x.extra["year"] == site.as_of.year - 1)


def _figures(site: Site, fault: Fault, form: str) -> None:
    year = site.as_of.year - 1
    if "annual" not in site.sections:
        return
    carry(site, _report(site), form)
    tamper = site.dice(fault.kind).choice(((0, 6, 4), (24, 2, 1), (23, 0, 2), (0, 0, 5)))
    site.reports.setdefault(year, {})["tamper"] = (tamper,)
    site.declare(fault.kind, "annual-report-figures-inconsistent", str(year), note=form)


def figures_in_pdf(site: Site, fault: Fault) -> None:
    _figures(site, fault, "pdf")


def figures_in_word(site: Site, fault: Fault) -> None:
    _figures(site, fault, "docx")


def wording_error(site: Site, fault: Fault) -> None:
    """The page is well written, the file beside it is not."""
    leaf = article(site, "notices")
    if leaf is None:
        return
    dice = site.dice(fault.kind)
    wrong = fault.option("phrase") or dice.choice(tuple(WRONG_PHRASES))
    file = attach(site, leaf, fault.option("form") or dice.choice(("docx", "pdf", "xlsx")), "实施细则")
    file.says = (WRONG_PHRASES.get(wrong, wrong),)
    site.declare(fault.kind, "wording-error", f"{file.url} {wrong}", note=file.form)


def resident_id_in_sheet(site: Site, fault: Fault) -> None:
    leaf = article(site, "local")
    if leaf is None:
        return
    file = attach(site, leaf, "xlsx", "拟补助人员名单")
    number = resident_id(site.dice(fault.kind))
    file.says = ("姓名\t身份证号\t补助金额", "某甲\t1401**********0012\t800", f"某乙\t{number}\t800")
    site.declare(fault.kind, "personal-data-exposed", file.url)


def bank_card_in_file(site: Site, fault: Fault) -> None:
    leaf = article(site, "local")
    if leaf is None:
        return
    dice = site.dice(fault.kind)
    file = attach(site, leaf, dice.choice(("docx", "xlsx")), "补贴发放花名册")
    file.says = ("姓名\t开户行及卡号\t金额", f"某丙\t银行卡号：{bank_card(dice)}\t1200")
    site.declare(fault.kind, "personal-data-exposed", file.url, note=file.form)


def guide_outdated(site: Site, fault: Fault) -> None:
    """The guide's page tells today's law, its file for download yesterday's."""
    section = site.sections["guide"]
    leaf = section.page or section.leaves[0]
    file = attach(site, leaf, "docx", "政府信息公开指南")
    file.says = (site.dice(fault.kind).choice(OLD_LAW),)
    site.declare(fault.kind, "application-guide-outdated", leaf.link)
