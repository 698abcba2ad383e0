"""The inspected units and the addresses under which they publish."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec


class UnitClass(StrEnum):
    """Which of the plan's two scoring tables applies (晋政办函〔2020〕42号, 二)."""

    A = "A"
    """A city government: 附件2."""
    B = "B"
    """A provincial department: 附件3."""


class Channel(StrEnum):
    """Where a unit publishes."""

    WEBSITE = "website"
    WEIBO = "weibo"
    WECHAT = "wechat"
    TOUTIAO = "toutiao"
    DOUYIN = "douyin"
    APP = "app"
    FEED = "feed"


class RobotsPolicy(StrEnum):
    OBEY = "obey"
    IGNORE = "ignore"
    """The inspecting authority has said so, in writing."""


class SiteRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of unit_sites.csv: a website or an account of a unit."""

    unit_id: str
    channel: Channel
    name: str
    url: str = ""
    """Home page, account page or feed; empty where the address is not known."""
    account_id: str = ""
    site_code: str = ""
    """政府网站标识码, if known."""
    extra_hosts: tuple[str, ...] = ()
    """Further hosts of the unit (a disclosure platform often lives on a second one)."""
    min_pages: int = 0
    """Fewer pages than this means that the site was not really seen; 0 = no bound."""
    robots: RobotsPolicy = RobotsPolicy.OBEY
    active_from: date | None = None
    active_until: date | None = None
    source: str = ""
    note: str = ""
    line: int = 0
    """Line in unit_sites.csv, for messages."""


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One assessed unit (附件1) with its active rows."""

    unit_id: str
    unit_class: UnitClass
    short_name: str
    full_name: str
    sites: tuple[SiteRow, ...] = ()

    @property
    def websites(self) -> tuple[SiteRow, ...]:
        return tuple(row for row in self.sites if row.channel is Channel.WEBSITE)

    @property
    def accounts(self) -> tuple[SiteRow, ...]:
        return tuple(row for row in self.sites if row.channel is not Channel.WEBSITE)
