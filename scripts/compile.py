"""Compile what reads pages (`make fast`): reading then costs a third to a quarter less and says the same.

0: compiled. 2: this machine lacks what it takes, or the sources do not pass the type check. Nothing is lost then: the
sources are run as they are.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dossier import compiled  # noqa: E402 - from the tree that this script belongs to

DONE, NOT_POSSIBLE = 0, 2
_SETUP = """
import sys
from setuptools import setup
from mypyc.build import mypycify
work, *paths = sys.argv[1:]
setup(
    name="gongkai-compiled",
    packages=[],
    ext_modules=mypycify(paths, opt_level="1", debug_level="0", target_dir=f"{work}/c"),
    script_args=["--quiet", "build_ext", "--build-lib", f"{work}/built", "--build-temp", f"{work}/objects"],
)
"""


def main() -> int:
    """Compile, unless these very sources are compiled already."""
    lacking = _lacking()
    if lacking:
        _say(f"没有编译：{lacking}。照常解释运行，结果相同，只是慢一些。")
        return NOT_POSSIBLE
    name = compiled.digest_of(compiled.ROOM)
    if (compiled.SHELF / name).is_dir():
        _say("网页读取部分已经编译，源程序没有变化。")
        return DONE
    _say("正在编译网页读取部分，约需几分钟……")
    compiled.SHELF.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gongkai-") as work:
        tree, paths = Path(work, "sources"), [str(path.relative_to(ROOT)) for path in compiled.sources()]
        _copy(tree, paths)
        done = subprocess.run(
            [sys.executable, "-c", _SETUP, work, *paths], cwd=tree, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        if done.returncode:
            _say(done.stdout[-4000:])
            _say("没有编译成：见上。照常解释运行，结果相同，只是慢一些。")
            return NOT_POSSIBLE
        if compiled.digest_of(compiled.ROOM) != name:
            _say("编译期间源程序改动过，这次编译作废，请再执行一次。")
            return NOT_POSSIBLE
        _shelve(Path(work) / "built", name)
    _say("编译完毕。源程序一有改动，编译的部分就自动不用，直到再执行一次 make fast。")
    return DONE


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _lacking() -> str:
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        return f"没有 C 编译器（{compiler}；Debian：apt-get install gcc）"
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return "没有 Python 头文件（Debian：apt-get install python3-dev）"
    try:
        import mypyc  # noqa: F401
        import setuptools  # noqa: F401
    except ImportError as error:
        return f"没有安装 {error.name}（make setup 会装好）"
    return ""


def _copy(tree: Path, paths: list[str]) -> None:
    """Lay beside us what is compiled and what it is typed by, its constants told to be such."""
    for room in ("dossier", "tables"):
        if (ROOT / room).is_dir():
            shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
    if (ROOT / "pyproject.toml").is_file():
        shutil.copy(ROOT / "pyproject.toml", tree)  # how strictly types are checked
    for path in paths:
        (tree / path).write_text(with_constants((tree / path).read_text("utf-8")), "utf-8")


_CAPITALS = re.compile(r"_?[A-Z][A-Z0-9_]*")
_FUTURE = "from __future__ import annotations\n"


def with_constants(source: str) -> str:
    """A module whose names in capitals are `Final`: the compiler then keeps their values at hand, and else looks
    each of them up by its name whenever it is used. No line moves."""
    if _FUTURE not in source:
        return source
    lines = source.split("\n")
    for bound in ast.parse(source).body:
        line = lines[bound.lineno - 1]
        match bound:
            case ast.Assign(targets=[ast.Name(id=name)]) if _CAPITALS.fullmatch(name):
                lines[bound.lineno - 1] = f"{name}: Final{line.removeprefix(name)}"
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=ast.expr()):
                begin, end = kind.col_offset, kind.end_col_offset or 0
                if _CAPITALS.fullmatch(name) and kind.end_lineno == bound.lineno:
                    lines[bound.lineno - 1] = f"{line[:begin]}Final[{line[begin:end]}]{line[end:]}"
            case _:
                pass
    return "\n".join(lines).replace(_FUTURE, f"{_FUTURE[:-1]}; from typing import Final\n", 1)


def _shelve(built: Path, name: str) -> None:
    """Lay a build in its place in one step. Earlier builds stay: a process that runs from one may not lose it."""
    coming = compiled.SHELF / f".{name}"
    shutil.rmtree(coming, ignore_errors=True)
    shutil.copytree(built, coming)
    coming.rename(compiled.SHELF / name)


if __name__ == "__main__":
    sys.exit(main())
