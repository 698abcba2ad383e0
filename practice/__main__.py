"""The command line of the practice province."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from practice import score as scoring
from practice.home import write_home
from practice.mishaps import TROUBLES, Line
from practice.province import DEFAULT_AS_OF, DEFAULT_SEED, Province, build
from practice.server import serve


def _province(args: argparse.Namespace) -> Province:
    return build(
        seed=args.seed, as_of=args.as_of, pages_per_site=args.pages, faults=[] if args.healthy else None
    )


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 1 where a wanted score was missed."""
    parser = argparse.ArgumentParser(
        prog="python -m practice", description="练习省：54 个虚构单位的网站，只在本机回环地址上应答"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--seed", type=int, default=DEFAULT_SEED, help="种子，相同则内容相同")
    common.add_argument("--as-of", type=date.fromisoformat, default=DEFAULT_AS_OF, help="检查日期 YYYY-MM-DD")
    common.add_argument("--pages", type=int, default=40, help="每个网站大约的页数")
    common.add_argument("--healthy", action="store_true", help="不埋设任何问题")
    serving = commands.add_parser("serve", parents=[common], help="启动代理服务，直到中断")
    serving.add_argument("--port", type=int, default=0, help="端口，0 为自动选择")
    serving.add_argument(
        "--trouble", choices=TROUBLES, default="", help="练习坏网络：这时代替网站应答的是什么"
    )
    serving.add_argument("--after", type=int, default=0, help="前多少次请求仍然正常")
    serving.add_argument("--lasts", type=int, default=0, help="多少次请求后恢复，0 为不恢复")
    serving.add_argument("--clock-days", type=float, default=0.0, help="各网站时钟比本机快多少天")
    writing = commands.add_parser(
        "write-home", parents=[common], help="写出 unit_sites.csv、truth.jsonl、公文列表和人工证据"
    )
    writing.add_argument("folder", type=Path, help="目录")
    writing.add_argument("--proxy", default="", help="同时写 settings.toml，代理为此地址")
    judging = commands.add_parser("score", help="对照答案给检查结果打分")
    judging.add_argument("--truth", type=Path, required=True, help="truth.jsonl")
    judging.add_argument("--findings", type=Path, required=True, help="gongkai export findings 的 jsonl")
    judging.add_argument("--min-precision", type=float, default=0.0, help="查准率下限")
    judging.add_argument("--min-recall", type=float, default=0.0, help="查全率下限")
    args = parser.parse_args(arguments)
    if args.command == "score":
        tallies = scoring.score(scoring.read_lines(args.truth), scoring.read_lines(args.findings))
        print(scoring.report(tallies))
        total = tallies.get("*", scoring.Tally())
        return int(total.precision < args.min_precision or total.recall < args.min_recall)
    province = _province(args)
    if args.command == "write-home":
        write_home(province, args.folder, args.proxy)
        print(f"已写入 {args.folder}：{len(province.sites)} 个单位，{len(province.truth)} 条答案")
        return 0
    with serve(province, args.port) as server:
        clock = timedelta(days=args.clock_days)
        server.line = Line(args.trouble, after=args.after, lasts=args.lasts, clock=clock)
        print(f"练习省已启动，代理地址 {server.url}", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print("练习省已停止")
    return 0


if __name__ == "__main__":
    sys.exit(main())
