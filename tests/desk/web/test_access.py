"""Who may open what: every view against every role, and nobody sees another unit's objects."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from conftest import Sitting
from desk_sample import BODY, PASSWORD, PEOPLE

from desk import clock
from desk.installation import Installation
from desk.people import allow, change_password
from desk.web import access, create_app
from desk.web.signin import limiter
from dossier.store import Store
from dossier.store.audit import audit_lines
from dossier.store.users import Role

OWN, OTHER = "A01-2020-0002", "A02-2020-0002"
Seat = Callable[[str], Sitting]

SAMPLES: dict[str, tuple[str, str]] = {
    "signin.logout": ("POST", "/logout"),
    "signin.password": ("GET", "/password"),
    "morning.start": ("GET", "/"),
    "morning.show": ("GET", "/morning"),
    "work.queue": ("GET", "/work"),
    "work.case": ("GET", f"/case/{OWN}"),
    "work.group": ("GET", "/group?unit=A01&rule=column-empty"),
    "deciding.decide": ("POST", f"/case/{OWN}/decide"),
    "deciding.decide_group": ("POST", "/group/decide"),
    "deciding.withdraw": ("POST", f"/case/{OWN}/withdraw"),
    "deciding.withdraw_group": ("POST", "/group/0123456789ab/withdraw"),
    "deciding.exempt": ("POST", f"/case/{OWN}/exempt"),
    "deciding.check": ("POST", f"/case/{OWN}/check"),
    "evidence.frame": ("GET", f"/archived/{OWN}/0"),
    "evidence.picture": ("GET", f"/picture/{OWN}/0"),
    "evidence.upload": ("GET", "/attachment/1"),
    "sheets.ranking": ("GET", "/ranking"),
    "sheets.unit": ("GET", "/unit/A01"),
    "sheets.enter": ("POST", "/unit/A01/hand"),
    "sheets.close": ("POST", "/unit/A01/close"),
    "sheets.reopen": ("POST", "/unit/A01/reopen"),
    "own.show": ("GET", "/mine"),
    "own.case": ("GET", f"/mine/{OWN}"),
    "own.answer": ("POST", f"/mine/{OWN}/answer"),
    "outlook.queue": ("GET", "/work.xlsx"),
    "outlook.unit": ("GET", "/unit/A01/story"),
    "outlook.brief": ("GET", "/brief"),
    "outlook.draft": ("GET", "/drafts/brief.docx"),
    "life.overview": ("GET", "/rectify"),
    "life.case": ("GET", f"/case/{OWN}/life"),
    "life.recheck": ("POST", "/case/A01-2020-9999/recheck"),
    "life.look": ("GET", f"/case/{OWN}/looks/0"),
    "life.strike": ("POST", f"/case/{OWN}/strike"),
    "life.extend": ("POST", f"/case/{OWN}/extend"),
    "life.open_again": ("POST", f"/case/{OWN}/open-again"),
    "life.rechecks": ("GET", "/rechecks"),
    "life.mine": ("GET", "/mine/life"),
    "notices.listing": ("GET", "/notices"),
    "notices.preview": ("GET", "/notices/preview/A01"),
    "notices.draft": ("GET", "/notices/draft/A01"),
    "notices.issue": ("POST", "/notices/issue"),
    "notices.results": ("POST", "/notices/results"),
    "notices.paper": ("GET", "/paper/1"),
    "notices.page": ("GET", "/paper/1/page"),
    "notices.download": ("GET", "/paper/1/file/docx"),
    "campaign.show": ("GET", "/campaign?year=2020"),
    "campaign.announce": ("POST", "/campaign/announce"),
    "campaign.unit": ("GET", "/campaign/A01"),
    "campaign.deliver": ("POST", "/campaign/A01/deliver"),
    "campaign.waive": ("POST", "/campaign/A01/waive"),
    "campaign.claim": ("POST", "/campaign/A01/highlight"),
    "campaign.highlight": ("GET", "/highlight/1"),
    "campaign.look": ("POST", "/highlight/1/look"),
    "campaign.word": ("POST", "/highlight/1/word"),
    "series.probes": ("GET", "/probes"),
    "series.unit": ("GET", "/probes/A01"),
    "series.compare": ("GET", "/compare"),
    "rules.show": ("GET", "/rules"),
    "rules.one": ("GET", "/rules/column-empty"),
    "rules.lift": ("POST", "/rules/column-empty/lift"),
    "operations.runs": ("GET", "/runs"),
    "operations.progress": ("GET", "/runs/progress"),
    "operations.tables": ("GET", "/tables"),
    "operations.save_list": ("POST", "/tables/list"),
    "operations.save_table": ("POST", "/tables/table"),
    "operations.reweigh": ("POST", "/tables/reweigh"),
    "people.show": ("GET", "/users"),
    "people.add": ("POST", "/users"),
    "people.allow": ("POST", "/users/wang/allow"),
    "people.password": ("POST", "/users/wang/password"),
    "people.settings": ("GET", "/settings"),
    "people.audit": ("GET", "/audit"),
}
EXPECTED = {
    # view: admin, assessor, reviewer, unit, viewer
    "signin.logout": "yyyyy", "signin.password": "yyyyy", "morning.start": "yyyyy", "morning.show": "yyyny",
    "work.queue": "yyyny", "work.case": "yyyny", "work.group": "yyyny", "deciding.decide": "yynnn",
    "deciding.decide_group": "yynnn", "deciding.withdraw": "yynnn", "deciding.withdraw_group": "yynnn", "deciding.exempt": "yynnn",
    "deciding.check": "yyynn", "evidence.frame": "yyyyy", "evidence.picture": "yyyyy", "evidence.upload": "yyyyy",
    "sheets.ranking": "yyyny", "sheets.unit": "yyyny", "sheets.enter": "yynnn", "sheets.close": "yynnn",
    "sheets.reopen": "ynnnn", "own.show": "nnnyn", "own.case": "nnnyn", "own.answer": "nnnyn",
    "outlook.queue": "yyyny", "outlook.unit": "yyyny", "outlook.brief": "yyyny", "outlook.draft": "yyyny",
    "life.overview": "yyyny", "life.case": "yyyny", "life.recheck": "yynnn", "life.look": "yyyyy",
    "life.strike": "yynnn", "life.extend": "yynnn", "life.open_again": "yynnn", "life.rechecks": "yyyny",
    "life.mine": "nnnyn", "notices.listing": "yyyny", "notices.preview": "yyyny", "notices.draft": "yyyny",
    "notices.issue": "yynnn", "notices.results": "yynnn", "notices.paper": "yyyyy", "notices.page": "yyyyy",
    "notices.download": "yyyyy", "campaign.show": "yyyny", "campaign.announce": "yynnn", "campaign.unit": "yyyyy",
    "campaign.deliver": "yynyn", "campaign.waive": "yynnn", "campaign.claim": "yynyn", "campaign.highlight": "yyyny",
    "campaign.look": "yynnn", "campaign.word": "yynnn", "series.probes": "yyyny", "series.unit": "yyyny",
    "series.compare": "yyyny", "rules.show": "yyyny", "rules.one": "yyyny", "rules.lift": "ynnnn", "operations.runs": "yyyny", "operations.progress": "yyyny",
    "operations.tables": "ynnnn", "operations.save_list": "ynnnn", "operations.save_table": "ynnnn",
    "operations.reweigh": "ynnnn", "people.show": "ynnnn", "people.add": "ynnnn", "people.allow": "ynnnn",
    "people.password": "ynnnn", "people.settings": "ynnnn", "people.audit": "yyynn",
}  # fmt: skip
ROLES = (Role.ADMIN, Role.ASSESSOR, Role.REVIEWER, Role.UNIT, Role.VIEWER)
NAMES = {
    Role.ADMIN: "boss",
    Role.ASSESSOR: "wang",
    Role.REVIEWER: "zhao",
    Role.UNIT: "unit1",
    Role.VIEWER: "guan",
}


def test_every_view_of_the_application_stands_in_the_table(installation: Installation) -> None:
    app = create_app(installation, testing=True)
    views = {rule.endpoint for rule in app.url_map.iter_rules()} - access.PUBLIC
    assert views == set(access.VIEWS) == set(SAMPLES) == set(EXPECTED)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_exactly_its_views(sit: Seat, role: Role) -> None:
    sitting = sit(NAMES[role])
    said = {}
    for view, (method, path) in SAMPLES.items():
        if view == "signin.logout":
            continue
        answer = sitting.get(path) if method == "GET" else sitting.post(path)
        said[view] = "n" if answer.status_code == 403 else "y"
        assert answer.status_code < 500, (view, answer.text)
    place = ROLES.index(role)
    assert said == {view: marks[place] for view, marks in EXPECTED.items() if view != "signin.logout"}
    assert sitting.post("/logout").status_code == 302


def test_nobody_opens_anything_without_signing_in(sit: Seat) -> None:
    sitting = sit("")
    token = sitting.token("/login")
    for view, (method, path) in SAMPLES.items():
        answer = (
            sitting.get(path) if method == "GET" else sitting.client.post(path, data={"csrf_token": token})
        )
        assert answer.status_code == 302, view
        assert answer.location.startswith("/login"), view


def test_a_unit_reaches_nothing_of_another_unit_nor_what_is_not_confirmed(sit: Seat) -> None:
    assessor, unit = sit("wang"), sit("unit1")
    assert unit.get(f"/mine/{OWN}").status_code == 404, "suspected only"
    for number in (OWN, OTHER):
        assert assessor.decide(number, "confirm").status_code == 302
    assert unit.get(f"/mine/{OWN}").status_code == 200
    assert unit.get(f"/archived/{OWN}/0").status_code == 200
    every = re.findall(r"A0\d-2020-\d{4}", unit.get("/mine").text)
    assert set(every) == {OWN}
    theirs = [f"A02-2020-{n:04d}" for n in range(1, 8)] + [f"A01-2020-{n:04d}" for n in range(1, 8) if n != 2]
    for number in theirs:
        for path in (f"/mine/{number}", f"/archived/{number}/0", f"/picture/{number}/0"):
            assert unit.get(path).status_code == 404, path
        assert unit.post(f"/mine/{number}/answer", {"kind": "appeal", "text": "不服"}).status_code == 404
    for path in ("/unit/A02", "/unit/A01", "/case/" + OWN, "/work", "/audit", "/ranking", "/morning"):
        assert unit.get(path).status_code == 403


def test_a_unit_does_not_get_another_units_attachment(sit: Seat) -> None:
    assessor, one, two = sit("wang"), sit("unit1"), sit("unit2")
    assessor.decide(OWN, "confirm")
    from io import BytesIO

    answer = one.post(
        f"/mine/{OWN}/answer",
        {"kind": "explain", "text": "已改", "file": (BytesIO(b"%PDF-1.4 x"), "整改.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 302
    got = one.get("/attachment/1")
    assert got.status_code == 200
    assert got.data == b"%PDF-1.4 x"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert assessor.get("/attachment/1").status_code == 200
    assert two.get("/attachment/1").status_code == 404


def test_a_form_without_its_token_changes_nothing(sit: Seat, kept: Store) -> None:
    sitting = sit("wang")
    before = len(audit_lines(kept))
    for view, (method, path) in SAMPLES.items():
        if method == "POST":
            answer = sitting.client.post(path, data={"kind": "confirm", "seen": "0"})
            assert answer.status_code == 400, view
            assert "页面已过期" in answer.text
    assert len(audit_lines(kept)) == before


def test_a_wrong_password_an_unknown_name_and_a_disabled_user_get_one_answer(sit: Seat, kept: Store) -> None:
    allow(kept, "li", False, by="test", at=clock.now())
    said = set()
    for name, password in (("wang", "not it at all"), ("nobody", PASSWORD), ("li", PASSWORD)):
        sitting = sit("")
        answer = sitting.client.post(
            "/login", data={"csrf_token": sitting.token("/login"), "name": name, "password": password}
        )
        assert answer.status_code == 401
        said.add(re.search(r'role="alert">([^<]+)', answer.text)[1])  # type: ignore[index]
    assert len(said) == 1
    assert [line.act for line in audit_lines(kept)][:3] == ["login-failed"] * 3


def test_signing_in_is_slowed_down(installation: Installation) -> None:
    app = create_app(installation, testing=True)
    limiter.enabled = True
    limiter.reset()
    sitting = Sitting(app.test_client())
    token = sitting.token("/login")
    codes = [
        sitting.client.post("/login", data={"csrf_token": token, "name": "wang", "password": "x"}).status_code
        for _ in range(10)
    ]
    limiter.reset()
    limiter.enabled = False
    assert codes[:8] == [401] * 8
    assert codes[8:] == [429] * 2


def test_a_changed_password_or_a_disabled_account_ends_every_session(sit: Seat, kept: Store) -> None:
    first, second = sit("wang"), sit("li")
    change_password(kept, "wang", "another sentence", by="test", at=clock.now())
    allow(kept, "li", False, by="test", at=clock.now())
    assert first.get("/morning").status_code == 302
    assert second.get("/morning").status_code == 302


def test_a_session_ends_after_twelve_hours_whatever_is_done(
    sit: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = sit("wang")
    real = clock.now()
    monkeypatch.setattr(clock, "now", lambda: real + timedelta(hours=11))
    assert sitting.get("/morning").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: real + timedelta(hours=13))
    assert sitting.get("/morning").status_code == 302


def test_signing_in_leads_nowhere_else(sit: Seat) -> None:
    for wanted in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        sitting = sit("")
        answer = sitting.client.post(
            "/login",
            data={
                "csrf_token": sitting.token("/login"),
                "name": "wang",
                "password": PASSWORD,
                "next": wanted,
            },
        )
        assert answer.location == "/", wanted


def test_every_page_carries_its_headers_and_no_inline_script(sit: Seat) -> None:
    sitting = sit("boss")
    pages = [path for method, path in SAMPLES.values() if method == "GET"]
    for path in [*pages, "/login"]:
        answer = sitting.get(path, follow_redirects=True)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", ""), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        if not path.startswith("/archived") and answer.content_type.startswith("text/html"):
            assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=|javascript:", answer.text), path
            assert not re.search(r"(?:src|href)=\"(?:https?:)?//(?!www\.a0)", answer.text), path


def test_an_archived_page_has_no_power(sit: Seat) -> None:
    sitting = sit("wang")
    answer = sitting.get(f"/archived/{OWN}/0")
    assert answer.text == BODY
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-" not in policy
    assert sitting.get(f"/archived/{OWN}/7").status_code == 404
    assert sitting.get("/archived/../../etc/0").status_code == 404


def test_what_a_site_wrote_is_shown_as_text(sit: Seat) -> None:
    text = sit("wang").get("/case/A01-2020-0001").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_the_quote_is_marked_and_personal_numbers_are_covered(sit: Seat) -> None:
    text = sit("wang").get(f"/case/{OWN}").text
    assert "<mark>招开会议</mark>" in text
    assert "1101************2X" in text or "1101***********2X" in text or "1101************" in text
    assert "11010519491231002X" not in text


def test_people_of_the_sample_cover_every_role() -> None:
    assert {role for _, role, _ in PEOPLE} == set(Role)
