"""Zipped files of many parts, opened with a distrust that they have earned: bounded, and never with entities."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from dossier.reading.attached.said import Unread

ENTRIES_BOUND = 5_000
PART_BOUND = 60_000_000
WHOLE_BOUND = 250_000_000
RATIO_BOUND = 400
"""A sheet of zeros shrinks to a fiftieth; what shrinks to less than this is no document."""
_RATIO_FROM = 20_000_000


def opened(body: bytes) -> zipfile.ZipFile:
    """A zip that promises to be of a sane size once unpacked; what it promises is all that it can give."""
    try:
        box = zipfile.ZipFile(io.BytesIO(body))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as fault:
        raise Unread("broken") from fault
    entries = box.infolist()
    whole = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > ENTRIES_BOUND or whole > WHOLE_BOUND or packed > len(body) + 1_000_000:
        raise Unread("too-costly")
    if any(
        entry.file_size > _RATIO_FROM and entry.file_size > RATIO_BOUND * entry.compress_size
        for entry in entries
    ):
        raise Unread("too-costly")
    return box


def part(box: zipfile.ZipFile, name: str, bound: int = PART_BOUND) -> bytes:
    """One part, whole; a part that is not there is empty."""
    try:
        entry = box.getinfo(name)
    except KeyError:
        return b""
    if entry.flag_bits & 1:
        raise Unread("encrypted")
    if entry.file_size > bound:
        raise Unread("too-costly")
    try:
        return box.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as fault:
        raise Unread("broken") from fault


def grown(xml: bytes) -> etree._Element:
    """The tree of one part. A document type has no place in an office file, and is where bombs are kept."""
    if not xml.strip():
        raise Unread("broken")
    if forbidden(xml):
        raise Unread("broken")
    try:
        return etree.fromstring(xml, _parser())
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Unread("broken") from fault


def forbidden(xml: bytes) -> bool:
    """Whether a part declares a document type or entities, in any of the ways that a parser would understand."""
    head = xml[:200_000].replace(b"\x00", b"")
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
    )


def name_of(node: etree._Element) -> str:
    """An element's name without its name space; comments and instructions have none."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    """An element's own children of these names."""
    return (child for child in node if name_of(child) in names)


def attribute(node: etree._Element, name: str) -> str:
    """An attribute by its name, whatever name space it stands in."""
    found = node.get(name)
    if found is not None:
        return str(found)
    return next((str(value) for key, value in node.attrib.items() if str(key).rpartition("}")[2] == name), "")
