"""An address says on whose host it lies."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

_PLAIN = re.compile(r"https?://([0-9a-z.-]+)(?=[/?#]|\Z)")
"""What nearly every address begins with; what does not is taken apart with all care."""


@lru_cache(maxsize=1 << 16)  # the pages of a site lead to the same addresses
def host_of(url: str) -> str:
    """The host of an address in lower case; empty where the address has none."""
    if plain := _PLAIN.match(url):
        return plain[1]
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
