"""Everything about one unit on one page: what the last night changed, and all that people and rechecks did, latest first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from desk.case_state import BEIJING
from desk.caseload import Case, Caseload
from desk.decisions import WORDS as SAID
from desk.life import Life, Status
from desk.lives import Happened, happened
from desk.papers.issuing import WORDS as PAPERS
from desk.reports.wording import fixed
from desk.sheet import Sheet
from dossier.store import RecheckResult, Store
from dossier.store.issued import IssuedPaper

T = TypeVar("T")
LOOKED = {
    RecheckResult.FIXED: "已整改", RecheckResult.NOT_FIXED: "未整改", RecheckResult.UNSEEN: "无法核验",
    RecheckResult.MOVED: "页面移动",
}  # fmt: skip
ACTS = {"close": "销号", "extend": "延长期限", "reopen": "重新打开"}
CLOSINGS = {"close": "评分表结账", "reopen": "评分表重开"}


@dataclass(frozen=True)
class Happening:
    """What was done on one day, by one person or by the machine, to some deficiencies at once or to the unit."""

    day: date
    words: str
    who: str = ""
    numbers: tuple[str, ...] = ()
    paper: int = 0
    """The issued paper it is about."""


@dataclass(frozen=True)
class Story:
    """One unit, whole."""

    fresh: tuple[Case, ...]
    changed: tuple[Case, ...]
    gone: tuple[Case, ...]
    """What the last night looked for and did not find any more."""
    statuses: Mapping[Status, int]
    """Where its deficiencies stand in their mending."""
    late: tuple[Case, ...]
    relapses: int
    """How often something came again after it was struck off, as people confirmed."""
    happenings: tuple[Happening, ...]


def story_of(
    kept: Store, load: Caseload, known: Mapping[str, Life], unit_id: str, *, papers: Sequence[IssuedPaper], sheet: Sheet
) -> Story:  # fmt: skip
    """The story of a unit, from what is kept."""
    cases, all_that = load.by_unit.get(unit_id, ()), happened(kept)
    lives = {number: life for number, life in known.items() if number.startswith(f"{unit_id}-")}
    found = [
        *_papers(papers, unit_id),
        *_said(load, unit_id),
        *_looked(all_that, unit_id),
        *_acted(all_that, unit_id),
    ]
    found += [
        Happening(_day(one.at), f"{CLOSINGS[one.kind]}" + (f"：{one.reason}" if one.reason else ""), one.who)
        for one in sheet.history
    ]
    found += [
        Happening(
            _day(line.at), f"录入“{' › '.join(line.path)}”{fixed(line.points)}分：{line.reason}", line.who
        )
        for line in sheet.hand
    ]
    return Story(
        fresh=tuple(case for case in cases if case.deficiency.news == "new" and not case.gone),
        changed=tuple(case for case in cases if case.deficiency.news == "changed" and not case.gone),
        gone=tuple(case for case in cases if case.gone),
        statuses=Counter(life.status for life in lives.values()),
        late=tuple(case for case in cases if (life := lives.get(case.number)) and life.is_late),
        relapses=sum(len(life.relapses) for life in lives.values()),
        happenings=tuple(sorted(found, key=lambda one: one.day, reverse=True)),
    )


def _papers(papers: Iterable[IssuedPaper], unit_id: str) -> list[Happening]:
    return [
        Happening(
            one.day, f"发出{_named(one)}" + (f"，期限 {one.due}" if one.due else ""), one.who, paper=one.no,
        )
        for one in papers if one.unit_id == unit_id
    ]  # fmt: skip


def _named(paper: IssuedPaper) -> str:
    """整改通知〔2020〕1号: the number says most often what it is the number of."""
    word = PAPERS.get(paper.kind, paper.kind)
    return paper.number if paper.number.startswith(word) else word + paper.number


def _said(load: Caseload, unit_id: str) -> list[Happening]:
    """What was decided and answered; the same word of the same person on one day is one line."""
    return _together(
        (event.deficiency_no, _day(event.at), SAID.get(event.kind, event.kind), event.who)
        for event in _of_unit(load.events, unit_id)
    )


def _looked(all_that: Happened, unit_id: str) -> list[Happening]:
    looks = _of_unit(all_that.looks, unit_id)
    return _together((one.deficiency_no, _day(one.at), f"复查：{LOOKED[one.result]}", "") for one in looks)


def _acted(all_that: Happened, unit_id: str) -> list[Happening]:
    acts = _of_unit(all_that.acts, unit_id)
    return _together((one.deficiency_no, _day(one.at), ACTS.get(one.kind, one.kind), one.who) for one in acts)


def _of_unit(by_number: Mapping[str, Iterable[T]], unit_id: str) -> list[T]:
    """What concerns the deficiencies of one unit."""
    return [one for number, those in by_number.items() if number.startswith(f"{unit_id}-") for one in those]


def _together(lines: Iterable[tuple[str, date, str, str]]) -> list[Happening]:
    found: dict[tuple[date, str, str], list[str]] = defaultdict(list)
    for number, day, words, who in lines:
        found[day, words, who].append(number)
    return [Happening(day, words, who, tuple(dict.fromkeys(own))) for (day, words, who), own in found.items()]


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()
