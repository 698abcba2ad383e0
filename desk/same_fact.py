"""A fact costs points once, however many rules notice it; tables/coverage.toml says which one pays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from dossier.model import Deficiency
from dossier.tables import Cover, Same


def covered_by(
    fails: Sequence[Deficiency], covers: Iterable[Cover], scored: frozenset[str]
) -> Mapping[str, tuple[Deficiency, str]]:
    """Fingerprint of each finding that asks nothing → the finding that pays for it, and why.

    A chain is followed to the finding that really pays. A rule that the table does not score pays for nobody.
    """
    by_rule: dict[str, list[Deficiency]] = {}
    for each in fails:
        by_rule.setdefault(each.outcome.rule_id, []).append(each)
    direct: dict[str, tuple[Deficiency, str]] = {}
    for cover in covers:
        if cover.rule_id not in scored or cover.covered not in by_rule:
            continue
        payers = [
            each for each in by_rule.get(cover.rule_id, ()) if cover.subject in ("", each.outcome.subject)
        ]
        if not payers:
            continue
        index = _index(payers, cover)
        for each in by_rule[cover.covered]:
            if each.fingerprint in direct or not _meant(each, cover):
                continue
            payer = next((index[key] for key in _keys(each, cover) if key in index), None)
            if payer is not None:
                direct[each.fingerprint] = (payer, cover.because)
    return {print_: _follow(direct, payer, why) for print_, (payer, why) in direct.items()}


def _follow(
    direct: Mapping[str, tuple[Deficiency, str]], payer: Deficiency, why: str
) -> tuple[Deficiency, str]:
    while payer.fingerprint in direct:
        payer, why = direct[payer.fingerprint]
    return payer, why


def _meant(each: Deficiency, cover: Cover) -> bool:
    if cover.covered_subject not in ("", each.outcome.subject):
        return False
    return all(str(each.outcome.data.get(key, "")) == value for key, value in cover.where)


def _index(payers: Iterable[Deficiency], cover: Cover) -> dict[str, Deficiency]:
    """Key of the fact → the first payer that has it; payers come in the order of their numbers."""
    index: dict[str, Deficiency] = {}
    for payer in payers:
        for key in _grounds(payer) if cover.same is Same.TARGET else _keys(payer, cover):
            index.setdefault(key, payer)
    return index


def _keys(each: Deficiency, cover: Cover) -> tuple[str, ...]:
    """What identifies the fact that a finding is about; nothing where it lacks a word that must be alike."""
    said = [str(each.outcome.data.get(key) or "") for key in cover.alike]
    if not all(said):
        return ()
    return tuple("\0".join([place, *said]) for place in _places(each, cover.same))


def _places(each: Deficiency, same: Same) -> tuple[str, ...]:
    outcome = each.outcome
    match same:
        case Same.UNIT:
            return ("",)
        case Same.SUBJECT | Same.TARGET:
            return (outcome.subject,)
        case Same.PAGE:
            return (outcome.subject.split(" ")[0],)
        case Same.HOST:
            hosts = (urlsplit(outcome.subject).hostname, urlsplit(outcome.page_url).hostname)
            found = [host for host in hosts if host] or [outcome.subject.split(":")[0]]
            return tuple(dict.fromkeys(found))


def _grounds(each: Deficiency) -> tuple[str, ...]:
    """Every address that a finding rests on: its subject, its data, its evidence."""
    outcome = each.outcome
    found = [outcome.subject, outcome.page_url]
    for value in outcome.data.values():
        parts = value if isinstance(value, list | tuple) else [value]
        found += [part for part in parts if isinstance(part, str) and "://" in part]
    found += [evidence.url for evidence in outcome.evidence]
    return tuple(dict.fromkeys(address for address in found if address))
