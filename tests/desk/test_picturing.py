"""A finding is shown with the picture that was drawn for it, and with no other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from desk.picturing import FOLDER, INDEX, Shown, _chosen, _drawable, _in_turn, outcome_with_pictures
from dossier.model import Capture, Deficiency, Evidence, Outcome, Reach, Verdict

URL = "http://www.example.gov.cn/a.html"


def _outcome(rule: str = "link-broken", verdict: Verdict = Verdict.FAIL, **more: Any) -> Outcome:
    evidence = (
        Evidence(url="http://www.example.gov.cn/gone.html", sha256="b" * 64),
        Evidence(url=URL, sha256="a" * 64, quote="链接"),
    )
    return Outcome(rule_id=rule, verdict=verdict, subject="http://x/", evidence=evidence, **more)


def _deficiency(rule: str, number: int, verdict: Verdict = Verdict.FAIL) -> Deficiency:
    day = date(2020, 9, 30)
    return Deficiency(
        fingerprint=f"{number:064d}", number=f"A01-2020-{number:04d}", unit_id="A01",
        outcome=_outcome(rule, verdict), message="", first_seen="r", last_seen="r", first_at=day, last_at=day,
        nights_seen=1, confirmed=True,
    )  # fmt: skip


def _indexed(folder: Path, **more: str) -> Path:
    told = {
        "fingerprint": "f1", "url": URL, "file": f"{FOLDER}/x.png", "sha256": "c" * 64, "body_sha256": "a" * 64,
    } | more  # fmt: skip
    (folder / FOLDER).mkdir(exist_ok=True)
    with (folder / FOLDER / INDEX).open("ab") as index:
        index.write(msgspec.json.encode(msgspec.convert(told, Shown)) + b"\n")
    return folder


def test_the_picture_is_named_on_the_piece_of_evidence_that_it_shows(tmp_path: Path) -> None:
    shown = outcome_with_pictures(_indexed(tmp_path), "f1", _outcome())
    assert [piece.screenshot for piece in shown.evidence] == ["", f"{FOLDER}/x.png"]


def test_a_picture_of_other_bytes_or_of_another_finding_is_not_shown(tmp_path: Path) -> None:
    folder = _indexed(tmp_path, body_sha256="d" * 64)
    assert outcome_with_pictures(folder, "f1", _outcome()) == _outcome()
    assert outcome_with_pictures(folder, "f2", _outcome()) == _outcome()
    assert outcome_with_pictures(tmp_path / "nowhere", "f1", _outcome()) == _outcome()


def test_a_torn_index_costs_only_its_torn_line(tmp_path: Path) -> None:
    folder = _indexed(tmp_path)
    with (folder / FOLDER / INDEX).open("ab") as index:
        index.write(b'{"fingerprint":"f2","ur')
    assert outcome_with_pictures(folder, "f1", _outcome()).evidence[1].screenshot == f"{FOLDER}/x.png"


def test_one_of_each_rule_is_drawn_before_the_second_of_any_and_private_data_never() -> None:
    found = [
        _deficiency("link-broken", 1), _deficiency("link-broken", 2), _deficiency("link-broken", 3),
        _deficiency("personal-data-exposed", 4), _deficiency("home-stale", 5, Verdict.UNSURE),
        _deficiency("column-stale", 6), _deficiency("column-stale", 7, Verdict.ERROR),
    ]  # fmt: skip
    chosen = [int(one.fingerprint) for one in _chosen(found, 4)]
    assert chosen == [1, 6, 5, 2]


def test_the_page_with_the_quote_is_drawn_rather_than_the_page_that_is_gone() -> None:
    at = datetime(2020, 9, 30, tzinfo=UTC)
    captures = {
        (piece.url, piece.sha256): Capture(unit_id="A01", asked_url=piece.url, at=at, reach=Reach.OK)
        for piece in _outcome().evidence
    }
    found = _drawable(_outcome(), captures)
    assert found is not None
    assert found[0].quote == "链接"
    assert _drawable(_outcome(), {}) is None


def test_every_unit_gets_its_first_picture_before_any_gets_its_second() -> None:
    first: list[dict[str, object]] = [{"n": 1}, {"n": 2}, {"n": 3}]
    second: list[dict[str, object]] = [{"n": 4}]
    assert [one["n"] for one in _in_turn([first, [], second])] == [1, 4, 2, 3]
