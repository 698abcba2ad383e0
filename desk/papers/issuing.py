"""A paper is issued once: numbered, drawn, kept with its bytes and with the value it was drawn from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import msgspec

from desk.installation import Installation
from desk.papers.book import book_bytes
from desk.papers.page import page_text
from desk.papers.text import PaperText, keep, read_back
from desk.reports.pdf import find_browser, print_pdf
from dossier.store import Store, seal_of
from dossier.store.audit import AuditLine, write_audit
from dossier.store.issued import IssuedPaper, add_paper, files_of, issued_paper, next_place
from dossier.store.users import Account

WORDS = {
    "notice": "整改通知", "recheck": "复查结果", "bulletin": "通报稿", "announcement": "考核通知", "receipt": "材料回执",
    "result": "结果呈报", "ledger": "问题台账",
}  # fmt: skip


FORM = "form-4"
"""The version of all drawing; raised whenever a drawn byte changes (a test holds the digests)."""


@dataclass(frozen=True)
class Issue:
    """What is about to leave the house."""

    kind: str
    write: Callable[[str], PaperText]
    """Number → the paper."""
    unit_id: str = ""
    run_id: str = ""
    due: date | None = None
    items: tuple[tuple[str, date], ...] = ()


def issue(
    installation: Installation,
    kept: Store,
    one: Issue,
    *,
    day: date,
    who: Account,
    at: datetime,
    place: str = "",
) -> IssuedPaper:
    """Number, draw and keep a paper, and write the line of the audit log; all or nothing."""
    with kept.writing():
        nth = next_place(kept, one.kind, day.year)
        number = f"{WORDS[one.kind]}〔{day.year}〕{nth}号"
        text = one.write(number)
        paper = IssuedPaper(
            kind=one.kind, number=number, unit_id=one.unit_id, run_id=one.run_id, template=f"{text.template} {FORM}",
            tables=msgspec.json.encode(installation.tables.digests, order="sorted").decode(),
            manifest=manifest_of(kept, one.run_id), value=keep(text), day=day, due=one.due, who=who.name, at=at, place=nth,
        )  # fmt: skip
        add_paper(kept, paper, drawn(text), one.items)
        detail = f"{text.heading}" + (f"，{len(one.items)} 个问题，限 {one.due}" if one.items else "")
        write_audit(
            kept,
            AuditLine(
                at=at, who=who.name, act=f"issue-{one.kind}", object=number, detail=detail, place=place
            ),
        )
    found = issued_paper(kept, number)
    assert found is not None
    return found


def drawn(text: PaperText) -> dict[str, bytes]:
    """The files of a paper by the kind of file."""
    from desk.papers.docx import docx_bytes  # slow to load, and most commands write no letters

    files = {"docx": docx_bytes(text), "html": page_text(text).encode()}
    if text.tables:
        files["xlsx"] = book_bytes(text)
    return files


def drawn_again(paper: IssuedPaper) -> dict[str, bytes]:
    """The files as today's forms draw them from the value that was kept."""
    return drawn(read_back(paper.value))


def damage(kept: Store, paper: IssuedPaper) -> tuple[str, ...]:
    """Chinese: which kept bytes are not those that left."""
    return tuple(
        f"{paper.number} 的 {kind} 与发出时的摘要不符"
        for kind, (sha, body) in files_of(kept, paper.no).items()
        if hashlib.sha256(body).hexdigest() != sha
    )


def drift(kept: Store, paper: IssuedPaper) -> tuple[str, ...]:
    """Chinese: which files today's forms would draw otherwise; what left stays what counts."""
    again = drawn_again(paper)
    return tuple(
        f"{paper.number} 的 {kind} 按现在的版式（{FORM}）重排与发出时（{paper.template}）不同，以发出件为准"
        for kind, (_, body) in files_of(kept, paper.no).items()
        if again.get(kind) != body
    )


def write_out(kept: Store, paper: IssuedPaper, folder: Path, *, pdf: bool = False) -> list[Path]:
    """The files as they left, into a folder; a PDF too where a browser is there."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, (_, body) in files_of(kept, paper.no).items():
        path = folder / f"{name_of(paper)}.{kind}"
        path.write_bytes(body)
        written.append(path)
    browser = find_browser() if pdf else None
    page = folder / f"{name_of(paper)}.html"
    if browser and page in written:
        made = print_pdf(browser, page, page.with_suffix(".pdf"))
        written += [made] if made else []
    return written


def write_draft(text: PaperText, path: Path) -> list[Path]:
    """A paper that is not issued, under `path` with the endings of its files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, body in drawn(text).items():
        file = path.with_name(f"{path.name}.{kind}")
        file.write_bytes(body)
        written.append(file)
    return written


def name_of(paper: IssuedPaper) -> str:
    """notice-2020-0001-A01."""
    return "-".join(
        part for part in (paper.kind, str(paper.day.year), f"{paper.place:04d}", paper.unit_id) if part
    )


def folder_of(installation: Installation) -> Path:
    return installation.home.reports / "papers"


def manifest_of(kept: Store, run_id: str) -> str:
    """Digest of the sealed evidence of a run; empty where there is none."""
    seal = seal_of(kept, run_id) if run_id else None
    return seal.sha256 if seal else ""
