"""Which texts a site itself takes for interpretations of documents, and which only read like one."""

from __future__ import annotations

from checks.lenses.navigation import listings, stands_in
from checks.lenses.pairs import Bond, Interpretation, documents_of
from checks.lenses.titles import quoted_titles
from dossier.model import Column, SiteSnapshot

_SHELVES = frozenset({Column.INTERPRETATION, Column.POLICY_JOINT})


def shelved(site: SiteSnapshot, text: Interpretation) -> bool:
    """Whether a column of interpretations shows it."""
    return any(stands_in(listed.holder) & _SHELVES for listed in listings(site).get(text.url, ()))


def of_a_document(site: SiteSnapshot, text: Interpretation) -> bool:
    """Whether anything says that a document is what it interprets: a month's figures and the questions of daily life
    are explained too (数据解读, 就经济运行情况答记者问)."""
    return (
        shelved(site, text) or bool(quoted_titles(text.title)) or bool(documents_of(site, text, Bond.MENTION))
    )
