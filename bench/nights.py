"""One night over a practice province, whole and real: its proxy, the crawl, the reading, the judging.

The benches ask what the machine says of sites whose faults are known; nothing of the way there is cut short
but the reports.
"""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from checks.engine import message_of
from desk import demo, stages
from desk.fetching import crawl
from desk.installation import Installation
from dossier import store
from dossier.model import Verdict
from dossier.store import latest_run, open_store
from practice.home import write_home
from practice.province import Province
from practice.server import serve

SPOKEN = (Verdict.FAIL, Verdict.UNSURE, Verdict.ERROR)


@dataclass(frozen=True, slots=True)
class Said:
    """One finding, in the shape that the practice province's score takes."""

    unit_id: str
    rule_id: str
    subject: str
    verdict: str
    message: str = ""
    because: str = ""

    @property
    def row(self) -> dict[str, str]:
        return {
            "unit_id": self.unit_id,
            "rule_id": self.rule_id,
            "subject": self.subject,
            "verdict": self.verdict,
        }


def night(province: Province, home: Path, *, settings: Iterable[str] = ()) -> list[Said]:
    """Crawl and judge the province into a fresh home; what was found, unsure and broken included."""
    if home.exists():
        shutil.rmtree(home)
    write_home(province, home)
    with serve(province) as server, contextlib.redirect_stderr(io.StringIO()):
        installation = Installation.of(
            home=home, as_of=province.as_of, units="", overrides=(*demo.overrides(server.url), *settings)
        )
        with open_store(installation.home.database) as kept:
            demo.deliver(home, kept)
            run_id = crawl(installation, kept, kind="demo")
            stages.judge(installation, kept, run_id)
            return _findings(installation, run_id)


def judge_again(province: Province, home: Path) -> list[Said]:
    """The same night judged by today's rules, without another crawl."""
    installation = Installation.of(home=home, as_of=province.as_of, units="", overrides=())
    with open_store(installation.home.database) as kept:
        latest = latest_run(kept)
        if latest is None:
            raise FileNotFoundError(f"{home} holds no night")
        stages.judge(installation, kept, latest.run_id)
    return _findings(installation, latest.run_id)


def _findings(installation: Installation, run_id: str) -> list[Said]:
    with open_store(installation.home.database) as kept:
        return [
            Said(unit.unit_id, one.rule_id, one.subject, one.verdict.value, message_of(one), one.because)
            for unit in installation.units
            for one in store.outcomes(kept, run_id, unit.unit_id)
            if one.verdict in SPOKEN
        ]
