"""Where an installation keeps what it owns."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """One home folder; two homes never share state."""

    root: Path

    @property
    def units_csv(self) -> Path:
        return self.root / "unit_sites.csv"

    @property
    def settings_toml(self) -> Path:
        return self.root / "settings.toml"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def runs(self) -> Path:
        return self.data / "runs"

    @property
    def database(self) -> Path:
        return self.data / "gongkai.db"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    def run(self, run_id: str) -> Path:
        return self.runs / run_id

    def table(self, name: str) -> Path:
        """The home's own table file where it has one, else the shipped one (`columns.toml`, `indicators_A.toml` …)."""
        own = self.root / "tables" / name
        return own if own.is_file() else Path(str(resources.files("tables") / name))
