"""settings.toml and --set."""

from __future__ import annotations

from pathlib import Path

import pytest

from dossier.errors import BadInput
from dossier.settings import known_keys, load_settings


def test_without_a_file_the_defaults_are_polite(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "settings.toml")
    assert settings.crawl.delay_seconds >= 1
    assert settings.network.control_urls == ()


def test_an_override_beats_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[crawl]\ndelay_seconds = 3\ncontact = "0351-1234567"\n', encoding="utf-8")
    settings = load_settings(
        path, ("crawl.delay_seconds=0", "crawl.browser=false", "network.control_urls=http://a http://b")
    )
    assert settings.crawl.delay_seconds == 0
    assert settings.crawl.contact == "0351-1234567"
    assert settings.crawl.browser is False
    assert settings.network.control_urls == ("http://a", "http://b")


@pytest.mark.parametrize("override", ["crawl.delay=1", "nonsense", "crawl.max_pages=viele", "crawl.delay_seconds=-1", "crawl.browser=perhaps", "=3", "crawl.revisit_nights=14", "crawl.revisit_nights=-1", "crawl.revisit_nights=halb"])  # fmt: skip
def test_a_bad_override_is_refused_in_chinese(tmp_path: Path, override: str) -> None:
    with pytest.raises(BadInput, match="--set"):
        load_settings(tmp_path / "settings.toml", (override,))


def test_a_bad_file_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[crawl]\nmax_pages = 10\ncolour = 1\n", encoding="utf-8")
    with pytest.raises(BadInput, match="第 3 行"):
        load_settings(path)
    path.write_text("[crawl\n", encoding="utf-8")
    with pytest.raises(BadInput, match="TOML"):
        load_settings(path)


def test_the_proxy_of_the_environment_serves_where_none_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:3128")
    assert load_settings(tmp_path / "none").crawl.proxy == "http://127.0.0.1:3128"
    assert (
        load_settings(tmp_path / "none", ("crawl.proxy=http://127.0.0.1:1",)).crawl.proxy
        == "http://127.0.0.1:1"
    )


def test_every_key_has_a_type() -> None:
    assert {"crawl.delay_seconds", "crawl.proxy", "network.control_urls", "report.pdf"} <= set(known_keys())
