"""What no page ever said is said to the reading, as long as one likes, led by which lines of it were reached.

    python -m bench.fuzz --seconds 600            # needs the library atheris (not part of the lock)
    python -m bench.fuzz --seconds 60 --plain     # without it: the same changes, led by nothing

Anything that raises, or takes longer than `--slow` seconds, is kept in the folder named by `--found`.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

AS_OF = date(2020, 9, 30)
URLS = (
    "http://www.example.gov.cn/zwgk/index.html",
    "http://www.example.gov.cn/a.pdf",
    "http://www.example.gov.cn/list.json",
)
TYPES = (
    "text/html; charset=utf-8", "text/html", "application/json", "text/xml", "application/pdf", "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "text/plain", "",
)  # fmt: skip
MOST_BYTES = 200_000
Try = Callable[[bytes], None]


def reader() -> Try:
    """One reading of some bytes: the first says as what, the rest is the body."""
    from dossier.home import Home
    from dossier.reading import load_vocabulary, read, read_data

    vocabulary = load_vocabulary(Home(Path("/nowhere")))

    def one(data: bytes) -> None:
        if not data:
            return
        how, body = data[0], data[1:]
        url, kind = URLS[how % len(URLS)], TYPES[how // 4 % len(TYPES)]
        if how % 8 == 7:
            read_data(body, url=url, as_of=AS_OF, vocabulary=vocabulary)
        else:
            read(body, url=url, content_type=kind, as_of=AS_OF, vocabulary=vocabulary, status=200)

    return one


def guarded(one: Try, found: Path, slow: float) -> Try:
    """Keeps what breaks the reading or holds it up, and goes on."""

    def careful(data: bytes) -> None:
        begun, fault = time.process_time(), ""
        try:
            one(data)
        except Exception:  # noqa: BLE001 - that is what is looked for
            fault = traceback.format_exc()
        took = time.process_time() - begun
        if took > slow:
            fault += f"\n{took:.1f} s of CPU"
        if fault:
            found.mkdir(parents=True, exist_ok=True)
            last = fault.strip().splitlines()
            sign = hashlib.sha256("".join(last[-4:-1]).encode()).hexdigest()[:8] if took <= slow else "slow"
            path = found / f"{sign}-{hashlib.sha256(data).hexdigest()[:8]}"
            if len(list(found.glob(f"{sign}-*.bin"))) < 5:
                path.with_suffix(".bin").write_bytes(data)
                path.with_suffix(".txt").write_text(fault, "utf-8")

    return careful


def seeds() -> list[bytes]:
    """Where it begins: the pages of the rules' cases, and a few of each other kind."""
    root = Path(__file__).resolve().parent.parent
    pages = sorted((root / "tests" / "cases").rglob("*.html"))[::7]
    kept = [b"\x00" + page.read_bytes()[:MOST_BYTES] for page in pages[:150]]
    kept += [
        b"\x07" + '{"list":[{"title":"通知","url":"/a.html","date":"2020-09-01"}]}'.encode(),
        b"\x0d<?xml version='1.0'?><datastore><recordset><record><![CDATA[<li><a href='/a'>x</a>]]></record></recordset></datastore>",
        b"\x11%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj",
        b"\x1d\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    ]
    return kept


def plain(one: Try, seconds: float, seed: int) -> int:
    """Changes seeds at random; how many were tried."""
    chance, known, tried, ends = random.Random(seed), seeds(), 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        data = bytearray(chance.choice(known))
        for _ in range(chance.randrange(1, 12)):
            begin = chance.randrange(len(data) + 1)
            end = min(len(data), begin + chance.randrange(1, 400))
            match chance.randrange(5):
                case 0:
                    data[begin:end] = chance.randbytes(chance.randrange(1, 40))
                case 1:
                    data[begin:begin] = data[begin:end] * chance.choice((2, 20, 400))
                case 2:
                    del data[begin:end]
                case 3:
                    other = chance.choice(known)
                    place = chance.randrange(len(other))
                    data[begin:end] = other[place : place + 2000]
                case _:
                    data[begin:begin] = chance.choice(
                        (b"<", b">", b"\0", b"<!--", b"]]>", b"&#x110000;", b"\xff\xfe", "〔".encode())
                    )
            del data[MOST_BYTES:]
        one(bytes(data))
        tried += 1
    return tried


def led(one: Try, seconds: float, corpus: Path) -> None:
    """Led by coverage; ends the process."""
    import atheris

    found: Any = atheris
    corpus.mkdir(parents=True, exist_ok=True)
    for data in seeds():
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    words = [
        sys.argv[0],
        str(corpus),
        f"-max_total_time={int(seconds)}",
        f"-max_len={MOST_BYTES}",
        "-timeout=120",
        "-rss_limit_mb=3000",
    ]
    found.Setup(words, one)
    found.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--plain", action="store_true", help="without atheris")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", type=float, default=10.0, help="CPU seconds that one reading may take")
    parser.add_argument("--found", type=Path, default=Path("fuzz-found"))
    parser.add_argument("--corpus", type=Path, default=Path("fuzz-corpus"))
    options = parser.parse_args()
    if options.plain:
        tried = plain(guarded(reader(), options.found, options.slow), options.seconds, options.seed)
        found = sorted(options.found.glob("*.bin")) if options.found.is_dir() else []
        print(f"{tried} tried, {len(found)} found", *found, sep="\n")
        return int(bool(found))
    import atheris

    with atheris.instrument_imports(include=["dossier.reading"]):
        one = reader()
    led(guarded(one, options.found, options.slow), options.seconds, options.corpus)
    return 0


if __name__ == "__main__":
    sys.exit(main())
