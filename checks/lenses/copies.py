"""One document is often shown at several addresses: in two columns, as a 规范性文件, for the aged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from checks.lens import lens
from checks.lenses.documents import PolicyDocument, policy_documents
from checks.lenses.titles import DocumentNumber, key_of
from dossier.model import SiteSnapshot


@lens
def copies(site: SiteSnapshot) -> Mapping[str, frozenset[str]]:
    """For each document page, all pages that show the same document (itself included)."""
    groups: list[set[str]] = []
    titled: dict[str, list[PolicyDocument]] = defaultdict(list)
    numbered: dict[DocumentNumber, set[str]] = defaultdict(set)
    for document in policy_documents(site):
        titled[key_of(document.title)].append(document)
        if document.number and document.number.year:
            numbered[document.number].add(document.url)
    groups.extend(numbered.values())
    # A yearly notice bears the same title each year; only the number tells one from the next.
    groups.extend(
        {document.url for document in same}
        for same in titled.values()
        if len({document.number for document in same if document.number}) <= 1
    )
    together: dict[str, set[str]] = {document.url: {document.url} for document in policy_documents(site)}
    for group in groups:
        for url in group:
            together[url] |= group
    return {url: frozenset(group) for url, group in together.items()}


def copies_of(site: SiteSnapshot, document: PolicyDocument) -> tuple[PolicyDocument, ...]:
    """Every page that shows the same document, the page itself among them."""
    together = copies(site)[document.url]
    return tuple(one for one in policy_documents(site) if one.url in together)
