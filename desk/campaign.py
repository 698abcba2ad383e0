"""The year's campaign: announced in good time, each unit knows what it owes, deliveries are checked and receipted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from desk.decisions import DECIDERS, Refused
from desk.import_list import read_list
from desk.installation import Installation
from desk.papers.campaign_papers import announcement_text, receipt_text
from desk.papers.issuing import Issue, issue
from desk.papers.text import PaperText
from desk.reports.wording import safe_link
from desk.uploads import keep_upload, path_of
from dossier.errors import BadInput, Problem
from dossier.home import Home
from dossier.model import Unit
from dossier.store import Store, import_document_list
from dossier.store.audit import AuditLine, write_audit
from dossier.store.campaigns import CampaignEvent, add_campaign_event, campaign_events
from dossier.store.issued import IssuedPaper
from dossier.store.sheets import Attachment, add_attachment
from dossier.store.users import Account
from dossier.tables.source import entries, open_table, top

DAYS_AHEAD = 15
"""晋政办函〔2020〕42号四（二）：提前15天."""
MEDIA: Mapping[str, tuple[str, ...]] = {
    "人民日报": ("people.com.cn", "people.cn"),
    "新华社": ("xinhuanet.com", "news.cn"),
    "中央电视台": ("cctv.com", "cctv.cn", "cntv.cn"),
    "中国政府网": ("gov.cn", "www.gov.cn"),
}
_KINDS = ("report", "list", "evidence", "highlight")


@dataclass(frozen=True)
class Owed:
    """One thing that a unit prepares (附件4)."""

    code: str
    name: str
    classes: tuple[str, ...]
    required: bool
    kind: str
    basis: str


@dataclass(frozen=True)
class Delivery:
    """How one owed thing stands with one unit."""

    unit: Unit
    owed: Owed
    given: CampaignEvent | None
    """The last delivery, or the excuse."""
    due: date | None
    late: bool
    """Delivered after the day, or not delivered though the day has passed."""

    @property
    def word(self) -> str:
        if self.given is not None and self.given.kind == "waive":
            return "免报"
        if self.given is not None:
            return "逾期报送" if self.late else "已报送"
        if not self.owed.required:
            return "可不报"
        return "逾期未报" if self.late else "未报送"


def owed_table(home: Home) -> tuple[Owed, ...]:
    """What units prepare, as the table says; BadInput names the line of what is wrong."""
    file = open_table(home.table("owed.toml"))
    top(file).only("owed")
    found: list[Owed] = []
    for entry in entries(file, file.data, "owed", "应报材料"):
        entry.only("code", "name", "classes", "required", "kind", "basis")
        code, name, basis = entry.text("code"), entry.text("name"), entry.text("basis")
        kind = entry.text("kind")
        classes = tuple(str(one) for one in cast(Sequence[object], entry.data.get("classes") or ()))
        if kind not in _KINDS:
            entry.say(f"不认识的 kind“{kind}”", f"请写 {'、'.join(_KINDS)} 之一", "kind")
        if not classes or set(classes) - {"A", "B"}:
            entry.say("classes 应为 A、B", '请写成 classes = ["A", "B"]', "classes")
        if code in {one.code for one in found}:
            entry.say(f"编号“{code}”重复", "请改成另一个编号", "code")
        found.append(Owed(code, name, classes, entry.flag("required", True), kind, basis))
    file.refuse()
    return tuple(found)


def owed_of(table: Sequence[Owed], unit: Unit) -> tuple[Owed, ...]:
    return tuple(one for one in table if unit.unit_class.value in one.classes)


def announce(
    installation: Installation,
    kept: Store,
    *,
    year: int,
    begins: date,
    due: date | None = None,
    day: date,
    who: Account,
    at: datetime,
    place: str = "",
) -> IssuedPaper:
    """Issue the 考核通知, at least 15 days before the inspection begins."""
    _must_decide(who)
    if (begins - day).days < DAYS_AHEAD:
        first = day + timedelta(days=DAYS_AHEAD)
        raise Refused(f"考核通知应至少提前 {DAYS_AHEAD} 天发出。今天发出的，考核最早从 {first} 开始。")
    due = due or begins - timedelta(days=1)
    if not day < due < begins:
        raise Refused(f"材料报送截止日应在今天之后、考核开始（{begins}）之前。")
    table = owed_table(installation.home)

    def write(number: str) -> PaperText:
        return announcement_text(
            number=number, office=installation.settings.report.office, year=year, begins=begins, due=due, day=day, made=at,
            units=installation.units, owed=[(one.name, one.classes, one.required, one.basis) for one in table],
        )  # fmt: skip

    with kept.writing():
        paper = issue(
            installation,
            kept,
            Issue(kind="announcement", write=write, due=due),
            day=day,
            who=who,
            at=at,
            place=place,
        )
        event = CampaignEvent(
            year=year,
            kind="announce",
            day=day,
            due=due,
            text=begins.isoformat(),
            paper=paper.no,
            who=who.name,
            at=at,
        )
        add_campaign_event(kept, event)
    return paper


def deliver(
    installation: Installation,
    kept: Store,
    *,
    year: int,
    unit_id: str,
    item: str,
    file: Path,
    day: date,
    who: Account,
    at: datetime,
    place: str = "",
) -> IssuedPaper:
    """Take what a unit delivers, checked, and issue a receipt; what is not fit is refused and nothing is kept."""
    unit, owed = _unit(installation, unit_id), _item(installation, unit_id, item)
    try:
        body = file.read_bytes()
    except OSError as error:
        raise BadInput([Problem(str(file), "打不开", "请核对文件名")]) from error
    note = ""
    rows = read_list(file) if owed.kind == "list" else None
    if rows is not None:
        if not rows:
            raise Refused("公文清单里没有一条公文。请按附件4第五项的列填写后再报。")
        note = f"公文{len(rows)}条"
    with kept.writing():
        number = _kept_file(installation.home, kept, file, body, owed, unit_id, who, at)
        if rows is not None:
            import_document_list(kept, unit_id, rows, at=at, source=file.name)
        event = CampaignEvent(
            year=year, unit_id=unit_id, kind="deliver", item=item, day=day, text=note or file.name, attachment=number,
            who=who.name, at=at,
        )  # fmt: skip
        add_campaign_event(kept, event)
        _note(kept, who, at, place, "deliver", unit_id, f"{year}年{owed.name}：{file.name} {note}".strip())
        standing = status_of(installation, kept, year=year, today=day, units=(unit,))

        def write(receipt: str) -> PaperText:
            lines = [
                (one.owed.name, one.owed.basis, one.word, one.given.day if one.given else None, one.given.text if one.given else "")
                for one in standing
            ]  # fmt: skip
            office = installation.settings.report.office
            return receipt_text(
                unit.full_name,
                lines,
                number=receipt,
                office=office,
                year=year,
                taken=owed.name,
                day=day,
                made=at,
            )

        return issue(
            installation,
            kept,
            Issue(kind="receipt", write=write, unit_id=unit_id),
            day=day,
            who=who,
            at=at,
            place=place,
        )


def waive(
    installation: Installation,
    kept: Store,
    *,
    year: int,
    unit_id: str,
    item: str,
    reason: str,
    day: date,
    who: Account,
    at: datetime,
    place: str = "",
) -> None:
    """Excuse a unit from something, with a reason."""
    _must_decide(who)
    owed = _item(installation, unit_id, item)
    said = reason.strip()
    if not said:
        raise Refused("免报要写明理由。")
    with kept.writing():
        add_campaign_event(
            kept,
            CampaignEvent(
                year=year, unit_id=unit_id, kind="waive", item=item, day=day, text=said, who=who.name, at=at
            ),
        )
        _note(kept, who, at, place, "waive", unit_id, f"{year}年{owed.name}免报；{said}")


def claim_highlight(
    installation: Installation,
    kept: Store,
    *,
    year: int,
    unit_id: str,
    url: str,
    words: str,
    day: date,
    who: Account,
    at: datetime,
    place: str = "",
) -> str:
    """Enter a highlight that a unit claims; says of which medium its address is, or that it is of none."""
    _unit(installation, unit_id)
    if not safe_link(url):
        raise Refused("请写完整的网址，以 http:// 或 https:// 开头。")
    if not words.strip():
        raise Refused("请写明报道的标题。")
    medium = medium_of(url)
    with kept.writing():
        event = CampaignEvent(
            year=year, unit_id=unit_id, kind="highlight", item=medium, day=day, text=f"{words.strip()}\n{url}", who=who.name, at=at
        )  # fmt: skip
        add_campaign_event(kept, event)
        _note(kept, who, at, place, "highlight", unit_id, f"{medium or '其他媒体'}：{words.strip()}")
    return medium


def medium_of(url: str) -> str:
    """The medium of 附件4（九） to which an address belongs; empty for others. A unit's own gov.cn is none."""
    host = (urlsplit(url).hostname or "").lower()
    for name, hosts in MEDIA.items():
        exact = name == "中国政府网"
        if host in hosts or (not exact and any(host.endswith("." + own) for own in hosts)):
            return name
    return ""


def status_of(
    installation: Installation, kept: Store, *, year: int, today: date, units: Sequence[Unit] = ()
) -> tuple[Delivery, ...]:
    """Who has delivered what, and who is late."""
    events = campaign_events(kept, year)
    due = next((one.due for one in reversed(events) if one.kind == "announce"), None)
    last: dict[tuple[str, str], CampaignEvent] = {}
    for event in events:
        if event.kind in ("deliver", "waive"):
            last[event.unit_id, event.item] = event
    found = []
    for unit in units or installation.units:
        for owed in owed_of(owed_table(installation.home), unit):
            given = last.get((unit.unit_id, owed.code))
            late = _is_late(given, owed, due, today)
            found.append(Delivery(unit, owed, given, due, late))
    return tuple(found)


def _kept_file(
    home: Home, kept: Store, file: Path, body: bytes, owed: Owed, unit_id: str, who: Account, at: datetime
) -> int:
    """A list may come as CSV, which the desk's uploads do not take; it was read whole before."""
    if owed.kind != "list" or file.suffix.lower() != ".csv":
        return keep_upload(home, kept, name=file.name, body=body, unit_id=unit_id, who=who.name, at=at)
    digest = hashlib.sha256(body).hexdigest()
    path = path_of(home, digest)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(body)
    one = Attachment(
        sha256=digest,
        name=file.name[-120:],
        kind="text/csv",
        size=len(body),
        unit_id=unit_id,
        who=who.name,
        at=at,
    )
    return add_attachment(kept, one)


def _is_late(given: CampaignEvent | None, owed: Owed, due: date | None, today: date) -> bool:
    if due is None or (given is not None and given.kind == "waive"):
        return False
    return given.day > due if given is not None else owed.required and today > due


def _unit(installation: Installation, unit_id: str) -> Unit:
    found = next((one for one in installation.units if one.unit_id == unit_id), None)
    if found is None:
        raise Refused(f"清单里没有单位“{unit_id}”。请核对单位编号。")
    return found


def _item(installation: Installation, unit_id: str, code: str) -> Owed:
    owed = owed_of(owed_table(installation.home), _unit(installation, unit_id))
    found = next((one for one in owed if code in (one.code, one.name)), None)
    if found is None:
        raise Refused(f"{unit_id} 没有“{code}”这项应报材料。可选：{'、'.join(one.code for one in owed)}。")
    return found


def _must_decide(who: Account) -> None:
    if who.disabled or who.role not in DECIDERS:
        raise Refused("只有考核人员可以这样做。")


def _note(kept: Store, who: Account, at: datetime, place: str, act: str, thing: str, detail: str) -> None:
    write_audit(kept, AuditLine(at=at, who=who.name, act=act, object=thing, detail=detail, place=place))
