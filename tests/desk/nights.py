"""The made-up nights of the store's tests, for the desk's."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "dossier" / "store"))

from made import BEGIN, HOME, capture, dump, facts, night, report, run, said, sha, unit

__all__ = ["BEGIN", "HOME", "capture", "dump", "facts", "night", "report", "run", "said", "sha", "unit"]
