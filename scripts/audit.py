"""Whether any library of the lock has a known hole: pip-audit's answer, in words, with an exit code that says which.

0: none is known. 1: some are, each named with the version that mends it. 2: pip-audit is not installed. 3: its
service could not be asked, so nothing is known either way.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
NONE_KNOWN, SOME_KNOWN, NO_TOOL, NOT_ASKED = 0, 1, 2, 3
_SECONDS = 600


def main(arguments: list[str]) -> int:
    """Audit the lock, or the files named."""
    files = [word for name in (arguments or [str(LOCK)]) for word in ("-r", name)]
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--disable-pip",
        "--require-hashes",
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    try:
        done = subprocess.run(
            [*command, *files], check=False, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return _not_asked("等了十分钟没有应答")
    if "No module named pip_audit" in done.stderr:
        sys.stdout.write("没有安装 pip-audit：请先运行 .venv/bin/pip install pip-audit\n")
        return NO_TOOL
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        return _not_asked(" ".join(done.stderr.split())[-300:] or f"退出代码 {done.returncode}")
    holes = [
        f"  {one['name']} {one['version']}：{hole['id']}，修复版本 {'、'.join(hole['fix_versions']) or '尚无'}"
        for one in said["dependencies"]
        for hole in one.get("vulns", ())
    ]
    skipped = [one["name"] for one in said["dependencies"] if "skip_reason" in one]
    if holes:
        sys.stdout.write(f"锁定的库中有 {len(holes)} 处已知漏洞：\n" + "\n".join(holes) + "\n")
        return SOME_KNOWN
    if skipped:
        some = "、".join(skipped[:5])
        return _not_asked(f"{len(said['dependencies'])} 个库中有 {len(skipped)} 个没有查到，如 {some}")
    sys.stdout.write(f"锁定的 {len(said['dependencies'])} 个库没有已知漏洞。\n")
    return NONE_KNOWN


def _not_asked(why: str) -> int:
    sys.stdout.write(
        f"漏洞库没有问成（{why}）：这不等于没有漏洞，请在能访问漏洞库的机器上再运行 make audit。\n"
    )
    return NOT_ASKED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
