"""A desk over a small home, made once and copied for each test."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

sys.path.append(str(Path(__file__).parent))

from argon2 import PasswordHasher
from desk_sample import NIGHT_2, PASSWORD, make_home

from desk import people
from desk.installation import Installation
from desk.web import create_app
from desk.web.signin import limiter
from dossier.store import Store, open_store

people._HASHER = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)  # what is tested is not its cost
people._NOBODY = people._HASHER.hash("nobody")


@pytest.fixture(scope="session")
def first_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "home"
    make_home(folder)
    return folder


@pytest.fixture
def installation(first_home: Path, tmp_path: Path) -> Installation:
    folder = tmp_path / "home"
    shutil.copytree(first_home, folder)
    return Installation.of(home=folder, as_of=NIGHT_2)


@pytest.fixture
def kept(installation: Installation) -> Iterator[Store]:
    with open_store(installation.home.database) as opened:
        yield opened


class Sitting:
    """Somebody at the desk with a browser that keeps cookies."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **more: object) -> TestResponse:
        return self.client.get(path, **more)  # type: ignore[arg-type]  # whatever the client takes

    def token(self, path: str = "/password") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)
        assert found, path
        return found[1]

    def post(self, path: str, data: dict[str, object] | None = None, **more: object) -> TestResponse:
        form = {"csrf_token": self.token(), **(data or {})}
        return self.client.post(path, data=form, **more)  # type: ignore[arg-type]  # whatever the client takes

    def decide(self, number: str, kind: str, **more: object) -> TestResponse:
        """As a person does: look at the page, then press the button."""
        seen = re.search(r'name="seen" value="(\d+)"', self.get(f"/case/{number}").text)
        assert seen
        return self.post(f"/case/{number}/decide", {"kind": kind, "seen": seen[1], **more})


@pytest.fixture
def sit(installation: Installation) -> Callable[[str], Sitting]:
    """Sign somebody in; without a name, nobody."""
    app = create_app(installation, dated=True, testing=True)
    limiter.enabled = False

    def seat(name: str = "") -> Sitting:
        sitting = Sitting(app.test_client())
        if name:
            answer = sitting.client.post(
                "/login",
                data={"csrf_token": sitting.token("/login"), "name": name, "password": PASSWORD},
            )
            assert answer.status_code == 302, answer.text
        return sitting

    return seat
