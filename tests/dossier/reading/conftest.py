"""What the tests of reading share: the shipped tables and the collection of real pages."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dossier.home import Home
from dossier.model import PageFacts
from dossier.reading import Vocabulary, load_vocabulary, read

AS_OF = date(2026, 11, 23)
REALPAGES = Path(__file__).parents[3].parent / "shared" / "realpages"


@pytest.fixture(scope="session")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    return load_vocabulary(Home(tmp_path_factory.mktemp("home")))


@pytest.fixture
def page(vocabulary: Vocabulary) -> Callable[..., PageFacts]:
    """Reads a piece of HTML as if it had been served."""

    def make(
        html: str | bytes,
        url: str = "http://www.example.gov.cn/tzgg/202011/t20201105_1.shtml",
        **more: object,
    ) -> PageFacts:
        body = html if isinstance(html, bytes) else html.encode()
        return read(body, url=url, as_of=AS_OF, vocabulary=vocabulary, **more)  # type: ignore[arg-type]

    return make


def real_files() -> list[str]:
    """Every page of the collection, by its path in it."""
    if not REALPAGES.is_dir():
        return []
    return sorted(str(path.relative_to(REALPAGES)) for path in REALPAGES.glob("*/*.html"))


def real_address(file: str, known: dict[str, str] = {}) -> str:  # noqa: B006 - filled once
    """Where a page of the collection came from, as far as that is known."""
    if not known:
        with (REALPAGES / "MANIFEST.csv").open(encoding="utf-8") as lines:
            known.update({row["file"]: row["source_url"] for row in csv.DictReader(lines)})
    url = known.get(file, "")
    if url.startswith("http") and " " not in url and "…" not in url:
        return url
    host, _, name = file.partition("/")
    return f"http://{host}/{name.replace('__', '/')}"
