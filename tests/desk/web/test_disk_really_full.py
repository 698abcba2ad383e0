"""The desk itself on a disk that is full: what was said to be kept is there after a power cut, what was not is said."""

from __future__ import annotations

import http.cookiejar
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1]))

from desk_sample import NIGHT_2, PASSWORD
from small_disks import IN_A_ROOM_OF_ITS_OWN, small_disks
from test_deciding import COLUMNS, MAJOR, ONE

from desk.installation import Installation
from dossier.store import decisions, open_store
from dossier.store.audit import audit_lines

ROOT = Path(__file__).parents[3]
LONG = "现场核对属实，" * 250
ALL = (MAJOR, ONE, *COLUMNS)


@dataclass
class Desk:
    """`gongkai serve` over a home whose `data/` is a disk of its own, and somebody who signed in."""

    home: Path
    address: str
    browser: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
    )

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        body = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self.browser.open(f"{self.address}{path}", body, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.ask(path)[1])
        return found[1] if found else ""

    def sign_in(self) -> None:
        form = {"csrf_token": self.token("/login"), "name": "wang", "password": PASSWORD}
        assert self.ask("/login", form)[0] == 200

    def decide(self, number: str, kind: str, reason: str) -> tuple[int, str]:
        """Looks at the page and presses the button; what came of it. The way on after a click kept is a redirect."""
        code, page = self.ask(f"/case/{number}")
        seen = re.search(r'name="seen" value="(\d+)"', page)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        if code != 200 or not seen or not token:
            return code, page
        form = {"csrf_token": token[1], "seen": seen[1], "kind": kind, "reason": reason}
        return self.ask(f"/case/{number}/decide", form)

    def tell(self, word: str, until: str) -> None:
        """Has the room do something, and waits until it is done."""
        (self.home / word).touch()
        ends = time.monotonic() + 60
        while not (self.home / until).exists():
            assert time.monotonic() < ends, until
            time.sleep(0.02)


_ROOM = """
mount -t tmpfs -o size={kilobytes}k tmpfs '{home}/data' && cp -a '{home}/kept/.' '{home}/data/'
'{python}' -m desk --home '{home}' --as-of {day} serve --port 0 &
until [ -e '{home}/fill' ]; do sleep 0.05; done
dd if=/dev/zero of='{home}/data/filler' bs=4096 2>/dev/null; truncate -s -{left}K '{home}/data/filler'; touch '{home}/filled'
until [ -e '{home}/free' ]; do sleep 0.05; done
rm '{home}/data/filler'; touch '{home}/freed'
until [ -e '{home}/cut' ]; do sleep 0.05; done
kill -9 $!
rm -r '{home}/kept'; cp -a '{home}/data' '{home}/kept'; touch '{home}/was-cut'
"""


@pytest.fixture
def desk(installation: Installation, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """`param`: how many kilobytes are left when it is told to fill up."""
    home = installation.home.root
    (home / "data").rename(home / "kept")
    (home / "data").mkdir()
    script = _ROOM.format(
        kilobytes=6000, home=home, python=sys.executable, day=NIGHT_2.isoformat(), left=request.param
    )
    room = subprocess.Popen(
        [*IN_A_ROOM_OF_ITS_OWN, "--pid", "--fork", "--kill-child", "sh", "-c", script],
        stdout=subprocess.PIPE, stderr=(home / "said.txt").open("w"), text=True, cwd=ROOT,
    )  # fmt: skip
    assert room.stdout is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+", room.stdout.readline())
        assert found, (home / "said.txt").read_text("utf-8")
        yield Desk(home, found[0])
    finally:
        room.kill()
        room.wait()
        room.stdout.close()


@pytest.mark.skipif(not small_disks(), reason="no small disk can be mounted here")
@pytest.mark.parametrize(
    "desk", [0, 40], ids=["nothing-left", "room-to-read-but-not-to-write"], indirect=True
)
def test_clicks_on_a_disk_that_is_full_are_kept_or_said_to_be_lost(desk: Desk) -> None:
    desk.sign_in()
    code, said = desk.decide(MAJOR, "dismiss", "先前的决定")
    assert code == 200, said
    kept = [MAJOR]
    desk.tell("fill", "filled")
    lost = 0
    for number in ALL[1:]:
        code, said = desk.decide(number, "dismiss", LONG)
        if code == 200:
            kept.append(number)
            continue
        lost += 1
        assert code == 507, said
        assert "磁盘已满" in said
        assert "Error" not in said
    assert lost, "there was room left"
    desk.tell("free", "freed")
    code, said = desk.decide(ALL[-1], "confirm", "")
    assert code == 200, said
    kept.append(ALL[-1])
    desk.tell("cut", "was-cut")
    with open_store(desk.home / "kept" / "gongkai.db") as again:
        assert again.one("PRAGMA integrity_check") == ("ok",)
        assert sorted({one.deficiency_no for one in decisions(again)}) == sorted(set(kept))
        said_so = [line.object for line in audit_lines(again) if line.object in ALL]
        assert sorted(said_so) == sorted(kept)
