"""What a person sees while the night runs: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from dossier.model import CrawlProgress

if TYPE_CHECKING:
    from rich.progress import Progress

ENDINGS = {
    "finished": "抓完",
    "budget": "抓到上限",
    "home-unseen": "首页没有看到",
    "blocked": "被拦截",
    "no-address": "网址不详",
    "network-down": "网络中断",
    "crashed": "中途出错",
}
NETWORK = {"down": "本机网络不通，等待恢复", "up": "已恢复"}
PLAIN_EVERY = 30.0
"""Seconds between two plain lines of totals."""


class CrawlDisplay:
    """Totals over all shards: units done, pages, rate, blocked, time left."""

    def __init__(self, units: int, stream: TextIO | None = None) -> None:
        self.units = units
        self.stream = stream or sys.stderr
        self.latest: dict[int, CrawlProgress] = {}
        self.started = time.monotonic()
        self.last_plain = self.started
        self.live: Progress | None = None
        if self.stream.isatty():
            self.live = _live_line(self.stream)
            self.task = self.live.add_task("抓取", total=units, totals="")

    def __enter__(self) -> Self:
        if self.live:
            self.live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live:
            self.live.stop()
        elif self.latest:
            self._print(self.totals())

    def watch(self, shard: int, event: CrawlProgress) -> None:
        if event.event in ("tick", "unit", "end", "start"):
            self.latest[shard] = event
        done = sum(tick.units_done for tick in self.latest.values())
        if self.live:
            self.live.update(self.task, completed=done, totals=self.totals())
            if event.event == "network":
                self.live.console.print(f"网络：{NETWORK.get(event.note, event.note)}")
        elif event.event == "network":
            self._print(f"网络：{NETWORK.get(event.note, event.note)}")
        elif event.event == "unit" and event.note:
            self._print(f"[{done}/{self.units}] {event.unit_id} {ENDINGS.get(event.note, event.note)}")
        elif time.monotonic() - self.last_plain >= PLAIN_EVERY:
            self.last_plain = time.monotonic()
            self._print(self.totals())

    def totals(self) -> str:
        ticks = self.latest.values()
        pages, queued = sum(t.pages for t in ticks), sum(t.queued for t in ticks)
        blocked, done = sum(t.blocked for t in ticks), sum(t.units_done for t in ticks)
        seconds = max(time.monotonic() - self.started, 0.001)
        rate = pages / seconds
        left = f"，约剩 {_span(queued / rate)}" if rate > 0 and queued else ""
        return f"{done}/{self.units} 单位，{pages} 页，{rate:.1f} 页/秒，受阻 {blocked}{left}"

    def _print(self, line: str) -> None:
        print(line, file=self.stream, flush=True)


def _live_line(stream: TextIO) -> Progress:
    from rich.console import Console  # only a person at a terminal waits for it to load
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=28),
        TextColumn("{task.completed:.0f}/{task.total:.0f} 单位"), TimeElapsedColumn(),
        TextColumn("{task.fields[totals]}"), console=Console(file=stream), transient=False,
    )  # fmt: skip


def _span(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes >= 60:
        return f"{minutes // 60} 小时 {minutes % 60} 分"
    return f"{minutes} 分 {int(seconds % 60)} 秒" if minutes else f"{int(seconds)} 秒"
