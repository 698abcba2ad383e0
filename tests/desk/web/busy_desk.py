"""The sample home after some days of work: decided, answered with attachments, notified, delivered, checked."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Sitting

ONE, OTHER = "A01", "A02"
CONFIRMED = "0002"
"""A finding of each unit that was confirmed and sent to it."""
QUIET = "0003"
"""One that nobody decided: a unit must not know of it."""
PDF = b"%PDF-1.4 made for a test"
NOBODY = "nobody-sits-here"
"""An account for the forms that disable somebody or change a password: those who try would be thrown out."""


def work_some_days(seat: Callable[[str], Sitting]) -> None:
    """Everything by the browser, as people do it."""
    boss, wang = seat("boss"), seat("wang")
    for unit in (ONE, OTHER):
        assert wang.decide(f"{unit}-2020-{CONFIRMED}", "confirm").status_code == 302
        assert wang.decide(f"{unit}-2020-0004", "dismiss", reason=f"{unit} 的内部理由").status_code == 302
        assert wang.post(f"/unit/{unit}/hand", HAND).status_code == 302
    assert wang.post("/notices/issue", {"unit": [ONE, OTHER]}).status_code == 302
    assert boss.post("/campaign/announce", {"year": "2020", "begins": "2020-12-01"}).status_code in (302, 400)
    for name, unit in (("unit1", ONE), ("unit2", OTHER)):
        answered = seat(name).post(
            f"/mine/{unit}-2020-{CONFIRMED}/answer",
            {
                "kind": "explain",
                "text": f"{unit} 已改正",
                "file": (BytesIO(PDF + unit.encode()), f"{unit}整改.pdf"),
            },
            content_type="multipart/form-data",
        )
        assert answered.status_code == 302, answered.text


HAND: dict[str, object] = {
    "section": "组织领导", "path": '["队伍与培训"]', "kind": "deduct", "points": "0.5", "reason": "查阅资料",
}  # fmt: skip


def state_of_home(root: Path) -> str:
    """A digest of everything that people may change: every row but those of the audit log, every file handed in."""
    digest = hashlib.sha256()
    with sqlite3.connect(f"file:{root / 'data' / 'gongkai.db'}?mode=ro", uri=True) as db:
        names = [
            row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        for name in names:
            if name not in ("audit", "kept_standing", "sqlite_sequence", "sqlite_stat1"):
                columns = "id, name, role, unit_id, password, stamp, disabled" if name == "account" else "*"
                rows = sorted(map(repr, db.execute(f"SELECT {columns} FROM {name}")))
                digest.update(f"{name} {rows}".encode())
    for path in sorted([*root.glob("data/uploads/**/*"), *root.glob("tables/*"), root / "unit_sites.csv"]):
        digest.update(str(path).encode() + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()


class Form:
    """A form as a page shows it."""

    def __init__(self, action: str, method: str, upload: bool, page: str) -> None:
        self.action, self.method, self.upload, self.page = action, method, upload, page
        self.fields: dict[str, str] = {}
        self.files: set[str] = set()

    @property
    def shape(self) -> str:
        """What makes two forms one for us: where it goes, without numbers, and what it asks."""
        return (
            re.sub(r"\d+|[0-9a-f]{12}", "#", self.action.split("?")[0]) + " " + ",".join(sorted(self.fields))
        )


class Seen(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, page: str, text: str) -> None:
        super().__init__()
        self.page, self.links, self.forms = page, [], []  # type: ignore[var-annotated]
        self._area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"].split("#")[0])
        if tag == "iframe" and given.get("data-src", given.get("src", "")).startswith("/"):
            self.links.append(given.get("data-src") or given["src"])
        if tag == "form" and given.get("method") != "dialog":
            action = given.get("action") or self.page
            self.forms.append(
                Form(action, given.get("method", "get"), "multipart" in given.get("enctype", ""), self.page)
            )
        if self.forms and tag in ("input", "select", "textarea", "button") and given.get("name"):
            form, name = self.forms[-1], given["name"]
            if given.get("type") == "file":
                form.files.add(name)
            elif tag != "button" or "value" in given:
                form.fields.setdefault(name, given.get("value", ""))
            self._area = name
        if tag == "option" and self.forms and self._area and not self.forms[-1].fields.get(self._area):
            self.forms[-1].fields[self._area] = given.get("value", "")


Walk = tuple[dict[str, int], dict[str, Form], dict[str, str]]


def walk(sitting: Sitting, start: str = "/", most: int = 400) -> Walk:
    """Follow every link that somebody is shown: what each answered, every form met (one of a shape), every page."""
    todo, codes, forms, pages = [start], {}, {}, {}
    shapes: dict[str, int] = {}
    while todo and len(codes) < most:
        path = todo.pop(0)
        if path in codes:
            continue
        answer = sitting.get(path, follow_redirects=True)
        codes[path] = answer.status_code
        if not answer.headers.get("Content-Type", "").startswith("text/html") or path.startswith("/archived"):
            continue
        pages[path] = answer.text
        seen = Seen(answer.request.path, answer.text)
        for form in seen.forms:
            forms.setdefault(f"{form.method} {form.shape}", form)
        for link in seen.links:
            shape = re.sub(r"\d+", "#", link.split("?")[0]) + str(sorted(re.findall(r"[?&](\w+)=", link)))
            shapes[shape] = shapes.get(shape, 0) + 1
            if shapes[shape] <= 12:  # a dozen of a kind says what the thirteenth would
                todo.append(link)
    return codes, forms, pages
