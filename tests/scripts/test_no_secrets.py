"""No key, token or password lies in the repository."""

from __future__ import annotations

import math
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SIGNS = {
    "a private key": re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}"),
    "an access key of a cloud": re.compile(rb"\b(?:AKIA|ASIA|LTAI)[A-Z0-9]{12,20}\b"),
    "a token of a code host": re.compile(rb"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|glpat-[A-Za-z0-9_-]{20,})\b"),
    "a token of a service": re.compile(rb"\b(?:xox[abpr]-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9]{32,}|AIza[0-9A-Za-z_-]{35})\b"),
    "a web token": re.compile(rb"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{10,}"),
    "a login in an address": re.compile(rb"\b[a-z][a-z0-9+.-]*://[^\s/:@'\"{}<>]{1,40}:[^\s/:@'\"{}<>]{3,60}@(?!127\.|localhost)[a-z0-9.-]+"),
    "a word that was set": re.compile(rb"(?i)\b(?:password|passwd|secret|token|api_?key)\b\s*[:=]\s*[\"'](?![A-Z_]+[\"'])[!#-&(-z|~]{8,}[\"']"),
}  # fmt: skip
KNOWN = (b"correct horse", b"user:", b"s3cret", b"practice", b"example", b"test")
"""What tests give away on purpose: passwords of made-up people, logins of loopback proxies."""
_TEXTS = {
    ".py",
    ".md",
    ".toml",
    ".lock",
    ".csv",
    ".html",
    ".js",
    ".css",
    ".sh",
    ".cfg",
    ".json",
    ".txt",
    ".xml",
    ".yml",
    ".yaml",
    "",
}


def files() -> list[Path]:
    """Everything that is kept in the repository, or is about to be."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], check=False, capture_output=True, text=True, cwd=ROOT
    )  # fmt: skip
    if told.returncode:
        pytest.skip("not a checkout")
    return [
        path for name in told.stdout.splitlines() if (path := ROOT / name).is_file() and path.suffix in _TEXTS
    ]


def test_nothing_in_the_repository_looks_like_a_secret() -> None:
    found = []
    for path in files():
        content = path.read_bytes()
        for what, sign in SIGNS.items():
            for hit in sign.finditer(content):
                line = content[content.rfind(b"\n", 0, hit.start()) + 1 : content.find(b"\n", hit.end())]
                if not any(word in line.lower() for word in KNOWN):
                    found.append(f"{path.relative_to(ROOT)}: {what}: {hit[0][:60]!r}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("what", sorted(SIGNS))
def test_each_sign_is_known_when_it_is_seen(what: str) -> None:
    samples = {
        "a private key": b"-----BEGIN RSA PRIVATE KEY" + b"-----\nMIIEpAIBAAKCAQEAvvvvvvvvvvvv",
        "an access key of a cloud": b"AKIA" + b"ABCDEFGHIJKLMNOP",
        "a token of a code host": b"ghp_" + b"a" * 36,
        "a token of a service": b"sk-" + b"a" * 40,
        "a web token": b"eyJhbGciOiJIUzI1NiIs." + b"eyJzdWIiOiIxMjM0NTY3." + b"SflKxwRJSMeKKF2QT4",
        "a login in an address": b"http://admin" + b":hunter22@proxy.gov.cn",
        "a word that was set": b"pass" + b"word = 'hunter2222'",
    }
    assert SIGNS[what].search(samples[what])


def test_no_long_random_word_stands_in_a_settings_file() -> None:
    for path in files():
        if path.suffix not in (".toml", ".cfg", ".yml", ".yaml") or "tests" in path.parts:
            continue
        for word in re.findall(r"[A-Za-z0-9+/=_-]{32,}", path.read_text("utf-8")):
            entropy = -sum(n / len(word) * math.log2(n / len(word)) for n in Counter(word).values())
            assert entropy < 4.3, f"{path.relative_to(ROOT)}: {word}"
