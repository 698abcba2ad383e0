"""Each rule says of its cases what is written beside them, and nothing else."""

from __future__ import annotations

import json

import pytest

from checks.engine import judge
from checks.registry import RULES
from dossier.model import Verdict
from tests.checks.cases import CASES, Case, all_cases, said_of, site_of

ALL = all_cases()
IDS = [module.RULE.id for module in RULES]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_a_rule_says_of_a_case_what_is_expected(case: Case, request: pytest.FixtureRequest) -> None:
    said = said_of(case)
    if request.config.getoption("--accept"):
        text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
        if not case.expected_file.exists() or case.expected_file.read_text(encoding="utf-8") != text:
            case.expected_file.write_text(text, encoding="utf-8")
            pytest.fail(f"{case.name}: accepted anew; read the diff before you keep it")
    assert case.expected_file.exists(), "no expected.json: run pytest --accept and read what it wrote"
    assert said == json.loads(case.expected_file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_a_case_lies_on_the_pile_that_its_name_says(case: Case) -> None:
    verdicts = {one["verdict"] for one in said_of(case)}
    if case.pile == "good":
        assert not verdicts & {"fail", "unsure", "error"}
    elif case.pile == "fault":
        assert "fail" in verdicts
        assert "error" not in verdicts
    elif case.pile == "unsure":
        assert verdicts & {"unsure", "not_called"}
        assert not verdicts & {"fail", "error"}
    else:
        pytest.fail(f"{case.name} begins with none of good_, fault_, unsure_")


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_every_case_belongs_to_a_rule(case: Case) -> None:
    assert case.rule_id in IDS


@pytest.mark.parametrize("base", ["department", "city"])
def test_nothing_is_wrong_with_the_base_sites(base: str) -> None:
    judgement = judge(site_of(CASES / "base" / base))
    wrong = [
        (outcome.rule_id, outcome.verdict.value, outcome.subject, outcome.because)
        for outcome in judgement.outcomes
        if outcome.verdict in (Verdict.FAIL, Verdict.UNSURE, Verdict.ERROR)
    ]
    assert not judgement.not_called
    assert [one for one in wrong if one[0] != "site-search-unusable"] == []
