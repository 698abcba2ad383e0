"""What the catalogue says of a rule, for papers: its Chinese name, its basis, the way out."""

from __future__ import annotations

from collections.abc import Mapping

from checks.registry import RULES
from dossier.model import Rule


def current_rules() -> Mapping[str, Rule]:
    """Today's catalogue by rule id."""
    return {module.RULE.id: module.RULE for module in RULES}
