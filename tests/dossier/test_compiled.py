"""What was compiled is run only where it was made from exactly the sources that lie there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from dossier import compiled

ROOT = compiled.ROOM.parent
_INIT = (
    '"""Reading."""\nfrom dossier.compiled import prefer_compiled\n\nprefer_compiled(__name__, __path__)\n'
)
_WHO = '''"""Who answers."""
from __future__ import annotations

import sys

_PARTS: tuple[int, ...] = (
    2,
)


def half(number: int) -> int:
    return number // _PARTS[0]


ASKED = __file__
'''
_ASK = "import sys; sys.prefix = sys.argv[1]; from dossier.reading import who; print(who.half(14), who.ASKED)"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A room of one reader, with the door and the way in of the real one."""
    reading = tmp_path / "dossier" / "reading"
    reading.mkdir(parents=True)
    (tmp_path / "dossier" / "__init__.py").write_text('"""A small dossier."""\n')
    shutil.copy(compiled.ROOM / "compiled.py", tmp_path / "dossier")
    (reading / "__init__.py").write_text(_INIT)
    (reading / "who.py").write_text(_WHO)
    return tmp_path


def answer(tree: Path, **environment: str) -> tuple[str, Path]:
    """What the reader says, and the file that said it."""
    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(tree / "prefix")],
        cwd=tree, env={**bare(), **environment}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    said, _, where = done.stdout.strip().partition(" ")
    return said, Path(where)


def bare() -> dict[str, str]:
    """Our environment without the switch, with the tree in front of everything."""
    return {name: value for name, value in os.environ.items() if name != compiled.OFF} | {"PYTHONPATH": "."}


def lay_a_build(tree: Path) -> Path:
    """Something under the name of these very sources, as a build would lie there."""
    folder = tree / "prefix/lib/gongkai-compiled" / compiled.digest_of(tree / "dossier") / "dossier/reading"
    folder.mkdir(parents=True)
    (folder / "who.py").write_text(_WHO)
    return folder


def test_without_a_build_the_sources_are_run(tree: Path) -> None:
    assert answer(tree) == ("7", tree / "dossier/reading/who.py")


def test_a_build_of_these_very_sources_is_run_in_their_place(tree: Path) -> None:
    folder = lay_a_build(tree)
    assert answer(tree) == ("7", folder / "who.py")


@pytest.mark.parametrize("edited", ["reading/who.py", "__init__.py"])
def test_an_edit_of_any_source_has_the_sources_run_again(tree: Path, edited: str) -> None:
    lay_a_build(tree)
    with (tree / "dossier" / edited).open("a") as out:
        out.write("# one line more\n")
    assert answer(tree)[1] == tree / "dossier/reading/who.py"


def test_a_new_source_has_the_sources_run_again(tree: Path) -> None:
    lay_a_build(tree)
    (tree / "dossier/reading/other.py").write_text('"""Another reader."""\n')
    assert answer(tree)[1] == tree / "dossier/reading/who.py"


def test_a_switch_has_the_sources_run_though_they_were_compiled(tree: Path) -> None:
    lay_a_build(tree)
    assert answer(tree, **{compiled.OFF: "1"})[1] == tree / "dossier/reading/who.py"


def test_what_is_compiled_are_readers_and_not_their_door() -> None:
    names = {path.name for path in compiled.sources()}
    assert {"page.py", "growing.py", "lists.py"} <= names
    assert not names & {"__init__.py", "extract.py"}


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0]) is None, reason="no C compiler here"
)
def test_what_the_compiler_makes_answers_as_its_source_does(tree: Path) -> None:
    (tree / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/compile.py", tree / "scripts")
    code = "import sys; sys.prefix = sys.argv[1]; import runpy; runpy.run_path('scripts/compile.py', run_name='__main__')"
    command = [sys.executable, "-c", code, str(tree / "prefix")]
    first = subprocess.run(command, cwd=tree, env=bare(), capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stdout + first.stderr
    said, where = answer(tree)
    assert said == "7"
    assert where.suffix in (".so", ".pyd")
    again = subprocess.run(command, cwd=tree, env=bare(), capture_output=True, text=True, check=True)
    assert "没有变化" in again.stdout
    assert sorted(path.name for path in tree.iterdir()) == ["dossier", "prefix", "scripts"]


def test_without_a_compiler_it_is_said_and_nothing_is_lost(tree: Path) -> None:
    (tree / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/compile.py", tree / "scripts")
    done = subprocess.run(
        [sys.executable, "scripts/compile.py"],
        cwd=tree, env=bare() | {"PATH": str(tree / "empty")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "没有 C 编译器" in done.stdout
    assert answer(tree) == ("7", tree / "dossier/reading/who.py")
