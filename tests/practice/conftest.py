"""One practice province for all tests of its room, and a walker that follows every link of a site."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

import pytest

from practice.model import Site
from practice.province import Province, build
from practice.server import PracticeServer, serve
from practice.serving import Answer

_LINK = re.compile(r"""(?:href|src|data-url)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
Walked = tuple[dict[str, Answer | None], dict[str, str]]


@pytest.fixture(scope="session")
def province() -> Province:
    return build()


@pytest.fixture(scope="session")
def healthy() -> Province:
    return build(faults=[])


@pytest.fixture
def server(province: Province) -> Iterator[PracticeServer]:
    with serve(province) as running:
        yield running


def links(text: str, base: str) -> list[str]:
    """Every address a page points at, comments left out."""
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    found = [html.unescape(a or b) for a, b in _LINK.findall(text)]
    found += re.findall(r"""location\.href=\s*'([^']+)'""", text)
    found += re.findall(r"(?:getJSON|load)\('([^']+)'", text)
    return [
        urljoin(base, raw).split("#")[0]
        for raw in found
        if raw and "' + " not in raw and not raw.startswith(("#", "javascript:"))
    ]


def walk_site(province: Province, site: Site) -> Walked:
    """Last answers by address, and for each address that did not answer well the page that led there."""
    hosts = {site.host, site.platform_host, site.unit.domain}
    seen: dict[str, Answer | None] = {}
    bad: dict[str, str] = {}
    todo = [(site.home, "")]
    while todo:
        url, referrer = todo.pop()
        if url in seen or "/calendar?" in url or "jsessionid" in url:
            continue
        assert len(seen) < 3000, "the site has no end"
        answer, where = province.answer(url), url
        while answer is not None and answer.status in (301, 302, 429, 503):
            where = urljoin(where, answer.headers.get("Location", where))
            answer = province.answer(where)
        seen[url] = answer
        if answer is None or answer.status != 200:
            bad[url] = referrer
        elif urlsplit(where).hostname not in hosts:
            continue
        elif "json" in answer.kind:
            data = json.loads(answer.body)
            rows = data.get("list") or data["datasource"]
            todo += [(row.get("url") or row["publishUrl"], url) for row in rows]
        elif "html" in answer.kind:
            todo += [(link, url) for link in links(answer.body.decode(site.encoding), where)]
    return seen, bad


@pytest.fixture(scope="session")
def walk() -> Callable[[Province, Site], Walked]:
    return walk_site
