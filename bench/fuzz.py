"""What no page ever said is said to every way in, as long as one likes, led by which lines of it were reached.

    python -m bench.fuzz --seconds 3600           # needs the library atheris (not part of the lock)
    python -m bench.fuzz --seconds 60 --plain     # without it: the same changes, led by nothing
    python -m bench.fuzz --target pages --again   # only what was found before, once more

Each target (`bench/fuzz_targets.py`) has a process of its own and its share of the time. Anything that raises, takes
longer than `--slow` seconds of CPU, or ends the process is kept in the folder named by `--found`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import re
import subprocess
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from bench.fuzz_targets import TARGETS, Target, Try

_MEMORY_MB = 2_500
_MOST_OF_ONE_SIGN = 5


def guarded(one: Try, found: Path, slow: float, name: str) -> Try:
    """Keeps what breaks the reading or holds it up, and goes on."""
    most = [0.0]

    def careful(data: bytes) -> None:
        begun, fault = time.process_time(), ""
        try:
            one(data)
        except Exception:  # noqa: BLE001 - that is what is looked for
            fault = traceback.format_exc()
        took = time.process_time() - begun
        if took > most[0]:
            most[0] = took
            (found / f"{name}.slowest").write_text(f"{took:.3f}")
        if took > slow:
            fault += f"\n{took:.1f} s of CPU"
        if fault:
            _keep(data, fault, found, f"{name}-slow" if took > slow else f"{name}-{_sign(fault)}")

    return careful


def _sign(fault: str) -> str:
    """What two of one kind share: where it was raised."""
    places = re.findall(r'File "(.+?)", line (\d+)', fault)
    return hashlib.sha256(
        repr((places[-1:], fault.strip().splitlines()[-1].split(":")[0])).encode()
    ).hexdigest()[:8]


def _keep(data: bytes, fault: str, found: Path, sign: str) -> None:
    if len(list(found.glob(f"{sign}-*.bin"))) < _MOST_OF_ONE_SIGN:
        path = found / f"{sign}-{hashlib.sha256(data).hexdigest()[:8]}"
        path.with_suffix(".bin").write_bytes(data)
        path.with_suffix(".txt").write_text(fault, "utf-8")


def plain(one: Try, target: Target, seconds: float, seed: int) -> int:
    """Changes seeds at random; how many were tried."""
    chance, known, tried, ends = random.Random(seed), target.seeds(), 0, time.monotonic() + seconds
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
            del data[200_000:]
        one(bytes(data))
        tried += 1
    return tried


def led(target: Target, seconds: float, options: argparse.Namespace) -> None:
    """Led by coverage; ends the process."""
    import atheris

    library: Any = atheris
    with library.instrument_imports(
        include=["dossier.reading", "crawler.account_", "desk.import_list", "dossier.units"]
    ):
        one = target.prepare()
    corpus = options.corpus / target.name
    corpus.mkdir(parents=True, exist_ok=True)
    seeds = target.seeds()
    for data in seeds:
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    words = [
        sys.argv[0], str(corpus), f"-dict={_dictionary(seeds, options.corpus / f'{target.name}.dict')}", f"-max_total_time={int(seconds)}", f"-max_len={target.most_bytes}", "-timeout=120", "-len_control=0",
        "-rss_limit_mb=0", "-print_final_stats=1", "-verbosity=1", f"-artifact_prefix={options.found}/{target.name}-died-",
    ]  # fmt: skip
    _bound_memory()
    library.Setup(words, guarded(one, options.found, options.slow, target.name))
    library.Fuzz()


def _dictionary(seeds: list[bytes], path: Path) -> Path:
    """The words of which the seeds are made, as the library wants them: a change then puts in words and not only bytes."""
    words = Counter(
        word
        for data in seeds
        for word in re.findall(rb"</?[\w:]+|[\w:-]+=|[A-Za-z_]{3,20}|[^\x00-\x7f]{2,18}|\d{2,8}", data)
    )
    lines = ['"' + "".join(f"\\x{byte:02x}" for byte in word) + '"' for word, _ in words.most_common(400)]
    path.write_text("\n".join(lines) + "\n", "ascii")
    return path


def _bound_memory() -> None:
    """As the process that reads attachments has it: what swells beyond it gets a MemoryError, and no more."""
    try:
        import resource
    except ImportError:
        return
    most = _MEMORY_MB * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def apart(target: Target, seconds: float, options: argparse.Namespace) -> str:
    """One target in a process of its own; what is to be said of it."""
    words = [sys.executable, "-m", "bench.fuzz", "--here", "--target", target.name, "--seconds", str(seconds)]
    words += ["--found", str(options.found), "--corpus", str(options.corpus), "--slow", str(options.slow)]
    if options.plain:
        words += ["--plain", "--seed", str(options.seed)]
    begun = os.times()
    with (options.found / f"{target.name}.log").open("w") as log:
        code = subprocess.run(words, check=False, stdout=log, stderr=log).returncode
    spent = os.times()
    said = (options.found / f"{target.name}.log").read_text("utf-8", "replace")
    tried = re.findall(r"number_of_executed_units: (\d+)|^(\d+) tried", said, re.MULTILINE)
    reached = re.findall(r"cov: (\d+)", said)
    peak = re.findall(r"peak_rss_mb: *(\d+)", said)
    slowest = options.found / f"{target.name}.slowest"
    return (
        f"{target.name:8} tried {''.join(tried[-1]) if tried else '?':>9}, "
        f"cpu {spent.children_user - begun.children_user:6.0f} s, coverage {reached[0] if reached else '-'} → {reached[-1] if reached else '-'}, "
        f"slowest {slowest.read_text() if slowest.is_file() else '-'} s, peak {peak[-1] if peak else '-'} MB, exit {code}"
    )


def again(target: Target, options: argparse.Namespace) -> int:
    """What was found before, once more; how many still are."""
    one, left = target.prepare(), 0
    for path in sorted(options.found.glob(f"{target.name}-*.bin")):
        begun = time.process_time()
        try:
            one(path.read_bytes())
            fault = ""
        except Exception as raised:  # noqa: BLE001 - that is what is looked for
            fault = f"{type(raised).__name__} {raised}"
        took = time.process_time() - begun
        if took > options.slow:
            fault += f" {took:.1f} s"
        print(f"{path.name}: {fault or 'mended'}")
        left += bool(fault)
    return left


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--target", choices=[one.name for one in TARGETS], action="append")
    parser.add_argument("--plain", action="store_true", help="without atheris")
    parser.add_argument("--again", action="store_true", help="only what was found before")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", type=float, default=10.0, help="CPU seconds that one reading may take")
    parser.add_argument("--found", type=Path, default=Path("fuzz-found"))
    parser.add_argument("--corpus", type=Path, default=Path("fuzz-corpus"))
    options = parser.parse_args()
    options.found.mkdir(parents=True, exist_ok=True)
    chosen = [one for one in TARGETS if not options.target or one.name in options.target]
    if options.again:
        return int(sum(again(target, options) for target in chosen) > 0)
    if options.here:
        (target,) = chosen
        if options.plain:
            one = guarded(target.prepare(), options.found, options.slow, target.name)
            print(f"{plain(one, target, options.seconds, options.seed)} tried")
        else:
            led(target, options.seconds, options)
        return 0
    whole = sum(target.share for target in chosen)
    for target in chosen:
        print(apart(target, options.seconds * target.share / whole, options), flush=True)
    found = [*sorted(options.found.glob("*.bin")), *sorted(options.found.glob("*-died-*"))]
    print(f"{len(found)} found", *found, sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
