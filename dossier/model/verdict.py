"""What a rule is, and what it says."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from dossier.model.site import Area


class Verdict(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNSURE = "unsure"
    """A person must look; costs nothing."""
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"
    """The rule itself broke; costs nothing, and the night says so."""


class Claim(StrEnum):
    """What a rule accuses a unit of."""

    PRESENCE = "presence"
    """Something bad is there."""
    ABSENCE = "absence"
    """Something required is not there: may only fail where the place was really and completely seen."""


class Severity(StrEnum):
    MAJOR = "major"
    NORMAL = "normal"
    MINOR = "minor"


class Topic(StrEnum):
    """Groups of the catalogue; the value is the heading of the handbook."""

    DISCLOSURE = "公开文件"
    INTERPRETATION = "政策解读"
    FUNCTIONS = "法定机构职能"
    APPLICATION = "依申请公开"
    PLATFORM = "政府信息公开平台"
    UPKEEP = "站点运维"
    WORDING = "表述与隐私"
    NEW_MEDIA = "政务新媒体"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """The declared part of a rule; its logic is the `check` function in the same file."""

    id: str
    """Names the fault; equals the file name with hyphens."""
    name: str
    """Chinese name of the fault, a noun phrase for headings."""
    topic: Topic
    severity: Severity
    basis: tuple[str, ...]
    """Legal basis as it is cited, e.g. 《中华人民共和国政府信息公开条例》第二十条."""
    claim: Claim
    needs: tuple[Area, ...] = ()
    """Areas of the site that an absence claim must have seen completely."""
    messages: dict[str, str]
    """Key → Chinese sentence with {placeholders} filled from Outcome.data."""
    remedy: str
    """怎样整改, one sentence addressed to the unit."""
    plausible_share: float = 1.0
    """Faults of this kind come one by one: on more than this share of a site at once they are more likely a misreading."""
    since: str = "0.1.0"


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One thing that can be shown. For an absence there is one for each page searched."""

    url: str
    captured_at: datetime | None = None
    status: int | None = None
    sha256: str = ""
    quote: str = ""
    """Verbatim from the page; empty for an absence."""
    place: str = ""
    """Where on the page, or in the site (栏目路径)."""
    screenshot: str = ""
    note: str = ""
    """For an absence: what was searched here, e.g. `已查，未见“政府信息公开指南”`; near misses too."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One verdict of one rule about one subject."""

    rule_id: str
    verdict: Verdict
    subject: str
    """What the finding is about (see the rule catalogue); with unit and rule it is the finding's identity."""
    page_url: str = ""
    message_key: str = ""
    data: dict[str, Any] = {}
    """Values for the message; plain strings, numbers, dates as ISO text, lists of strings."""
    evidence: tuple[Evidence, ...] = ()
    because: str = ""
    """For `unsure`, `not_applicable` and `error`: why, in Chinese, and what a person should check."""
    firm: bool = False
    """The place was read so fully that many findings alike on one site are no reason to doubt the reading."""


class NotCalled(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that could not be asked, because what it needs was never reached (未能检测)."""

    rule_id: str
    area: Area
    because: str


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """All that the rules say of one unit on one night."""

    unit_id: str
    outcomes: tuple[Outcome, ...]
    not_called: tuple[NotCalled, ...] = ()
