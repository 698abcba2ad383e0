"""Reports that units are proud of are fetched and archived; what a machine saw is said, what it means a person says."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from desk.acting import Refused
from desk.highlights import Claim, claim_highlight, claims_of, judge_claim, look_at, named_in, names_of, shown
from desk.installation import Installation
from desk.media import host_of, media_table
from desk.period_papers import _claimed
from desk.recheck_cases import cases_of
from dossier import archive, store
from dossier.errors import BadInput, NetworkDown
from dossier.home import Home
from dossier.model import Unit, UnitClass
from dossier.store import Store, open_store
from dossier.store.campaigns import campaign_events
from dossier.store.highlights import HighlightLook
from dossier.store.users import Account, Role
from practice import outside
from practice.home import write_home
from practice.province import build
from practice.server import PracticeServer, serve
from practice.serving import Answer

NOW = datetime(2020, 10, 30, 2, 0, tzinfo=UTC)
TODAY = date(2020, 10, 30)
ME = Account(name="张三", role=Role.ASSESSOR, password="", created=NOW)
UNIT = Account(name="李四", role=Role.UNIT, unit_id="A02", password="", created=NOW)
GOOD = "http://paper.people.com.cn/rmrb/2020-08/01/content_1.htm"
OLD = "http://www.xinhuanet.com/2019-03/02/c_1.htm"
GONE = "http://news.cctv.com/gone/1.shtml"
BARRED = "http://www.news.cn/barred/1.htm"
ELSEWHERE = "http://www.xinhuanet.com/moved/1.htm"
OTHER = "http://www.example.com/1.htm"


def press(name: str) -> dict[str, Answer]:
    """The web of four newspapers."""

    def page(title: str, day: str, text: str) -> Answer:
        body = (
            f"<html><head><meta charset=utf-8><title>{title}</title><meta name='PubDate' content='{day}'>"
            f"<meta name='ArticleTitle' content='{title}'></head><body><h1>{title}</h1><p>发布时间：{day}</p><div>"
            + f"<p>{text}</p>" * 4 + "</div></body></html>"
        )  # fmt: skip
        return Answer(200, body.encode())

    return {
        GOOD: page(
            "阳光政务惠民生", "2020-08-01", f"近日，{name}推进政务公开标准化规范化，群众办事更加方便。"
        ),
        OLD: page("去年的报道", "2019-03-02", "各地推进政务公开工作，取得积极成效，群众办事更加方便快捷。"),
        GONE: Answer(404, b"<html><title>404 Not Found</title><body>404 Not Found</body></html>"),
        BARRED: Answer(403, b"<html><body>Forbidden</body></html>"),
        ELSEWHERE: Answer(302, b"", headers={"Location": "http://www.gov.cn.mirror.example.org/x"}),
    }


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    with serve(build(faults=(), units=["A02"], pages_per_site=20), silence=5) as running:
        yield running


@pytest.fixture
def desk(
    tmp_path: Path, server: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Installation, Store]]:
    write_home(server.province, tmp_path, server.url)
    quick = ("delay_seconds=0", "retry_wait_seconds=0.2", "timeout_seconds=3", "browser=false")
    installation = Installation.of(
        home=tmp_path, as_of=TODAY, overrides=tuple(f"crawl.{one}" for one in quick)
    )
    web = press(names_of(installation.units[0])[1])
    known = {host_of(url) for url in web}
    real = outside.answer_outside

    def answer(host: str, url: str) -> Answer | None:
        if host in known:
            return web.get(url, Answer(404, b"<html><body>404 Not Found</body></html>"))
        return real(host, url)

    monkeypatch.setattr(outside, "answer_outside", answer)
    server._cache.clear()
    with open_store(installation.home.database) as kept:
        yield installation, kept


def claim(desk: tuple[Installation, Store], url: str, words: str = "某报道") -> str:
    return claim_highlight(*desk, year=2020, unit_id="A02", url=url, words=words, day=TODAY, who=ME, at=NOW)


def by_url(kept: Store) -> dict[str, Claim]:
    return {one.url: one for one in claims_of(kept, 2020)}


def said(one: Claim) -> str:
    unit = Unit(unit_id="A02", unit_class=UnitClass.A, short_name="某", full_name="某市人民政府", sites=())
    return "；".join(line for _, line in shown(one, 2020, unit))


def test_claimed_pages_are_archived_and_what_was_seen_of_each_is_said(
    desk: tuple[Installation, Store],
) -> None:
    installation, kept = desk
    for url in (GOOD, OLD, GONE, BARRED, ELSEWHERE, OTHER):
        claim(desk, url)
    looks = look_at(installation, kept, claims_of(kept, 2020))
    assert len(looks) == 5, "a host that is nobody's is not asked"
    found = by_url(kept)
    good = found[GOOD].look
    assert good is not None
    assert (good.medium, good.published, good.status) == ("人民日报", date(2020, 8, 1), 200)
    assert names_of(installation.units[0])[1] in good.named
    assert [good_line for good_line, _ in shown(found[GOOD], 2020, installation.units[0])] == [
        True,
        True,
        True,
    ]
    body = archive.record_body(
        installation.home.runs, f"{good.run_id}/A02/{good.warc}@{good.offset}", good.sha256
    )
    assert "阳光政务惠民生" in body.decode()
    assert store.seal_of(kept, good.run_id) is not None, "the evidence is sealed as that of any run"
    assert (good.run_id, "A02") in store.evidence_in_use(kept), "a backup takes it along"
    assert "不在 2020 年内" in said(found[OLD])
    assert "没有找到本单位名称" in said(found[OLD])
    assert "看不到" in said(found[GONE])
    assert "404" in said(found[GONE])
    assert "机器不作判断" in said(found[BARRED])
    assert "看不到" in said(found[ELSEWHERE]) or "以外的主机" in said(found[ELSEWHERE])
    assert "没有抓取" in said(found[OTHER])
    assert all(word is None for word in (one.word for one in found.values())), "nobody has spoken yet"


def test_a_look_at_highlights_is_no_night(desk: tuple[Installation, Store]) -> None:
    installation, kept = desk
    claim(desk, GOOD)
    look_at(installation, kept, claims_of(kept, 2020))
    assert store.latest_run(kept) is None
    assert cases_of(installation, kept) == ()
    assert store.history(kept, "A02") == {}


def test_a_silent_line_leaves_nothing_behind(desk: tuple[Installation, Store]) -> None:
    installation, kept = desk
    claim(desk, GOOD)

    def down(*_: object) -> None:
        raise NetworkDown("本机网络不通")

    with pytest.raises(NetworkDown):
        look_at(installation, kept, claims_of(kept, 2020), down)
    assert by_url(kept)[GOOD].look is None
    assert store.runs(kept) == ()


def test_a_person_lets_it_count_or_not_and_the_bulletin_follows(desk: tuple[Installation, Store]) -> None:
    kept = desk[1]
    for url in (GOOD, OLD, OTHER):
        claim(desk, url, f"报道{len(claims_of(kept, 2020))}")
    found = by_url(kept)
    with pytest.raises(Refused, match="人工核对"):
        judge_claim(kept, found[GOOD], accept=True, reason="", who=ME, at=NOW)
    with pytest.raises(Refused, match="写明理由"):
        judge_claim(kept, found[OLD], accept=False, reason=" ", who=ME, at=NOW)
    with pytest.raises(Refused, match="只有考核人员"):
        judge_claim(kept, found[OLD], accept=True, reason="好", who=UNIT, at=NOW)
    judge_claim(kept, found[GOOD], accept=True, reason="见报", who=ME, at=NOW)
    judge_claim(kept, found[OLD], accept=False, reason="不是当年的", who=ME, at=NOW)
    load = type("Load", (), {"papers": {"A02": _paper(desk[0].units[0])}})()
    lines = _claimed(kept, load, 2020)  # type: ignore[arg-type]  # all that it looks at
    assert len(lines) == 2
    assert "《报道0》。" in lines[0]
    assert "待核" in lines[1]
    with pytest.raises(sqlite3.DatabaseError, match="only ever added"), kept.writing():
        kept.put("UPDATE highlight_word SET kind = 'accept'")


def _paper(unit: Unit) -> object:
    return type("Paper", (), {"standing": type("Standing", (), {"unit": unit})()})()


def test_a_unit_claims_only_for_itself_and_only_addresses_of_the_web(
    desk: tuple[Installation, Store],
) -> None:
    installation, kept = desk
    stranger = msgspec.structs.replace(UNIT, unit_id="A03")
    with pytest.raises(Refused, match="本单位"):
        claim_highlight(installation, kept, year=2020, unit_id="A02", url=GOOD, words="x", day=TODAY, who=stranger, at=NOW)  # fmt: skip
    for url in ("file:///etc/passwd", "javascript:alert(1)", "people.com.cn/1"):
        with pytest.raises(Refused, match="完整的网址"):
            claim(desk, url)
    assert claim(desk, GOOD) == "人民日报"
    with pytest.raises(Refused, match="已经登记过"):
        claim(desk, GOOD)
    assert len([one for one in campaign_events(kept, 2020) if one.kind == "highlight"]) == 1


@pytest.mark.parametrize(
    ("full", "short", "text", "named"),
    [
        ("太原市人民政府", "太原", "近日，太原市推进政务公开", True),
        ("山西省教育厅", "省教育厅", "日前，省教育厅印发通知", True),
        ("山西省教育厅", "省教育厅", "教育厅推出举措", True),
        ("太原市人民政府", "太原", "大同市推进政务公开", False),
    ],
)
def test_a_newspaper_may_call_a_unit_by_any_of_its_names(
    full: str, short: str, text: str, named: bool
) -> None:
    one = Unit(unit_id="A01", unit_class=UnitClass.A, short_name=short, full_name=full, sites=())
    assert bool(named_in(one, text)) is named


def test_every_medium_of_the_table_has_its_source(tmp_path: Path) -> None:
    media = media_table(Home(Path("/nowhere")))
    assert [one.name for one in media] == ["人民日报", "新华社", "中央电视台", "中国政府网"]
    assert all(one.source and one.source_status for one in media)
    (tmp_path / "tables").mkdir()
    own = tmp_path / "tables" / "media.toml"
    shutil.copy(Home(Path("/nowhere")).table("media.toml"), own)
    own.write_text(own.read_text("utf-8").replace('"people.cn"', '"http://people.cn/"'), "utf-8")
    with pytest.raises(BadInput, match="不是主机名"):
        media_table(Home(tmp_path))


def test_a_name_that_other_provinces_bear_too_is_no_proof() -> None:
    one = Unit(
        unit_id="B01", unit_class=UnitClass.B, short_name="省教育厅", full_name="山西省教育厅", sites=()
    )
    look = HighlightLook(claim=1, unit_id="B01", run_id="R", url=GOOD, medium="人民日报", reach="ok", named="日前，省教育厅印发通知", at=NOW)  # fmt: skip
    claimed = Claim(1, "B01", "某报道", GOOD, "人民日报", TODAY, "张三", look, None)
    assert [good for good, _ in shown(claimed, 2020, one)] == [True, None, None]
    sure = msgspec.structs.replace(look, named="日前，山西省教育厅印发通知", published=TODAY)
    assert [good for good, _ in shown(replace(claimed, look=sure), 2020, one)] == [True, True, True]
