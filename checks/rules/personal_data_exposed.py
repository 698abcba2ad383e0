"""公开了个人敏感信息。

## 查什么
页面和附件文字中有没有完整的居民身份证号码（18 位，校验码和出生日期都对），有没有“卡号、账号”旁边的银行卡号
（通过校验）。证据中的号码一律遮盖。

## 为什么要紧
条例第十五条、第三十二条：涉及个人隐私、公开会损害第三方合法权益的信息不得公开。

## 看不见什么
图片里的号码查不到；扫描、加密、损坏或没有读全的附件查不到，按主机列出提示人工核对，不算没有问题；单位的对公账户不算，看不准是否对公的只提示人工核对。
“编号、案号”之后的，或者日期在近几年、前面又没有“身份证”字样的，多半是流水号，也只提示人工核对。

## 怎样整改
立即撤下或遮盖个人信息，核查同类页面和附件。
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from checks.accuse import fail, seen, unsure
from checks.lenses.navigation import facts_of, unit_hosts
from checks.lenses.unread import unread_files, why_unread
from dossier.addresses import host_of
from dossier.model import Claim, Outcome, Page, Purpose, Rule, Severity, SiteSnapshot, Topic

RULE = Rule(
    id="personal-data-exposed",
    name="泄露个人敏感信息",
    topic=Topic.WORDING,
    severity=Severity.MAJOR,
    basis=("《中华人民共和国政府信息公开条例》第十五条、第三十二条",),
    claim=Claim.PRESENCE,
    messages={
        "exposed": "页面公开了{kinds}，共 {count} 处（证据已遮盖）",
        "unread": "{count} 个附件没有读出或没有读全文字，未能检查有无个人信息：{kinds}",
    },
    remedy="立即撤下或遮盖个人信息，核查同类页面和附件。",
)

_ID = re.compile(r"(?<![0-9A-Za-z])([1-8]\d{5})((?:19|20)\d{2})(\d{2})(\d{2})(\d{3})([0-9Xx])(?![0-9A-Za-z])")
_CARD = re.compile(r"(?<![0-9A-Za-z])(?:\d[ \-]?){15,18}\d(?![0-9A-Za-z])")
_FIGURES = re.compile(r"\d[\d \-]{14}")
"""Both kinds of number begin so; few texts have anything like it."""
_BESIDE = re.compile(r"(?:卡\s*号|账\s*号|帐\s*号|账\s*户|银行卡|一卡通)[^\d\n]{0,12}$")
_OFFICIAL = re.compile(
    r"户\s*名[^\n]{0,24}(?:局|厅|委|公司|中心|财政|学校|学院|医院|集团|政府|基金会|协会)|对公|非税|财政专户|保证金|开户单位|收款单位"
)
_NOT_A_PERSON = re.compile(
    r"(?:信用代码|组织机构代码|标识码|项目代码|(?<!证件)(?<!份证)(?<!人员)(?<!个人)编\s*号|流水号|订单号|备案号|受理号|登记号|许可证号|案号|批号|单号|通知书)"
    r"[^\d\n]{0,10}$"
)
_OF_A_PERSON = re.compile(r"身份证|身份号|证件|证号")
_SMALL_CHILD = 3
"""Years. A serial number is an office's six digits, the day and a count: one in eleven passes the check, and its day is of late."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    (11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54)
) | {61, 62, 63, 64, 65, 71, 81, 82, 83}


@dataclass(frozen=True)
class Exposed:
    """A number of a person, masked, with what stands around it."""

    kind: str
    quote: str
    certain: bool


def check(site: SiteSnapshot) -> Iterator[Outcome]:
    """Openness of government is not openness of citizens."""
    hosts = unit_hosts(site)
    for page in site.pages.values():
        if not page.ok or host_of(page.url) not in hosts or page.capture.purpose is Purpose.SEARCH:
            continue
        found = exposed(_words(page), site.as_of)
        if not found:
            continue
        certain = [one for one in found if one.certain]
        shown = certain or found
        data: dict[str, Any] = {"kinds": list(dict.fromkeys(one.kind for one in shown)), "count": len(shown)}
        evidence = tuple(seen(page, one.quote) for one in shown[:10])
        if certain:
            yield fail(RULE, page.url, "exposed", evidence=evidence, page_url=page.url, **data)
        else:
            yield unsure(
                RULE,
                page.url,
                "exposed",
                because="号码可能是单位的对公账户或编号，请人工打开核对",
                evidence=evidence,
                page_url=page.url,
                **data,
            )
    for unread in unread_files(site):
        yield unsure(
            RULE,
            unread.host,
            "unread",
            because="附件中的文字没有看到，请人工打开核对",
            evidence=(seen(page, note=why_unread(page)) for page in unread.files),
            count=unread.count,
            kinds=unread.kinds,
        )


def _words(page: Page) -> str:
    facts = facts_of(page)
    return (
        facts.text
        if facts.text and page.capture.purpose is Purpose.ATTACHMENT
        else f"{facts.title or ''}\n{facts.whole_text or facts.text}"
    )


def exposed(words: str, today: date) -> list[Exposed]:
    """Every number of a person in a text."""
    if not _FIGURES.search(words):
        return []
    found: list[Exposed] = []
    taken: list[tuple[int, int]] = []
    for match in _ID.finditer(words):
        if _is_resident_id(match, today):
            taken.append(match.span())
            doubtful = _NOT_A_PERSON.search(words[max(0, match.start() - 30) : match.start()]) or (
                today.year - int(match.group(2)) < _SMALL_CHILD
                and not _OF_A_PERSON.search(words[max(0, match.start() - 200) : match.start()])
            )
            found.append(Exposed("居民身份证号码", _masked(words, match), not doubtful))
    for match in _CARD.finditer(words):
        digits = re.sub(r"\D", "", match.group(0))
        before = words[max(0, match.start() - 30) : match.start()].rpartition("\n")[2]
        if (
            16 <= len(digits) <= 19
            and _passes_luhn(digits)
            and _BESIDE.search(before)
            and not any(start < match.end() and match.start() < end for start, end in taken)
        ):
            around = words[max(0, match.start() - 120) : match.end() + 60]
            certain = digits.startswith("62") and not _OFFICIAL.search(around)
            found.append(Exposed("银行卡号", _masked(words, match), certain))
    return found


def _is_resident_id(match: re.Match[str], today: date) -> bool:
    area, year, month, day, _, last = match.groups()
    if int(area[:2]) not in _PROVINCES:
        return False
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        return False
    digits = match.group(0)[:17]
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return born <= today and _CHECKS[total % 11] == last.upper()


def _passes_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(digits)) > 2


def _masked(words: str, match: re.Match[str]) -> str:
    """The number with its middle hidden; other long numbers nearby are hidden too."""
    number = match.group(0)
    before = words[max(0, match.start() - 16) : match.start()].rpartition("\n")[2]
    after = words[match.end() : match.end() + 8].partition("\n")[0]
    shown = number[:4] + "*" * (len(number) - 6) + number[-2:]
    return _hide(before) + shown + _hide(after)


def _hide(text: str) -> str:
    return re.sub(r"\d{5,}[Xx]?", lambda found: "*" * len(found.group(0)), text)
