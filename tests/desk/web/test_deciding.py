"""A night's work at the desk: deciding, checking, answering, closing; what was decided is never lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from conftest import Sitting
from desk_sample import accusations, add_night, outcome, page
from werkzeug.test import TestResponse

from desk import caseload, clock, kept_papers
from desk.case_state import Effect, Stage
from desk.caseload import Case, load
from desk.desk_settings import change_setting
from desk.installation import Installation
from desk.sheet import sheet_of
from dossier import store
from dossier.model import Verdict
from dossier.store import Store
from dossier.store.audit import audit_lines
from dossier.store.case_events import events_after
from dossier.store.users import account_of

ONE = "A01-2020-0002"
MAJOR = "A01-2020-0001"
COLUMNS = [f"A01-2020-{n:04d}" for n in range(3, 7)]
QUESTION = "A01-2020-0007"
TODAY = date(2020, 9, 29)
Seat = Callable[[str], Sitting]


def case_of(installation: Installation, kept: Store, number: str, today: date = TODAY) -> Case:
    return load(installation, kept, today).by_number[number]


def test_a_confirmed_finding_leaves_the_queue_and_the_next_opens(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    sitting = sit("wang")
    first = sitting.get("/work").location
    assert first.endswith(MAJOR), "a major one comes first"
    answer = sitting.decide(MAJOR, "confirm")
    assert answer.location == "/case/A02-2020-0001", "the other major one is next"
    state = case_of(installation, kept, MAJOR).state
    assert (state.stage, state.effect) == (Stage.SETTLED, Effect.CONFIRMED)
    assert state.in_force
    rows = re.findall(r'class="item[^>]*href="([^"]+)"', sitting.get("/case/A02-2020-0001").text)
    assert rows
    assert not any(MAJOR in row for row in rows)


@pytest.mark.parametrize(
    ("kind", "form", "said"),
    [
        ("dismiss", {}, "“不成立”要写明理由"),
        ("defer", {}, "“暂缓”要写明理由"),
        ("adjust", {"points": "1"}, "“调整”要写明理由"),
        ("adjust", {"reason": "轻微"}, "请写出要扣的分数"),
        ("adjust", {"reason": "轻微", "points": "-1"}, "分数应在 0 到 100 之间"),
        ("adjust", {"reason": "轻微", "points": "0.123"}, "最多两位小数"),
        ("adjust", {"reason": "轻微", "points": "NaN"}, "分数应在 0 到 100 之间"),
        ("defer", {"reason": "等", "until": "2020-09-29"}, "截止日期应在今天之后"),
        ("defer", {"reason": "等", "until": "明天"}, "不是日期"),
        ("erase", {"reason": "x"}, "没有这种决定"),
        ("dismiss", {"reason": "长" * 2001}, "最多 2000 字"),
    ],
)
def test_what_may_not_be_done_is_refused_in_words_and_nothing_is_written(
    sit: Seat, kept: Store, kind: str, form: dict[str, object], said: str
) -> None:
    answer = sit("wang").decide(ONE, kind, **form)
    assert answer.status_code == 400
    assert said in answer.text
    assert events_after(kept) == ()


def test_a_second_assessor_is_told_and_nothing_of_hers_is_lost(sit: Seat, kept: Store) -> None:
    wang, li = sit("wang"), sit("li")
    seen = re.search(r'name="seen" value="(\d+)"', li.get(f"/case/{ONE}").text)
    assert seen
    wang.decide(ONE, "confirm")
    mine = "网站已经改好了，人工打开核对过"
    answer = li.post(f"/case/{ONE}/decide", {"kind": "dismiss", "reason": mine, "seen": seen[1]})
    assert answer.status_code == 409
    assert "同事刚刚作了决定" in answer.text
    assert "wang" in answer.text
    assert mine in answer.text
    assert [event.kind for event in events_after(kept)] == ["confirm"]
    token = re.search(r'name="seen" value="(\d+)"', answer.text)
    assert token
    again = li.post(f"/case/{ONE}/decide", {"kind": "dismiss", "reason": mine, "seen": token[1]})
    assert again.status_code == 302
    assert [(event.kind, event.who) for event in events_after(kept)] == [
        ("confirm", "wang"),
        ("dismiss", "li"),
    ]


def test_a_group_is_decided_at_once_and_overtaken_as_a_whole(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    wang, li = sit("wang"), sit("li")
    path = "/group?unit=A01&rule=column-empty&verdict=fail"
    page_of_group = li.get(path).text
    assert "：4 条（清河市人民政府）" in page_of_group
    form: dict[str, object] = {"kind": "dismiss", "reason": "规则误报", "number": COLUMNS}
    form.update({f"seen-{number}": "0" for number in COLUMNS})
    wang.decide(COLUMNS[1], "confirm")
    answer = li.post("/group/decide?unit=A01&rule=column-empty", form)
    assert answer.status_code == 409
    assert len(events_after(kept)) == 1, "none of the group was written"
    form["number"] = [number for number in COLUMNS if number != COLUMNS[1]]
    assert li.post("/group/decide?unit=A01&rule=column-empty", form).status_code == 302
    events = events_after(kept)[1:]
    assert [event.deficiency_no for event in events] == form["number"]
    assert len({event.batch for event in events}) == 1
    assert events[0].batch
    assert all(
        case_of(installation, kept, number).state.effect is Effect.DISMISSED for number in form["number"]
    )  # type: ignore[attr-defined]


def test_the_queue_shows_one_line_for_a_cause_with_many_pages(sit: Seat) -> None:
    text = sit("wang").get("/work?unit=A01", follow_redirects=True).text
    assert "7 条，合为 4 行" in text


def test_undo_is_a_new_event(sit: Seat, installation: Installation, kept: Store) -> None:
    sitting = sit("wang")
    sitting.decide(ONE, "dismiss", reason="规则误报")
    assert sitting.post(f"/case/{ONE}/withdraw").status_code == 302
    assert [event.kind for event in events_after(kept)] == ["dismiss", "withdraw"]
    case = case_of(installation, kept, ONE)
    assert case.waits
    assert "撤回" in case.state.why
    assert sitting.post(f"/case/{ONE}/withdraw").status_code == 400, "there is nothing more to take back"


def test_a_dismissal_is_remembered_when_the_fault_is_seen_again_until_it_expires(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    sit("wang").decide(ONE, "dismiss", reason="专有名词", until="2020-12-31")
    add_night(installation, kept, 3)
    assert not case_of(installation, kept, ONE, date(2020, 9, 30)).waits
    late = case_of(installation, kept, ONE, date(2021, 1, 1))
    assert late.waits
    assert "已过期" in late.state.why


def test_a_finding_that_says_something_else_than_was_decided_comes_back(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    sit("wang").decide(COLUMNS[0], "dismiss", reason="内容在别处")
    changed = [one for one in accusations("A01") if one.subject != page("A01", "lanmu0/")]
    changed.append(
        outcome("A01", "column-empty", page("A01", "lanmu0/"), "empty", column="财政预决算", note="已查")
    )
    add_night(installation, kept, 3, said={"A01": tuple(changed)})
    case = case_of(installation, kept, COLUMNS[0], date(2020, 9, 30))
    assert case.waits
    assert "情况与上次决定时不同" in case.state.why


def test_what_was_confirmed_counts_though_no_night_sees_it_any_more(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    sit("wang").decide(MAJOR, "confirm")
    rest = tuple(one for one in accusations("A01") if one.rule_id != "illicit-link")
    for night in (3, 4):
        add_night(installation, kept, night, said={"A01": rest})
    found = load(installation, kept, date(2020, 10, 1))
    assert found.by_number[MAJOR].gone
    assert sheet_of(installation, kept, found, "A01").final.deducted == 5


def test_a_deferral_comes_back_on_its_day(sit: Seat, installation: Installation, kept: Store) -> None:
    sit("wang").decide(ONE, "defer", reason="等第二夜复查", until="2020-10-09")
    assert case_of(installation, kept, ONE, date(2020, 10, 8)).state.stage is Stage.DEFERRED
    assert case_of(installation, kept, ONE, date(2020, 10, 9)).waits


def test_a_second_person_must_agree_where_the_office_asks_for_it(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    boss = account_of(kept, "boss")
    assert boss
    change_setting(kept, "second_person", "all", who=boss, at=clock.now())
    wang, zhao, unit = sit("wang"), sit("zhao"), sit("unit1")
    wang.decide(ONE, "confirm")
    assert not case_of(installation, kept, ONE).state.in_force
    assert unit.get(f"/mine/{ONE}").status_code == 404, "not before it was checked"
    own = wang.post(f"/case/{ONE}/check", {"kind": "agree", "seen": events_after(kept)[-1].no})
    assert own.status_code == 400
    assert "不能复核自己作的决定" in own.text
    assert zhao.get("/work").location == f"/case/{ONE}?stage=check"
    sent = zhao.post(f"/case/{ONE}/check", {"kind": "return", "seen": events_after(kept)[-1].no})
    assert sent.status_code == 400
    zhao.post(
        f"/case/{ONE}/check", {"kind": "return", "reason": "引语不完整", "seen": events_after(kept)[-1].no}
    )
    assert case_of(installation, kept, ONE).waits
    wang.decide(ONE, "confirm")
    zhao.post(f"/case/{ONE}/check", {"kind": "agree", "seen": events_after(kept)[-1].no})
    state = case_of(installation, kept, ONE).state
    assert state.in_force
    assert state.checked_by == "zhao"
    assert unit.get(f"/mine/{ONE}").status_code == 200


def test_an_appeal_brings_the_finding_back_and_holds_until_it_is_answered(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    wang, unit = sit("wang"), sit("unit1")
    wang.decide(ONE, "confirm")
    answer = unit.post(f"/mine/{ONE}/answer", {"kind": "appeal", "text": "该处为引用原文"})
    assert answer.status_code == 302
    case = case_of(installation, kept, ONE)
    assert case.waits
    assert case.state.in_force, "it still counts"
    assert "申诉" in case.state.why
    twice = unit.post(f"/mine/{ONE}/answer", {"kind": "appeal", "text": "再说一遍"})
    assert twice.status_code == 400
    assert "该处为引用原文" in wang.get(f"/case/{ONE}").text
    wang.decide(ONE, "dismiss", reason="申诉成立")
    assert not case_of(installation, kept, ONE).state.in_force
    assert unit.get(f"/mine/{ONE}").status_code == 404


def test_a_confirmed_question_costs_points(sit: Seat, installation: Installation, kept: Store) -> None:
    case = case_of(installation, kept, QUESTION)
    assert case.verdict is Verdict.UNSURE
    sit("wang").decide(QUESTION, "confirm")
    assert sheet_of(installation, kept, load(installation, kept, TODAY), "A01").final.deducted == 1


def test_an_exemption_is_made_at_the_desk(sit: Seat, kept: Store) -> None:
    form: dict[str, object] = {"scope": "rule", "reason": "三定方案没有该项职能", "until": "2021-09-01"}
    assert sit("wang").post(f"/case/{QUESTION}/exempt", form).status_code == 302
    (one,) = store.exemptions(kept)
    assert (one.unit_id, one.rule_id, one.subject, one.author) == (
        "A01",
        "leadership-page-missing",
        "*",
        "wang",
    )
    bad = sit("wang").post(f"/case/{QUESTION}/exempt", {**form, "until": "2029-09-01"})
    assert bad.status_code == 400
    assert len(store.exemptions(kept)) == 1


def test_a_sheet_adds_up_is_typed_into_closed_and_opened_again(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    wang, boss = sit("wang"), sit("boss")
    wang.decide(ONE, "confirm")
    wang.decide(COLUMNS[0], "adjust", points="0.25", reason="情节轻微，酌情少扣")
    row = {"section": "组织领导", "path": '["队伍与培训"]', "kind": "deduct"}
    file = (BytesIO(b"%PDF-1.7"), "检查记录.pdf")
    typed = wang.post(
        "/unit/A01/hand", {**row, "points": "1.5", "reason": "查阅资料，未见培训记录", "file": file},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert typed.status_code == 302
    assert "最多 3 分" in wang.post("/unit/A01/hand", {**row, "points": "3.5", "reason": "x"}).text
    online = {"section": "主动公开", "path": '["公文公开"]', "kind": "deduct", "points": "1", "reason": "x"}
    assert "不能手工录入" in wang.post("/unit/A01/hand", online).text
    final = sheet_of(installation, kept, load(installation, kept, TODAY), "A01").final
    assert str(final.deducted) == "1.85"
    assert str(final.score) == "98.15"
    assert sum(section.lost for section in final.sections) == final.deducted
    refused = wang.post("/unit/A01/close", {"score": "98.15"})
    assert refused.status_code == 400
    assert "个问题还没有处理" in refused.text
    assert "98.15" in wang.post("/unit/A01/close", {"score": "100.00", "anyway": "1", "reason": "x"}).text
    assert (
        wang.post("/unit/A01/close", {"score": "98.15", "anyway": "1", "reason": "年度截止"}).status_code
        == 302
    )
    assert "已经结账" in wang.post("/unit/A01/hand", {**row, "points": "0", "reason": "x"}).text
    wang.decide(MAJOR, "confirm")
    shown = wang.get("/unit/A01").text
    assert "结账以后情况有变" in shown
    assert "98.15" in shown
    assert wang.post("/unit/A01/reopen", {"reason": "漏记"}).status_code == 403
    assert boss.post("/unit/A01/reopen", {"reason": "漏记重大扣分"}).status_code == 302
    after = sheet_of(installation, kept, load(installation, kept, TODAY), "A01")
    assert after.closed is None
    assert str(after.final.score) == "93.15"


def test_every_human_change_leaves_a_line(sit: Seat, kept: Store) -> None:
    wang, boss = sit("wang"), sit("boss")
    wang.decide(ONE, "confirm")
    wang.post(f"/case/{ONE}/withdraw", {"reason": "看错"})
    boss.post("/settings", {"review_days": "7"})
    boss.post("/users", {"name": "chen", "password": "a long enough one", "role": "viewer"})
    boss.post("/users/chen/allow", {"allowed": "no"})
    acts = [line.act for line in reversed(audit_lines(kept)) if line.who in ("wang", "boss")]
    assert acts == ["login", "login", "confirm", "withdraw", "setting", "user-add", "user-disable"]
    assert "chen" in boss.get("/audit?act=user-add").text


def test_a_unit_that_was_not_inspected_has_no_place_and_no_deduction(sit: Seat) -> None:
    text = sit("wang").get("/ranking").text
    row = next(row for row in text.split("<tr>") if "B01" in row)
    assert "未能检测" in row
    assert row.startswith('<td class="n">—')


def test_a_bad_list_is_refused_line_by_line_and_the_file_stays(sit: Seat, installation: Installation) -> None:
    boss = sit("boss")
    path = installation.home.units_csv
    before = path.read_bytes()
    expected = re.search(r'name="expected" value="(\w+)"', boss.get("/tables").text)
    assert expected
    bad = before.decode().replace("A02,A,", "A02,C,")
    answer = boss.post("/tables/list", {"text": bad, "expected": expected[1]})
    assert answer.status_code == 400
    assert "第 3 行" in answer.text
    assert path.read_bytes() == before
    good = before.decode().replace("样例", "名录")
    assert boss.post("/tables/list", {"text": good, "expected": expected[1]}).status_code == 302
    assert "名录" in path.read_text()
    assert path.with_name("unit_sites.csv.bak-1").read_bytes() == before
    assert boss.post("/tables/list", {"text": good, "expected": expected[1]}).status_code == 409


def test_a_false_attachment_is_refused(sit: Seat, installation: Installation) -> None:
    sit("wang").decide(ONE, "confirm")
    unit = sit("unit1")
    for name, body, said in (
        ("a.exe", b"MZ", "附件只收"),
        ("a.pdf", b"<script>", "与扩展名不符"),
        ("a.docx", b"PK\x03\x04 no zip", "与扩展名不符"),
        ("../../x.png", b"", "是空的"),
        ("a.svg", b"<svg onload=alert(1)>", "附件只收"),
    ):
        answer = unit.post(
            f"/mine/{ONE}/answer", {"kind": "explain", "text": "改了", "file": (BytesIO(body), name)},
            content_type="multipart/form-data",
        )  # fmt: skip
        assert answer.status_code == 400, name
        assert said in answer.text
    assert not (installation.home.data / "uploads").exists()


def test_the_kept_copy_of_a_night_is_used_and_follows_a_new_judgement(
    installation: Installation, kept: Store
) -> None:
    first = load(installation, kept, TODAY)
    kept_papers._papers.clear()
    caseload._loads.clear()
    again = load(installation, kept, TODAY)
    assert [case.deficiency for case in again.cases] == [case.deficiency for case in first.cases]
    add_night(installation, kept, 3, said={"A01": ()})
    now = load(installation, kept, TODAY)
    assert all(case.gone for case in now.by_unit["A01"])


def test_the_assessor_sees_the_page_as_decided_beside_its_newest_capture(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    wang, unit = sit("wang"), sit("unit1")
    wang.decide(ONE, "confirm")
    assert "作决定以后还没有再抓取过这一页" in wang.get(f"/case/{ONE}").text
    unit.post(f"/mine/{ONE}/answer", {"kind": "explain", "text": "已改正"})
    rest = tuple(one for one in accusations("A01") if one.rule_id != "wording-error")
    newest = add_night(installation, kept, 3, said={"A01": rest})
    text = wang.get(f"/case/{ONE}?stage=all").text
    assert "前后对照" in text
    assert f"最近一次（批次 {newest}）" in text
    assert "已改正" in text


def test_a_new_table_is_checked_whole_and_the_desk_says_that_points_must_be_weighed_anew(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    boss = sit("boss")
    shipped = installation.home.table("indicators_A.toml").read_text()
    bad = shipped.replace('rule = "illicit-link"', 'rule = "illicit-lynx"')
    assert bad != shipped

    def give(text: str) -> TestResponse:
        file = (BytesIO(text.encode()), "2020评分表.toml")
        return boss.post("/tables/table", {"file": file}, content_type="multipart/form-data")

    refused = give(bad)
    assert refused.status_code == 400
    assert "illicit-lynx" in refused.text
    assert not (installation.home.root / "tables").joinpath("indicators_A.toml").exists()
    assert give(shipped + "\n# 正式\n").status_code == 302
    stopped = sit("wang").get("/morning")
    assert stopped.status_code == 409
    assert "重算扣分建议" in stopped.text
    assert boss.get("/tables").status_code == 200
    assert boss.post("/tables/reweigh").status_code == 302
    assert sit("wang").get("/morning").status_code == 200


def test_a_group_is_taken_back_as_one_and_nothing_is_erased(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    wang = sit("wang")
    form: dict[str, object] = {
        "kind": "confirm",
        "number": COLUMNS,
        **{f"seen-{number}": "0" for number in COLUMNS},
    }
    done = wang.post("/group/decide?unit=A01&rule=column-empty", form)
    shown = wang.get(done.location, follow_redirects=True).text
    undo = re.search(r'action="(/group/[0-9a-f]{12}/withdraw)"', shown)
    assert undo, "the way back is on the screen that follows"
    assert "撤回整组" in shown
    assert "撤回一起作的 4 个决定" in wang.get(f"/case/{COLUMNS[0]}?stage=all").text
    back = wang.post(undo[1])
    assert back.status_code == 302
    assert "整组 4 条已撤回" in wang.get(back.location, follow_redirects=True).text
    events = events_after(kept)
    assert [event.kind for event in events] == ["confirm"] * 4 + ["withdraw"] * 4
    assert len({event.batch for event in events[:4]}) == len({event.batch for event in events[4:]}) == 1
    assert all(case_of(installation, kept, number).waits for number in COLUMNS)
    again = wang.post(undo[1])
    assert again.status_code == 400
    assert "没有可以撤回的决定" in again.text
    assert len([line for line in audit_lines(kept) if line.act == "withdraw"]) == 4


def test_what_a_colleague_did_since_to_one_of_a_group_is_left_alone(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    wang, li, unit = sit("wang"), sit("li"), sit("unit1")
    form: dict[str, object] = {
        "kind": "confirm",
        "number": COLUMNS,
        **{f"seen-{number}": "0" for number in COLUMNS},
    }
    wang.post("/group/decide?unit=A01&rule=column-empty", form)
    batch = events_after(kept)[0].batch
    li.decide(COLUMNS[1], "dismiss", reason="人工打开核对，内容在")
    unit.post(f"/mine/{COLUMNS[2]}/answer", {"kind": "appeal", "text": "该处为引用原文"})
    assert sit("guan").post(f"/group/{batch}/withdraw").status_code == 403
    back = wang.post(f"/group/{batch}/withdraw")
    assert (
        "整组 2 条已撤回，请重新决定；另有 2 条后来又有处理，没有动"
        in wang.get(back.location, follow_redirects=True).text
    )
    assert case_of(installation, kept, COLUMNS[1]).state.effect is Effect.DISMISSED
    assert case_of(installation, kept, COLUMNS[2]).state.in_force, (
        "the appeal waits with the decision it is about"
    )
    assert case_of(installation, kept, COLUMNS[0]).state.effect is Effect.NONE
