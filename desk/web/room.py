"""What one request knows: who asks, the time, the open database, and what stands at the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import cast

from flask import abort, current_app, g, request

from desk import clock
from desk.caseload import Case, Caseload, last_run_day, load
from desk.desk_settings import DeskSettings
from desk.installation import Installation
from desk.reports.paper import UnitPaper
from dossier.store import Store, open_store
from dossier.store.users import Account

_fresh: dict[Path, tuple[object, Installation]] = {}


class Room:
    """One request at the desk."""

    def __init__(self, installation: Installation, *, dated: bool) -> None:
        self._installation = installation
        self._dated = dated
        self.now: datetime = clock.now()
        self.account: Account | None = None

    @cached_property
    def kept(self) -> Store:
        opened = open_store(self._installation.home.database)
        # A click that was answered is on the disk, also when the power goes; a night could be entered again, a click not.
        opened.db.conn.execute("PRAGMA synchronous = FULL")
        return opened

    def close(self) -> None:
        if "kept" in self.__dict__:
            self.kept.close()

    @cached_property
    def installation(self) -> Installation:
        """List, tables and calendar as the files say now; read again only when a file has changed."""
        home = self._installation.home
        known = _fresh.get(home.root)
        marks = _file_marks(home.root)
        if known is None or known[0] != marks:
            _fresh[home.root] = known = (marks, replace(self._installation))
        return known[1]

    @cached_property
    def today(self) -> date:
        """The day by which deadlines are counted: the given one, or that of a practice night, or today."""
        if self._dated:
            return self._installation.as_of
        last = last_run_day(self.kept)
        return last[0] if last and last[1] == "demo" else clock.today()

    @cached_property
    def settings(self) -> DeskSettings:
        return DeskSettings(self.kept)

    @cached_property
    def load(self) -> Caseload:
        return load(self.installation, self.kept, self.today, self.settings.days("review_days"))

    @property
    def me(self) -> Account:
        assert self.account is not None
        return self.account

    @property
    def place(self) -> str:
        return request.remote_addr or ""

    def case(self, number: str) -> Case:
        """The case of that number, or 404."""
        case = self.load.by_number.get(number)
        if case is None:
            abort(404)
        return case

    def paper(self, unit_id: str) -> UnitPaper:
        """The paper of that unit, or 404."""
        paper = self.load.papers.get(unit_id)
        if paper is None:
            abort(404)
        return paper


def room() -> Room:
    """The room of this request."""
    if "room" not in g:
        config = current_app.config
        g.room = Room(config["INSTALLATION"], dated=config["DATED"])
    return cast(Room, g.room)


def _file_marks(root: Path) -> tuple[object, ...]:
    paths = [root / "unit_sites.csv", root / "settings.toml", *sorted((root / "tables").glob("*.toml"))]
    return tuple(
        (path.name, (stat := path.stat()).st_mtime_ns, stat.st_size) for path in paths if path.is_file()
    )
