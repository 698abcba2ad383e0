"""A WARC file packed so that any replay tool opens it at once: WACZ, a zip with an index, a list of pages and digests."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

VERSION = "1.1.1"
WARC, INDEX, PAGES = "archive/data.warc.gz", "indexes/index.cdxj", "pages/pages.jsonl"


@dataclass(frozen=True)
class ShownPage:
    """A page at which whoever opens the file is to look."""

    url: str
    at: datetime
    title: str


def pack(
    warc: bytes, pages: Sequence[ShownPage], *, title: str, made_at: datetime, beside: Mapping[str, bytes] | None = None
) -> bytes:  # fmt: skip
    """The file's bytes; `beside` are further files, by name, of which the digests are kept too."""
    listed = [{"format": "json-pages-1.0", "id": "pages", "title": title}]
    listed += [
        {"id": f"{number}", "url": page.url, "ts": page.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "title": page.title}
        for number, page in enumerate(pages, start=1)
    ]  # fmt: skip
    files = {
        WARC: warc,
        INDEX: index(warc),
        PAGES: b"".join(msgspec.json.encode(one) + b"\n" for one in listed),
    }
    files |= dict(beside or {})
    package = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": title,
        "created": made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software": "gongkai",
        "resources": [
            {"name": f"file-{number}", "path": name, "hash": _hash(content), "bytes": len(content)}
            for number, (name, content) in enumerate(files.items(), start=1)
        ],
    }
    files["datapackage.json"] = msgspec.json.format(msgspec.json.encode(package), indent=1)
    digest = {"path": "datapackage.json", "hash": _hash(files["datapackage.json"])}
    files["datapackage-digest.json"] = msgspec.json.format(msgspec.json.encode(digest), indent=1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for name, content in files.items():
            how = zipfile.ZIP_STORED if name == WARC else zipfile.ZIP_DEFLATED  # replay tools seek in it
            zipped.writestr(zipfile.ZipInfo(name, made_at.timetuple()[:6]), content, how)
    return packed.getvalue()


def index(warc: bytes) -> bytes:
    """Where each answer stands, as CDXJ: sorted lines of key, time and a JSON object."""
    from warcio.archiveiterator import ArchiveIterator  # slow to load, and packages are rare

    lines = []
    records = ArchiveIterator(io.BytesIO(warc))
    for record in records:
        if record.rec_type not in ("response", "revisit"):
            continue
        headers, http = record.rec_headers, record.http_headers
        url = str(headers.get_header("WARC-Target-URI") or "")
        stamp = "".join(letter for letter in str(headers.get_header("WARC-Date") or "") if letter.isdigit())[
            :14
        ]
        kind = str(http.get_header("Content-Type") or "") if http is not None else ""
        said = {
            "url": url,
            "mime": "warc/revisit"
            if record.rec_type == "revisit"
            else kind.partition(";")[0].strip().lower(),
            "status": str(http.get_statuscode()) if http is not None else "-",
            "digest": str(headers.get_header("WARC-Payload-Digest") or ""),
            "filename": WARC.rpartition("/")[2],
        }
        record.content_stream().read()
        records.read_to_end(record)
        said |= {"offset": str(records.get_record_offset()), "length": str(records.get_record_length())}
        lines.append(f"{key_of(url)} {stamp} ".encode() + msgspec.json.encode(said) + b"\n")
    return b"".join(sorted(lines))


def key_of(url: str) -> str:
    """An address with its host turned around, as indexes sort them: `cn,gov,example)/path?query`."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return url.lower()
    turned = ",".join(reversed(host.split(".")))
    numbered = f":{port}" if port and port not in (80, 443) else ""
    query = f"?{'&'.join(sorted(parts.query.split('&')))}" if parts.query else ""
    return f"{turned}{numbered}){parts.path or '/'}{query}".lower()


def _hash(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
