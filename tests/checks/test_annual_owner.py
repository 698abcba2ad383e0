"""Whose annual report a title announces, where the government's own name runs into that of the report."""

from __future__ import annotations

import msgspec
import pytest
from made_sites import DEPARTMENT

from checks.lenses.annual import Owner, owner_of, titled_report
from dossier.model import UnitClass

CITY = msgspec.structs.replace(
    DEPARTMENT, unit_class=UnitClass.A, short_name="示例", full_name="示例市人民政府"
)


@pytest.mark.parametrize(
    ("title", "owner"),
    [
        ("2019年示例市人民政府信息公开工作年度报告", Owner.OWN),
        ("示例市人民政府2019年政府信息公开工作年度报告", Owner.OWN),
        ("示例市2019年政府信息公开工作年度报告", Owner.OWN),
        ("示例市人民政府办公室2019年政府信息公开工作年度报告", Owner.OWN),
        ("示例市人民政府政府信息公开2019年年度报告", Owner.OWN),
        ("2019年示例市东城区人民政府信息公开工作年度报告", Owner.OTHER),
        ("示例市人民医院2019年信息公开工作年度报告", Owner.OTHER),
    ],
)
def test_the_government_in_a_governments_name_may_run_into_the_reports_name(title: str, owner: Owner) -> None:
    assert owner_of(CITY, title) is owner


@pytest.mark.parametrize(
    "title",
    [
        "示例市人民政府政府信息公开2019年年度报告",
        "示例市政府信息公开2019年度报告",
        "2019年度示例市政府信息公开工作报告",
        "示例市政府信息公开二〇一九年年报",
    ],
)
def test_the_year_may_stand_in_the_middle_of_a_reports_name(title: str) -> None:
    assert titled_report(title, 2019)
    assert not titled_report(title, 2018)
    assert owner_of(CITY, title) is Owner.OWN
