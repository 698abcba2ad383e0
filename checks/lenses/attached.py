"""What a page offers as files belongs to what it says: a table in an attachment is on the page for its reader."""

from __future__ import annotations

import re

from dossier.model import Attachment, LinkPlace, Page, SiteSnapshot

FILE_ADDRESS = re.compile(
    r"\.(?:pdf|ofd|docx?|wps|xlsx?|et|rtf|zip|rar|7z|ceb|txt|pptx?|jpe?g|png|gif|tiff?|mp[34])(?:[?#]|$)",
    re.IGNORECASE,
)


def attachments_of(site: SiteSnapshot, page: Page) -> tuple[tuple[Attachment, Page | None], ...]:
    """The files a page offers, each with what was seen of it."""
    facts = page.facts
    if facts is None:
        return ()
    offered = {item.url: item for item in facts.attachments if item.url}
    for link in facts.links:
        inside = link.place in (LinkPlace.MAIN, LinkPlace.BODY) and not link.hidden
        if (
            inside
            and link.tag in ("a", "iframe")
            and FILE_ADDRESS.search(link.url)
            and link.url not in offered
        ):
            offered[link.url] = Attachment(url=link.url, text=link.text)
    return tuple((item, site.page(item.url)) for item in offered.values())


def attached_text(site: SiteSnapshot, page: Page) -> str:
    """What the readable attachments of a page say."""
    return "\n".join(
        held.facts.text
        for _, held in attachments_of(site, page)
        if held and held.ok and held.facts and not held.facts.unreadable
    )


def unread_attachments(site: SiteSnapshot, page: Page) -> bool:
    """Whether a page offers a file whose words could not be seen."""
    return any(
        held is None or not held.ok or bool(held.facts and (held.facts.unreadable or held.facts.truncated))
        for _, held in attachments_of(site, page)
    )
