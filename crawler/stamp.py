"""A time-stamp is asked of an authority: `python -m crawler.stamp URL REQUEST RESPONSE [PROXY]`, files in DER (RFC 3161).

Exit codes: 0 the authority answered and its answer is written, 1 it did not, 2 wrong arguments. What it answered
is for others to check.
"""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from pathlib import Path

from crawler.addresses import is_web

_SECONDS = 30.0
_MOST_BYTES = 200_000


def ask(url: str, request: bytes, proxy: str = "") -> bytes:
    """The authority's answer to a request. Raises OSError where there is none."""
    if not is_web(url):
        raise OSError("not a web address")
    asking = urllib.request.Request(  # noqa: S310 - only http and https pass
        url,
        data=request,
        headers={"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"},
    )
    way = urllib.request.ProxyHandler({"http": proxy, "https": proxy} if proxy else {})
    with urllib.request.build_opener(way).open(asking, timeout=_SECONDS) as answer:
        said: bytes = answer.read(_MOST_BYTES + 1)
    if len(said) > _MOST_BYTES:
        raise OSError("too long for a time-stamp")
    return said


def main(arguments: list[str]) -> int:
    if len(arguments) not in (3, 4):
        sys.stderr.write("用法：python -m crawler.stamp URL 请求文件 应答文件 [代理]\n")
        return 2
    url, request, response, *proxy = arguments
    try:
        said = ask(url, Path(request).read_bytes(), *proxy)
        Path(response).write_bytes(said)
    except (OSError, ValueError, urllib.error.URLError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
