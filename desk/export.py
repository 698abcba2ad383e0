"""What the outside may take away: findings, deficiencies and scorecards, in one order every time.

Texts come from foreign web pages. A cell that begins like a formula is kept from being one: in csv by an
apostrophe before it, in xlsx by being written as a string.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from desk.installation import Installation
from desk.picturing import outcome_with_pictures
from desk.standing import sentence_of, standings
from dossier import store
from dossier.errors import BadInput, Problem
from dossier.model import Deficiency, Evidence, Outcome, Scorecard, Suggestion, Verdict
from dossier.store import Store

KINDS = ("findings", "deficiencies", "scorecards")
FORMATS = ("jsonl", "csv", "xlsx")
SHOWN = (Verdict.FAIL, Verdict.UNSURE, Verdict.ERROR)
LONGEST_CELL = 32_767
"""Characters that a cell of a workbook can hold."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_Row = dict[str, Any]


def export(
    kept: Store,
    installation: Installation,
    run_id: str,
    *,
    kind: str,
    form: str,
    everything: bool = False,
) -> bytes:
    """One kind of data of one run, as a file. `everything` adds the passes to the findings."""
    rows = {
        "findings": lambda: findings(kept, installation, run_id, everything=everything),
        "deficiencies": lambda: deficiencies(kept, installation, run_id),
        "scorecards": lambda: scorecards(kept, installation, run_id),
    }[kind]()
    columns = {"findings": FINDING, "deficiencies": DEFICIENCY, "scorecards": SCORECARD}[kind]
    return {"jsonl": _jsonl, "csv": _csv, "xlsx": _xlsx}[form](columns, rows)


FINDING = (
    "run_id", "unit_id", "rule_id", "verdict", "subject", "page_url", "message", "confirmed", "nights_seen",
    "first_seen", "last_seen", "deficiency_no", "indicator", "points_asked", "points_granted", "evidence",
    "because", "as_of",
)  # fmt: skip
DEFICIENCY = (
    "run_id", "unit_id", "deficiency_no", "rule_id", "verdict", "subject", "page_url", "message", "confirmed",
    "nights_seen", "first_seen", "last_seen", "first_at", "last_at", "news", "indicator", "points_asked",
    "points_granted", "evidence", "because", "fingerprint",
)  # fmt: skip
SCORECARD = (
    "run_id", "unit_id", "unit_class", "score", "grade", "deducted", "major_points", "unconfirmed_points", "unsure",
    "errors", "not_called", "inspected", "table_title", "table_status", "table_digest", "levels", "lines",
)  # fmt: skip


def findings(kept: Store, installation: Installation, run_id: str, *, everything: bool = False) -> list[_Row]:
    """What the rules said in a run, one row a finding."""
    run = store.run_info(kept, run_id)
    assert run is not None
    stood = standings(kept, run_id, installation.tables, units=_units(kept, installation, run_id))
    rows = []
    for unit_id, standing in stood.items():
        known = {one.fingerprint: one for one in standing.deficiencies}
        lines = _lines(store.scorecard_of(kept, run_id, unit_id))
        for outcome in store.outcomes(kept, run_id, unit_id):
            if outcome.verdict not in SHOWN and not everything:
                continue
            mark = store.fingerprint(unit_id, outcome.rule_id, outcome.subject)
            deficiency = known.get(mark) if outcome.verdict in SHOWN else None
            folder = installation.home.run(run_id) / unit_id
            outcome = outcome_with_pictures(folder, mark, outcome)
            row = _said(run_id, unit_id, outcome, sentence_of(outcome), deficiency, lines)
            rows.append(row | {"as_of": run.as_of.isoformat()})
    return sorted(rows, key=lambda row: (row["unit_id"], row["rule_id"], row["subject"], row["verdict"]))


def deficiencies(kept: Store, installation: Installation, run_id: str) -> list[_Row]:
    """What stood against the units after a run, also what could not be looked for that night."""
    stood = standings(kept, run_id, installation.tables, units=_units(kept, installation, run_id))
    rows = []
    for unit_id, standing in stood.items():
        lines = _lines(store.scorecard_of(kept, run_id, unit_id))
        for one in (*standing.deficiencies, *standing.gone):
            row = _said(run_id, unit_id, one.outcome, one.message, one, lines)
            row |= {
                "first_at": one.first_at.isoformat(),
                "last_at": one.last_at.isoformat(),
                "news": "gone" if one in standing.gone else one.news,
                "fingerprint": one.fingerprint,
            }
            rows.append(row)
    return sorted(rows, key=lambda row: (row["unit_id"], row["deficiency_no"], row["fingerprint"]))


def scorecards(kept: Store, installation: Installation, run_id: str) -> list[_Row]:
    """The suggested scores of a run."""
    wanted = set(_units(kept, installation, run_id))
    return [
        {name: _plain(getattr(card, name)) for name in SCORECARD}
        for card in store.scorecards(kept, run_id)
        if card.unit_id in wanted
    ]


def _units(kept: Store, installation: Installation, run_id: str) -> list[str]:
    names = [unit.unit_id for unit in store.units_of(kept, run_id)]
    unknown = [name for name in installation.only if name not in names]
    if unknown:
        raise BadInput(
            [Problem("--units", f"批次 {run_id} 里没有单位 {'、'.join(unknown)}", "请核对单位编号或批次")]
        )
    return [name for name in names if not installation.only or name in installation.only]


def _lines(card: Scorecard | None) -> Mapping[tuple[str, str], Suggestion] | None:
    if card is None:
        return None
    return {(line.rule_id, line.subject): line for line in card.lines}


def _said(
    run_id: str,
    unit_id: str,
    outcome: Outcome,
    message: str,
    deficiency: Deficiency | None,
    lines: Mapping[tuple[str, str], Suggestion] | None,
) -> _Row:
    line = (lines or {}).get((outcome.rule_id, outcome.subject))
    nothing = None if lines is None else 0.0
    return {
        "run_id": run_id,
        "unit_id": unit_id,
        "rule_id": outcome.rule_id,
        "verdict": outcome.verdict.value,
        "subject": outcome.subject,
        "page_url": outcome.page_url,
        "message": message,
        "confirmed": deficiency.confirmed if deficiency else False,
        "nights_seen": deficiency.nights_seen if deficiency else 0,
        "first_seen": deficiency.first_seen if deficiency else "",
        "last_seen": deficiency.last_seen if deficiency else "",
        "deficiency_no": deficiency.number if deficiency else "",
        "indicator": " / ".join((line.section, *line.row)) if line else "",
        "points_asked": float(line.asked) if line else nothing,
        "points_granted": float(line.granted) if line else nothing,
        "evidence": [_shown(one) for one in outcome.evidence],
        "because": outcome.because,
    }


def _shown(one: Evidence) -> _Row:
    return {
        "url": one.url,
        "captured_at": one.captured_at.isoformat() if one.captured_at else None,
        "status": one.status,
        "sha256": one.sha256,
        "quote": one.quote,
        "place": one.place,
        "screenshot": one.screenshot,
        "note": one.note,
    }


def _plain(value: object) -> object:
    """Numbers as numbers, everything else as JSON has it."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple):
        return [
            {name: _plain(getattr(one, name)) for name in one.__struct_fields__}
            if isinstance(one, msgspec.Struct)
            else _plain(one)
            for one in value
        ]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _jsonl(_columns: Sequence[str], rows: Iterable[_Row]) -> bytes:
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def _csv(columns: Sequence[str], rows: Iterable[_Row]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(_cell(row.get(name))) for name in columns])
    # Office programs only take a csv for UTF-8 when it begins with a BOM.
    return out.getvalue().encode("utf-8-sig")


def _harmless(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.lstrip(" \u3000\u00a0\ufeff").startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def _xlsx(columns: Sequence[str], rows: Iterable[_Row]) -> bytes:
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    import xlsxwriter  # only for this one format

    with xlsxwriter.Workbook(out, options) as book:
        # A fixed date: the same data gives the same file.
        book.set_properties({"created": datetime(2020, 1, 1)})  # noqa: DTZ001 - the format has no zone
        sheet = book.add_worksheet("数据")
        bold = book.add_format({"bold": True})
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, start=1):
            for column, name in enumerate(columns):
                value = _cell(row.get(name))
                if isinstance(value, bool):
                    sheet.write_boolean(number, column, value)
                elif isinstance(value, int | float):
                    sheet.write_number(number, column, value)
                elif value is not None:
                    sheet.write_string(number, column, _for_workbook(str(value)))
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _for_workbook(text: str) -> str:
    """A text that a workbook can hold: no control characters, not too long."""
    kept = "".join(sign for sign in text if sign >= " " or sign in "\n\t")
    return kept if len(kept) <= LONGEST_CELL else kept[: LONGEST_CELL - 1] + "…"


def _cell(value: object) -> object:
    """Lists lie in a cell as JSON."""
    if isinstance(value, list | dict):
        return msgspec.json.encode(value).decode() if value else ""
    return value
