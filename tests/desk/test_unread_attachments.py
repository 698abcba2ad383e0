"""A file whose words nobody saw mends nothing that was found in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from desk.disappearance import look_of, why_unseen
from desk.recheck_result import SecondLook, Sight, result_of
from dossier.model import (
    AreaCoverage,
    Capture,
    Coverage,
    Judgement,
    Outcome,
    PageFacts,
    Purpose,
    Reach,
    UnitReport,
    Verdict,
)
from dossier.store import RecheckResult, fingerprint

FILE = "http://a.gov.cn/P1.pdf"
WORDING = Outcome(rule_id="wording-error", verdict=Verdict.FAIL, subject=f"{FILE} 帐户信息", page_url=FILE)
BROKEN = Outcome(rule_id="document-attachment-broken", verdict=Verdict.FAIL, subject=FILE, page_url=FILE)
OPENED = Capture(
    unit_id="A01",
    asked_url=FILE,
    at=datetime(2020, 9, 30, tzinfo=UTC),
    reach=Reach.OK,
    status=200,
    purpose=Purpose.ATTACHMENT,
)
READ = PageFacts(url=FILE, text="账户信息")
SCAN = PageFacts(url=FILE, unreadable="scanned")
REPORT = UnitReport(unit_id="A01", run_id="r2", started=OPENED.at, finished=OPENED.at, finish="finished")


@dataclass
class Night:
    """What a night saw: one file."""

    captures: tuple[Capture, ...]
    facts_of: Callable[[Capture], PageFacts | None]


@pytest.mark.parametrize(
    ("last", "facts", "gone"), [(WORDING, READ, True), (WORDING, SCAN, False), (BROKEN, SCAN, True)]
)
def test_only_a_file_that_was_read_shows_that_its_words_were_mended(
    last: Outcome, facts: PageFacts, gone: bool
) -> None:
    judgement = Judgement(unit_id="A01", outcomes=(), not_called=())
    coverage = Coverage(areas=dict[str, AreaCoverage]())  # type: ignore[arg-type]  # no area was looked at
    night = Night((OPENED,), lambda _: facts)
    look = look_of(judgement, coverage, night, (), REPORT)  # type: ignore[arg-type]  # as much of a night as is asked
    why = why_unseen(look, fingerprint("A01", last.rule_id, last.subject), last)
    assert (why == "") is gone
    second = SecondLook(judgement, Sight.of([OPENED]), Sight.of([OPENED]), (facts,), (), REPORT)
    assert (result_of(second, last, [FILE])[0] is RecheckResult.FIXED) is gone
