"""Folders of a run travel between a desk and its workers over a shared folder or an object store (fsspec).

A unit's folder travels with its closing record last: what lacks it has not arrived.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from dossier.errors import BadInput, Problem

CLOSING = "unit.json"


class Share:
    """One run's place on the share."""

    def __init__(self, url: str, run_id: str) -> None:
        fsspec: Any = importlib.import_module("fsspec")
        try:
            self.files, root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise BadInput(
                [Problem("engine.share", f"共享位置“{url}”用不了：{error}", "写成 file:///共享目录 或 s3://桶/目录，并装好相应的 fsspec 组件")]
            ) from error  # fmt: skip
        self.root = f"{root.rstrip('/')}/{run_id}"

    def put_unit(self, folder: Path) -> None:
        """Send the folder of a closed unit."""
        self.put(folder, folder.name)

    def put(self, folder: Path, place: str) -> None:
        """Send a folder to a place of the run, its closing record last."""
        found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        for path in sorted(found, key=lambda path: path.name == CLOSING):
            target = f"{self.root}/{place}/{path.relative_to(folder).as_posix()}"
            self.files.makedirs(target.rpartition("/")[0], exist_ok=True)
            self.files.put_file(str(path), target)

    def get(self, place: str, folder: Path) -> bool:
        """Fetch a place of the run into a folder, its closing record last; False where there is no such place."""
        root = f"{self.root}/{place}"
        if not self.files.exists(root):
            return False
        found = [str(one) for one in self.files.find(root)]
        for one in sorted(found, key=lambda one: one.rpartition("/")[2] == CLOSING):
            target = folder / one[one.index(root) + len(root) + 1 :]
            target.parent.mkdir(parents=True, exist_ok=True)
            self.files.get_file(one, str(target))
        return True

    def is_closed(self, unit_id: str) -> bool:
        """Whether a unit's folder has arrived whole."""
        return bool(self.files.exists(f"{self.root}/{unit_id}/{CLOSING}"))

    def remove(self) -> None:
        """Take the run from the share, once its files lie where they belong."""
        if self.files.exists(self.root):
            self.files.rm(self.root, recursive=True)
