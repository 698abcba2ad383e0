"""清单链接打开的不是所列公文。

## 查什么
公文清单中的链接打开后，页面的标题和文号是否至少有一个与该行一致。

## 为什么要紧
链接指错文件，核查无从对应，群众也看不到应看的文件。

## 看不见什么
标题只差几个字的，可能是清单笔误，提示人工核对。页面读不出标题的不作判断。

## 怎样整改
改正清单中的链接，或改正标题、文号。
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.accuse import fail, passed, unsure
from checks.lenses.documents import headline
from checks.lenses.listed import link_of, row_evidence, shows_row, subject_of
from dossier.model import Claim, Outcome, PageKind, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="listed-document-mismatch",
    name="清单链接与公文不符",
    topic=Topic.DISCLOSURE,
    severity=Severity.NORMAL,
    basis=("晋政办函〔2020〕42号附件4第五项",),
    claim=Claim.PRESENCE,
    messages={"other": "清单第 {line} 行《{title}》{number} 的链接打开的是“{shown}”"},
    remedy="请改正清单中的链接，使其打开所列的公文。",
)
NOT_JUDGED = (PageKind.ERROR, PageKind.CHALLENGE, PageKind.SHELL, PageKind.MOVED)


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """A row and the page behind its link must be the same document."""
    for row in site.listed or ():
        url, subject = link_of(row), subject_of(row)
        page = site.page(url) if url else None
        if page is None or not page.ok or page.facts is None or page.kind in NOT_JUDGED or not subject:
            continue
        shown = headline(page)
        words: dict[str, Any] = {
            "line": row.line,
            "title": row.title,
            "number": row.number,
            "shown": shown or "无标题页面",
        }
        same = shows_row(site, page, row)
        if same:
            yield passed(RULE, subject, page=page, quote=shown)
        elif same is None or page.facts.unreadable or page.facts.script_lists:
            yield unsure(
                RULE,
                subject,
                "other",
                because="页面标题与清单相近或读不出来，请人工核对是否同一文件",
                page=page,
                quote=shown,
                evidence=(row_evidence(row),),
                **words,
            )
        else:
            yield fail(RULE, subject, "other", page=page, quote=shown, evidence=(row_evidence(row),), **words)
