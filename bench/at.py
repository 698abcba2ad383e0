"""A command of the desk as if it were begun at another moment: `python -m bench.at 2020-10-05T01:00:00+08:00 nightly …`.

The desk has one clock, so it is set there; crawl processes keep the machine's own.
"""

from __future__ import annotations

import sys
from datetime import datetime

from desk import clock

if __name__ == "__main__":
    moment = datetime.fromisoformat(sys.argv.pop(1))
    begun = clock.now()
    real = clock.now
    clock.now = lambda: moment + (real() - begun)
    from desk.cli import main

    main()
