"""`python -m crawler JOB.json`: files come out; progress on standard output; 0 done, 2 bad job, 4 our network is down."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import msgspec

from crawler.run import EXIT_FAULT, crawl
from dossier.errors import BadInput
from dossier.model import CrawlJob


def main(arguments: list[str]) -> int:
    """Reads the job and runs it."""
    log = logging.StreamHandler(sys.stderr)
    log.setLevel(logging.WARNING)
    logging.basicConfig(handlers=[log], format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if len(arguments) != 1:
        sys.stderr.write("用法：python -m crawler JOB.json\n")
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
