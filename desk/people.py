"""Accounts of the desk: names and roles, and passwords that are kept only as argon2 hashes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from desk.acting import Refused
from dossier.store import Store
from dossier.store.audit import AuditLine, write_audit
from dossier.store.users import (
    Account,
    Role,
    account_of,
    accounts,
    add_account,
    saw,
    set_disabled,
    set_password,
)

ROLE_NAMES = {
    Role.ADMIN: "管理员",
    Role.ASSESSOR: "考核人员",
    Role.REVIEWER: "复核人员",
    Role.UNIT: "单位用户",
    Role.VIEWER: "只读",
}
SHORTEST = 10
LONGEST = 200
_NAME = re.compile(r"[A-Za-z0-9_.一-鿿-]{2,32}")
_HASHER = PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password fits: an unknown name takes as long to be refused as a known one."""
    return _HASHER.hash("nobody signs in with this")


def add_user(
    kept: Store,
    *,
    name: str,
    password: str,
    role: str,
    unit_id: str = "",
    shown_name: str = "",
    known_units: Iterable[str] = (),
    by: str,
    at: datetime,
    place: str = "cli",
) -> Account:
    """Enter a person, or refuse with what is wrong."""
    if not _NAME.fullmatch(name):
        raise Refused("用户名应为 2 至 32 个字母、数字、汉字或 . _ - 。")
    try:
        given = Role(role)
    except ValueError:
        raise Refused(f"没有“{role}”这种角色，可选：{'、'.join(Role)}。") from None
    if (given is Role.UNIT) != bool(unit_id):
        raise Refused("单位用户要写明单位编号（--unit A01），其他角色不写。")
    if unit_id and unit_id not in set(known_units):
        raise Refused(f"名单里没有单位“{unit_id}”。")
    _acceptable(password, name)
    account = Account(
        name=name, shown_name=shown_name.strip()[:40], role=given, unit_id=unit_id,
        password=_HASHER.hash(password), created=at,
    )  # fmt: skip
    with kept.writing():
        try:
            add_account(kept, account)
        except ValueError:
            raise Refused(f"已经有用户“{name}”，请换一个名字。") from None
        detail = f"新增{ROLE_NAMES[given]}" + (f"（{unit_id}）" if unit_id else "")
        write_audit(kept, AuditLine(at=at, who=by, act="user-add", object=name, detail=detail, place=place))
    return account


def change_password(
    kept: Store, name: str, password: str, *, by: str, at: datetime, place: str = "cli"
) -> None:
    """Set a password; all sessions of the person end."""
    if account_of(kept, name) is None:
        raise Refused(f"没有用户“{name}”。")
    _acceptable(password, name)
    with kept.writing():
        set_password(kept, name, _HASHER.hash(password))
        write_audit(
            kept, AuditLine(at=at, who=by, act="user-password", object=name, detail="更换密码", place=place)
        )


def allow(kept: Store, name: str, allowed: bool, *, by: str, at: datetime, place: str = "cli") -> None:
    """Let a person in again, or out; the last administrator stays."""
    account = account_of(kept, name)
    if account is None:
        raise Refused(f"没有用户“{name}”。")
    others = [
        one for one in accounts(kept) if one.role is Role.ADMIN and not one.disabled and one.name != name
    ]
    if not allowed and account.role is Role.ADMIN and not others:
        raise Refused("这是最后一位管理员，不能停用。请先增加另一位管理员。")
    with kept.writing():
        set_disabled(kept, name, not allowed)
        word = "恢复" if allowed else "停用"
        write_audit(
            kept,
            AuditLine(
                at=at, who=by, act="user-enable" if allowed else "user-disable", object=name, detail=word, place=place
            ),
        )  # fmt: skip


def sign_in(kept: Store, name: str, password: str, *, at: datetime, place: str) -> Account | None:
    """The account, where name and password are right and it is not disabled; both answers take as long."""
    account = account_of(kept, name[:64])
    try:
        good = bool(_HASHER.verify(account.password if account else _nobody(), password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        good = False
    if account is None or not good or account.disabled:
        write_audit(kept, AuditLine(at=at, who=name[:64] or "（空）", act="login-failed", place=place))
        return None
    with kept.writing():
        if _HASHER.check_needs_rehash(account.password):
            set_password(kept, account.name, _HASHER.hash(password), ends_sessions=False)
        saw(kept, account.name, at)
        write_audit(kept, AuditLine(at=at, who=account.name, act="login", place=place))
    return account_of(kept, account.name)


def is_own_password(account: Account, password: str) -> bool:
    try:
        return _HASHER.verify(account.password, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False


def _acceptable(password: str, name: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"密码至少 {SHORTEST} 个字符，可以用一句话。")
    if name.casefold() in password.casefold() and len(password) < len(name) + SHORTEST:
        raise Refused("密码里不要用自己的用户名。")
    if len(set(password)) < 5:
        raise Refused("密码太简单，请至少用 5 种不同的字符。")
