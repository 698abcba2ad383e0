"""A site also shows what others have issued; an obligation of the issuer is not the site's."""

from __future__ import annotations

import re
from enum import StrEnum

from checks.lenses.titles import parse_number, squeeze
from dossier.model import PageFacts, Unit, UnitClass


class Origin(StrEnum):
    """Whose word a page is."""

    OWN = "own"
    LOCAL = "local"
    """A body under a city government, shown on the city's site."""
    FOREIGN = "foreign"
    """The State, the province, a ministry, another department, the press."""
    UNKNOWN = "unknown"


_OUTSIDE = re.compile(
    r"^(?:国务院|中共|中央|国家|全国|最高|中华人民共和国|山西省(?:人民政府|委|人大)|省(?:政府|委|人大)|[\u4e00-\u9fff]{2,9}部(?:办公厅|等)?)"
)
_PRESS = re.compile(
    r"新华|人民(?:网|日报)|央视|光明|经济日报|中国(?:政府网|[\u4e00-\u9fff]{1,4}报|网)|国务院|山西日报|山西(?:省人民)?政府网|"
    r"国家[\u4e00-\u9fff]{2,12}(?:局|委|总局)|[\u4e00-\u9fff]{2,8}部(?:网站|官网)?$"
)
_ORGAN = re.compile(r"(?:厅|局|委|委员会|人民政府|政府|法院|检察院|集团|公司|中心)(?:办公厅|办公室)?$")
_STATE_NUMBER = re.compile(r"^(?:国(?:发|办|函|令|务院)|中(?:发|办)|厅字|法释|晋发|晋办)")
_AUTHOR = re.compile(r"^([^《》]{2,60}?)(?=关于|转发|印发|批转|《)")
_PLACE = re.compile(r"^(?:山西省)?([\u4e00-\u9fff]{2,4}?)(?:市|$)")


def own_names(unit: Unit) -> tuple[str, ...]:
    """The names under which a unit signs, longest first."""
    full, short = squeeze(unit.full_name), squeeze(unit.short_name)
    names = {full, short, full.removeprefix("山西省")}
    if full.startswith("山西省"):
        names.add("省" + full.removeprefix("山西省"))
    if unit.unit_class is UnitClass.A:
        place = full.removeprefix("山西省").removesuffix("人民政府")
        names |= {place + "人民政府", place + "政府", "市人民政府", "市政府"}
        names.discard(short)
    return tuple(sorted((name for name in names if len(name) >= 3), key=len, reverse=True))


def is_named(unit: Unit, words: str) -> bool:
    """Whether one of the unit's own names stands there as a name of its own: 文物局 in 国家文物局 is another's, and so is
    市政府 in the name of another city."""
    full, place = squeeze(unit.full_name), place_of(unit)
    for name in own_names(unit):
        before, found, _ = words.partition(name)
        if found and (name == full or not _GOES_ON.search(before) or (place and before.endswith(place))):
            return True
    return False


_GOES_ON = re.compile(r"[\u4e00-\u9fff](?<![厅局委办府院会部室源自由])(?<!山西)$")
"""Words after which a name goes on, and does not begin: not those of another organ that is named first."""


def place_of(unit: Unit) -> str:
    """太原 of 太原市人民政府; empty for a department."""
    if unit.unit_class is not UnitClass.A:
        return ""
    match = _PLACE.match(squeeze(unit.full_name))
    return match[1] if match else ""


def origin_of(unit: Unit, facts: PageFacts) -> Origin:
    """Whose document a page shows: its title's author is believed first, then number, issuer, source."""
    title = squeeze(facts.title or "")
    number = parse_number(facts.document_number)
    for verdict in (
        _by_author(unit, title),
        _by_number(unit, number.agency if number else ""),
        _by_organ(unit, squeeze(facts.issuer or "")),
        _by_source(unit, squeeze(facts.source or "")),
    ):
        if verdict is not None:
            return verdict
    return Origin.UNKNOWN


def _by_author(unit: Unit, title: str) -> Origin | None:
    if title.startswith("中华人民共和国"):
        return Origin.FOREIGN
    match = _AUTHOR.match(title)
    if not match:
        return None
    author = match[1]
    if any(author.startswith(name) for name in own_names(unit)):
        return Origin.OWN
    if is_named(unit, author):
        return Origin.UNKNOWN
    return _by_organ(unit, author)


def _by_number(unit: Unit, agency: str) -> Origin | None:
    if not agency:
        return None
    name = squeeze(unit.full_name)
    if _STATE_NUMBER.match(agency):
        return Origin.FOREIGN
    if unit.unit_class is UnitClass.A:
        if agency.startswith("晋政"):
            return Origin.FOREIGN
        if agency.startswith("晋") and not agency.startswith(("晋市", "晋中", "晋城")):
            return Origin.FOREIGN
        return Origin.OWN if "政" in agency else None
    if agency.startswith("晋政"):
        return Origin.OWN if "人民政府" in name else Origin.FOREIGN
    if agency.startswith("晋"):
        return Origin.OWN if agency[1:2] and agency[1] in name else None
    return None


def _by_organ(unit: Unit, organ: str) -> Origin | None:
    if not organ:
        return None
    if is_named(unit, organ):
        return Origin.OWN
    place = place_of(unit)
    if place and place in organ:
        return Origin.LOCAL
    if place and organ.startswith("市"):
        return Origin.LOCAL
    if _OUTSIDE.match(organ):
        return Origin.FOREIGN
    if _ORGAN.search(organ) and len(organ) >= 5:
        return Origin.FOREIGN
    return None


def _by_source(unit: Unit, source: str) -> Origin | None:
    if not source:
        return None
    if is_named(unit, source):
        return Origin.OWN
    return Origin.FOREIGN if _PRESS.search(source) else None
