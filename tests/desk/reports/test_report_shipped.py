"""The papers over the shipped tables, the shipped rules and the house's own arithmetic."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from report_sample import sample_night

from desk.reports import write_reports
from desk.reports.night import Night
from desk.reports.paper import write_up
from desk.reports.rulebook import current_rules
from desk.scoring import suggest
from dossier.errors import BadInput
from dossier.home import Home
from dossier.model import UnitStanding
from dossier.tables import load_tables


@pytest.fixture
def shipped(tmp_path: Path) -> Night:
    tables = load_tables(Home(tmp_path)).indicators
    night = sample_night()

    def weighed(standing: UnitStanding) -> UnitStanding:
        card = suggest(
            standing.unit,
            standing.deficiencies,
            tables[standing.unit.unit_class],
            run_id=standing.run_id,
            inspected=standing.scorecard.inspected,
        )
        return msgspec.structs.replace(standing, scorecard=card)

    return msgspec.structs.replace(night, tables=tables, standings=tuple(map(weighed, night.standings)))


def test_the_houses_own_arithmetic_adds_up_in_every_paper(shipped: Night, tmp_path: Path) -> None:
    written = write_reports(shipped, out=tmp_path / "papers")
    assert len(written) == 3 * len(shipped.standings) + 2
    page = (tmp_path / "papers" / "A02.html").read_text(encoding="utf-8")
    card = next(s.scorecard for s in shipped.standings if s.unit.unit_id == "A02")
    assert card.deducted > 10
    assert f"<b>{card.score:.2f}</b>" in page
    assert "暂定评分表，非官方" in page


def test_every_shipped_row_stands_in_the_annex_whether_it_cost_points_or_not(shipped: Night) -> None:
    standing = shipped.standings[0]
    table = shipped.tables[standing.unit.unit_class]
    paper = write_up(standing, shipped, current_rules())
    shown = {line.rule_id for section in paper.sections for line in section.lines if line.rule_id}
    asked = {point.rule_id for section in table.sections for row in section.rows for point in row.points}
    asked |= {point.rule_id for major in table.majors for point in major.points}
    assert shown == asked
    assert len(asked) > 30
    assert sum(section.weight or Decimal(0) for section in paper.sections) == 100


def test_a_rule_of_the_catalogue_brings_its_name_basis_and_remedy(shipped: Night) -> None:
    rules = current_rules()
    paper = write_up(shipped.standings[1], shipped, rules)
    known = [finding for finding in paper.problems if finding.rule_id in rules]
    assert len({finding.rule_id for finding in known}) >= 3
    for finding in known:
        assert finding.name == rules[finding.rule_id].name
        assert finding.basis
        assert finding.remedy


def test_a_table_changed_since_the_suggestion_asks_for_a_new_suggestion(shipped: Night) -> None:
    standing = shipped.standings[0]
    other = msgspec.structs.replace(shipped.tables[standing.unit.unit_class], digest="0" * 64)
    with pytest.raises(BadInput, match="gongkai suggest"):
        write_up(standing, msgspec.structs.replace(shipped, tables={standing.unit.unit_class: other}), {})


def test_a_unit_without_any_record_is_not_called_finished(shipped: Night) -> None:
    bare = msgspec.structs.replace(shipped.standings[4], coverage='{"inspected": false}')
    assert write_up(bare, shipped, {}).reason == "没有取得可用的检查记录"
