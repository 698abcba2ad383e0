"""A desk over a small home, made once and copied for each test."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

sys.path.append(str(Path(__file__).parent))

from argon2 import PasswordHasher
from busy_desk import NOBODY, Walk, walk, work_some_days
from desk_sample import NIGHT_2, PASSWORD, make_home

from desk import installation as installation_module
from desk import people
from desk.caseload import load
from desk.installation import Installation
from desk.web import create_app
from desk.web.signin import limiter
from dossier.home import Home
from dossier.store import Store, open_store
from dossier.tables import Tables

_SHIPPED: dict[frozenset[str] | None, Tables] = {}
_load_tables = installation_module.load_tables


def _load_tables_once(home: Home, known_rules: frozenset[str] | None = None) -> Tables:
    """A home without tables of its own has the shipped ones, which do not change while tests run."""
    if (home.root / "tables").is_dir():
        return _load_tables(home, known_rules)
    if known_rules not in _SHIPPED:
        _SHIPPED[known_rules] = _load_tables(home, known_rules)
    return _SHIPPED[known_rules]


installation_module.load_tables = _load_tables_once  # type: ignore[attr-defined]  # imported there by name


class _CompiledOnce(BytecodeCache):
    """Each test makes an application of its own; its templates are the same ones."""

    kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key + bucket.checksum in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


people._HASHER = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)  # what is tested is not its cost
people._NOBODY = people._HASHER.hash("nobody")


@pytest.fixture(scope="session")
def first_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "home"
    made = make_home(folder)
    with open_store(made.home.database) as kept:
        load(made, kept, NIGHT_2)  # the copies of standings lie ready, as after any first look
    return folder


@pytest.fixture(scope="session")
def worked_home(first_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample home after some days of work at the desk, made once."""
    folder = tmp_path_factory.mktemp("worked") / "home"
    shutil.copytree(first_home, folder)
    work_some_days(seats(Installation.of(home=folder, as_of=NIGHT_2)))
    with open_store(folder / "data" / "gongkai.db") as kept:
        people.add_user(
            kept,
            name=NOBODY,
            password=PASSWORD,
            role="viewer",
            by="test",
            at=datetime(2020, 9, 30, tzinfo=UTC),
        )
    return folder


Walked = Callable[[str], Walk]


@pytest.fixture(scope="session")
def walked(worked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """What somebody meets who follows every link of the worked home: looked at only, so walked once for each of them."""
    folder = tmp_path_factory.mktemp("walked") / "home"
    shutil.copytree(worked_home, folder)
    seat = seats(Installation.of(home=folder, as_of=NIGHT_2))
    return cache(lambda name: walk(seat(name)))


def application(installation: Installation, **more: bool) -> Flask:
    """The desk over a home, dated as the sample is."""
    app = create_app(installation, dated=True, **more)
    app.jinja_env.bytecode_cache = _CompiledOnce()
    limiter.enabled = False  # a test that is about it puts it on
    return app


@pytest.fixture
def begin_with(first_home: Path) -> Path:
    """The home that a test's own home is copied from."""
    return first_home


@pytest.fixture
def installation(begin_with: Path, tmp_path: Path) -> Installation:
    folder = tmp_path / "home"
    shutil.copytree(begin_with, folder)
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
    return seats(installation)


def seats(installation: Installation) -> Callable[[str], Sitting]:
    app = application(installation, testing=True)
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
