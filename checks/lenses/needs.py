"""Which documents must be interpreted, and by when."""

from __future__ import annotations

import re

from checks.lenses.documents import PolicyDocument
from checks.lenses.titles import inner_title, squeeze
from dossier.model import SiteSnapshot

_NEEDING = re.compile(r"(?:办法|规定|细则|意见|方案|规划|措施|实施意见|若干措施)$")
_NOT_NEEDING = re.compile(
    r"任免|任职|免职|表彰|表扬|嘉奖|召开|会议|征求|征集|废止|失效|(?:文件|规章|法规).{0,6}清理|清理.{0,8}(?:文件|规章|法规|结果)|批复|通报|报名|考试|抽查|值班|放假|公示|"
    r"反馈意见|审查意见|审核意见|初审意见|答复|建议|提案|评审|验收"
)
_BRACKET_TAIL = re.compile(r"\((?:[^()]{1,20})\)$")


def needs_interpretation(document: PolicyDocument) -> bool:
    """Whether a document is of a kind that must be interpreted (国办发〔2016〕80号; 晋政办发〔2020〕38号)."""
    title = squeeze(document.title)
    said = re.sub(r"《[^》]*》", "《》", title)  # what a quoted document is about says nothing of its bearer
    if _NOT_NEEDING.search(said if said != "《》" else title) or squeeze(document.facts.validity or "") in (
        "失效",
        "废止",
        "已失效",
        "已废止",
    ):
        return False
    if document.normative:
        return True
    inner = inner_title(document.title)
    for _ in range(2):
        inner = _BRACKET_TAIL.sub("", inner).rstrip("》")
    return bool(_NEEDING.search(inner))


def still_in_time(site: SiteSnapshot, document: PolicyDocument) -> bool | None:
    """Whether an interpretation may still come in time; None where the day of publication is not known."""
    day = document.facts.published or document.page.list_date
    if day is None:
        return None
    grace = int(site.tables.threshold("interpretation-late.working_days"))
    if not site.calendar.covers(day, site.as_of):
        return (site.as_of - day).days <= grace
    return site.calendar.working_days_between(day, site.as_of) <= grace
