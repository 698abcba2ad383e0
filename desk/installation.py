"""One installation as a command sees it: home folder, inspection date, settings, units, tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from checks.registry import RULES
from dossier.calendar import work_calendar
from dossier.home import Home
from dossier.model import Unit, WorkCalendar
from dossier.reading.vocabulary import Vocabulary
from dossier.reading.vocabulary_tables import load_vocabulary
from dossier.settings import Settings, load_settings
from dossier.tables import Tables, load_tables
from dossier.units import load_units


@dataclass(frozen=True)
class Installation:
    """Everything is read when it is first needed, and refused as a whole when it is bad."""

    home: Home
    as_of: date
    only: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()

    @classmethod
    def of(cls, *, home: Path, as_of: date, units: str = "", overrides: tuple[str, ...] = ()) -> Installation:
        only = tuple(part for part in units.replace("，", ",").replace(" ", ",").split(",") if part)
        return cls(Home(home.resolve()), as_of, only, tuple(overrides))

    @cached_property
    def settings(self) -> Settings:
        return load_settings(self.home.settings_toml, self.overrides)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        return load_units(self.home.units_csv, self.as_of, only=self.only)

    @cached_property
    def tables(self) -> Tables:
        return load_tables(self.home, known_rules=frozenset(module.RULE.id for module in RULES))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return load_vocabulary(self.home)

    @cached_property
    def calendar(self) -> WorkCalendar:
        return work_calendar(self.home)

    def check(self) -> None:
        """Read everything a night depends on, so that a bad list, table or setting stops it before it starts."""
        _ = self.settings, self.units, self.tables, self.vocabulary, self.calendar
