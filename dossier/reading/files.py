"""What a file says that a page hangs on itself, and why, where it cannot be had."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from dossier.model import PageFacts
from dossier.model.page import READER_VERSION
from dossier.reading.attached.apart import read_apart
from dossier.reading.attached.extract import SIZE_BOUND, extract, needs_parser
from dossier.reading.attached.said import TEXT_BOUND, Said


def read_attachment(body: bytes, *, url: str, content_type: str) -> PageFacts:
    """The text of one file; where it cannot be had, why. What a parser must take apart, another process takes apart."""
    name, origin = _name_and_origin(url)
    if len(body) > SIZE_BOUND:
        said = Said(fault="too-large")
    elif needs_parser(body):
        said = read_apart(body, name, content_type, origin)
    else:
        said = extract(body, name, content_type)
    return _facts(url, name, said)


def _name_and_origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.rsplit("/", 1)[-1], ""
    return unquote(parts.path.rsplit("/", 1)[-1]), parts.netloc


def _facts(url: str, title: str, said: Said) -> PageFacts:
    lines = (" ".join(line.split()) for line in said.text[: TEXT_BOUND * 2].split("\n"))
    folded = "\n".join(line for line in lines if line)
    return PageFacts(
        url=url,
        reader=READER_VERSION,
        title=title or None,
        text=folded[:TEXT_BOUND],
        whole_text=folded[:TEXT_BOUND],
        tables=said.tables,
        unreadable=said.fault,
        truncated=said.partial or len(folded) > TEXT_BOUND,
    )
