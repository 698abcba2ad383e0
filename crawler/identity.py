"""Who asks: an honest name with an address to complain to; a second try asks as a browser would."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36"
)


def honest_agent(contact: str) -> str:
    """The crawler's own name, ASCII only: some servers drop anything else."""
    try:
        release = version("gongkai")
    except PackageNotFoundError:
        release = "0"
    reach = "".join(letter for letter in contact if letter.isascii() and letter.isprintable()).strip()
    purpose = "+online inspection of government openness"
    return f"gongkai/{release} ({purpose}; {reach or 'contact not set'})"


def plain_headers(agent: str) -> dict[str, str]:
    """Headers of a first try."""
    return {
        "User-Agent": agent,
        "Accept": _ACCEPT,
        "Accept-Language": "zh-CN,zh;q=0.9",
        "Accept-Encoding": "gzip, deflate",
    }


def browser_headers(agent: str, referrer: str) -> dict[str, str]:
    """Headers of a second try: a browser's, with our own name behind it, so that we stay recognisable."""
    headers = {
        "User-Agent": f"{_BROWSER} {agent}",
        "Accept": _ACCEPT,
        "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.6",
        "Accept-Encoding": "gzip, deflate",
        "Upgrade-Insecure-Requests": "1",
        "Cache-Control": "no-cache",
    }
    if referrer:
        headers["Referer"] = referrer
    return headers
