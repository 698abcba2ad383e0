"""`python -m bench.links`: our judgement of dead links beside other checkers', as a table."""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

from bench.links.classes import ALIVE, CLASSES, DEAD, OPEN, total
from bench.links.ours import inspect
from bench.links.peers import PEERS, program_of
from bench.links.server import LinkServer
from bench.links.tally import Tally, tally
from dossier.model import Verdict

LEAST_PRECISION, LEAST_RECALL = 0.98, 0.95


def main() -> int:
    """Runs everybody once; 1 where we fall short of what we promise."""
    parser = argparse.ArgumentParser(prog="python -m bench.links", description="死链检测对比")
    parser.add_argument("--alone", action="store_true", help="不跑别的检测程序")
    parser.add_argument("--out", type=Path, help="把表格写到这个文件")
    args = parser.parse_args()
    ran: dict[str, tuple[Tally, float]] = {}
    with LinkServer() as server, tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        said = inspect(server.proxy, Path(folder))
        took = time.monotonic() - began
    ran["gongkai"] = tally(one.subject for one in said if one.verdict is Verdict.FAIL), took
    unsure = [one.subject for one in said if one.verdict is Verdict.UNSURE]
    for name, (_, check) in PEERS.items():
        program = program_of(name)
        if args.alone or program is None:
            continue
        with LinkServer() as server:
            began = time.monotonic()
            try:
                found = check(server.direct, program)
            except (subprocess.TimeoutExpired, ValueError) as error:
                print(f"{name} came to no end: {type(error).__name__}")
                continue
            ran[name] = tally(found), time.monotonic() - began
    text = table(ran) + f"\nFor a person to look at (`unsure`) on our side: {len(unsure)}\n"
    print(text)
    for url in [*ran["gongkai"][0].others, *unsure]:
        print("  ", url)
    if args.out:
        args.out.write_text(text, encoding="utf-8")
    ours = ran["gongkai"][0]
    return int(ours.precision < LEAST_PRECISION or ours.recall < LEAST_RECALL)


def table(ran: dict[str, tuple[Tally, float]]) -> str:
    """The comparison as a Markdown table."""
    names = list(ran)
    lines = [f"| class | links | truth | {' | '.join(names)} |", f"|--|--|--|{'--|' * len(names)}"]
    for each in CLASSES:
        marks = " | ".join(str(ran[name][0].count(each.name)) for name in names)
        lines.append(f"| {each.name} | {each.count} | {each.truth} | {marks} |")
    head = f"{total(DEAD)} dead in {_kinds(DEAD)} classes, {total(ALIVE)} alive in {_kinds(ALIVE)}, {_kinds(OPEN)} open classes"
    for word, figure in (("precision", "precision"), ("recall", "recall"), ("F1", "f1")):
        figures = " | ".join(f"{getattr(ran[name][0], figure):.3f}" for name in names)
        lines.append(f"| **{word}** | | | {figures} |")
    lines.append(f"| wall seconds | | | {' | '.join(f'{ran[name][1]:.0f}' for name in names)} |")
    return f"{head}; the numbers are links called dead.\n\n" + "\n".join(lines) + "\n"


def _kinds(truth: str) -> int:
    return sum(each.truth == truth for each in CLASSES)


if __name__ == "__main__":
    raise SystemExit(main())
