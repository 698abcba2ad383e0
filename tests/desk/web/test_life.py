"""The mending in the browser: what is due, the notice before and after it left, looked at again, struck off."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO

import pytest
from conftest import Sitting
from desk_sample import BEGIN, NIGHT_2, accusations, add_night

from desk import caseload, lives, rechecking
from desk.installation import Installation
from desk.next_steps import next_step
from desk.papers.issuing import drift
from desk.papers.text import Pair, read_back
from desk.recheck_pictures import drawn_pairs
from desk.reports.pdf import find_browser
from desk.web.series import week_svg
from dossier import store
from dossier.archive import ArchiveWriter, Exchange, write_report
from dossier.errors import NetworkDown
from dossier.model import Capture, ProbeSample, Reach, UnitJob, UnitReport
from dossier.store import Store
from dossier.store.audit import audit_lines
from dossier.store.issued import files_of, issued_papers

OWN, OTHER = "A01-2020-0002", "A02-2020-0002"
Seat = Callable[[str], Sitting]


def told(assessor: Sitting, *numbers: str) -> None:
    """Confirmed, and the units notified."""
    for number in numbers or (OWN, OTHER):
        assert assessor.decide(number, "confirm").status_code == 302
    units = sorted({number[:3] for number in numbers or (OWN, OTHER)})
    assert assessor.post("/notices/issue", {"unit": units, "days": "15"}).status_code == 302


def fetched(body: str | None, reach: Reach = Reach.OK) -> Callable[..., None]:
    """A crawl that finds every asked page like this."""

    def crawl(jobs: Sequence[UnitJob], run_id: str, installation: Installation) -> None:
        at = BEGIN + timedelta(days=20)
        for job in jobs:
            folder = installation.home.run(run_id) / job.unit.unit_id
            with ArchiveWriter(folder, job.unit.unit_id) as archive:
                for url in job.seeds:
                    one = Capture(unit_id=job.unit.unit_id, asked_url=url, final_url=url, at=at, reach=reach, status=200 if body else None, content_type="text/html")  # fmt: skip
                    said = [Exchange(url=url, status=200, reason="OK", response_headers=(("Content-Type", "text/html"),), body=body.encode(), at=at)] if body else []  # fmt: skip
                    archive.add(one, said)
            write_report(folder, UnitReport(unit_id=job.unit.unit_id, run_id=run_id, started=at, finished=at, finish="finished"))  # fmt: skip

    return crawl


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "<html><body><p>张三，市长。" + "下一段写着 召开会议 四个字。" * 9 + "</p></body></html>"
    monkeypatch.setattr(rechecking, "crawl_in_processes", fetched(page))


def test_a_confirmed_fault_waits_for_its_notice_and_the_notice_is_seen_before_it_leaves(sit: Seat) -> None:
    assessor = sit("wang")
    assert "没有待通知的问题" in assessor.get("/notices").text
    assessor.decide(OWN, "confirm")
    listing = assessor.get("/notices").text
    assert "/notices/preview/A01" in listing
    draft = assessor.get("/notices/draft/A01")
    assert "关于限期整改" in draft.text
    assert OWN in draft.text
    assert "整改通知〔" not in draft.text, "a draft has no number"
    assert draft.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "/notices/draft/A01" in assessor.get("/notices/preview/A01").text
    assert not re.search("name=.unit.", sit("guan").get("/notices").text), "a viewer issues nothing"


def test_a_notice_is_issued_once_and_downloaded_as_it_left(sit: Seat, kept: Store) -> None:
    assessor = sit("wang")
    told(assessor, OWN)
    [paper] = issued_papers(kept, "notice")
    assert paper.number == "整改通知〔2020〕1号"
    again = assessor.post("/notices/issue", {"unit": "A01"})
    assert again.status_code == 400
    assert "没有需要通知的问题" in again.text
    shown = assessor.get(f"/paper/{paper.no}").text
    assert OWN in shown
    assert paper.number in shown
    for kind, (sha, body) in files_of(kept, paper.no).items():
        assert sha in shown
        got = assessor.get(f"/paper/{paper.no}/file/{kind}")
        assert got.data == body
        assert got.headers["Content-Disposition"].startswith("attachment")
    assert assessor.get(f"/paper/{paper.no}/file/exe").status_code == 404
    assert assessor.post("/notices/issue", {"unit": "A01", "days": "9999"}).status_code == 400


def test_a_unit_opens_its_own_papers_and_dates_and_nothing_of_others(sit: Seat, kept: Store) -> None:
    told(sit("wang"))
    papers = {one.unit_id: one for one in issued_papers(kept, "notice")}
    one = sit("unit1")
    page = one.get("/mine/life").text
    assert papers["A01"].number in page
    assert str(papers["A01"].due) in page
    assert OTHER not in page
    assert papers["A02"].number not in page
    assert f"整改期限 <b>{papers['A01'].due}</b>" in one.get(f"/mine/{OWN}").text
    assert one.get(f"/paper/{papers['A01'].no}").status_code == 200
    assert one.get(f"/paper/{papers['A01'].no}/file/docx").status_code == 200
    for path in ("", "/page", "/file/docx"):
        assert one.get(f"/paper/{papers['A02'].no}{path}").status_code == 404
    assert one.get("/campaign/A02").status_code == 404
    assert one.post("/campaign/A02/deliver", {"item": "self-report"}).status_code == 404
    assert one.get(f"/case/{OTHER}/looks/0").status_code == 404
    for path in (
        "/rectify",
        "/notices",
        "/rechecks",
        "/campaign",
        "/probes",
        "/compare",
        f"/case/{OWN}/life",
    ):
        assert one.get(path).status_code == 403, path


def test_a_paper_that_was_not_sent_to_the_unit_stays_closed_to_it(sit: Seat, kept: Store) -> None:
    assert sit("wang").post("/campaign/announce", {"begins": "2020-10-20", "year": "2020"}).status_code == 302
    [paper] = issued_papers(kept, "announcement")
    assert sit("guan").get(f"/paper/{paper.no}").status_code == 200
    assert sit("unit1").get(f"/paper/{paper.no}").status_code == 404


def test_looked_at_again_now_both_captures_stand_side_by_side(sit: Seat, kept: Store, mended: None) -> None:
    assessor = sit("wang")
    told(assessor, OWN)
    answer = assessor.post(f"/case/{OWN}/recheck", follow_redirects=True)
    assert answer.status_code == 200
    [made] = store.rechecks(kept, OWN)
    assert made.before
    assert made.after
    assert "招开会议" in answer.text
    assert "召开会议" in answer.text
    assert made.before[0].sha256 in answer.text
    assert made.after[0].sha256 in answer.text
    assert sit("unit1").get(f"/case/{OWN}/looks/0").status_code == 200
    assert "recheck" in {line.act for line in audit_lines(kept)}
    assert assessor.get(f"/case/{OWN}/looks/7").status_code == 404


def test_what_was_mended_is_struck_off_and_what_was_not_is_not(sit: Seat, kept: Store, mended: None) -> None:
    assessor = sit("wang")
    told(assessor, OWN, "A01-2020-0003")
    refused = assessor.post("/case/A01-2020-0003/strike", {"reason": ""})
    assert refused.status_code == 400
    assert "不能销号" in refused.text
    assessor.post(f"/case/{OWN}/recheck")
    page = assessor.get(f"/case/{OWN}/life").text
    [made] = store.rechecks(kept, OWN)
    reason = {} if made.result.value == "fixed" else {"reason": "已打开核对"}
    assert 'id="strike"' in page
    assert assessor.post(f"/case/{OWN}/strike", reason).status_code == 302
    assert "销号" in assessor.get(f"/case/{OWN}").text
    assert assessor.post(f"/case/{OWN}/open-again", {"reason": "又坏了"}).status_code == 302
    queue = assessor.get("/work").text + assessor.get("/case/" + OWN).text
    assert "已经销号" in queue, "what was opened again waits for a person"


def test_our_own_outage_is_said_and_nothing_is_recorded(
    sit: Seat, kept: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise NetworkDown("检测到本机网络（或代理）不通。")

    monkeypatch.setattr(rechecking, "crawl_in_processes", down)
    assessor = sit("wang")
    told(assessor, OWN)
    answer = assessor.post(f"/case/{OWN}/recheck")
    assert answer.status_code == 400
    assert "本机网络" in answer.text
    assert store.rechecks(kept) == ()


def test_overdue_items_lead_to_their_exact_next_step(
    sit: Seat, installation: Installation, kept: Store
) -> None:
    from dataclasses import replace

    from desk.web import create_app

    assessor = sit("wang")
    told(assessor, OWN)
    later = create_app(replace(installation, as_of=NIGHT_2 + timedelta(days=60)), dated=True, testing=True)
    sitting = Sitting(later.test_client())
    sitting.client.post(
        "/login",
        data={"csrf_token": sitting.token("/login"), "name": "wang", "password": "correct horse 一二三"},
    )
    page = sitting.get("/rectify").text
    assert re.search(r"逾期（1）", page) or "复查" in page
    link = re.search(rf'href="(/case/{OWN}/life#recheck)"', page)
    assert link
    target = sitting.get(link[1].partition("#")[0]).text
    assert 'id="recheck"' in target
    assert f'action="/case/{OWN}/recheck"' in target
    due = sitting.get("/rechecks").text
    assert OWN in due.split("已过应复查的日子（1）")[1].split("今日到期")[0]


def test_a_deadline_moves_only_with_a_reason(sit: Seat) -> None:
    assessor = sit("wang")
    told(assessor, OWN)
    path = f"/case/{OWN}/extend"
    assert assessor.post(path, {"until": "2020-12-01", "reason": ""}).status_code == 400
    assert assessor.post(path, {"until": "no day", "reason": "改版"}).status_code == 400
    assert assessor.post(path, {"until": "2020-12-01", "reason": "改版"}).status_code == 302
    assert "2020-12-01" in assessor.get(f"/case/{OWN}/life").text


def test_a_delivery_brings_a_receipt_and_a_bad_file_nothing(sit: Seat, kept: Store) -> None:
    unit_seat, assessor = sit("unit1"), sit("wang")
    form = {"item": "self-report", "year": "2020"}
    bad = unit_seat.post(
        "/campaign/A01/deliver",
        {**form, "file": (BytesIO(b"MZ"), "自查报告.pdf")},
        content_type="multipart/form-data",
    )
    assert bad.status_code == 400
    assert not issued_papers(kept, "receipt")
    good = unit_seat.post(
        "/campaign/A01/deliver", {**form, "file": (BytesIO(b"%PDF-1.4 x"), "../../自查 报告.pdf")}, content_type="multipart/form-data"
    )  # fmt: skip
    assert good.status_code == 302
    [receipt] = issued_papers(kept, "receipt")
    assert receipt.number in unit_seat.get("/campaign/A01?year=2020").text
    assert "已报送" in assessor.get("/campaign?year=2020").text
    assert (
        assessor.post("/campaign/A01/waive", {"item": "platform", "year": "2020", "reason": ""}).status_code
        == 400
    )


def test_a_claimed_highlight_is_judged_by_a_person_only(sit: Seat) -> None:
    unit_seat, assessor = sit("unit1"), sit("wang")
    form = {"year": "2020", "title": "某报道<script>", "url": "http://paper.people.com.cn/1.htm"}
    assert unit_seat.post("/campaign/A01/highlight", form).status_code == 302
    assert unit_seat.post("/campaign/A01/highlight", form).status_code == 400, "claimed before"
    assert unit_seat.post("/campaign/A01/highlight", {**form, "url": "file:///etc/passwd"}).status_code == 400
    assert unit_seat.get("/highlight/1").status_code == 403
    page = assessor.get("/highlight/1?year=2020").text
    assert "还没有抓取核对" in page
    assert "<script>" not in page.split("<main")[1]
    assert assessor.post("/highlight/1/word", {"year": "2020", "kind": "accept"}).status_code == 400, (
        "nobody saw it"
    )
    assert assessor.post("/highlight/1/word", {"year": "2020", "kind": "decline"}).status_code == 400
    said = assessor.post("/highlight/1/word", {"year": "2020", "kind": "accept", "reason": "已见报纸"})
    assert said.status_code == 302
    assert "已认定" in unit_seat.get("/campaign/A01?year=2020").text


def test_a_week_of_probes_is_drawn_with_our_own_outage_apart(sit: Seat, kept: Store) -> None:
    host, samples = "www.a01.gov.cn", []
    for hour in range(46):
        at = BEGIN + timedelta(hours=hour)
        ours, shut = hour == 5, hour in (5, 9, 10)
        samples.append(ProbeSample(host=host, at=at, opened=not shut, elapsed_ms=800, reason="timeout" if shut else "", ours=ours))  # fmt: skip
    store.add_probes(kept, tuple(samples))
    drawn = str(week_svg(samples, NIGHT_2 - timedelta(days=6), 7))
    assert drawn.count("没有打开（") == 2
    assert drawn.count("本机网络故障，不计</title>") == 1
    page = sit("guan").get("/probes/A01").text
    assert "<svg" in page
    assert "style=" not in page
    assert "计入 45 次，没有打开 2 次（4.4%）；另有 1 次因本机网络故障不计" in page
    assert "4.4%" in sit("guan").get("/probes").text
    assert sit("guan").get("/probes/Z99").status_code == 404


def test_a_struck_off_fault_that_is_seen_again_enters_the_queue_with_its_history(
    sit: Seat, installation: Installation, kept: Store, mended: None
) -> None:
    assessor = sit("wang")
    told(assessor, OWN)
    assessor.post(f"/case/{OWN}/recheck")
    assert assessor.post(f"/case/{OWN}/strike", {"reason": "已核对"}).status_code == 302
    moment = store.rechecks(kept, OWN)[0].at
    run = add_night(installation, kept, 5, said={one: accusations(one) for one in ("A01", "A02", "B01")})
    kept.db.conn.execute(
        "UPDATE run SET started = ? WHERE run_id = ?", ((moment + timedelta(days=30)).isoformat(), run)
    )
    kept.db.conn.commit()
    page = assessor.get(f"/case/{OWN}").text
    assert "又出现" in page
    assert "重新出现" in page
    assert f'href="/case/{OWN}/life"' in page
    assert "销号：" in assessor.get(f"/case/{OWN}/life").text, "its history goes with it"
    assert "重新出现" not in sit("unit1").get("/mine/life").text, (
        "the machine's word is not told before a person's"
    )


def test_every_step_of_the_office_has_a_page(sit: Seat) -> None:
    from desk.life import Life, Status

    told(sit("wang"), OWN)
    viewer = sit("guan")
    for status in Status:
        for look in (False, True):
            step = next_step(Life(number=OWN, status=status, due=NIGHT_2))
            if step.whose == "office" and not look:
                assert viewer.get(step.path.partition("#")[0]).status_code == 200, status


def test_whom_to_ask_stands_on_the_notice_as_the_settings_say(sit: Seat, installation: Installation) -> None:
    assessor = sit("wang")
    assessor.decide(OWN, "confirm")
    own = installation.home.settings_toml
    own.write_text(
        '[report]\ncontact = "王小明"\nphone = "0351-3041234"\noffice = "某省政务公开办"\n', "utf-8"
    )
    draft = assessor.get("/notices/draft/A01").text
    assert "（联系人及电话：王小明　0351-3041234）" in draft
    assert "某省政务公开办" in draft
    own.write_text('[report]\nphone = "打给老王"\n', "utf-8")
    refused = assessor.get("/notices/draft/A01")
    assert refused.status_code == 409
    assert "report.phone" in refused.text


@pytest.mark.skipif(find_browser() is None, reason="no browser is installed")
def test_the_result_of_a_recheck_carries_both_pictures_where_a_browser_is(
    sit: Seat, kept: Store, mended: None
) -> None:
    assessor = sit("wang")
    told(assessor, OWN)
    assert assessor.post("/notices/results").status_code == 400, "nothing was looked at again"
    assessor.post(f"/case/{OWN}/recheck")
    assert assessor.post("/notices/results").status_code == 302
    [paper] = issued_papers(kept, "recheck")
    [pair] = [block for block in read_back(paper.value).blocks if isinstance(block, Pair)]
    assert pair.left.body.startswith(b"\x89PNG")
    assert pair.right.body.startswith(b"\x89PNG")
    assert pair.left.body != pair.right.body
    assert drift(kept, paper) == (), "the same value gives the same bytes, pictures too"
    page = assessor.get(f"/paper/{paper.no}/page")
    assert page.text.count("data:image/png;base64,") == 2
    assert "img-src data:" in page.headers["Content-Security-Policy"]
    assert assessor.post("/notices/results").status_code == 400, "told once"


def test_what_should_not_be_shown_again_is_not_drawn(
    sit: Seat, kept: Store, mended: None, installation: Installation
) -> None:
    assessor = sit("wang")
    told(assessor, "A01-2020-0001")  # an illicit link
    assessor.post("/case/A01-2020-0001/recheck")
    load = caseload.load(installation, kept, installation.as_of)
    known = lives.lives(kept, load, installation.calendar)
    pairs = [(case, known[case.number]) for case in load.cases if case.number in known]
    assert [life.number for _, life in pairs if life.look] == ["A01-2020-0001"]
    assert drawn_pairs(installation, pairs) == {}
