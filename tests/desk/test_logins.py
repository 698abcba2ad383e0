"""A proxy's password is used and forgotten: it stands in no file of a run, no log, no paper, no database, no export."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_nights import inspection

from desk.logins import without_login

SECRET = "s3cret-of-the-proxy"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (f"http://inspector:{SECRET}@10.0.0.1:8080", "http://10.0.0.1:8080"),
        (f"inspector:{SECRET}@proxy.lan:3128", "http://proxy.lan:3128"),
        ("http://10.0.0.1:8080", "http://10.0.0.1:8080"),
        ("10.0.0.1:8080", "10.0.0.1:8080"),
        ("", ""),
    ],
)
def test_an_address_keeps_all_but_its_login(given: str, kept: str) -> None:
    assert without_login(given) == kept


def test_no_file_that_a_night_leaves_holds_the_password_of_the_proxy(tmp_path: Path) -> None:
    with inspection(tmp_path / "home", units=("A02",)) as bad:
        settings = bad.home / "settings.toml"
        login = bad.server.url.replace("http://", f"http://inspector:{SECRET}@")
        settings.write_text(settings.read_text("utf-8").replace(bad.server.url, login), "utf-8")
        done = bad.night()
        assert done.exit_code in (0, 3), (done.output, done.exception)
        assert SECRET not in done.output
        assert bad.run("backup", str(tmp_path / "home" / "b.zip")).exit_code == 0
        held = [
            path for path in bad.home.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()
        ]
        assert held == [settings]
        assert bad.run("evidence", "verify").exit_code == 0
        dead = bad.night("--fresh", "--set", f"crawl.proxy=http://inspector:{SECRET}@127.0.0.1:9")
        assert bad.code(dead) == 4
        held = [
            path for path in bad.home.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()
        ]
        assert held == [settings]
