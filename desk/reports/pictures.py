"""Screenshots of what was accused, carried inside the paper so that it can travel alone."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

_KINDS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class Pictures:
    """The screenshots of one unit, within a budget: a paper stays light enough to be mailed."""

    def __init__(self, evidence_root: str, unit_id: str, *, most: int = 12, largest: int = 500_000) -> None:
        self._folder = Path(evidence_root) / unit_id if evidence_root else None
        self._left = most
        self._largest = largest

    def read(self, name: str) -> bytes | None:
        """The picture's bytes; None where it lies outside the unit's folder, is too large, or is not there."""
        if self._folder is None or not name or not self._left:
            return None
        folder = self._folder.resolve()
        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or not path.is_file() or path.stat().st_size > self._largest:
            return None
        body = path.read_bytes()
        if not any(body.startswith(mark) for mark in _KINDS):
            return None
        self._left -= 1
        return body

    def data_uri(self, name: str) -> str:
        """The picture as a data address for HTML; empty where it cannot be shown."""
        body = self.read(name)
        if body is None:
            return ""
        kind = next(kind for mark, kind in _KINDS.items() if body.startswith(mark))
        return f"data:{kind};base64,{b64encode(body).decode('ascii')}"
