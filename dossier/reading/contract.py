"""The one JSON object that the outside may rely on for a read page."""

from __future__ import annotations

from typing import Any

from dossier.model import DateSource, Footer, PageFacts


def contract_json(facts: PageFacts) -> dict[str, Any]:
    """The facts under the agreed keys: dates as YYYY-MM-DD or null, an absent text null."""
    published = facts.published if facts.published_from is not DateSource.ADDRESS else None
    return {
        "url": facts.url,
        "encoding": facts.encoding,
        "kind": facts.kind.value,
        "title": facts.title or None,
        "published": published.isoformat() if published else None,
        "written": facts.written.isoformat() if facts.written else None,
        "document_number": facts.document_number or None,
        "index_number": facts.index_number or None,
        "issuer": facts.issuer or None,
        "source": facts.source or None,
        "validity": facts.validity or None,
        "site_name": facts.site_name or None,
        "site_code": facts.site_code or None,
        "tags": dict(facts.tags),
        "footer": _footer(facts.footer),
        "items": [
            {
                "title": item.title,
                "url": item.url or None,
                "date": item.date.isoformat() if item.date else None,
            }
            for item in facts.items
        ],
        "attachments": [{"text": attachment.text, "url": attachment.url} for attachment in facts.attachments],
        "interpretations": [{"text": link.text, "url": link.url} for link in facts.interpretations],
        "text": facts.text or None,
    }


def _footer(footer: Footer | None) -> dict[str, bool | None]:
    made = footer or Footer()
    return {
        "party-mark": made.party_mark,
        "error-report": made.error_report,
        "site-code": made.site_code,
        "icp": made.icp,
        "police": made.police,
        "sitemap": made.sitemap,
        "organiser": made.organiser,
        "contact": made.contact,
    }
