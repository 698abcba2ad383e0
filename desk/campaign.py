"""The year's campaign: announced in good time, each unit knows what it owes, deliveries are checked and receipted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from desk.acting import DECIDERS, Refused, must_be, note
from desk.import_list import read_list
from desk.installation import Installation
from desk.owed import Owed, owed_of, owed_table
from desk.papers.campaign_papers import announcement_text, receipt_text
from desk.papers.issuing import Issue, issue
from desk.papers.text import PaperText
from desk.uploads import keep_upload, path_of
from dossier.errors import BadInput, Problem
from dossier.home import Home
from dossier.model import Unit
from dossier.store import Store, import_document_list
from dossier.store.campaigns import CampaignEvent, add_campaign_event, campaign_events
from dossier.store.issued import IssuedPaper
from dossier.store.sheets import Attachment, add_attachment
from dossier.store.users import Account, Role

DAYS_AHEAD = 15
"""晋政办函〔2020〕42号四（二）：提前15天."""


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
    must_be(who, DECIDERS, "只有考核人员可以这样做")
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
    own = who.role is Role.UNIT and who.unit_id == unit_id
    if who.disabled or not (who.role in DECIDERS or own):
        raise Refused("只有考核人员和本单位可以报送材料。")
    unit, owed = _unit(installation, unit_id), _item(installation, unit_id, item)
    try:
        body = file.read_bytes()
    except OSError as error:
        raise BadInput([Problem(str(file), "打不开", "请核对文件名")]) from error
    told = ""
    rows = read_list(file) if owed.kind == "list" else None
    if rows is not None:
        if not rows:
            raise Refused("公文清单里没有一条公文。请按附件4第五项的列填写后再报。")
        told = f"公文{len(rows)}条"
    with kept.writing():
        number = _kept_file(installation.home, kept, file, body, owed, unit_id, who, at)
        if rows is not None:
            import_document_list(kept, unit_id, rows, at=at, source=file.name)
        event = CampaignEvent(
            year=year, unit_id=unit_id, kind="deliver", item=item, day=day, text=told or file.name, attachment=number,
            who=who.name, at=at,
        )  # fmt: skip
        add_campaign_event(kept, event)
        note(kept, who, at, place, "deliver", unit_id, f"{year}年{owed.name}：{file.name} {told}".strip())
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
    must_be(who, DECIDERS, "只有考核人员可以这样做")
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
        note(kept, who, at, place, "waive", unit_id, f"{year}年{owed.name}免报；{said}")


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
    table = owed_table(installation.home)
    found = []
    for unit in units or installation.units:
        for owed in owed_of(table, unit):
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
