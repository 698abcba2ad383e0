"""`make audit` says what is known of holes in our libraries, and never calls "not asked" "none"."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "audit.py"
GOOD = {"name": "click", "version": "8.1.0", "vulns": []}
BAD = {"name": "lxml", "version": "1.0", "vulns": [{"id": "CVE-2021-1", "fix_versions": ["4.6.3"]}]}
SKIPPED = {"name": "flask", "skip_reason": "Dependency not found"}


def audit(folder: Path, code: str | None) -> subprocess.CompletedProcess[str]:
    """The script with a pip-audit that does as told; None: with none at all."""
    package = folder / "pip_audit"
    package.mkdir()
    (package / "__init__.py").touch()
    text = code if code is not None else "import sys; sys.exit('No module named pip_audit')"
    (package / "__main__.py").write_text(text, "utf-8")
    return subprocess.run(
        [sys.executable, str(SCRIPT)], check=False, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def saying(*dependencies: dict[str, object]) -> str:
    return f"print({json.dumps({'dependencies': list(dependencies)})!r})"


@pytest.mark.parametrize(
    ("code", "ends", "word"),
    [
        (saying(GOOD), 0, "没有已知漏洞"),
        (saying(GOOD, BAD), 1, "CVE-2021-1，修复版本 4.6.3"),
        (saying(SKIPPED, BAD), 1, "已知漏洞"),
        (saying(GOOD, SKIPPED), 3, "不等于没有漏洞"),
        ("import sys; sys.exit('ConnectionError: service is out of reach')", 3, "没有问成"),
        ("print('<html>')", 3, "没有问成"),
        (None, 2, "没有安装"),
    ],
)
def test_each_answer_has_its_words_and_its_exit_code(
    tmp_path: Path, code: str | None, ends: int, word: str
) -> None:
    done = audit(tmp_path, code)
    assert (done.returncode, done.stderr) == (ends, "")
    assert word in done.stdout
    assert ("没有已知漏洞。" in done.stdout) == (ends == 0)
