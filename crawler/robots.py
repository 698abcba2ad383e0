"""What a site asks of robots is obeyed, unless the inspecting authority has said otherwise in writing."""

from __future__ import annotations

from typing import Any

from protego import Protego

ROBOT = "gongkai"
_LONGEST = 500_000


class RobotsFile:
    """One origin's robots.txt, or the absence of one."""

    def __init__(self, text: str = "") -> None:
        self._rules: Any = Protego.parse(text) if text else None

    def allows(self, url: str) -> bool:
        return self._rules is None or bool(self._rules.can_fetch(url, ROBOT))

    @property
    def crawl_delay(self) -> float | None:
        if self._rules is None:
            return None
        delay = self._rules.crawl_delay(ROBOT)
        return None if delay is None else float(delay)


def robots_of(status: int | None, content_type: str, body: bytes) -> RobotsFile:
    """The rules of an answer to /robots.txt. An error or an HTML page in its place asks nothing of anybody."""
    if status is None or not 200 <= status < 300:
        return RobotsFile()
    text = body[:_LONGEST].decode("utf-8-sig", errors="replace")
    if "html" in content_type.lower() or text.lstrip()[:1] == "<":
        return RobotsFile()
    return RobotsFile(text)
