"""The labels that 国办发〔2017〕47号 wants in every page's head."""

from __future__ import annotations

import re

from dossier.reading.tree import Tree

_NAMES = [
    "SiteName",
    "SiteDomain",
    "SiteIDCode",
    "ColumnName",
    "ColumnDescription",
    "ColumnKeywords",
    "ColumnType",
    "ArticleTitle",
    "PubDate",
    "ContentSource",
    "Keywords",
    "Description",
    "Url",
    "Author",
    "Image",
    "DocumentNumber",
]
CANONICAL = {name.lower(): name for name in _NAMES} | {
    "columnkeywods": "ColumnKeywords",
    "columnkeyword": "ColumnKeywords",
    "columnkewords": "ColumnKeywords",
    "columndescripition": "ColumnDescription",
    "columndescribe": "ColumnDescription",
    "sitedomian": "SiteDomain",
    "siteidecode": "SiteIDCode",
    "siteid": "SiteIDCode",
    "articletilte": "ArticleTitle",
    "publishdate": "PubDate",
    "published": "PubDate",
    "publishtime": "PubDate",
    "pubtime": "PubDate",
    "firstpublishedtime": "PubDate",
    "article:published_time": "PubDate",
    "lastmodifiedtime": "LastModified",
    "source": "ContentSource",
    "contentsouce": "ContentSource",
    "generator": "Generator",
}
_MARKUP = re.compile(r"<[a-zA-Z/][^>]*>")
_EXACT = {name.lower() for name in _NAMES}


def tags_of(tree: Tree) -> dict[str, str]:
    """Each known label once, under its right name; a rightly spelt one beats a variant, the first with a value wins."""
    found: dict[str, str] = {}
    exact: set[str] = set()
    for node in tree.tagged("meta"):
        attrs = node.attrs
        name = (attrs.get("name") or attrs.get("property") or "").strip().lower()
        canonical = CANONICAL.get(name)
        if canonical is None:
            continue
        content = attrs.get("content") or ""
        if canonical == "ArticleTitle" and "<" in content:
            content = _MARKUP.sub(" ", content)
        value = " ".join(content.split())
        right = name in _EXACT
        if (
            canonical in found
            and (found[canonical] or not value)
            and not (right and canonical not in exact and value)
        ):
            continue
        found[canonical] = value
        if right:
            exact.add(canonical)
    return found
