"""A night as it comes: a good unit, one with much to mend, one seen in part, one blocked, one without address."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec

from desk.reports import Night
from dossier.model import (
    Area,
    AreaCoverage,
    AreaState,
    Channel,
    Claim,
    Coverage,
    Deficiency,
    Evidence,
    IndicatorTable,
    LevelOne,
    Major,
    NotCalled,
    Outcome,
    Points,
    Row,
    Rule,
    Scorecard,
    Section,
    Severity,
    SiteRow,
    SourceStatus,
    Suggestion,
    Topic,
    Unit,
    UnitClass,
    UnitStanding,
    Unseen,
    Verdict,
)

RUN = "20201120-0100"
AS_OF = date(2020, 11, 20)
STARTED = datetime(2020, 11, 19, 17, 0, tzinfo=UTC)
FINISHED = datetime(2020, 11, 19, 20, 41, 7, tzinfo=UTC)
ZERO = Decimal(0)
HOSTILE = "=cmd|'/c calc'!A1 <script>alert(1)</script> ]]> <b onload=x> & \U0001f600 \x0b\ud83d\u202eabc"
LAW = "《中华人民共和国政府信息公开条例》"


def _rule(rule_id: str, name: str, basis: str, remedy: str, topic: Topic = Topic.UPKEEP) -> Rule:
    return Rule(
        id=rule_id, name=name, topic=topic, severity=Severity.NORMAL, basis=(basis,), claim=Claim.PRESENCE,
        messages={}, remedy=remedy,
    )  # fmt: skip


RULES = {
    rule.id: rule
    for rule in (
        _rule(
            "platform-column-missing",
            "平台缺少规定栏目",
            "国办公开办函〔2019〕61号",
            "在平台补设该栏目，栏目名称与规定一致。",
        ),
        _rule(
            "document-publication-late",
            "公文公开逾期",
            f"{LAW}第二十六条",
            "自公文形成之日起20个工作日内公开。",
        ),
        _rule(
            "interpretation-missing",
            "公文没有解读",
            "国办发〔2016〕80号；晋政办发〔2020〕38号",
            "补发解读材料，并与公文相互链接。",
        ),
        _rule("link-broken", "链接打不开", "国办秘函〔2019〕19号 可用性", "修复或撤下失效链接。"),
        _rule(
            "column-stale",
            "栏目长期不更新",
            "国办秘函〔2019〕19号 单项否决（栏目不更新）",
            "更新该栏目，确无内容的归并或撤销。",
        ),
        _rule(
            "application-guide-incomplete", "公开指南要素不全", f"{LAW}第十二条", "在公开指南中补全该要素。"
        ),
        _rule(
            "personal-data-exposed",
            "泄露个人隐私",
            f"{LAW}第十五条、第三十二条",
            "立即撤下或遮蔽个人信息，核查同类文件。",
        ),
        _rule(
            "account-stale",
            "账号长期不更新",
            "国办秘函〔2019〕19号；国办发〔2018〕123号",
            "恢复更新，无力维护的按程序关停。",
        ),
        _rule(
            "statutory-item-missing",
            "法定主动公开内容缺项",
            f"{LAW}第二十条",
            "在法定主动公开内容中补充该项。",
        ),
        _rule(
            "document-number-gap",
            "发文字号不连续",
            "晋政办函〔2020〕42号附件4（五）",
            "核对是否有应公开未公开的公文。",
        ),
    )
}


def _points(rule_id: str, points: str, cap: str | None = None) -> Points:
    return Points(rule_id=rule_id, points=Decimal(points), cap=Decimal(cap) if cap else None)


def _table(unit_class: UnitClass, weights: Sequence[int]) -> IndicatorTable:
    names = ("组织领导", "制度机制", "主动公开", "政策解读", "回应关切", "依申请公开", "平台建设", "监督保障")
    rows: dict[str, tuple[Row, ...]] = {
        "主动公开": (
            Row(path=("政府信息公开平台",), weight=Decimal(8), points=(_points("platform-column-missing", "2"),)),
            Row(path=("法定主动公开内容",), weight=Decimal(10), points=(_points("statutory-item-missing", "0.5", "6"),)),
            Row(path=("公文公开",), weight=Decimal(14), points=(_points("document-publication-late", "0.5", "4"),)),
        ),
        "政策解读": (Row(path=("解读覆盖",), weight=Decimal(6), points=(_points("interpretation-missing", "0.5"),)),),
        "依申请公开": (
            Row(path=("公开指南",), weight=Decimal(3), points=(_points("application-guide-incomplete", "0.5"),)),
            Row(path=("办理答复",), weight=Decimal(4), online=False, standard="按期答复"),
        ),
        "平台建设": (
            Row(path=("网站运维", "可用性"), weight=Decimal(10), points=(_points("link-broken", "0.1", "3"), _points("column-stale", "0.5"))),
            Row(path=("政务新媒体",), weight=Decimal(4), points=(_points("account-stale", "1"),)),
        ),
    }  # fmt: skip
    return IndicatorTable(
        unit_class=unit_class,
        year=2020,
        title=f"2020年政务公开工作考核评分表（{unit_class.value}类，暂定）",
        source_status=SourceStatus.ASSUMED,
        source="官方附件未取得，按方案文字和同类评分表拟定。",
        sections=tuple(
            Section(
                name=name,
                weight=Decimal(weight),
                rows=rows.get(
                    name, (Row(path=("综合",), weight=Decimal(weight), online=False, standard="查阅资料"),)
                ),
            )
            for name, weight in zip(names, weights, strict=True)
        ),
        majors=(Major(name="泄露个人隐私", points=(_points("personal-data-exposed", "3"),)),),
        unscored={"document-number-gap": "只作提示，供考核人员参考"},
        bands=(("优秀", Decimal(90)), ("良好", Decimal(80)), ("合格", Decimal(60)), ("不合格", ZERO)),
        digest=hashlib.sha256(unit_class.value.encode()).hexdigest(),
    )


TABLES = {
    UnitClass.A: _table(UnitClass.A, (6, 8, 32, 14, 8, 12, 16, 4)),
    UnitClass.B: _table(UnitClass.B, (6, 10, 34, 16, 6, 12, 12, 4)),
}


def unit(unit_id: str, short: str, full: str, *, url: str = "", accounts: bool = True) -> Unit:
    rows = [
        SiteRow(
            unit_id=unit_id,
            channel=Channel.WEBSITE,
            name=f"{full}门户网站",
            url=url,
            site_code="1401000055" if url else "",
        )
    ]
    if accounts:
        rows.append(
            SiteRow(unit_id=unit_id, channel=Channel.WECHAT, name=f"{short}发布", account_id="gh_0a1b2c3d")
        )
    return Unit(
        unit_id=unit_id, unit_class=UnitClass(unit_id[0]), short_name=short, full_name=full, sites=tuple(rows)
    )


def deficiency(
    unit_id: str,
    number: int,
    rule_id: str,
    message: str,
    *,
    verdict: Verdict = Verdict.FAIL,
    url: str = "",
    pieces: int = 1,
    nights: int = 3,
    confirmed: bool = True,
    news: str = "standing",
    because: str = "",
    quote: str = "",
) -> Deficiency:
    url = url or f"http://www.{unit_id.lower()}.gov.cn/zwgk/{rule_id}/t20201012_{number:05d}.html"
    evidence = tuple(
        Evidence(
            url=url if n == 0 else f"{url}?p={n}",
            captured_at=datetime(2020, 11, 19, 18, n % 60, 5, tzinfo=UTC),
            status=200,
            sha256=hashlib.sha256(f"{url}{n}".encode(errors="replace")).hexdigest(),
            quote=quote if n == 0 else "",
            place="首页>政务公开>政策文件",
            screenshot=f"screenshots/{number}.png" if n == 0 else "",
            note="已查，未见“传真号码”" if rule_id == "application-guide-incomplete" else "",
        )
        for n in range(pieces)
    )
    return Deficiency(
        fingerprint=hashlib.sha256(f"{unit_id}{number}".encode()).hexdigest(),
        number=f"{unit_id}-2020-{number:04d}",
        unit_id=unit_id,
        outcome=Outcome(
            rule_id=rule_id, verdict=verdict, subject=url, page_url=url, evidence=evidence, because=because
        ),
        message=message,
        first_seen="20201118-0100",
        last_seen=RUN,
        first_at=date(2020, 11, 18) if nights > 1 else AS_OF,
        last_at=AS_OF,
        nights_seen=nights,
        confirmed=confirmed,
        news=news,
    )


def score(
    of: Unit, table: IndicatorTable, found: Sequence[Deficiency], *, inspected: bool = True, run_id: str = RUN
) -> Scorecard:
    """A scorer of our own, plain enough to be checked by eye: rule caps, then the level-1 weight, in order."""
    lines: list[Suggestion] = []
    levels: list[LevelOne] = []
    fails = [d for d in found if d.verdict is Verdict.FAIL]
    free = ZERO
    for section in table.sections:
        left, asked_all = section.weight, ZERO
        for row in section.rows:
            for point in row.points:
                room = point.cap if point.cap is not None else Decimal(1000)
                for d in (d for d in fails if d.outcome.rule_id == point.rule_id):
                    asked = point.points if inspected else ZERO
                    granted = min(asked, room, left)
                    room, left, asked_all = room - granted, left - granted, asked_all + asked
                    because = f"每处 {point.points} 分" + ("（已达封顶）" if granted < asked else "")
                    free += ZERO if d.confirmed else granted
                    lines.append(
                        Suggestion(
                            deficiency_no=d.number, rule_id=d.outcome.rule_id, subject=d.outcome.subject,
                            section=section.name, row=row.path, asked=asked, granted=granted, because=because,
                        )
                    )  # fmt: skip
        lost = section.weight - left
        levels.append(
            LevelOne(
                name=section.name, weight=section.weight, asked=asked_all, granted=lost, score=left,
                online=any(row.online for row in section.rows),
            )
        )  # fmt: skip
    majors = ZERO
    for d in (d for d in fails if d.outcome.rule_id == "personal-data-exposed"):
        majors += Decimal(3)
        lines.append(
            Suggestion(
                deficiency_no=d.number, rule_id=d.outcome.rule_id, subject=d.outcome.subject, section="重大扣分项",
                row=("泄露个人隐私",), asked=Decimal(3), granted=Decimal(3), because="重大扣分项，不受一级指标封顶限制",
            )
        )  # fmt: skip
    deducted = sum((level.granted for level in levels), ZERO) + majors
    total = max(ZERO, Decimal(100) - deducted)
    grade = next(name for name, least in table.bands if total >= least)
    return Scorecard(
        unit_id=of.unit_id, unit_class=of.unit_class, run_id=run_id, table_title=table.title, table_status="assumed",
        table_digest=table.digest, levels=tuple(levels), lines=tuple(lines), major_points=majors, deducted=deducted,
        score=total, unsure=sum(d.verdict is Verdict.UNSURE for d in found),
        errors=sum(d.verdict is Verdict.ERROR for d in found), not_called=0, unconfirmed_points=free,
        inspected=inspected, grade=grade if inspected else "",
    )  # fmt: skip


def covered(ok: int, finish: str = "finished", **states: AreaState) -> Coverage:
    areas = {}
    for area in Area:
        state = states.get(area.value, AreaState.COMPLETE)
        unseen = ()
        because = ""
        if state in (AreaState.PARTIAL, AreaState.UNREACHED):
            because = "有链接返回 403，未能看到"
            unseen = tuple(
                Unseen(url=f"http://www.x.gov.cn/{area.value}/{n}.html", because="refused") for n in range(4)
            )
        areas[area] = AreaCoverage(
            area=area, state=state, pages=("http://www.x.gov.cn/",) * 3, unseen=unseen, because=because
        )
    return Coverage(
        areas=areas, asked=ok + 12, ok=ok, reaches={"ok": ok, "gone": 8, "refused": 4}, skipped={"depth": 2}, finish=finish,
        because="达到页数上限 3000 页，其余未看" if finish == "budget" else "",
    )  # fmt: skip


def stand(
    of: Unit,
    found: Sequence[Deficiency],
    coverage: Coverage,
    *,
    before: Sequence[Deficiency] | None = None,
    gone: Sequence[Deficiency] = (),
    not_called: Sequence[NotCalled] = (),
) -> UnitStanding:
    table = TABLES[of.unit_class]
    order = {Verdict.FAIL: 0, Verdict.UNSURE: 1, Verdict.ERROR: 2}
    return UnitStanding(
        unit=of,
        run_id=RUN,
        as_of=AS_OF,
        started=STARTED,
        finished=FINISHED,
        scorecard=score(of, table, found, inspected=coverage.inspected),
        previous=score(of, table, before, run_id="20201119-0100") if before is not None else None,
        deficiencies=tuple(sorted(found, key=lambda d: order[d.verdict])),
        gone=tuple(gone),
        not_called=tuple(not_called),
        coverage=msgspec.json.encode(coverage).decode(),
        manifest_sha256=hashlib.sha256(of.unit_id.encode()).hexdigest(),
    )


def _good() -> UnitStanding:
    of = unit("A01", "太原", "太原市人民政府", url="https://www.a01.gov.cn/")
    found = [
        deficiency("A01", 3, "column-stale", "首页>通知公告最近更新为2020-04-30，距检查时间204天，超过6个月", news="changed"),
        deficiency("A01", 9, "link-broken", "《2020年重点工作台账》附件链接打不开，两次访问均返回404", nights=1, confirmed=False, news="new"),
    ]  # fmt: skip
    gone = [deficiency("A01", 1, "link-broken", "首页“领导信箱”链接打不开，两次访问均返回404")]
    return stand(of, found, covered(1804), before=[found[0], *gone], gone=gone)


def _troubled() -> UnitStanding:
    of = unit("A02", "大同", "大同市人民政府", url="https://www.a02.gov.cn/")
    title = (
        "关于进一步加强和规范全市国有土地上房屋征收与补偿信息公开工作切实保障被征收人知情权的若干意见（试行）"
        * 3
    )
    found = [
        deficiency("A02", 10, "platform-column-missing", "“政府信息公开”页面未设置“政府信息公开制度”", pieces=9),
        deficiency("A02", 11, "statutory-item-missing", "法定主动公开内容未设置“行政事业性收费”（第二十条第（八）项）", pieces=4),
        *(
            deficiency("A02", 20 + n, "document-publication-late", f"《{title[: 20 + 15 * n]}》2020-03-02成文，2020-05-{n + 10}公布，超过20个工作日")
            for n in range(10)
        ),
        *(
            deficiency("A02", 40 + n, "interpretation-missing", f"《关于做好第{n}项工作的实施方案》（同政发〔2020〕{n + 1}号）2020-06-18公布，截至检查时未见解读", nights=2)
            for n in range(30)
        ),
        deficiency("A02", 80, "link-broken", f"页面《{HOSTILE}》打不开", url="javascript:alert(document.cookie)", quote=HOSTILE),
        deficiency("A02", 81, "link-broken", HOSTILE, url='http://a02.gov.cn/"><script>alert(2)</script>', nights=1, confirmed=False, news="new"),
        deficiency("A02", 82, "personal-data-exposed", "《2020年临时救助名单公示》附件含居民身份证号 3 个（已遮蔽）", quote="1402**********0012"),
        deficiency("A02", 83, "account-stale", "微信公众号“大同发布”最近更新为2020-10-21，距检查时间30天，超过14天"),
        deficiency("A02", 84, "document-number-gap", "同政发〔2020〕系列缺 7、9 号"),
        deficiency("A02", 90, "application-guide-incomplete", "公开指南和依申请公开页面未见“传真号码”", verdict=Verdict.UNSURE, pieces=2,
                   because="公开指南正文为图片，未能读出文字；请打开图片核对是否列明传真号码"),
        deficiency("A02", 91, "retired-rule", "旧检查项未得出结论", verdict=Verdict.ERROR, because="检查程序运行出错：日期无法解析"),
    ]  # fmt: skip
    return stand(
        of,
        found,
        covered(2764, leaders=AreaState.PARTIAL, interpretation=AreaState.ABSENT),
        before=found[:20],
    )


def _partial() -> UnitStanding:
    of = unit("B01", "教育厅", "山西省教育厅", url="https://www.b01.gov.cn/")
    found = [
        deficiency("B01", 2, "application-guide-incomplete", "公开指南未列明“办公时间”", pieces=3),
        deficiency("B01", 4, "interpretation-missing", "《山西省校外培训机构管理办法》（晋教规〔2020〕2号）2020-09-07公布，截至检查时未见解读", verdict=Verdict.UNSURE,
                   because="政策解读栏目只看到一部分；请在“政策解读”栏目核对有无该文件的解读"),
    ]  # fmt: skip
    missed = [
        NotCalled(
            rule_id="statutory-item-missing", area=Area.STATUTORY, because="法定主动公开内容页面返回 403"
        )
    ]
    coverage = covered(3000, "budget", statutory=AreaState.UNREACHED, interpretation=AreaState.PARTIAL)
    return stand(of, found, coverage, before=[], not_called=missed)


def _blocked() -> UnitStanding:
    of = unit("B02", "科技厅", "山西省科学技术厅", url="https://www.b02.gov.cn/")
    found = [
        deficiency(
            "B02", 1, "account-stale", "微信公众号“科技厅发布”最近更新为2020-09-01，距检查时间80天，超过14天"
        )
    ]
    coverage = Coverage(
        asked=3,
        ok=0,
        reaches={"blocked": 3},
        finish="blocked",
        because="网站返回脚本验证页面，未能看到任何内容",
        inspected=False,
    )
    missed = [
        NotCalled(rule_id=rule, area=Area.HOME, because="首页未能看到")
        for rule in ("column-stale", "link-broken")
    ]
    return stand(of, found, coverage, before=[], not_called=missed)


def _homeless() -> UnitStanding:
    of = unit("B03", "小企业局", "山西省小企业发展促进局", accounts=False)
    return stand(of, [], Coverage(finish="no-address", because="名单中没有该单位的网站地址", inspected=False))


def sample_night(**changes: object) -> Night:
    """Five units, two classes."""
    night = Night(
        run_id=RUN,
        as_of=AS_OF,
        started=STARTED,
        finished=FINISHED,
        standings=(_good(), _troubled(), _partial(), _blocked(), _homeless()),
        tables=TABLES,
        notes=("本次检查期间网络中断一次（2020-11-20 02:10 至 02:16，北京时间），中断期间的访问已重试。",),
    )
    return msgspec.structs.replace(night, **changes)
