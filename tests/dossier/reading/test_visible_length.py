"""How much of an answer a visitor would see is counted in one pass, whatever its tags are like."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from dossier.home import Home
from dossier.reading.vocabulary import Vocabulary
from dossier.reading.vocabulary_tables import load_vocabulary

NEVER_CLOSED = (
    "<!--" * 15_000, "<script>" * 7_500, "<" * 60_000, "<script>" + "<a" * 25_000,
    "<a <script " * 5_000 + ">", "<script><style><!--<title>" * 2_500,
)  # fmt: skip


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary(Home(Path(__file__).parents[3]))


@pytest.mark.parametrize("page", NEVER_CLOSED, ids=range(len(NEVER_CLOSED)))
def test_what_is_opened_without_end_is_told_to_be_no_challenge_in_no_time(
    vocabulary: Vocabulary, page: str
) -> None:
    begun = process_time()
    vocabulary.challenge_of(page, 200, {})
    assert process_time() - begun < 2  # 17 to 31 s before 2026-11-30


def test_what_scripts_styles_and_comments_hold_is_not_seen(vocabulary: Vocabulary) -> None:
    long = "政务公开" * 5_000
    wall = "<title>{}</title><p>当前访问疑似黑客攻击，已被创宇盾拦截</p>{}"
    unseen = f"<Script>{long}</SCRIPT ><style>{long}</style><!-- {long} --><p title='{long}'>"
    assert vocabulary.challenge_of(wall.format("", ""), 403, {})
    assert vocabulary.challenge_of(wall.format(long, unseen), 403, {})
    assert vocabulary.challenge_of(wall.format("", f"<script>{long}"), 403, {}) is None
