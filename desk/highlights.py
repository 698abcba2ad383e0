"""Reports by the four media that a unit is proud of: claimed, fetched and archived like any page, judged by a person.

The machine says what it saw: whether the page opened, whose host it is on, its date, whether it names the unit. A
link that is gone or blocked is said to be so; nothing is concluded from it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from desk import clock, evidence
from desk.acting import DECIDERS, Refused
from desk.ingest import ingest
from desk.installation import Installation
from desk.media import Medium, host_of, media_table, medium_of
from desk.recheck_fetching import Crawl, begin, crawl_in_processes
from desk.reports.wording import safe_link, unseen_reason
from dossier import store
from dossier.errors import NetworkDown
from dossier.model import Capture, Channel, PageFacts, Reach, SiteRow, Unit, UnitClass, UnitJob
from dossier.store import Store
from dossier.store.audit import AuditLine, write_audit
from dossier.store.campaigns import CampaignEvent, add_campaign_event, campaign_events
from dossier.store.highlights import (
    HighlightLook,
    HighlightWord,
    add_highlight_looks,
    add_highlight_word,
    highlight_looks,
    highlight_words,
)
from dossier.store.users import Account, Role

_AROUND = 24
_GOVERNMENT = re.compile(r"(?:人民政府(?:办公厅|办公室)?|办公厅|办公室)$")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Claim:
    """One claimed report with what was seen of it and what was made of it."""

    number: int
    unit_id: str
    title: str
    url: str
    medium: str
    """By the claimed address."""
    day: date
    who: str
    look: HighlightLook | None
    word: HighlightWord | None


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
    """Enter a report that a unit claims; says of which medium its address is, or that it is of none."""
    own = who.role is Role.UNIT and who.unit_id == unit_id
    if who.disabled or not (who.role in DECIDERS or own):
        raise Refused("只有考核人员和本单位可以登记亮点报道。")
    if unit_id not in {one.unit_id for one in installation.units}:
        raise Refused(f"清单里没有单位“{unit_id}”。请核对单位编号。")
    address, title = url.strip(), words.strip()
    if not safe_link(address) or len(address) > 2000:
        raise Refused("请写完整的网址，以 http:// 或 https:// 开头。")
    if not title or len(title) > 200:
        raise Refused("请写明报道的标题（200 字以内）。")
    if any(one.url == address for one in claims_of(kept, year) if one.unit_id == unit_id):
        raise Refused("这条报道已经登记过。")
    medium = medium_of(media_table(installation.home), address)
    with kept.writing():
        event = CampaignEvent(
            year=year, unit_id=unit_id, kind="highlight", item=medium, day=day, text=f"{title}\n{address}", who=who.name, at=at
        )  # fmt: skip
        add_campaign_event(kept, event)
        _note(kept, who, at, place, "highlight", unit_id, f"{medium or '其他媒体'}：{title}")
    return medium


def claims_of(kept: Store, year: int) -> tuple[Claim, ...]:
    """Every claim of a year, oldest first."""
    looks, words = highlight_looks(kept, year), highlight_words(kept, year)
    found = []
    for event in campaign_events(kept, year):
        if event.kind == "highlight":
            title, _, url = event.text.partition("\n")
            found.append(
                Claim(
                    event.no, event.unit_id, title, url, event.item, event.day, event.who,
                    looks.get(event.no), words.get(event.no),
                )
            )  # fmt: skip
    return tuple(found)


def look_at(
    installation: Installation, kept: Store, claims: Sequence[Claim], crawl: Crawl | None = None
) -> tuple[HighlightLook, ...]:
    """Fetch and archive the claimed pages that are on a medium's host, and keep what was seen. Raises NetworkDown."""
    media = media_table(installation.home)
    wanted = [one for one in claims if medium_of(media, one.url)]
    units = {unit.unit_id: unit for unit in installation.units}
    by_unit: dict[str, list[Claim]] = defaultdict(list)
    for one in wanted:
        if one.unit_id in units:
            by_unit[one.unit_id].append(one)
    if not by_unit:
        return ()
    run = begin(installation, mark="highlights")
    folder = installation.home.run(run.run_id)
    jobs = [
        UnitJob(
            unit=_on_the_hosts_of(units[unit_id], own), seeds=tuple(dict.fromkeys(one.url for one in own))
        )
        for unit_id, own in by_unit.items()
    ]
    try:
        (crawl or crawl_in_processes)(jobs, run.run_id, installation)
    except NetworkDown:
        folder.rename(folder.with_name(run.run_id + ".network-down"))
        raise
    with kept.writing():
        store.record_run(kept, msgspec.structs.replace(run, note="核对亮点报道"))
        ingest(kept, folder, [units[unit_id] for unit_id in by_unit], vocabulary=installation.vocabulary)
        looks = tuple(
            look
            for unit_id, own in by_unit.items()
            for look in _looks(kept, run.run_id, units[unit_id], own, media)
        )
        add_highlight_looks(kept, looks)
    evidence.seal(kept, installation.home, run.run_id, clock.now())
    store.finish_run(kept, run.run_id, clock.now())
    return looks


def _on_the_hosts_of(unit: Unit, claims: Sequence[Claim]) -> Unit:
    """The unit as the crawler should take it here: the media's hosts are what it may look at, under their robots.txt."""
    hosts = dict.fromkeys(host_of(one.url) for one in claims)
    rows = tuple(
        SiteRow(unit_id=unit.unit_id, channel=Channel.WEBSITE, name=host, url=f"https://{host}/")
        for host in hosts
    )
    return msgspec.structs.replace(unit, sites=rows)


def _looks(
    kept: Store, run_id: str, unit: Unit, claims: Sequence[Claim], media: Sequence[Medium]
) -> list[HighlightLook]:
    seen = store.facts_for(kept, run_id, unit.unit_id)
    found = []
    for one in claims:
        tries = [each for each in seen.captures if each.asked_url == one.url.partition("#")[0]]
        opened = [each for each in tries if each.reach is Reach.OK]
        last = next(reversed(opened or tries), None)
        if last is None:
            found.append(
                HighlightLook(
                    claim=one.number, unit_id=unit.unit_id, run_id=run_id, url=one.url, medium=one.medium, reach="unasked", at=clock.now()
                )
            )  # fmt: skip
            continue
        facts = seen.facts_of(last) if last.reach is Reach.OK else None
        found.append(_look(run_id, unit, one, last, facts, media))
    return found


def _look(
    run_id: str, unit: Unit, claim: Claim, capture: Capture, facts: PageFacts | None, media: Sequence[Medium]
) -> HighlightLook:
    text = f"{facts.title or facts.html_title or ''}\n{facts.text or facts.whole_text}" if facts else ""
    return HighlightLook(
        claim=claim.number, unit_id=unit.unit_id, run_id=run_id, url=capture.url, medium=medium_of(media, capture.url),
        reach=capture.reach.value, status=capture.status, sha256=capture.sha256, warc=capture.warc, offset=capture.offset,
        title=(facts.title or facts.html_title or "") if facts else "",
        published=facts.published if facts else None, named=named_in(unit, text), at=capture.at,
    )  # fmt: skip


def named_in(unit: Unit, text: str) -> str:
    """Where a text names the unit, with the words around; the fullest name first."""
    flat = _SPACE.sub("", text)
    for name in names_of(unit):
        place = flat.find(name)
        if place >= 0:
            return flat[max(0, place - _AROUND) : place + len(name) + _AROUND]
    return ""


def full_names_of(unit: Unit) -> tuple[str, ...]:
    """Names that no other unit of the country bears: a city's, or a department's with its province before it."""
    place = _GOVERNMENT.sub("", unit.full_name)
    return (unit.full_name, place) if unit.unit_class is UnitClass.A else (unit.full_name,)


def names_of(unit: Unit) -> tuple[str, ...]:
    """Names under which a newspaper may speak of a unit: 太原市人民政府 is 太原市 and 太原."""
    place = _GOVERNMENT.sub("", unit.full_name)
    names = [unit.full_name, place, unit.short_name]
    names += [name.removeprefix("山西省").removeprefix("省") for name in names]
    return tuple(dict.fromkeys(name for name in names if len(name) >= 2))


def shown(claim: Claim, year: int, unit: Unit) -> tuple[tuple[bool | None, str], ...]:
    """What the machine saw, line by line: (speaks for it, against it, or neither; Chinese)."""
    look = claim.look
    if not claim.medium:
        return ((None, "网址不属于附件4第九项所列媒体的主机，没有抓取，请人工核对"),)
    if look is None:
        return ((None, "还没有抓取核对"),)
    if look.reach == "unasked":
        return ((None, "这次没有访问到，机器不作判断，请再核对一次或人工打开"),)
    if look.reach != Reach.OK.value:
        status = f"，应答 {look.status}" if look.status else ""
        return ((None, f"链接现在看不到（{unseen_reason(look.reach)}{status}），机器不作判断，请人工核对"),)
    lines: list[tuple[bool | None, str]] = [
        (bool(look.medium), f"页面在{look.medium}的主机上（{host_of(look.url)}）" if look.medium else f"页面跳转到了所列媒体以外的主机（{host_of(look.url)}）")
    ]  # fmt: skip
    if look.published is None:
        lines.append((None, "没有读出页面的发布日期，请人工核对"))
    else:
        inside = look.published.year == year
        lines.append((inside, f"发布日期 {look.published}，{'在' if inside else '不在'} {year} 年内"))
    if not look.named:
        lines.append((None, "页面文字里没有找到本单位名称（可能在图片、视频里），请人工核对"))
    elif any(name in look.named for name in full_names_of(unit)):
        lines.append((True, f"页面提到本单位：“…{look.named}…”"))
    else:
        lines.append((None, f"页面可能提到本单位：“…{look.named}…”，他省也有同名单位，请人工核对"))
    return tuple(lines)


def judge_claim(
    kept: Store, claim: Claim, *, accept: bool, reason: str, who: Account, at: datetime, place: str = ""
) -> None:
    """A person lets a claim count, or not, with a reason."""
    if who.disabled or who.role not in DECIDERS:
        raise Refused("只有考核人员可以认定亮点报道。")
    said = reason.strip()
    if len(said) > 2000:
        raise Refused("文字最多 2000 字，请写简短些。")
    if not accept and not said:
        raise Refused("不予认定要写明理由。")
    seen = claim.look is not None and claim.look.reach == Reach.OK.value
    if accept and not seen and not said:
        raise Refused("机器没有看到这个页面，认定要写明人工核对的情况。")
    word = HighlightWord(
        claim=claim.number, kind="accept" if accept else "decline", reason=said, who=who.name, at=at
    )
    with kept.writing():
        add_highlight_word(kept, word)
        made = "认定" if accept else "不予认定"
        _note(
            kept, who, at, place, f"highlight-{word.kind}", claim.unit_id, f"{claim.title} → {made}；{said}"
        )


def _note(kept: Store, who: Account, at: datetime, place: str, act: str, thing: str, detail: str) -> None:
    write_audit(kept, AuditLine(at=at, who=who.name, act=act, object=thing, detail=detail, place=place))
