"""What a second night costs when little changed, and whether it says the same as a first look at the same pages.

    python -m bench second_night

Night 1 sees the province; nights 2 and 3 see it with some pages changed; a cold home sees the changed one alone.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench import ground
from bench.commands import gongkai
from dossier import archive


@dataclass(frozen=True)
class Night:
    """What one night cost and left."""

    cpu: float
    wall: float
    bytes: int
    """Of bodies that came over the wire, decoded."""
    pages: int
    files: Mapping[str, int]
    """Bytes of the run's folder, by kind of file."""
    database: int
    """Bytes by which the database grew."""
    judging: int
    """And by which judging made it grow: per unit more than per page."""
    findings: tuple[str, ...]
    run_id: str

    @property
    def per_page(self) -> float:
        return (sum(self.files.values()) + self.database) / max(1, self.pages)


def main(pages: int = 40, rounds: int = 3, units: str = "") -> None:
    """Two shares of change, the runs of one round one after another; `units` keeps it to some."""
    for changed in (0.0, 0.02):
        table: dict[str, list[float]] = {}
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as name:
                _one_round(Path(name), pages, changed, table, units)
        print(f"\n{changed:.0%} of pages changed:")
        for title, values in table.items():
            print(f"| {title} | {ground.middle(values)} |", flush=True)


def _one_round(folder: Path, pages: int, changed: float, table: dict[str, list[float]], units: str) -> None:
    warm, cold = (ground.practice_home(folder / name, pages=pages) for name in ("warm", "cold"))
    later = folder / "later"
    with ground.province(pages=pages, changed=changed, salt="7", when=later) as proxy:
        first = night(warm, proxy, units)
        later.touch()
        second = night(warm, proxy, units)
        third = night(warm, proxy, units)
        fresh = night(cold, proxy, units)
    same = set(second.findings) == set(fresh.findings)
    for title, value in (
        ("body bytes, second night / cold", second.bytes / fresh.bytes),
        ("body bytes, third night / cold", third.bytes / fresh.bytes),
        ("CPU of crawl and entering, third night / cold", third.cpu / fresh.cpu),
        ("CPU of crawl and entering, second night / cold", second.cpu / fresh.cpu),
        ("wall of crawl and entering, second night / cold", second.wall / fresh.wall),
        ("findings that differ from a cold run", len(set(second.findings) ^ set(fresh.findings))),
        ("bytes a page kept by the first night", first.per_page),
        ("bytes a page kept by the second night", second.per_page),
        ("bytes a page kept by the third night (nothing changed since the second)", third.per_page),
        ("… of these in the archive (WARC)", third.files.get("warc", 0) / third.pages),
        ("… in the manifest", third.files.get("captures", 0) / third.pages),
        ("… in the readings", third.files.get("facts", 0) / third.pages),
        ("… in the database", third.database / third.pages),
    ):
        table.setdefault(title, []).append(value)
    if not same:
        print("only warm:", sorted(set(second.findings) - set(fresh.findings))[:5])
        print("only cold:", sorted(set(fresh.findings) - set(second.findings))[:5])


def night(home: Path, proxy: str, units: str, *, as_of: str = "", suggest: bool = False) -> Night:
    """One crawl with everything entered, then judged (not counted)."""
    database = home / "data" / "gongkai.db"
    before = _size(database)
    spent = gongkai(home, "crawl", proxy=proxy, units=units, as_of=as_of)
    grown = _size(database) - before
    run = max(
        (path for path in (home / "data" / "runs").iterdir() if (path / "run.json").is_file()),
        key=lambda p: p.name,
    )
    files: dict[str, int] = {}
    for path in run.rglob("*"):
        if path.is_file() and path.parent != run:
            kind = (
                "warc"
                if ".warc" in path.name
                else path.name.split(".")[0]
                if path.parent.name != "jobs"
                else "jobs"
            )
            files[kind] = files.get(kind, 0) + path.stat().st_size
    files.pop("jobs", None)
    reports = [msgspec.json.decode(path.read_bytes()) for path in run.glob("*/unit.json")]
    gongkai(home, "judge", units=units, as_of=as_of)
    if suggest:  # by what stands the next night knows where it must look
        gongkai(home, "suggest", units=units, as_of=as_of)
    judged = _size(database) - before - grown
    rows = gongkai(home, "export", "findings", as_of=as_of).out.splitlines()
    pages = sum(len(archive.read_captures(path.parent)) for path in run.glob("*/unit.json"))
    return Night(
        spent.cpu, spent.wall, sum(one.get("bytes", 0) for one in reports), pages, files, grown, judged,
        tuple(sorted(_gist(json.loads(row)) for row in rows)), run.name,
    )  # fmt: skip


def _gist(row: dict[str, object]) -> str:
    """What a finding says, without the moment and the place in the archive where it was seen."""
    return json.dumps(
        [row.get(key) for key in ("unit_id", "rule_id", "subject", "verdict", "page_url", "message")],
        ensure_ascii=False,
    )


def _size(path: Path) -> int:
    if not path.is_file():
        return 0
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(
            database.execute(
                "SELECT (SELECT page_count FROM pragma_page_count) * page_size FROM pragma_page_size"
            ).fetchone()[0]
        )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]), *sys.argv[3:4])
