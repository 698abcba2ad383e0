"""What an attacker with a browser, a unit's account, or a borrowed cookie may try; and what comes of it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from busy_desk import CONFIRMED, HAND, ONE, OTHER, PDF, QUIET, state_of_home
from conftest import Sitting, Walked, application
from desk_sample import PASSWORD

from desk import clock
from desk.installation import Installation
from desk.people import change_password
from desk.web import access
from desk.web.signin import limiter
from dossier.errors import NetworkDown
from dossier.store import Store
from dossier.store.audit import audit_lines
from dossier.store.users import Role

Seat = Callable[[str], Sitting]
NAMES = {
    Role.ADMIN: "boss", Role.ASSESSOR: "wang", Role.REVIEWER: "zhao", Role.UNIT: "unit1", Role.VIEWER: "guan",
}  # fmt: skip
FILES = {"file": (PDF, "x.pdf")}


@pytest.fixture
def begin_with(worked_home: Path) -> Path:
    return worked_home


@pytest.fixture
def busy(sit: Seat, monkeypatch: pytest.MonkeyPatch) -> Seat:
    """The desk after some days of work; nothing here reaches a network."""

    def down(*_: object, **__: object) -> None:
        raise NetworkDown("这里没有网络。")

    monkeypatch.setattr("desk.rechecking.recheck", down)
    monkeypatch.setattr("desk.highlights.look", down, raising=False)
    return sit


def paths_of(installation: Installation, *, unit: str, number: str, nth: int) -> dict[str, tuple[str, str]]:
    """Every view with its method and an address about this unit's objects; a view of tomorrow is in it too."""
    given: dict[str, object] = {
        "number": number, "unit_id": unit, "nth": 0, "batch": "0123456789ab", "name": "wang", "rule_id": "column-empty",
        "no": nth, "kind": "docx", "filename": "desk.css",
    }  # fmt: skip
    app = application(installation, testing=True)
    found = {}
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if rule.endpoint in access.PUBLIC:
                continue
            values = {key: given[key] for key in rule.arguments}
            if "int:number" in rule.rule:
                values["number"] = nth
            method = "POST" if "POST" in (rule.methods or ()) and "GET" not in (rule.methods or ()) else "GET"
            found[rule.endpoint] = (method, adapter.build(rule.endpoint, values))
    return found


@pytest.mark.parametrize("role", list(NAMES))
def test_everything_that_somebody_is_shown_opens_and_nobody_is_shown_a_shut_door(
    busy: Seat, walked: Walked, role: Role
) -> None:
    codes, forms, pages = walked(NAMES[role])
    assert {path: code for path, code in codes.items() if code != 200} == {}
    assert len(pages) >= (4 if role is Role.UNIT else 40)
    app_rules = access.VIEWS
    adapter = busy(NAMES[role]).client.application.url_map.bind("localhost")
    for form in forms.values():
        endpoint, _ = adapter.match(form.action.split("?")[0], method=form.method.upper())
        assert endpoint in access.PUBLIC or role in app_rules[endpoint], f"{role} is offered {endpoint}"


def test_a_unit_reads_nothing_of_another_unit_on_any_page_it_can_find(walked: Walked) -> None:
    codes, _, pages = walked("unit1")
    assert any(CONFIRMED in path for path in codes)
    for path, text in pages.items():
        for foreign in (f"{OTHER}-2020", "平川", "内部理由", f"{ONE}-2020-{QUIET}", "省发展改革委", "wang"):
            assert foreign not in text.replace("wangzhan", ""), (path, foreign)


def test_a_unit_reaches_no_object_of_another_unit_by_any_view(
    busy: Seat, walked: Walked, installation: Installation
) -> None:
    """Every view that a unit's role may open, with every object of the other unit and with what it was not told."""
    unit = busy("unit1")
    before = state_of_home(installation.home.root)
    tried = 0
    own_papers = set(re.findall(r"/paper/(\d+)", " ".join(walked("unit1")[2].values())))
    for number, whose in (
        (f"{OTHER}-2020-{CONFIRMED}", OTHER),
        (f"{ONE}-2020-{QUIET}", OTHER),
        ("A09-2020-0001", "A09"),
    ):
        for nth in range(1, 8):
            for view, (method, path) in paths_of(installation, unit=whose, number=number, nth=nth).items():
                own_object = (
                    view.startswith("notices.") and str(nth) in own_papers
                ) or view == "evidence.upload"
                if (
                    Role.UNIT not in access.VIEWS[view]
                    or "<" in path
                    or own_object
                    or path in ("/", "/logout", "/password")
                ):
                    continue
                if not any(mark in path for mark in (number, whose, f"/{nth}")):
                    continue  # a page of its own without any object in it
                files = {
                    "file": (BytesIO(PDF), "x.pdf"),
                    "kind": "appeal",
                    "text": "x",
                    "item": "1",
                    "title": "x",
                    "url": "http://x.cn/",
                }
                answer = (
                    unit.get(path)
                    if method == "GET"
                    else unit.post(path, files, content_type="multipart/form-data")
                )  # type: ignore[arg-type]
                assert answer.status_code in (403, 404), (view, path, answer.status_code)
                assert "平川" not in answer.text
                tried += 1
    assert tried > 60
    assert state_of_home(installation.home.root) == before


def test_attachments_are_numbered_but_a_unit_gets_its_own_alone(busy: Seat) -> None:
    one, two, guan = busy("unit1"), busy("unit2"), busy("guan")
    got = {
        n: (one.get(f"/attachment/{n}").status_code, two.get(f"/attachment/{n}").status_code)
        for n in range(1, 6)
    }
    assert sorted(got.values()).count((200, 404)) == 1
    assert sorted(got.values()).count((404, 200)) == 1
    assert guan.get("/attachment/1").status_code == 200


@pytest.mark.parametrize("role", list(NAMES))
def test_no_form_writes_anything_for_a_role_without_the_right(
    busy: Seat, installation: Installation, role: Role
) -> None:
    """Forms as an administrator would send them, sent by everybody else."""
    sitting = busy(NAMES[role])
    before = state_of_home(installation.home.root)
    paths = paths_of(installation, unit=ONE, number=f"{ONE}-2020-{CONFIRMED}", nth=1)
    refused = 0
    whole: dict[str, object] = {
        **HAND, "kind": "confirm", "seen": "99", "number": f"{ONE}-2020-{QUIET}", f"seen-{ONE}-2020-{QUIET}": "0", "until": "2020-12-31",
        "scope": "rule", "score": "100.00", "anyway": "1", "reason": "x", "name": "eve", "password": "a long enough one",
        "role": "admin", "allowed": "no", "review_days": "9", "text": "x", "expected": "x", "unit": ONE, "year": "2020",
        "begins": "2021-01-01", "item": "1", "title": "x", "url": "http://x.cn/", "file": (BytesIO(PDF), "x.pdf"),
    }  # fmt: skip
    for view, (_, path) in paths.items():
        if role in access.VIEWS[view]:
            continue
        whole["file"] = (BytesIO(PDF), "x.pdf")
        answer = sitting.post(path, whole, content_type="multipart/form-data")
        assert answer.status_code in (403, 405), (view, answer.status_code)
        assert sitting.get(path).status_code in (403, 404, 405), view
        refused += 1
    assert state_of_home(installation.home.root) == before
    assert (
        refused >= {Role.ADMIN: 3, Role.ASSESSOR: 10, Role.REVIEWER: 20, Role.VIEWER: 25, Role.UNIT: 35}[role]
    )


def test_the_mark_of_a_form_is_bound_to_its_session(busy: Seat, installation: Installation) -> None:
    """A mark made before signing in, another person's, an old or a broken one opens nothing."""
    wang, stranger = busy("wang"), busy("")
    before = state_of_home(installation.home.root)
    early = stranger.token("/login")
    stranger.client.post("/login", data={"csrf_token": early, "name": "li", "password": PASSWORD})
    path = f"/case/{ONE}-2020-{QUIET}/decide"
    for mark in (early, busy("boss").token(), "", "x", wang.token()[:-3] + "abc", "é" * 50):
        answer = wang.client.post(path, data={"csrf_token": mark, "kind": "confirm", "seen": "0"})
        assert answer.status_code == 400, mark
        assert "页面已过期" in answer.text
    answer = stranger.client.post(path, data={"csrf_token": early, "kind": "confirm", "seen": "0"})
    assert answer.status_code == 400, "the mark from before signing in does not go on"
    assert state_of_home(installation.home.root) == before


def test_a_planted_session_is_thrown_away_when_somebody_signs_in(busy: Seat) -> None:
    sitting = busy("")
    with sitting.client.session_transaction() as planted:
        planted["planted"], planted["since"], planted["_user_id"] = "by an attacker", 4102444800.0, "boss:1"
    assert sitting.get("/users").status_code == 302, (
        "a name in the cookie alone opens nothing, once its time is not ours"
    )
    sitting.client.post(
        "/login", data={"csrf_token": sitting.token("/login"), "name": "guan", "password": PASSWORD}
    )
    with sitting.client.session_transaction() as session:
        assert "planted" not in session
        assert session["since"] < 4102444800.0
    assert sitting.get("/users").status_code == 403


def test_a_cookie_that_was_copied_ends_with_its_session(busy: Seat, kept: Store) -> None:
    sitting, thief = busy("wang"), busy("")
    stolen = sitting.client.get_cookie("gongkai")
    assert stolen
    assert stolen.http_only
    assert stolen.same_site == "Lax"
    sitting.post("/logout")
    thief.client.set_cookie("gongkai", stolen.value)
    assert thief.get("/morning").status_code == 302, "signed out is signed out, on every machine"
    other = busy("li")
    copied = other.client.get_cookie("gongkai")
    assert copied
    change_password(kept, "li", "another sentence", by="test", at=clock.now())
    thief.client.set_cookie("gongkai", copied.value)
    assert thief.get("/morning").status_code == 302
    thief.client.set_cookie("gongkai", copied.value[:-4] + "AAAA")
    assert thief.get("/morning").status_code == 302, "a forged signature"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "/\n/evil.example", "javascript:alert(1)", "http:evil.example", "/%0d%0aSet-Cookie:x=1", "data:text/html,x",
        " //evil.example", "//evil.example/%2f..", "https:/evil.example", "/\x00", "////evil.example", "@evil.example", "x" * 5000,
    ],
)  # fmt: skip
def test_signing_in_never_leads_to_another_host(sit: Seat, wanted: str) -> None:
    sitting = sit("")
    shown = sitting.client.get("/login", query_string={"next": wanted})
    assert shown.status_code == 200
    form = {"csrf_token": sitting.token("/login"), "name": "wang", "password": PASSWORD, "next": wanted}
    answer = sitting.client.post("/login", data=form)
    assert answer.status_code == 302
    assert re.match(r"/(?![/\\])", answer.location), answer.location
    assert "\n" not in answer.location
    assert "evil" not in answer.location.split("?")[0].split("/")[1:2][0]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py", "/static/..%2f..%2fapp.py", "/static/%2e%2e/%2e%2e/desk.secret", "/static//etc/passwd",
        "/static/..\\..\\app.py", "/archived/../../etc/passwd/0", "/archived/A01-2020-0002%2f..%2f..%2f/0",
        "/picture/A01-2020-0002/../../desk.secret", "/picture/%2e%2e%2fdesk.secret/0", "/attachment/../gongkai.db",
        "/attachment/-1", "/attachment/1%00", "/paper/1/file/../../gongkai.db", "/paper/1/file/%2e%2e%2fx", "/unit/..%2f..%2fdata",
        "/case/%00", "/case/" + "9" * 5000, "/archived/A01-2020-0002/99999999999999999999", "/rules/..%2f..%2fchecks",
        "/paper/99999999999999999999", "/highlight/99999999999999999999", "/probes/%ff%fe", "/unit/' OR 1=1--",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_its_folder(busy: Seat, path: str) -> None:
    answer = busy("boss").get(path, follow_redirects=True)
    assert answer.status_code in (400, 404), (path, answer.status_code)
    assert b"root:" not in answer.data
    assert b"SQLite" not in answer.data


def test_a_picture_whose_name_leads_elsewhere_is_not_shown(
    busy: Seat, installation: Installation, kept: Store
) -> None:
    """A crawl file that names a picture outside its folder: the desk shows nothing of it."""
    from desk.caseload import load

    found = load(installation, kept, installation.as_of).by_number[f"{ONE}-2020-{CONFIRMED}"]
    (installation.home.data / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\n secret")
    run = installation.home.run(found.deficiency.last_seen) / ONE
    (run / "link.png").symlink_to(installation.home.data / "secret.png")
    for name in (
        "../../../secret.png",
        "/etc/passwd",
        "link.png",
        str(installation.home.data / "secret.png"),
        "..",
        "",
    ):
        changed = kept.db.conn.execute("SELECT 1").fetchone()
        assert changed
        import msgspec

        evidence = tuple(
            msgspec.structs.replace(one, screenshot=name) for one in found.deficiency.outcome.evidence
        )
        outcome = msgspec.structs.replace(found.deficiency.outcome, evidence=evidence)
        deficiency = msgspec.structs.replace(found.deficiency, outcome=outcome)
        from desk.web import evidence as view

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(view, "_visible", lambda here, number, one=deficiency: one)
            assert busy("boss").get(f"/picture/{ONE}-2020-{CONFIRMED}/0").status_code == 404, name


def office_file(part: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("x.html", b"<script>alert(1)</script>"), ("x.pdf.html", PDF), ("x.svg", b"<svg onload='x()'/>"), ("x.pdf", b"<html>"),
        ("x.png", b"GIF89a"), ("x.docx", office_file("evil.txt")), ("x.xlsx", office_file("word/document.xml")),
        ("x.docx", b"PK\x03\x04" + b"\0" * 100), ("x.docm", office_file("word/document.xml")), ("x.php", PDF), ("x", PDF), (".pdf", b""),
        ("x.pdf\x00.exe", PDF), ("x.pdf ", b"MZ"), ("CON.exe", PDF), ("../../../x.sh", PDF), ("x.pdf/", b"MZ"),
    ],
)  # fmt: skip
def test_no_trick_of_an_upload_is_taken(
    busy: Seat, installation: Installation, name: str, body: bytes
) -> None:
    unit = busy("unit1")
    before = state_of_home(installation.home.root)
    form = {"kind": "explain", "text": "x", "file": (BytesIO(body), name)}
    answer = unit.post(f"/mine/{ONE}-2020-{CONFIRMED}/answer", form, content_type="multipart/form-data")  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert "附件" in answer.text
    assert state_of_home(installation.home.root) == before


def test_a_taken_file_is_only_ever_downloaded_under_a_plain_name(
    busy: Seat, installation: Installation
) -> None:
    unit = busy("unit1")
    name = "../..\\ab\u202egnp.<b>报告</b>.pdf"
    form = {"kind": "explain", "text": "x", "file": (BytesIO(PDF + b"<script>alert(1)</script>"), name)}
    assert (
        unit.post(
            f"/mine/{ONE}-2020-{CONFIRMED}/answer", form, content_type="multipart/form-data"
        ).status_code
        == 302
    )  # type: ignore[arg-type]
    got = next(
        answer for n in range(9, 0, -1) if (answer := unit.get(f"/attachment/{n}")).status_code == 200 and b"alert" in answer.data
    )  # fmt: skip
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert got.headers["Content-Security-Policy"].startswith("sandbox")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert ".." not in got.headers["Content-Disposition"]
    kept = [path for path in (installation.home.data / "uploads").rglob("*") if path.is_file()]
    assert all(re.fullmatch("[0-9a-f]{64}", path.name) for path in kept)


def test_guessing_is_slowed_by_name_and_by_address_whatever_the_headers_say(
    installation: Installation,
) -> None:
    app = application(installation, testing=True)
    limiter.enabled = True
    limiter.reset()
    try:
        sitting = Sitting(app.test_client())
        token = sitting.token("/login")

        def guess(name: str, n: int) -> int:
            forged = {
                "X-Forwarded-For": f"10.0.0.{n}",
                "X-Real-IP": f"10.1.0.{n}",
                "Forwarded": f"for=10.2.0.{n}",
            }
            form = {"csrf_token": token, "name": name, "password": f"guess {n}"}
            return sitting.client.post("/login", data=form, headers=forged).status_code

        by_name = [guess("boss", n) for n in range(12)]
        assert by_name == [401] * 8 + [429] * 4
        assert [guess(" boss ", 99)] == [429], "blanks around a name do not make it another one"
        many = [guess(f"name{n}", n) for n in range(20)]
        assert many.count(401) == 20 - 9 + 1 or 429 in many
        assert guess("somebody", 1) == 429, "one address tries many names"
        right = sitting.client.post(
            "/login", data={"csrf_token": token, "name": "boss", "password": PASSWORD}
        )
        assert right.status_code == 429, "the right password must wait too"
    finally:
        limiter.reset()
        limiter.enabled = False


def test_behind_our_proxy_the_last_address_counts_not_what_a_client_wrote(installation: Installation) -> None:
    app = application(installation, testing=True, proxied=True)
    limiter.enabled = True
    limiter.reset()
    try:
        sitting = Sitting(app.test_client())
        token = sitting.token("/login")
        codes = [
            sitting.client.post(
                "/login", data={"csrf_token": token, "name": f"n{n}", "password": "x"},
                headers={"X-Forwarded-For": f"10.9.9.{n}, 203.0.113.7"},
            ).status_code
            for n in range(22)
        ]  # fmt: skip
        assert codes == [401] * 20 + [429] * 2
    finally:
        limiter.reset()
        limiter.enabled = False


def test_every_refusal_at_the_door_is_in_the_log_and_no_password_is(busy: Seat, kept: Store) -> None:
    sitting = busy("")
    secret = "my secret guess 123"
    for name in ("boss", "<script>alert(1)</script>", "x" * 3000, "", "a\x00b"):
        form = {"csrf_token": sitting.token("/login"), "name": name, "password": secret}
        assert sitting.client.post("/login", data=form).status_code == 401
    lines = [line for line in audit_lines(kept) if line.act == "login-failed"]
    assert len(lines) == 5
    assert all(secret not in line.detail + line.object + line.who for line in lines)
    assert "<script>alert" not in busy("boss").get("/audit?act=login-failed").text
