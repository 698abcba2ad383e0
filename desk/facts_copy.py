"""What the last night saw, in plain tables with Chinese names: facts alone, no judgement, nothing that people wrote.

The copy is made row by row from what the sites showed. Users, decisions, reasons, the audit log and the machine's
own findings are never read for it, so nobody can look them up in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from desk.reports import wording
from dossier import store
from dossier.model import (
    AccountFacts,
    Capture,
    Column,
    Coverage,
    PageFacts,
    PageKind,
    Purpose,
    Reach,
    Unit,
    Via,
)
from dossier.reasons import in_words
from dossier.store import RunInfo, Store
from dossier.store.derived import Cell, DerivedFile

TABLES: Mapping[str, tuple[str, ...]] = {
    "批次": ("批次", "检查日", "开始", "结束", "上一批次"),
    "单位": ("单位", "类别", "简称", "全称", "情况", "说明", "看到的网页", "建站系统"),
    "抓取": (
        "单位", "网址", "落到", "从哪一页", "主机", "结果", "原因", "状态码", "方式", "用途", "第几次", "类型", "字节", "摘要值", "时间",
    ),
    "网页": (
        "单位", "网址", "标题", "种类", "栏目", "发布日期", "成文日期", "文号", "发布机构", "来源", "正文字数", "链接", "附件", "非文字形式",
        "与上一夜",
    ),
    "链接不通": ("单位", "网址", "链接文字", "所在网页", "结果", "原因", "试过几次"),
    "解读关系": ("单位", "公文网址", "解读网址", "由哪一边给出"),
    "新媒体": ("单位", "渠道", "账号", "网址", "情况", "显示的名称", "最近一条", "说明", "看的时间"),
    "查看范围": ("单位", "范围", "情况", "看过的网页", "没看到的", "说明"),
    "没看到": ("单位", "范围", "网址", "链接文字", "原因"),
}  # fmt: skip
"""Every table of the copy with its columns; there are no others."""
INDEXED: Mapping[str, tuple[str, ...]] = {
    "抓取": ("单位", "结果"), "网页": ("单位", "种类", "与上一夜"), "链接不通": ("单位",), "没看到": ("单位",),
}  # fmt: skip

KINDS: Mapping[PageKind, str] = {
    PageKind.HOME: "首页", PageKind.PLATFORM: "信息公开平台", PageKind.COLUMN: "栏目", PageKind.DOCUMENT: "公文",
    PageKind.INTERPRETATION: "解读", PageKind.ARTICLE: "文章", PageKind.GUIDE: "公开指南", PageKind.RULES: "公开制度",
    PageKind.STATUTORY: "法定主动公开", PageKind.ANNUAL_REPORT: "年报", PageKind.FUNCTIONS: "机构职能",
    PageKind.LEADERS: "领导信息", PageKind.APPLICATION: "依申请公开", PageKind.FORM: "表单", PageKind.SEARCH: "检索",
    PageKind.CHALLENGE: "访问验证", PageKind.ERROR: "出错页", PageKind.MOVED: "迁移公告", PageKind.SHELL: "脚本生成",
    PageKind.OTHER: "其他",
}  # fmt: skip
COLUMNS: Mapping[Column, str] = {
    Column.HOME: "首页", Column.PLATFORM: "信息公开平台", Column.GUIDE: "公开指南", Column.RULES: "公开制度",
    Column.STATUTORY: "法定主动公开", Column.ANNUAL: "年报", Column.APPLICATION: "依申请公开", Column.POLICY: "政策文件",
    Column.NORMATIVE: "规范性文件", Column.INTERPRETATION: "政策解读", Column.POLICY_JOINT: "政策文件及解读",
    Column.NEWS: "动态要闻", Column.NOTICE: "通知公告", Column.FUNCTIONS: "机构职能", Column.ORGANS: "内设机构",
    Column.LEADERS: "领导信息", Column.CONTACT: "联系方式", Column.SITEMAP: "网站地图", Column.SEARCH: "检索",
    Column.NEW_MEDIA: "新媒体",
}  # fmt: skip
PURPOSES: Mapping[Purpose, str] = {
    Purpose.PAGE: "网页", Purpose.ATTACHMENT: "附件", Purpose.IMAGE: "图片", Purpose.EXTERNAL: "站外链接",
    Purpose.INCLUDE: "网页的部件", Purpose.DATA: "列表数据", Purpose.ROBOTS: "robots.txt", Purpose.CALIBRATION: "试探不存在的网址",
    Purpose.ACCOUNT: "新媒体账号", Purpose.SEARCH: "站内检索", Purpose.CERTIFICATE: "证书",
}  # fmt: skip
VIAS: Mapping[Via, str] = {Via.HTTP: "直接取", Via.BROWSER: "浏览器", Via.IMPORT: "人工"}
ACCOUNT_STATES: Mapping[str, str] = {
    "open": "打开了", "gone": "账号不存在", "empty": "打开了，没有内容", "blocked": "被访问验证拦截", "login": "要登录才能看",
    "unread": "页面样式没有认出", "no-address": "没有登记网址",
}  # fmt: skip
MEDIA: Mapping[str, str] = {
    "image": "图片", "video": "视频", "audio": "音频", "h5": "H5", "animation": "动画", "interview": "访谈",
    "conference": "发布会",
}  # fmt: skip


def copy_facts(
    kept: Store, run: RunInfo, path: Path, *, told: Callable[[str], None] = lambda _unit: None
) -> None:
    """Write the copy of one night to a new file. `told` hears each unit as it is done."""
    with DerivedFile(path) as out:
        for name, columns in TABLES.items():
            out.table(name, columns, indexed=INDEXED.get(name, ()))
        earlier = [one for one in store.earlier_runs(kept, run.run_id) if one.kind != "recheck"]
        before = earlier[-1] if earlier else None
        out.add(
            "批次",
            [(
                run.run_id, run.as_of, wording.beijing(run.started), wording.beijing(run.finished),
                before.run_id if before else None,
            )],
        )  # fmt: skip
        for unit in store.units_of(kept, run.run_id):
            _copy_unit(kept, run, unit, out)
            told(unit.unit_id)


def _copy_unit(kept: Store, run: RunInfo, unit: Unit, out: DerivedFile) -> None:
    seen = store.facts_for(kept, run.run_id, unit.unit_id)
    coverage = store.coverage_of(kept, run.run_id, unit.unit_id)
    previous = store.previous_run(kept, run.run_id, unit.unit_id)
    then = store.facts_for(kept, previous.run_id, unit.unit_id).captures if previous else ()
    last = {one.asked_url: one for one in seen.captures}
    pages = [
        (one, facts)
        for one in last.values()
        if one.reach is Reach.OK
        and one.purpose in (Purpose.PAGE, Purpose.ATTACHMENT)
        and (facts := seen.facts_of(one))
    ]
    out.add("单位", [_unit(unit, coverage, len(pages))])
    out.add("抓取", (_capture(one) for one in seen.captures))
    out.add("网页", _pages(unit, pages, {one.asked_url: one.sha256 for one in then}, first=not then))
    out.add("链接不通", _dead(unit, seen.captures, pages))
    out.add("解读关系", _relations(unit, pages))
    out.add("新媒体", (_account(one) for one in store.accounts_of(kept, run.run_id, unit.unit_id)))
    if coverage is not None:
        out.add("查看范围", _areas(unit, coverage))
        out.add("没看到", _unseen(unit, coverage))


def _unit(unit: Unit, coverage: Coverage | None, pages: int) -> Sequence[Cell]:
    state = "没有判断" if coverage is None else wording.FINISHES.get(coverage.finish, coverage.finish)
    if coverage is not None and not coverage.inspected:
        state = "未能检测"
    return (
        unit.unit_id, unit.unit_class.value, unit.short_name, unit.full_name, state,
        coverage.because if coverage else "", pages, coverage.cms if coverage else "",
    )  # fmt: skip


def _capture(one: Capture) -> Sequence[Cell]:
    return (
        one.unit_id, one.asked_url, one.final_url, one.referrer, urlsplit(one.asked_url).netloc, _reach(one),
        in_words(one.reason), one.status, VIAS.get(one.via, one.via.value),
        PURPOSES.get(one.purpose, one.purpose.value), one.attempt, one.content_type, one.length, one.sha256,
        wording.beijing(one.at),
    )  # fmt: skip


def _pages(
    unit: Unit, pages: Sequence[tuple[Capture, PageFacts]], then: Mapping[str, str], *, first: bool
) -> Iterator[Sequence[Cell]]:
    for capture, facts in pages:
        before = then.get(capture.asked_url)
        news = "新看到" if before is None else "没变" if before == capture.sha256 else "有变化"
        yield (
            unit.unit_id, capture.asked_url, facts.title or facts.html_title, KINDS.get(facts.kind, facts.kind.value),
            COLUMNS.get(facts.column, facts.column.value) if facts.column else "", facts.published, facts.written,
            facts.document_number, facts.issuer, facts.source, len(facts.text), len(facts.links), len(facts.attachments),
            "、".join(MEDIA.get(one, one) for one in facts.media), "没有上一夜" if first else news,
        )  # fmt: skip


def _dead(
    unit: Unit, captures: Sequence[Capture], pages: Sequence[tuple[Capture, PageFacts]]
) -> Iterator[Sequence[Cell]]:
    """Every link to an address that did not open on its last try, with the page where it stands."""
    tries: dict[str, list[Capture]] = {}
    for one in captures:
        if one.purpose in (Purpose.PAGE, Purpose.ATTACHMENT, Purpose.IMAGE, Purpose.EXTERNAL):
            tries.setdefault(one.asked_url, []).append(one)
    silent = {url: own for url, own in tries.items() if own[-1].reach is not Reach.OK}
    placed: set[str] = set()
    for capture, facts in pages:
        for url, text in {link.url: link.text for link in facts.links if link.url in silent}.items():
            placed.add(url)
            yield _not_open(unit, url, text, capture.asked_url, silent[url])
    for url, own in silent.items():
        if url not in placed:
            yield _not_open(unit, url, "", own[-1].referrer, own)


def _not_open(unit: Unit, url: str, text: str, where: str, own: Sequence[Capture]) -> Sequence[Cell]:
    last = own[-1]
    return (
        unit.unit_id,
        url,
        wording.one_line(text, 200),
        where,
        _reach(last),
        in_words(last.reason),
        len(own),
    )


def _relations(unit: Unit, pages: Sequence[tuple[Capture, PageFacts]]) -> Iterator[Sequence[Cell]]:
    for capture, facts in pages:
        for link in facts.interpretations:
            yield (unit.unit_id, capture.asked_url, link.url, "公文")
        for link in facts.sources:
            yield (unit.unit_id, link.url, capture.asked_url, "解读")


def _account(one: AccountFacts) -> Sequence[Cell]:
    channels = {channel.value: words for channel, words in wording.CHANNELS.items()}
    return (
        one.unit_id, channels.get(one.channel, one.channel), one.account_id, one.url,
        ACCOUNT_STATES.get(one.state, one.state), one.shown_name, one.newest_post, one.because,
        wording.beijing(one.observed_at),
    )  # fmt: skip


def _areas(unit: Unit, coverage: Coverage) -> Iterator[Sequence[Cell]]:
    for area in coverage.areas.values():
        yield (
            unit.unit_id, wording.AREAS[area.area], wording.AREA_STATES[area.state], len(area.pages), len(area.unseen),
            area.because,
        )  # fmt: skip


def _unseen(unit: Unit, coverage: Coverage) -> Iterator[Sequence[Cell]]:
    for area in coverage.areas.values():
        for one in area.unseen:
            because = wording.UNSEEN.get(one.because, in_words(one.because))
            yield (unit.unit_id, wording.AREAS[area.area], one.url, wording.one_line(one.text, 200), because)


def _reach(one: Capture) -> str:
    return wording.UNSEEN.get(one.reach.value, one.reach.value)
