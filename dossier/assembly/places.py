"""One page has many addresses; here each is traced to the one under which the page is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from dossier.addresses import host_of
from dossier.model import Unit

_INDEX_FILES = frozenset(
    f"{stem}.{suffix}"
    for stem in ("index", "default", "home")
    for suffix in ("html", "htm", "shtml", "jsp", "aspx", "asp", "php", "jhtml")
)


_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
"""A visit's own number in an address: the same place for everybody else under another one."""


@lru_cache(maxsize=1 << 15)  # the pages of a site lead to the same addresses
def bare(url: str) -> str:
    """An address without what a visitor would not notice: scheme, case of the host, index file, last slash."""
    if plain := _PLAIN.fullmatch(url):
        return plain[1] + _without_index(plain[2]) + plain[3]
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    port = f":{parts.port}" if _port(url) not in (None, 80, 443) else ""
    path = _without_index(_SESSION.sub("", parts.path))
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    return f"{host}{port}{path}{query}{fragment}"


_PLAIN = re.compile(r"https?://([0-9a-z.-]+)((?:/[^\s?#;]*)?)((?:\?[^\s#]+)?)")
"""Host, path and query, and nothing that would have to be taken apart."""


def _without_index(path: str) -> str:
    folder, _, last = path.rpartition("/")
    return folder if last.lower() in _INDEX_FILES else path.rstrip("/")


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return None


def hosts_of(unit: Unit) -> frozenset[str]:
    """Every host under which a unit is known to publish."""
    named = [host_of(row.url) for row in unit.websites]
    further = [host.lower() for row in unit.websites for host in row.extra_hosts]
    return frozenset(host for host in (*named, *further) if host)


class Places:
    """Which address of `pages` an address means, if any."""

    def __init__(self, urls: Iterable[str], aliases: Mapping[str, str]) -> None:
        self._known = dict.fromkeys(urls)
        self._aliases = dict(aliases)
        self._by_bare: dict[str, str] = {}
        for url in self._known:
            self._by_bare.setdefault(safe_bare(url), url)
        for variant, url in self._aliases.items():
            self._by_bare.setdefault(safe_bare(variant), url)

    def find(self, url: str) -> str | None:
        """The address in `pages` of the page that a link leads to."""
        if not url:
            return None
        if url in self._known:
            return url
        return self._aliases.get(url) or self._by_bare.get(safe_bare(url))


def safe_bare(url: str) -> str:
    """`bare`, and for an address that cannot be taken apart the address itself."""
    try:
        return bare(url)
    except ValueError:
        return url
