"""`python -m crawler JOB.json`: files come out; progress on standard output; 0 done, 2 bad job, 4 our network is down."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from pathlib import Path

import msgspec

from crawler.run import EXIT_FAULT, crawl
from dossier.errors import BadInput
from dossier.model import CrawlJob

WITH_PARENT = "--while-stdin-is-open"
"""Whoever starts a crawl with this holds its standard input open; a crawl whose starter died ends at once."""
_SELDOM = (20_000, 10, 10)
"""How much must be made and kept before Python looks for rings of things that hold one another: a crawl makes next to none, and
at the usual 700 the search was 5.6 % of its CPU (2026-11-30)."""


def main(arguments: list[str]) -> int:
    """Reads the job and runs it."""
    gc.freeze()  # what was loaded stays, and is not looked at again with what the crawl makes
    gc.set_threshold(*_SELDOM)
    log = logging.StreamHandler(sys.stderr)
    log.setLevel(logging.WARNING)
    logging.basicConfig(handlers=[log], format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if arguments[1:] == [WITH_PARENT]:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    elif len(arguments) != 1:
        sys.stderr.write(f"用法：python -m crawler JOB.json [{WITH_PARENT}]\n")
        return 2
    try:
        job = msgspec.json.decode(Path(arguments[0]).read_bytes(), type=CrawlJob)
    except OSError as error:
        sys.stderr.write(f"任务文件读不出来：{error}\n")
        return 2
    except msgspec.DecodeError as error:
        sys.stderr.write(f"任务文件不合格式：{error}\n")
        return 2
    try:
        return crawl(job)
    except BadInput as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except Exception:
        logging.getLogger("gongkai.crawler").exception("the crawl broke")
        return EXIT_FAULT


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(EXIT_FAULT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
