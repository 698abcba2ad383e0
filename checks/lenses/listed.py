"""The unit's own list of the year's documents (附件4(五)), held against what its site shows."""

from __future__ import annotations

from checks.lenses.attached import attached_text
from checks.lenses.copies import copies
from checks.lenses.documents import PolicyDocument, headline, policy_documents
from checks.lenses.likeness import alike
from checks.lenses.titles import (
    document_keys,
    inner_title,
    key_of,
    names_number,
    parse_number,
    same_number,
    squeeze,
)
from dossier.model import Evidence, ListedDocument, Page, SiteSnapshot

LIKE = 0.75
"""Titles that share this much may be one title, mistyped in the list."""


def subject_of(row: ListedDocument) -> str:
    """What identifies a row in findings: its 文号, else its title."""
    return row.number.strip() or row.title.strip()


def open_row(row: ListedDocument) -> bool:
    """Whether a row is marked 主动公开."""
    return "主动公开" in squeeze(row.disclosure)


def link_of(row: ListedDocument) -> str:
    """The row's hyperlink; empty where the cell holds none."""
    url = row.url.strip()
    return url if url.lower().startswith(("http://", "https://")) else ""


def row_evidence(row: ListedDocument) -> Evidence:
    """The row itself, for there is no page to show."""
    words = " ".join(part for part in (row.title, row.number, row.disclosure, row.url) if part)
    return Evidence(url="", quote=words[:300], place=f"本单位公文清单第 {row.line} 行")


def is_of(row: ListedDocument, document: PolicyDocument, site: SiteSnapshot) -> bool:
    """Whether a row lists a document: by 文号, by title, or by its address."""
    number = parse_number(row.number)
    if number and document.number and same_number(number, document.number):
        return True
    if document_keys(row.title) & document.keys or key_of(row.title) == key_of(document.title):
        return True
    link = link_of(row)
    target = site.page(link) if link else None
    return link == document.url or bool(target and target.url in copies(site)[document.url])


def row_for(site: SiteSnapshot, document: PolicyDocument) -> ListedDocument | None:
    """The row that lists a document, if the list is there and has one."""
    return next((row for row in site.listed or () if is_of(row, document, site)), None)


def may_be_listed(site: SiteSnapshot, document: PolicyDocument) -> ListedDocument | None:
    """A row whose title is so like the document's that it may be the same, mistyped.

    A row with another number, or one that is plainly some other document's, is not meant.
    """
    own = key_of(inner_title(document.title))
    others = [one for one in policy_documents(site) if one.url not in copies(site)[document.url]]
    for row in site.listed or ():
        number = parse_number(row.number)
        if number and document.number and not same_number(number, document.number):
            continue
        if any(is_of(row, other, site) for other in others):
            continue
        if own and alike(key_of(inner_title(row.title)), own, LIKE):
            return row
    return None


def shows_row(site: SiteSnapshot, page: Page, row: ListedDocument) -> bool | None:
    """Whether a page shows what its row says; None where that cannot be told."""
    facts = page.facts
    if facts is None:
        return None
    words = "\n".join((headline(page), facts.text, facts.whole_text, attached_text(site, page)))
    number = parse_number(row.number)
    shown = parse_number(facts.document_number)
    if number and ((shown and same_number(number, shown)) or names_number(words, number)):
        return True
    wanted = document_keys(row.title) or frozenset({key_of(row.title)})
    title = key_of(headline(page))
    if wanted & document_keys(headline(page)) or key_of(row.title) == title:
        return True
    if any(len(key) >= 8 and key in key_of(words) for key in wanted):
        return True
    if not title:
        return None
    near = alike(key_of(inner_title(row.title)), key_of(inner_title(headline(page))), LIKE)
    return None if near else False
