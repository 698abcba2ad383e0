"""Every fault has a healthy twin that looks like it; sites bear some of them, and none may be accused of it."""

from __future__ import annotations

from practice.content import attach
from practice.faults_documents import documents
from practice.model import Leaf, Site
from practice.report_files import carry

_WORDS = (
    "结果以省级公布署名文件为准，名单已发布署名版。",
    "参加者牢记使命，按时到会，会议由办公室召开。",
    "《中华人民共和国行政许可法》规定的期限从其规定。",
)
_NUMBERS = (
    "项目代码\t140100202013450017\t在建",
    "某甲\t1401**********0012\t800",
    "某乙\t银行卡号：6222****1234\t1200",
    "开户单位：财政专户\t账号：1402000000000000001\t-",
)
_LAW = (
    "本机关自收到申请之日起20个工作日内予以答复。",
    "第三方应当自收到征求意见书之日起15个工作日内提出意见。",
    "提供政府信息不收取检索费、复制费、邮寄费。",
)


def dress(site: Site) -> None:
    """After all faults are planted: twins on pages that no fault has touched."""
    dice = site.dice("lookalikes")
    rolls = [dice.random() for _ in range(6)]
    if rolls[0] < 0.3:
        _report_in_file(site, "pdf" if rolls[0] < 0.15 else "docx")
    spare = _spare(site, "notices")
    for leaf in spare[:1]:
        for file in leaf.attachments:
            file.says = (*file.says, dice.choice(_WORDS))
    if rolls[1] < 0.4 and spare:
        attach(site, spare[0], "xlsx", "情况表").says = tuple(dice.sample(_NUMBERS, 2))
    guide = site.sections.get("guide")
    told = guide and (guide.page or next(iter(guide.leaves), None))
    if rolls[2] < 0.25 and told and not told.attachments and not site.outdated:
        attach(site, told, "docx", "政府信息公开指南").says = _LAW
    if rolls[3] < 0.3 and len(spare) > 1:
        spare[-1].extra["date-in-list-only"] = True
    whole = [x for x in documents(site) if not x.extra.get("spent") and x.number and not x.extra.get("brief")]
    if rolls[4] < 0.3 and whole and not whole[0].blank:
        whole[0].absent_fields |= {"number"}
        whole[0].extra["number-in-head"] = True
    if rolls[5] < 0.3:
        for leaf in _spare(site, "local")[:1]:
            link = '<a href="http://www.lianxi.gov.cn/">打击网络赌博专项行动</a>'
            leaf.inserts.append(f"<p>我省部署开展{link}，提醒群众远离赌博网站。</p>")


def _spare(site: Site, key: str) -> list[Leaf]:
    found = site.sections[key].leaves[1:12]
    return [
        x for x in found if x.kind == "article" and not x.extra.get("spent") and not x.moved_from and x.dated
    ]


def _report_in_file(site: Site, form: str) -> None:
    """A report in a file, with sums that come out unless a fault was planted in them."""
    for leaf in site.leaves.values():
        if leaf.kind == "annual" and leaf.extra["year"] == site.as_of.year - 1:
            if not leaf.extra.get("carried"):
                carry(site, leaf, form)
            return
