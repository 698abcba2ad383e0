"""A case is a small site in a folder and what one rule must say of it.

`tests/cases/<rule-id>/<good|fault|unsure>_<why>/site.toml` describes the site, most often as a change of
a base site under `tests/cases/base/`; `expected.json` lists what the rule says. Every case goes through
the real reading, the real assembly and the real engine.

site.toml:
  base = "department"           the base site to change (optional)
  unit_class, unit_id, short_name, full_name, as_of, home, site_code, min_pages, extra_hosts, finish
  certificates = {host = "ok"}, skipped_counts = {budget = 3}
  [[page]]  url (absolute, or from the home page on), and one of
            file = "x.html"     a file of the case's folder, as it is
            main = "…"          main part put into the base's layout.html, with title and tags
            html = "…"          the whole page
            edits = [["this", "that"], …]   changes of the base's page; `this` must stand there
            drop = true         the base's page is not there, and nobody asked for it
            reach, status, reason, purpose, via, tries, final_url, content_type, referrer
  [[skipped]] url, because, text
  [[account_row]] / [[account]] / [[probe]] / [[exempt]]   rows of the list, AccountFacts, probes, exemptions
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import msgspec

from checks.engine import judge, message_of
from checks.registry import RULES, RuleModule
from dossier.assembly import assemble
from dossier.calendar import work_calendar
from dossier.home import Home
from dossier.model import (
    AccountFacts,
    Capture,
    Exemption,
    ListedDocument,
    Outcome,
    PageFacts,
    ProbeSample,
    Purpose,
    Reach,
    RuleTables,
    SiteRow,
    SiteSnapshot,
    Skipped,
    Unit,
    UnitReport,
    Verdict,
    WorkCalendar,
)
from dossier.reading import Vocabulary, load_vocabulary, read, read_data
from dossier.tables import load_tables

CASES = Path(__file__).parent.parent / "cases"
STARTED = datetime(2020, 11, 20, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """One folder of cases."""

    rule_id: str
    folder: Path

    @property
    def name(self) -> str:
        return f"{self.rule_id}/{self.folder.name}"

    @property
    def pile(self) -> str:
        """`good`, `fault` or `unsure`."""
        return self.folder.name.partition("_")[0]

    @property
    def expected_file(self) -> Path:
        return self.folder / "expected.json"


def all_cases() -> list[Case]:
    """Every case there is, by rule."""
    return [
        Case(rule_id=folder.parent.name, folder=folder)
        for folder in sorted(CASES.glob("*/*_*"))
        if folder.is_dir() and folder.parent.name != "base"
    ]


def site_of(folder: Path) -> SiteSnapshot:
    """The snapshot of a described site, through the real reading and the real assembly."""
    return snapshot(_described(folder), folder)


@cache
def said_of(case: Case) -> list[dict[str, Any]]:
    """What the rule of a case says of its site: every outcome but a bare pass, and what could not be asked."""
    module = rule_module(case.rule_id)
    judgement = judge(site_of(case.folder), rules=(module,))
    said = [_plain(outcome) for outcome in judgement.outcomes if outcome.verdict is not Verdict.PASS]
    said += [{"verdict": "not_called", "area": missed.area.value} for missed in judgement.not_called]
    return sorted(said, key=lambda one: json.dumps(one, ensure_ascii=False, sort_keys=True))


def rule_module(rule_id: str) -> RuleModule:
    return next(module for module in RULES if rule_id == module.RULE.id)


def _plain(outcome: Outcome) -> dict[str, Any]:
    plain: dict[str, Any] = {"verdict": outcome.verdict.value, "subject": outcome.subject}
    if outcome.verdict in (Verdict.FAIL, Verdict.UNSURE):
        plain["message"] = message_of(outcome)
        plain["evidence"] = [shown.url for shown in outcome.evidence]
        plain["quotes"] = [shown.quote for shown in outcome.evidence if shown.quote]
    if outcome.because:
        plain["because"] = outcome.because
    return plain


def _described(folder: Path) -> dict[str, Any]:
    """The description of a site, laid over its base where it names one."""
    own = tomllib.loads((folder / "site.toml").read_text(encoding="utf-8"))
    if "base" not in own:
        return own
    base_folder = CASES / "base" / own["base"]
    base = _described(base_folder)
    pages = {page["url"]: dict(page, _folder=page.get("_folder", base_folder)) for page in base["page"]}
    for page in own.get("page", ()):
        before = pages.get(page["url"], {})
        if "edits" in page:
            assert before, f"{folder}: no page {page['url']} to edit in {own['base']}"
        pages[page["url"]] = {**before, **page, "_edits": [*before.get("_edits", ()), *page.get("edits", ())]}
        if "file" in page:
            pages[page["url"]]["_folder"] = folder
    kept = [page for page in pages.values() if not page.get("drop")]
    return {**base, **own, "page": kept, "_layout": base.get("_layout", base_folder / "layout.html")}


def snapshot(told: dict[str, Any], folder: Path) -> SiteSnapshot:
    home = told.get("home", "http://www.example.gov.cn/")
    as_of = told.get("as_of", date(2020, 11, 20))
    assert isinstance(as_of, date)
    unit = _unit(told, home)
    captures: list[Capture] = []
    bodies: dict[str, bytes] = {}
    for number, page in enumerate(told.get("page", ())):
        body = _body(page, told, folder, home)
        captures += _captures(unit.unit_id, urljoin(home, page["url"]), page, body, number)
        bodies[captures[-1].sha256] = body
    return assemble(
        unit,
        run_id="2020-11-20",
        as_of=as_of,
        report=_report(unit, told, home),
        captures=captures,
        facts_of=lambda capture: _facts(capture, bodies, as_of),
        calendar=_calendar(),
        tables=_tables(),
        vocabulary=_vocabulary(),
        listed=msgspec.convert(told["listed"], tuple[ListedDocument, ...]) if "listed" in told else None,
        probes=_probes(told, home),
        accounts=[
            msgspec.convert({"unit_id": unit.unit_id, **one}, AccountFacts) for one in told.get("account", ())
        ],
        exemptions=[
            msgspec.convert({"unit_id": unit.unit_id, **one}, Exemption) for one in told.get("exempt", ())
        ],
        history=told.get("history"),
    )


def _unit(told: dict[str, Any], home: str) -> Unit:
    unit_id = told.get("unit_id", "B07")
    website = {
        "unit_id": unit_id,
        "channel": "website",
        "name": told.get("name", "山西省示例厅"),
        "url": home,
        "site_code": told.get("site_code", ""),
        "extra_hosts": told.get("extra_hosts", []),
        "min_pages": told.get("min_pages", 0),
    }
    rows = [website, *({"unit_id": unit_id, **row} for row in told.get("account_row", ()))]
    return msgspec.convert(
        {
            "unit_id": unit_id,
            "unit_class": told.get("unit_class", "B"),
            "short_name": told.get("short_name", "省示例厅"),
            "full_name": told.get("full_name", "山西省示例厅"),
            "sites": msgspec.to_builtins([msgspec.convert(row, SiteRow) for row in rows]),
        },
        Unit,
    )


def _body(page: dict[str, Any], told: dict[str, Any], folder: Path, home: str) -> bytes:
    if "file" in page:
        text = (Path(page.get("_folder", folder)) / page["file"]).read_text(encoding="utf-8")
    elif "html" in page:
        text = page["html"]
    elif "main" in page:
        layout = Path(told.get("_layout", folder / "layout.html")).read_text(encoding="utf-8")
        for old, new in told.get("layout_edits", ()):
            assert old in layout, f"{folder}: nothing to edit in the layout: {old}"
            layout = layout.replace(old, new)
        tags = "\n".join(
            f'<meta name="{name}" content="{value}">' for name, value in page.get("tags", {}).items()
        )
        text = (
            layout.replace("[[TITLE]]", page.get("title", ""))
            .replace("[[TAGS]]", tags)
            .replace("[[MAIN]]", page["main"])
        )
    else:
        text = ""
    for this, that in page.get("_edits", page.get("edits", ())):
        assert this in text, f"{folder}: “{this}” does not stand in {page['url']}"
        text = text.replace(this, that)
    return text.encode()


def _captures(unit_id: str, url: str, page: dict[str, Any], body: bytes, number: int) -> list[Capture]:
    reach = Reach(page.get("reach", "ok"))
    tries = page.get("tries", 2 if reach is Reach.GONE else 1)
    status = page.get("status", {Reach.OK: 200, Reach.GONE: 404, Reach.REFUSED: 403}.get(reach))
    return [
        Capture(
            unit_id=unit_id,
            asked_url=url,
            at=STARTED + timedelta(seconds=number + 3600 * attempt),
            reach=reach,
            reason=page.get("reason", f"status-{status}" if reach is Reach.GONE else ""),
            final_url=urljoin(url, page.get("final_url", "")) if reach in (Reach.OK, Reach.GONE) else "",
            status=status,
            via=page.get("via", "http"),
            purpose=Purpose(page.get("purpose", "page")),
            attempt=attempt + 1,
            content_type=page.get("content_type", "text/html; charset=utf-8"),
            length=len(body),
            sha256=hashlib.sha256(url.encode() + body).hexdigest() if body else "",
            referrer=page.get("referrer", ""),
        )
        for attempt in range(tries)
    ]


def _facts(capture: Capture, bodies: dict[str, bytes], as_of: date) -> PageFacts | None:
    body = bodies.get(capture.sha256)
    if not body or capture.purpose is Purpose.IMAGE:
        return None
    if capture.purpose is Purpose.DATA:
        return read_data(body, url=capture.url, as_of=as_of, vocabulary=_vocabulary())
    return read(
        body,
        url=capture.url,
        content_type=capture.content_type,
        as_of=as_of,
        vocabulary=_vocabulary(),
        status=capture.status,
    )


def _report(unit: Unit, told: dict[str, Any], home: str) -> UnitReport:
    skipped = tuple(
        Skipped(url=urljoin(home, one["url"]), because=one["because"], text=one.get("text", ""))
        for one in told.get("skipped", ())
    )
    counts: dict[str, int] = dict(told.get("skipped_counts", {}))
    for one in skipped:
        counts[one.because] = counts.get(one.because, 0) + 1
    return UnitReport(
        unit_id=unit.unit_id,
        run_id="2020-11-20",
        started=STARTED,
        finished=STARTED + timedelta(hours=2),
        finish=told.get("finish", "finished"),
        because=told.get("because", ""),
        skipped=skipped,
        skipped_counts=counts,
        certificates=told.get("certificates", {}),
    )


def _probes(told: dict[str, Any], home: str) -> list[ProbeSample]:
    """`[[probe]] days = 7, a_day = 24, fail_each = 10` stands for so many probes, every tenth failing."""
    samples: list[ProbeSample] = []
    for series in told.get("probe", ()):
        host = urljoin(home, "/").split("/")[2]
        first = datetime.combine(told.get("as_of", date(2020, 11, 20)), datetime.min.time(), UTC)
        for day in range(series["days"]):
            for n in range(series["a_day"]):
                each = series.get("fail_each", 0)
                failed = bool(each) and n % each == 0
                samples.append(
                    ProbeSample(
                        host=host,
                        at=first - timedelta(days=day) + timedelta(minutes=n * 30),
                        opened=not failed,
                        elapsed_ms=300,
                        reason="timeout" if failed else "",
                        ours=series.get("ours", False),
                    )
                )
    return samples


@cache
def _home() -> Home:
    return Home(CASES / "no-home-of-its-own")


@cache
def _vocabulary() -> Vocabulary:
    return load_vocabulary(_home())


@cache
def _calendar() -> WorkCalendar:
    return work_calendar(_home())


@cache
def _tables() -> RuleTables:
    return load_tables(_home()).rules
