"""How the desk writes things: machine keys in Chinese, times in Beijing, points without needless zeros."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask, request, url_for
from markupsafe import Markup, escape

from desk import queue
from desk.case_state import CaseState, Effect, Stage
from desk.decisions import WORDS
from desk.papers.issuing import WORDS as PAPERS
from desk.people import ROLE_NAMES
from desk.picturing import NEVER_DRAWN
from desk.reports import wording
from desk.web import access
from desk.web.room import room
from dossier.model import Severity, Verdict
from dossier.store.users import Role

VERDICTS = {Verdict.FAIL: "不符合", Verdict.UNSURE: "待核", Verdict.ERROR: "检查出错"}
SEVERITIES = {Severity.MAJOR: "重大", Severity.NORMAL: "一般", Severity.MINOR: "轻微"}
SIGHTS = {"fail": "不符合", "unsure": "待核", "error": "检查出错", "gone": "已不再见到", "unseen": "未能检测"}
ACTS = {
    **WORDS,
    "exempt": "豁免", "hand": "录入", "close": "结账", "reopen": "重开", "login": "登录", "logout": "退出",
    "login-failed": "登录失败", "user-add": "新增用户", "user-password": "换密码", "user-disable": "停用用户",
    "user-enable": "恢复用户", "setting": "改设置", "rule-demote": "规则转待核", "rule-lift": "规则恢复",
    "list-save": "改单位清单", "table-save": "换评分表", "reweigh": "重算建议",
    "recheck": "即时复查", "extend": "延期", "strike-off": "销号", "reopen-case": "重新打开", "period-close": "年度结账",
    "deliver": "报送材料", "waive": "免报", "highlight": "登记亮点", "highlight-accept": "认定亮点", "highlight-decline": "不认定亮点",
    **{f"issue-{kind}": f"发{word}" for kind, word in PAPERS.items()},
}  # fmt: skip


def install(app: Flask) -> None:
    """Give the templates their words."""
    app.jinja_env.filters.update(
        points=wording.points,
        fixed=wording.fixed,
        beijing=_beijing,
        day=_day,
        safe_link=wording.safe_link,
        one_line=wording.one_line,
        unseen_reason=wording.unseen_reason,
        verdict=lambda verdict: VERDICTS.get(verdict, str(verdict)),
        severity=lambda severity: SEVERITIES.get(severity, ""),
        sight=lambda sight: SIGHTS.get(sight, sight),
        role=lambda role: ROLE_NAMES.get(role, str(role)),
        act=lambda act: ACTS.get(act, act),
        state=say_state,
        spark=sparkline,
    )
    app.jinja_env.globals.update(
        STAGES=queue.STAGES,
        ORDERS=queue.ORDERS,
        NEWS=wording.NEWS,
        AREAS=wording.AREAS,
        AREA_STATES=wording.AREA_STATES,
        CLASSES=wording.CLASSES,
        FINISHES=wording.FINISHES,
        SOURCES=wording.SOURCES,
        Stage=Stage,
        Role=Role,
        Verdict=Verdict,
        keep=keep,
        never_drawn=NEVER_DRAWN,
    )

    @app.context_processor
    def about() -> dict[str, Any]:
        me = room().account
        return {
            "me": me,
            "today": room().today if me else None,
            "may": lambda view: me is not None and access.may(me.role, view),
            "due_word": due_word,
        }


def say_state(state: CaseState) -> str:
    """Where a deficiency stands, in a word or two."""
    effect = {
        Effect.NONE: "", Effect.CONFIRMED: "已确认", Effect.ADJUSTED: "已调整", Effect.DISMISSED: "不成立",
    }[state.effect]  # fmt: skip
    if state.stage is Stage.CHECK:
        return f"{effect}，待复核"
    if state.stage is Stage.DEFERRED:
        return f"暂缓至 {state.until}"
    if state.stage is Stage.OPEN:
        return f"{effect}，须重看" if effect else "待处理"
    return effect


def due_word(due: date | None, today: date) -> tuple[str, str]:
    """A deadline as a chip: its words and its tone."""
    if due is None:
        return "", ""
    days = (due - today).days
    if days < 0:
        return f"逾期 {-days} 天", "late"
    if days == 0:
        return "今日到期", "today"
    return (f"{days} 天内" if days <= 9 else f"{due.month}月{due.day}日"), ""


def keep(**changed: str) -> str:
    """This page's address with other filters; only those that say something."""
    given: dict[str, Any] = {**request.args.to_dict(), **changed}
    given = {key: value for key, value in given.items() if value and (key, value) not in (("stage", "todo"), ("order", "due"))}  # fmt: skip
    return url_for(request.endpoint or "morning.start", **(request.view_args or {}), **given)


def sparkline(series: tuple[tuple[str, str], ...]) -> Markup:
    """Scores of the last nights as a line; readable in grey."""
    if len(series) < 2:
        return Markup("")
    values = [float(score) for _, score in series]
    low, high = min(values), max(values)
    spread = max(high - low, 2.0)
    step = 84 / (len(values) - 1)
    spots = " ".join(
        f"{2 + n * step:.1f},{18 - (value - low) / spread * 14:.1f}" for n, value in enumerate(values)
    )
    words = escape(f"{series[0][0]} {series[0][1]} 分 → {series[-1][0]} {series[-1][1]} 分")
    return Markup(
        '<svg width="88" height="22" viewBox="0 0 88 22" role="img" aria-label="{words}"><title>{words}</title>'
        '<polyline points="{spots}" fill="none" stroke="#44403c" stroke-width="1.4"/></svg>'
    ).format(words=words, spots=spots)


def _beijing(at: datetime | None) -> str:
    return wording.beijing(at)[:16]


def _day(day: date | Decimal | None) -> str:
    return f"{day.month}月{day.day}日" if isinstance(day, date) else ""
