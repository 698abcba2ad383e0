"""A disk so small that it fills up, seen by nobody but the process that is given it."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

IN_A_ROOM_OF_ITS_OWN = ("unshare", "--user", "--map-root-user", "--mount")


@cache
def small_disks() -> bool:
    """Whether this machine lets us mount one."""
    if not shutil.which("unshare"):
        return False
    tried = subprocess.run(
        [*IN_A_ROOM_OF_ITS_OWN, "mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", "/mnt"],
        check=False, capture_output=True,
    )  # fmt: skip
    return tried.returncode == 0
