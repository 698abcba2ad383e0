"""What is opened first where more pages are drawn by script than may be opened."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from crawler import rendering
from crawler.frontier import Wanted
from crawler.priority import NEWS, ORGAN, PLATFORM
from dossier.model import Purpose


def _wanted(path: str, rank: int, depth: int) -> Wanted:
    return Wanted(f"http://a.gov.cn{path}", Purpose.PAGE, rank, depth=depth)


def test_columns_near_the_home_page_come_before_the_shelves_of_a_catalogue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []

    async def render(site: Any, wanted: Wanted) -> None:
        opened.append(wanted.url.removeprefix("http://a.gov.cn"))
        site.rendered += 1

    monkeypatch.setattr(rendering, "_render", render)
    shelves = [_wanted(f"/fd/{n}", ORGAN, 3) for n in range(20)]
    site: Any = SimpleNamespace(
        world=SimpleNamespace(
            browser=SimpleNamespace(missing=False),
            job=SimpleNamespace(settings=SimpleNamespace(browser_share=0.05)),
        ),
        shells=[*shelves, _wanted("/gzdt", NEWS, 1), _wanted("/nb", PLATFORM, 2)],
        frontier=(),
        asked=80,
        rendered=0,
        late=False,
    )
    asyncio.run(rendering.render_some(site))
    assert opened[:3] == ["/nb", "/gzdt", "/fd/0"]
    assert len(opened) == 10
    assert len(site.shells) == 12
