"""What a script was to draw and nobody ran is not missing: it was not seen."""

from __future__ import annotations

from checks.lenses.block import has_label, value_of
from dossier.model import Page, PageKind, Via

_FILLED = 2
_TELLING = ("index_number", "issuer", "written", "document_number")
"""Fields that no template leaves all empty unless a script was to fill them."""


def drawn_by_script(page: Page) -> bool:
    """Whether parts of a page were drawn by a script that nobody ran."""
    facts = page.facts
    if facts is None or page.capture.via is Via.BROWSER:
        return facts is None
    if facts.kind is PageKind.SHELL or facts.script_lists:
        return True
    told = [name for name in _TELLING if has_label(facts, name)]
    return len(told) >= 3 and not any(value_of(facts, name) for name in told)


def block_drawn_by_script(page: Page) -> bool:
    """Whether the fields of a document's block may be filled by a script: not where the page itself fills some
    of them, whatever lists a script draws beside."""
    facts = page.facts
    filled = [name for name in _TELLING if facts and value_of(facts, name)]
    return drawn_by_script(page) and (len(filled) < _FILLED or page.kind is PageKind.SHELL)
