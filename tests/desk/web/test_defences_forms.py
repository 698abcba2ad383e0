"""Every form with what no form should send: never a crash, never a half-written decision, always words."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from busy_desk import NOBODY, Form, state_of_home, walk
from conftest import Sitting, Walked, application, seats
from desk_sample import NIGHT_2
from flask import Request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import ImmutableMultiDict

from desk.installation import Installation
from dossier.errors import NetworkDown
from dossier.store import open_store
from dossier.store.users import accounts

ANSWERS = {200, 302, 400, 401, 403, 404, 405, 409, 413, 415}
"""What a form may be answered with; 500 never is."""
LEFT_OUT = re.compile(f"/(logout|login|password)|/users/(?!{NOBODY}/)")
"""They would end the session of somebody who tries; they have tests of their own."""
NASTY = (
    "", " ", "\n", "\x00", "\x1b[31m", "-1", "0", "1e309", "NaN", "-Infinity", "１２", "٣", "²", "9" * 400, "0.001", "1_000", "+1",
    "true", "null", "[]", "{}", '["a", 1]', "[" * 3000, "2020-02-30", "9999-12-31", "0001-01-01", "2020-1-1", "20201231", "明天",
    "'; DROP TABLE decision; --", "\" onmouseover=\"x", "<script>alert(1)</script>", "{{ 7 * 7 }}", "../../etc/passwd", "%00%0d%0a",
    "\u202egnp.exe", "\ufeff", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "𠮷" * 300, "长" * 5000, "http://[",
    "javascript:alert(1)", "file:///etc/passwd", "http://127.0.0.1:1/", "A01-2020-0002", "A02", "*", "%", "_",
)  # fmt: skip


@pytest.fixture(scope="module")
def ground(worked_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A home that may be spoilt."""
    folder = tmp_path_factory.mktemp("fuzzed") / "home"
    shutil.copytree(worked_home, folder)

    def down(*_: object, **__: object) -> None:
        raise NetworkDown("这里没有网络。")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk.rechecking.recheck", down)
        for name in ("desk.highlights.look", "desk.highlights.look_at"):
            patch.setattr(name, down, raising=False)
        yield Installation.of(home=folder, as_of=NIGHT_2)


READ: set[str] = set()
"""The fields that the last request's view asked for; `*` where it looked at all of them."""


class Noticing(ImmutableMultiDict[str, str]):
    """The fields of a request, which note who is asked for."""

    def __getitem__(self, key: str) -> str:
        READ.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        READ.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, *more: Any, **named: Any) -> list[Any]:
        READ.add(key)
        return super().getlist(key, *more, **named)

    def __iter__(self) -> Iterator[str]:
        READ.add("*")
        return super().__iter__()

    def items(self, *more: Any, **named: Any) -> Any:
        READ.add("*")
        return super().items(*more, **named)

    def lists(self) -> Any:
        READ.add("*")
        return super().lists()

    def to_dict(self, *more: Any, **named: Any) -> Any:
        READ.add("*")
        return super().to_dict(*more, **named)


class NoticingRequest(Request):
    parameter_storage_class = Noticing


@pytest.fixture(scope="module")
def seat(ground: Installation) -> Callable[[str], Sitting]:
    seat = seats(ground)
    seat("").client.application.request_class = NoticingRequest
    return seat


@pytest.fixture(scope="module")
def forms(walked: Walked) -> dict[str, list[Form]]:
    """The forms that each of them meets; whoever may do most first."""
    found = {}
    for name in ("boss", "wang", "zhao", "guan", "unit1"):
        _, met, _ = walked(name)
        found[name] = [form for form in met.values() if not LEFT_OUT.match(form.action)]
    return found


def send_each(
    sitting: Sitting, form: Form, field: str, values: Iterable[object]
) -> Iterator[tuple[object, int]]:
    """A form with each value in one field, the others as they are. A field that the view did not ask for the first
    time it does not ask for the second: all else is the same, so no value in it can matter."""
    for value in values:
        READ.clear()
        yield value, send(sitting, form, {**form.fields, field: value})
        if not READ & {field, "*"}:
            return


def send(
    sitting: Sitting, form: Form, fields: dict[str, object], files: dict[str, tuple[bytes, str]] | None = None
) -> int:
    given = {key: value for key, value in fields.items() if value is not None}
    if form.method == "get":
        return sitting.get(form.action, query_string=given).status_code
    if sitting not in _marks:
        _marks[sitting] = sitting.token()
    given["csrf_token"] = _marks[sitting]
    for name, (body, shown) in (files or {}).items():
        given[name] = (BytesIO(body), shown)
    kind = "multipart/form-data" if form.upload or files else "application/x-www-form-urlencoded"
    return sitting.client.post(form.action, data=given, content_type=kind).status_code


_marks: dict[Sitting, str] = {}
"""The mark of each session, asked for once."""


def test_the_forms_of_the_desk_are_all_met(forms: dict[str, list[Form]], ground: Installation) -> None:
    """A form that the walk does not meet would not be tried below."""
    app = application(ground, testing=True)
    adapter = app.url_map.bind("localhost")
    met = {
        adapter.match(form.action.split("?")[0], method="POST")[0]
        for form in itertools.chain(*forms.values())
        if form.method == "post"
    }
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    hidden = posts - met - {"signin.login", "signin.logout", "signin.password"}
    # These show their form only in a state that the walked home is not in; the table below sends to them too.
    assert hidden <= set(STATES), hidden - set(STATES)
    assert len(met) >= 15


STATES = {
    "deciding.check": "/case/A01-2020-0002/check",
    "deciding.withdraw_group": "/group/0123456789ab/withdraw",
    "sheets.reopen": "/unit/A01/reopen",
    "rules.lift": "/rules/column-empty/lift",
    "life.strike": "/case/A01-2020-0002/strike",
    "life.extend": "/case/A01-2020-0002/extend",
    "life.open_again": "/case/A01-2020-0002/open-again",
    "life.recheck": "/case/A01-2020-0002/recheck",
    "campaign.look": "/highlight/1/look",
    "campaign.word": "/highlight/1/word",
    "campaign.announce": "/campaign/announce",
    "notices.results": "/notices/results",
    "notices.issue": "/notices/issue",
}  # fmt: skip
FIELDS = (
    "kind",
    "reason",
    "until",
    "seen",
    "points",
    "number",
    "unit",
    "days",
    "contact",
    "year",
    "begins",
    "due",
    "again",
    "text",
)


def hidden_forms() -> list[Form]:
    found = []
    for action in STATES.values():
        form = Form(action, "post", upload=False, page=action)
        form.fields = dict.fromkeys(FIELDS, "1")
        found.append(form)
    return found


def test_every_field_with_every_kind_of_nonsense_is_answered_in_words(
    seat: Callable[[str], Sitting], forms: dict[str, list[Form]]
) -> None:
    """Each field in turn: lacking, twice, and with two of the nasty values (all of them go round the fields)."""
    turn = itertools.cycle(NASTY)
    tried: set[int] = set()
    for name, own in forms.items():
        sitting = seat(name)
        for form in [*own, *(hidden_forms() if name == "boss" else [])]:
            for field in [*form.fields, "never-heard-of"]:
                if field == "csrf_token":
                    continue
                for value, code in send_each(
                    sitting, form, field, (None, ["1", "2"], *itertools.islice(turn, 2))
                ):
                    assert code in ANSWERS, (name, form.action, field, value, code)
                    tried.add(code)
            assert sitting.get("/password").status_code == 200, f"{name} was thrown out by {form.action}"
    assert {200, 302, 400} <= tried


@pytest.mark.slow
def test_every_field_with_all_of_it(seat: Callable[[str], Sitting], forms: dict[str, list[Form]]) -> None:
    """Every form of every role: each value in all its fields at once; each value in each field where somebody may do
    most; and each field lacking, twice, 6,000 times, and under a name of 5,000 letters."""
    for name, own in forms.items():
        sitting, more = seat(name), hidden_forms()  # nobody is shown these, and anybody may send them
        for form in [*own, *more]:
            fields = [field for field in form.fields if field != "csrf_token"]
            tries: list[dict[str, object]] = [dict.fromkeys(fields, value) for value in NASTY]
            tries.append({"x" * 5000: "1"})
            for change in tries:
                code = send(sitting, form, {**form.fields, **change})
                assert code in ANSWERS, (name, form.action, change, code)
            single: list[object] = [None, ["1", "2"], ["1"] * 6000]
            if name == "boss" or (name == "unit1" and form in own):
                single += NASTY
            for field in fields:
                for value, code in send_each(sitting, form, field, single):
                    assert code in ANSWERS, (name, form.action, field, value, code)
            assert sitting.get("/password").status_code == 200, f"{name} was thrown out by {form.action}"


def test_no_form_is_taken_without_the_mark_of_its_session(
    seat: Callable[[str], Sitting], forms: dict[str, list[Form]], ground: Installation
) -> None:
    """Every form of every role, filled in as the page offers it: without the mark, with a wrong one, with a colleague's."""
    before = state_of_home(ground.home.root)
    others = seat("li").token()
    for name, own in forms.items():
        sitting = seat(name)
        for form in [*own, *hidden_forms()]:
            for mark in (None, "", "x" * 91, others) if form.method == "post" else ():
                given = {**form.fields, **({} if mark is None else {"csrf_token": mark})}
                if mark is None:
                    given.pop("csrf_token", None)
                answer = sitting.client.post(form.action, data=given)
                assert answer.status_code == 400, (name, form.action, mark)
                assert "页面已过期" in answer.text
    assert state_of_home(ground.home.root) == before


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_forms_with_anything_at_all(
    data: st.DataObject, seat: Callable[[str], Sitting], forms: dict[str, list[Form]]
) -> None:
    name = data.draw(st.sampled_from(sorted(forms)))
    form = data.draw(st.sampled_from([*forms[name], *hidden_forms()]))
    text = st.one_of(
        st.sampled_from(NASTY),
        st.text(max_size=60),
        st.dates().map(str),
        st.decimals().map(str),
        st.integers().map(str),
    )
    fields = data.draw(
        st.fixed_dictionaries({}, optional={field: text for field in form.fields if field != "csrf_token"})
    )
    if name not in _sitting:
        _sitting[name] = seat(name)
    assert send(_sitting[name], form, {**fields}) in ANSWERS


_sitting: dict[str, Sitting] = {}


def test_a_file_where_a_word_belongs_and_a_word_where_a_file_belongs(
    seat: Callable[[str], Sitting], forms: dict[str, list[Form]]
) -> None:
    for name, own in forms.items():
        sitting = seat(name)
        for form in own:
            if form.method != "post":
                continue
            for field in form.fields:
                if field != "csrf_token":
                    rest = {key: value for key, value in form.fields.items() if key != field}
                    assert send(sitting, form, {**rest}, {field: (b"\x00\xff" * 50, "x.bin")}) in ANSWERS, (
                        form.action,
                        field,
                    )
            for field in form.files:
                assert send(sitting, form, {**form.fields, field: "a word"}) in ANSWERS, (form.action, field)
                two = {field: (b"", ""), "other": (b"%PDF-", "y.pdf")}
                assert send(sitting, form, {**form.fields}, two) in ANSWERS, (form.action, field)


def test_bodies_that_are_no_form_at_all(seat: Callable[[str], Sitting], forms: dict[str, list[Form]]) -> None:
    sitting = seat("boss")
    header = {"X-CSRFToken": sitting.token()}
    odd = (
        (b"{", "application/json"), (b"\xff\xfe\x00", "application/x-www-form-urlencoded"), (b"a=%ff%fe&b=%", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"), (b"", "multipart/form-data"), (b"<x/>", "text/xml"),
        (b"&".join(b"a%d=1" % n for n in range(6000)), "application/x-www-form-urlencoded"),
    )  # fmt: skip
    for form in forms["boss"]:
        for body, kind in odd:
            if form.method == "post":
                answer = sitting.client.post(form.action, data=body, content_type=kind, headers=header)
                assert answer.status_code in ANSWERS, (form.action, kind, body[:20])
                assert "Traceback" not in answer.text


def test_more_than_it_takes_is_refused_before_it_is_read(
    seat: Callable[[str], Sitting], ground: Installation
) -> None:
    before = state_of_home(ground.home.root)
    sitting = seat("unit1")
    form = {
        "csrf_token": sitting.token(),
        "kind": "explain",
        "text": "x",
        "file": (BytesIO(b"%PDF-" + b"0" * (22 << 20)), "x.pdf"),
    }
    answer = sitting.client.post("/mine/A01-2020-0002/answer", data=form, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "附件太大" in answer.text
    assert state_of_home(ground.home.root) == before


def test_the_home_is_sound_after_all_this(seat: Callable[[str], Sitting], ground: Installation) -> None:
    """Whatever was written was written whole: the pages open, the numbers add up, nobody became what they were not."""
    with open_store(ground.home.database) as kept:
        assert kept.one("PRAGMA integrity_check") == ("ok",)
        assert kept.ask("PRAGMA foreign_key_check") == []
        roles = {one.name: one.role.value for one in accounts(kept)}
    assert {name: roles[name] for name in ("boss", "wang", "li", "zhao", "guan", "unit1", "unit2")} == {
        "boss": "admin", "wang": "assessor", "li": "assessor", "zhao": "reviewer", "guan": "viewer", "unit1": "unit", "unit2": "unit",
    }  # fmt: skip
    codes, _, pages = walk(seat("boss"))
    assert set(codes.values()) == {200}
    for path, text in pages.items():
        assert not re.search(r"<script(?![^>]*src=)", text), path
        assert "{{ 7" not in text or "{{ 7 * 7 }}" in text, path
