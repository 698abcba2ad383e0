"""What the office has set for its desk: how long things may take, and whether a second person must agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from desk.acting import Refused, must_be, note
from dossier.store import Store
from dossier.store.desk_words import desk_settings, set_desk
from dossier.store.users import Account, Role


class DeskSettings:
    """What the office has set for the desk, with its defaults."""

    DEFAULTS: Mapping[str, str] = {
        "second_person": "off",
        "dismissal_days": "180",
        "review_days": "5",
        "defer_days": "7",
        "answer_days": "10",
        "rectify_days": "15",
    }
    NAMES: Mapping[str, str] = {
        "second_person": "第二人复核（off 不要求；all 每个决定都要）",
        "dismissal_days": "“不成立”的决定记住多少天",
        "review_days": "新问题应在几个工作日内处理",
        "defer_days": "暂缓默认几天",
        "answer_days": "单位在几个工作日内答复",
        "rectify_days": "整改通知书给几个工作日",
    }

    def __init__(self, kept: Store) -> None:
        self.values = {**self.DEFAULTS, **desk_settings(kept)}

    @property
    def second_person(self) -> bool:
        return self.values["second_person"] == "all"

    def days(self, key: str) -> int:
        return int(self.values[key])


def change_setting(kept: Store, key: str, value: str, *, who: Account, at: datetime, place: str = "") -> None:
    """Change one setting of the desk."""
    must_be(who, (Role.ADMIN,), "只有管理员可以改设置")
    old = DeskSettings(kept).values.get(key)
    if old is None:
        raise Refused(f"没有“{key}”这项设置。")
    if key == "second_person":
        if value not in ("off", "all"):
            raise Refused("第二人复核只能是 off 或 all。")
    elif not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 3650:
        raise Refused(f"“{DeskSettings.NAMES[key]}”应为 1 至 3650 的整数。")
    if value == old:
        return
    with kept.writing():
        set_desk(kept, key, value, who=who.name, at=at)
        note(kept, who, at, place, "setting", key, f"{DeskSettings.NAMES[key]}：{old} → {value}")
