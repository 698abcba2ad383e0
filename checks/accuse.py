"""Saying something of a site always comes with what can be shown for it.

Rules call these and hold no prose: words live in `RULE.messages`, evidence is made here from pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from dossier.model import Evidence, Outcome, Page, Purpose, Reach, Rule, Verdict

MOST_EVIDENCE = 40
"""A finding that shows forty pages convinces nobody more with the forty-first."""
LONGEST_QUOTE = 300


def seen(page: Page, quote: str = "", *, place: str = "", note: str = "") -> Evidence:
    """A page as it was captured, with the words on it that matter."""
    capture = page.capture
    return Evidence(
        url=page.url,
        captured_at=capture.at,
        status=capture.status,
        sha256=capture.sha256,
        quote=quote[:LONGEST_QUOTE],
        place=place,
        screenshot=capture.screenshot,
        note=note,
    )


def surely_gone(page: Page) -> bool:
    """Said to be gone on two spaced tries; or, outside the unit's hosts, a name that twice did not exist."""
    if page.gone_twice:
        return True
    return (
        page.capture.purpose is Purpose.EXTERNAL
        and len(page.tries) >= 2
        and all(
            one.reach in (Reach.SILENT, Reach.GONE) and one.reason.startswith("dns")
            for one in page.tries[-2:]
        )
    )


def searched_for(pages: Iterable[Page], looked_for: Iterable[str]) -> tuple[Evidence, ...]:
    """The evidence of an absence: each page that was searched, and for what."""
    words = "、".join(f"“{word}”" for word in dict.fromkeys(looked_for))
    note = f"已查，未见{words}" if words else "已查，未见"
    listed = list({page.url: page for page in pages}.values())
    shown = [seen(page, note=note) for page in listed[:MOST_EVIDENCE]]
    if len(listed) > MOST_EVIDENCE:
        last = shown[-1]
        shown[-1] = Evidence(
            url=last.url,
            captured_at=last.captured_at,
            status=last.status,
            sha256=last.sha256,
            note=f"{note}（共查 {len(listed)} 个页面，此处列出前 {MOST_EVIDENCE} 个）",
        )
    return tuple(shown)


def fail(
    rule: Rule,
    subject: str,
    key: str,
    *,
    page: Page | None = None,
    quote: str = "",
    place: str = "",
    evidence: Iterable[Evidence] = (),
    page_url: str = "",
    **data: Any,
) -> Outcome:
    """Something bad is there, and here it is. `page` with `quote` comes first, `evidence` after it."""
    first = (seen(page, quote, place=place),) if page else ()
    return Outcome(
        rule_id=rule.id,
        verdict=Verdict.FAIL,
        subject=subject,
        page_url=page_url or (page.url if page else ""),
        message_key=key,
        data=plain(data),
        evidence=(*first, *evidence)[:MOST_EVIDENCE],
    )


def absent(
    rule: Rule,
    subject: str,
    key: str,
    *,
    searched: Iterable[Page],
    looked_for: Iterable[str],
    near: Iterable[Evidence] = (),
    page_url: str = "",
    firm: bool = False,
    **data: Any,
) -> Outcome:
    """Something required is not there: each page searched is shown, and what came near to it."""
    pages = list(searched)
    return Outcome(
        rule_id=rule.id,
        verdict=Verdict.FAIL,
        subject=subject,
        page_url=page_url or (pages[0].url if pages else ""),
        message_key=key,
        data=plain(data),
        evidence=(*searched_for(pages, looked_for), *near),
        firm=firm,
    )


def unsure(
    rule: Rule,
    subject: str,
    key: str,
    *,
    because: str,
    page: Page | None = None,
    quote: str = "",
    place: str = "",
    evidence: Iterable[Evidence] = (),
    page_url: str = "",
    **data: Any,
) -> Outcome:
    """A person must look; `because` says in Chinese why, and what to check."""
    said = fail(
        rule, subject, key, page=page, quote=quote, place=place, evidence=evidence, page_url=page_url, **data
    )
    return msgspec.structs.replace(said, verdict=Verdict.UNSURE, because=because)


def passed(
    rule: Rule, subject: str, *, page: Page | None = None, quote: str = "", evidence: Iterable[Evidence] = ()
) -> Outcome:
    """Looked, and found in order."""
    first = (seen(page, quote),) if page else ()
    return Outcome(
        rule_id=rule.id,
        verdict=Verdict.PASS,
        subject=subject,
        page_url=page.url if page else "",
        evidence=(*first, *evidence)[:MOST_EVIDENCE],
    )


def not_applicable(rule: Rule, subject: str, because: str) -> Outcome:
    """The rule does not concern this subject, and why."""
    return Outcome(rule_id=rule.id, verdict=Verdict.NOT_APPLICABLE, subject=subject, because=because)


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """Values that any store can keep: text, numbers, dates as ISO text, lists of text."""
    return {key: _plain(value) for key, value in data.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable):
        return [str(part) for part in value]
    return str(value)
