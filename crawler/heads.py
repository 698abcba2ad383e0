"""An answer's head is a few lines. A server that never comes to the body is cut off before it fills our memory.

Twisted bounds one header line and the time, not the whole head (measured 2026-11: 900 MB in two seconds).
"""

from __future__ import annotations

from typing import Any

from twisted.web import _newclient

LONGEST_HEAD = 262_144


class BoundedParser(_newclient.HTTPClientParser):
    """Twisted's parser of an answer, with a bound on its head."""

    _head = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self.state != _newclient.BODY:
            self._head += len(data)
            if self._head > LONGEST_HEAD + len(data):
                raise ValueError("the head of the answer has no end")
        parent: Any = super()
        parent.dataReceived(data)


def bound_heads() -> None:
    """Makes every connection of this process use the bounded parser."""
    module: Any = _newclient
    module.HTTPClientParser = BoundedParser
