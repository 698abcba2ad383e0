"""Which documents must be interpreted, and by when."""

from __future__ import annotations

import re

from checks.lens import lens
from checks.lenses.documents import PolicyDocument, policy_documents
from checks.lenses.issuers import Origin
from checks.lenses.navigation import column_name, listings, stands_in
from checks.lenses.titles import inner_title, squeeze
from dossier.model import Column, PageKind, SiteSnapshot

_NEEDING = re.compile(r"(?:办法|规定|细则|意见|方案|规划|措施|实施意见|若干措施)$")
_NOT_NEEDING = re.compile(
    r"任免|任职|免职|表彰|表扬|嘉奖|召开|会议|征求|征集|废止|失效|(?:文件|规章|法规).{0,6}清理|清理.{0,8}(?:文件|规章|法规|结果)|批复|通报|报名|考试|抽查|值班|放假|公示|"
    r"反馈意见|审查意见|审核意见|初审意见|答复|建议|提案|评审|验收"
)
_BRACKET_TAIL = re.compile(r"\((?:[^()]{1,20})\)$")


def needs_interpretation(site: SiteSnapshot, document: PolicyDocument) -> bool:
    """Whether a document is of a kind that must be interpreted (国办发〔2016〕80号; 晋政办发〔2020〕38号).

    Where a unit numbers its 行政规范性文件 in a series of their own, what bears another number is none, whatever
    stands beside it in the column.
    """
    title = squeeze(document.title)
    said = re.sub(r"《[^》]*》", "《》", title)  # what a quoted document is about says nothing of its bearer
    if _NOT_NEEDING.search(said if said != "《》" else title) or squeeze(document.facts.validity or "") in (
        "失效",
        "废止",
        "已失效",
        "已废止",
    ):
        return False
    if surely_needing(document):
        return True
    return among_normative_alone(site, document) and not (document.number and numbers_them_apart(site))


def is_normative(site: SiteSnapshot, document: PolicyDocument) -> bool:
    """Whether a document is a 行政规范性文件: by its number, or by a column, of those whose names speak of laws and other papers
    too (法规规章和规范性文件) only where its own form agrees."""
    if document.numbered_normative or not document.normative:
        return document.numbered_normative
    return among_normative_alone(site, document) or surely_needing(document)


_LAYS_DOWN_RULES = re.compile(r"(?:办法|规定|细则|规则|规程|规范)$")


def surely_normative(site: SiteSnapshot, document: PolicyDocument) -> bool:
    """Whether a normative document is one beyond doubt: an 意见 or a 方案 that a column of laws and papers alike lists may
    bind nobody outside the administration."""
    return (
        document.numbered_normative
        or among_normative_alone(site, document)
        or bool(_LAYS_DOWN_RULES.search(_bare(document.title)))
    )


def among_normative_alone(site: SiteSnapshot, document: PolicyDocument) -> bool:
    """Whether it stands in a column of 行政规范性文件 and of nothing else."""
    if Column.NORMATIVE not in document.page.columns:
        return False
    shelves = {
        column_name(listed.holder)
        for listed in listings(site).get(document.url, ())
        if listed.holder.kind is PageKind.COLUMN and Column.NORMATIVE in stands_in(listed.holder)
    }
    return not shelves or not all(map(_MIXED.search, shelves))


_MIXED = re.compile(r"法规|规章|法律|条例|政策")


def surely_needing(document: PolicyDocument) -> bool:
    """Whether its number or its form says so, and not merely the column in which it stands."""
    if document.numbered_normative:
        return True
    return bool(_NEEDING.search(_bare(document.title)))


def _bare(title: str) -> str:
    """The name of what a title lays down, without what stands in brackets behind it (（试行）)."""
    inner = inner_title(title)
    for _ in range(2):
        inner = _BRACKET_TAIL.sub("", inner).rstrip("》")
    return inner


_WORK = re.compile(
    r"关于(?:切实|认真|扎实|全力|统筹|进一步|继续|及时|组织)*(?:做好|抓好|开展|组织|下达|报送|上报|填报|申报|推荐|转发|安排|启动|召开|举办)"
)


def notice_of_work(document: PolicyDocument) -> bool:
    """Whether a title sets somebody to work (关于做好……工作的通知) rather than laying down how things are to be done."""
    return bool(_WORK.search(document.title)) and not surely_needing(document)


@lens
def numbers_them_apart(site: SiteSnapshot) -> bool:
    """Whether the unit has a series of numbers for 行政规范性文件 alone."""
    own = [one for one in policy_documents(site) if one.numbered_normative and one.origin is Origin.OWN]
    return len(own) >= _FEWEST_APART


_FEWEST_APART = 2


def still_in_time(site: SiteSnapshot, document: PolicyDocument) -> bool | None:
    """Whether an interpretation may still come in time; None where the day of publication is not known."""
    day = document.facts.published or document.page.list_date
    if day is None:
        return None
    grace = int(site.tables.threshold("interpretation-late.working_days"))
    if not site.calendar.covers(day, site.as_of):
        return (site.as_of - day).days <= grace
    return site.calendar.working_days_between(day, site.as_of) <= grace
