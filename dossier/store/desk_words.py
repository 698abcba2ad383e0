"""What the office has said about the desk itself: its settings, and rules that lost or regained trust."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dossier.store.opening import Store, plain
from dossier.store.runs import moment


class RuleWord(msgspec.Struct, frozen=True, kw_only=True):
    """A rule was demoted to 待核, or the demotion was lifted; the last word holds."""

    rule_id: str
    kind: str
    """`demote` or `lift`."""
    because: str
    last_event: int
    """Up to which event the decisions were counted; a lifted rule is counted anew from here."""
    who: str
    at: datetime


def add_rule_word(store: Store, word: RuleWord) -> None:
    with store.writing():
        store.put(
            "INSERT INTO rule_word (rule_id, kind, because, last_event, who, at) VALUES (?, ?, ?, ?, ?, ?)",
            (
                word.rule_id,
                word.kind,
                plain(word.because),
                word.last_event,
                plain(word.who),
                moment(word.at),
            ),
        )


def rule_words(store: Store) -> tuple[RuleWord, ...]:
    """Oldest first."""
    return tuple(
        RuleWord(
            rule_id=rule, kind=kind, because=because, last_event=last, who=who, at=datetime.fromisoformat(at)
        )
        for rule, kind, because, last, who, at in store.ask(
            "SELECT rule_id, kind, because, last_event, who, at FROM rule_word ORDER BY id"
        )
    )


def set_desk(store: Store, key: str, value: str, *, who: str, at: datetime) -> None:
    with store.writing():
        store.put(
            "INSERT INTO desk_setting (key, value, who, at) VALUES (?, ?, ?, ?)",
            (key, plain(value), plain(who), moment(at)),
        )


def desk_settings(store: Store) -> dict[str, str]:
    """The last word on each key."""
    return dict(store.ask("SELECT key, value FROM desk_setting ORDER BY id"))
