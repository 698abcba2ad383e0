"""An item that waits names the exact next step: who, what, and the place where it is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from desk.life import Life, Status


class NextStep(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done next about a deficiency, by whom, and where exactly."""

    whose: str
    """`office` or `unit`; empty where nothing is to be done."""
    words: str
    path: str
    """Address inside the desk, or empty."""
    command: str = ""
    due: date | None = None


def next_step(life: Life) -> NextStep:
    """The exact next step, with its place."""
    case, mine = f"/case/{life.number}", f"/mine/{life.number}"
    unit = life.number.partition("-")[0]
    issue = f"gongkai notice issue --units {unit}"
    look = f"gongkai recheck --deficiency {life.number}"
    close = f"gongkai notice close {life.number}"
    match life.status:
        case Status.PENDING:
            return NextStep(whose="office", words="复核并作决定", path=case)
        case Status.REOPENED:
            return NextStep(whose="office", words="销号后又出现，重新复核并作决定", path=case)
        case Status.APPEALED:
            return NextStep(whose="office", words="答复申诉", path=case)
        case Status.CONFIRMED:
            return NextStep(
                whose="office", words="发整改通知", path=f"/notices/preview/{unit}", command=issue
            )
        case Status.NOTIFIED:
            return NextStep(whose="unit", words="整改并报告", path=mine, due=life.due)
        case Status.ANSWERED | Status.RECHECKING | Status.UNSEEN:
            return NextStep(whose="office", words="复查", path=f"{case}/life#recheck", command=look)
        case Status.MOVED:
            return NextStep(
                whose="office", words="核对页面去向后复查或销号", path=f"{case}/life#recheck", command=look
            )
        case Status.FIXED:
            return NextStep(whose="office", words="销号", path=f"{case}/life#strike", command=close)
        case Status.NOT_FIXED:
            return NextStep(whose="unit", words="继续整改并报告", path=mine, due=life.due)
        case Status.OVERDUE if life.look is None:
            return NextStep(
                whose="office",
                words="复查",
                path=f"{case}/life#recheck",
                command=look,
                due=life.due,
            )
        case Status.OVERDUE:
            again = f"{issue} --again"
            return NextStep(
                whose="office", words="再次责令整改", path=f"/notices/preview/{unit}?again=1",
                command=again, due=life.due,
            )  # fmt: skip
        case _:
            return NextStep(whose="", words="", path="")


def repeat_offences(lives: Iterable[Life], first: date, last: date) -> dict[str, int]:
    """Unit → how many times, from the first to the last day, something came again that had been mended."""
    found: dict[str, int] = {}
    for life in lives:
        count = sum(first <= day <= last for day in life.relapses)
        if count:
            unit = life.number.partition("-")[0]
            found[unit] = found.get(unit, 0) + count
    return found
