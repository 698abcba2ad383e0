"""The registry, the rule files, their words, their cases and the catalogue agree."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest

import checks.rules
from checks.engine import message_of
from checks.registry import BESIDE_THE_CRAWL, RULES, STRUCTURAL, RuleModule
from dossier.model import Claim, Outcome, Topic, Verdict
from tests.checks.cases import CASES, all_cases

HEADINGS = ("## 查什么", "## 为什么要紧", "## 看不见什么", "## 怎样整改")

CATALOGUE = [
    "document-number-missing",
    "document-metadata-incomplete",
    "document-publication-late",
    "document-dates-inconsistent",
    "document-body-empty",
    "document-attachment-broken",
    "document-validity-unmarked",
    "listed-document-unreachable",
    "listed-document-mismatch",
    "document-unlisted",
    "document-number-gap",
    "interpretation-missing",
    "interpretation-link-broken",
    "interpretation-backlink-missing",
    "interpretation-late",
    "interpretation-copies-document",
    "interpretation-text-only",
    "functions-page-missing",
    "functions-duties-missing",
    "functions-contact-incomplete",
    "leadership-page-missing",
    "application-entry-missing",
    "application-guide-incomplete",
    "application-form-broken",
    "application-guide-outdated",
    "platform-entry-missing",
    "platform-column-missing",
    "platform-column-empty",
    "statutory-item-missing",
    "annual-report-missing",
    "annual-report-late",
    "annual-report-incomplete",
    "annual-report-figures-inconsistent",
    "site-unreachable",
    "home-stale",
    "column-stale",
    "column-empty",
    "link-broken",
    "external-link-broken",
    "fake-link",
    "footer-element-missing",
    "site-code-mismatch",
    "page-tags-missing",
    "publish-date-missing",
    "publish-date-future",
    "site-search-unusable",
    "certificate-invalid",
    "illicit-link",
    "wording-error",
    "personal-data-exposed",
    "account-stale",
    "account-gone",
    "account-duplicated",
    "account-name-mismatch",
]

NOT_YET: frozenset[str] = frozenset()
"""Rules of the catalogue that are not written yet."""

NEVER_UNSURE = {
    "external-link-broken": "what is not surely gone is not spoken of",
    "page-tags-missing": "only pages that were read count; the reader cuts no head",
}
"""Rules without an `unsure_` case, and why they can have none."""

NEVER_FAILS = {"document-number-gap": "always a hint for the assessor"}
"""Rules without a `fault_` case, and why."""


def ids() -> list[str]:
    return [module.RULE.id for module in RULES]


def file_of(module: RuleModule) -> Path:
    return Path(cast(ModuleType, module).__file__ or "")


def keys_used(module: RuleModule) -> set[str]:
    """Every text in a rule file that is a key of its messages, outside of the declaration."""
    tree = ast.parse(file_of(module).read_text(encoding="utf-8"))
    outside = [node for node in tree.body if not (isinstance(node, ast.Assign) and _names(node) == ["RULE"])]
    texts = {
        node.value
        for part in outside
        for node in ast.walk(part)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return texts & set(module.RULE.messages)


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def test_every_rule_of_the_catalogue_is_registered_or_known_to_be_missing() -> None:
    assert sorted([*ids(), *NOT_YET]) == sorted(CATALOGUE)


def test_no_rule_is_registered_twice() -> None:
    assert len(set(ids())) == len(ids())


def test_rules_stand_in_the_order_of_their_topics() -> None:
    order = list(Topic)
    places = [order.index(module.RULE.topic) for module in RULES]
    assert places == sorted(places)


def test_every_rule_file_is_registered() -> None:
    folder = Path(next(iter(checks.rules.__path__)))
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert files == {file_of(module).stem for module in RULES}


def test_rules_set_apart_in_the_registry_exist() -> None:
    assert set(ids()) >= BESIDE_THE_CRAWL | STRUCTURAL


@pytest.mark.parametrize("module", RULES, ids=lambda module: module.RULE.id)
class TestEachRule:
    def test_its_file_bears_its_name(self, module: RuleModule) -> None:
        assert file_of(module).stem == module.RULE.id.replace("-", "_")

    def test_its_handbook_text_has_the_fixed_headings(self, module: RuleModule) -> None:
        text = module.__doc__ or ""
        places = [text.index(heading) for heading in HEADINGS]
        assert places == sorted(places)
        assert text.splitlines()[0].endswith("。")
        assert all(part.strip() for part in text.split("## "))

    def test_its_declaration_is_whole(self, module: RuleModule) -> None:
        rule = module.RULE
        assert rule.name
        assert rule.basis
        assert rule.messages
        assert rule.remedy.endswith("。")
        assert not any(char.isdigit() for char in rule.id)

    def test_every_message_is_used_and_every_use_is_a_message(self, module: RuleModule) -> None:
        assert keys_used(module) == set(module.RULE.messages)

    def test_every_message_can_be_filled(self, module: RuleModule) -> None:
        for key, message in module.RULE.messages.items():
            fields = {name for _, name, _, _ in string.Formatter().parse(message) if name}
            outcome = Outcome(
                rule_id=module.RULE.id,
                verdict=Verdict.FAIL,
                subject="x",
                message_key=key,
                data=dict.fromkeys(fields, "某"),
            )
            assert "{" not in message_of(outcome)

    def test_it_has_its_cases(self, module: RuleModule) -> None:
        piles = {case.pile for case in all_cases() if case.rule_id == module.RULE.id}
        wanted = {"good", "fault", "unsure"}
        if module.RULE.id in NEVER_UNSURE:
            wanted.discard("unsure")
        if module.RULE.id in NEVER_FAILS:
            wanted.discard("fault")
        assert piles >= wanted, f"{CASES / module.RULE.id} lacks {wanted - piles}"

    def test_an_absence_of_a_whole_kind_names_what_it_needs_to_have_seen(self, module: RuleModule) -> None:
        rule = module.RULE
        if rule.claim is Claim.ABSENCE and rule.topic in (Topic.FUNCTIONS, Topic.APPLICATION, Topic.PLATFORM):
            assert rule.needs or rule.id == "annual-report-incomplete"


def test_every_message_of_every_case_is_filled() -> None:
    """Data and placeholders fit each other wherever a case makes a rule speak."""
    from tests.checks.cases import said_of

    def messages() -> Iterator[str]:
        for case in all_cases():
            for one in said_of(case):
                if one["verdict"] in ("fail", "unsure"):
                    yield one["message"]

    told = list(messages())
    assert len(told) > len(RULES)
    assert not [text for text in told if "{" in text or not text]
