"""A site is asked for pages that cannot exist, to learn how it says 'not found' before anything is called gone.

Phrases mislead (an article may be about 404); a site's own answer to a random address does not.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.addresses import host_of, identity, is_home, same_page
from dossier.archive import Exchange
from dossier.model import PageFacts, PageKind, Reach

_NUMBERS = re.compile(r"[0-9０-９]+")
_SPACE = re.compile(r"\s+")
_LINE_END = re.compile(r"[\n\r。；!！]| {2,}|\t")
_FEWEST_LINES = 1
_EMPTY_LIST = re.compile(
    r"(暂无|没有|无|未查询到)(任何|相关|符合条件的?)?(数据|内容|记录|信息|结果)|共0条|共0页"
)
_LOGIN = re.compile(r"(^|[/_.-])(login|signin|sso|cas|oauth2?|passport)([/_.-]|$)", re.IGNORECASE)
_NOT_THERE = re.compile(r"404|不存在|找不到|未找到|无法找到|删除|失效|not\s*found", re.IGNORECASE)
_PASSING = re.compile(
    r"维护|升级|改造|稍后|稍候|稍等|繁忙|拥堵|超时|暂时|频繁|拦截|阻断|验证|安全|请求编号|请求ID|maintenance|try again|too many",
    re.IGNORECASE,
)
_SHORT = 600
"""A whole page of a site may well speak of maintenance somewhere; a page that says nothing else is about it."""


@dataclass(frozen=True, slots=True)
class Print:
    """What two answers must share to be the same answer."""

    sha256: str
    title: str
    lines: frozenset[str]
    links: frozenset[str] = frozenset()
    """Where it leads within its own host."""
    kind: PageKind = PageKind.OTHER
    items: int = 0


@dataclass(frozen=True, slots=True)
class NotFound:
    """How one place of a site answers for what is not there."""

    how: str
    """`status` (404 or 410), `soft` (a page of its own), `home` (its home page), `unknown`."""
    titles: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    """Lines that all the random answers showed."""
    allowed: frozenset[str] = frozenset()
    """Lines that any of them showed."""
    links: frozenset[str] = frozenset()
    digests: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        """As UnitReport.not_found says it."""
        if self.how != "soft":
            return self.how
        whole = "\n".join(sorted(self.common))
        return f"soft:{hashlib.sha256(whole.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a random address brought."""

    url: str
    exchange: Exchange | None
    reach: Reach
    """As judged without calibration."""
    facts: PageFacts | None = None


def random_addresses(url: str, count: int = 2) -> tuple[str, ...]:
    """Addresses like this one that cannot exist: in its folder, with its ending, or with its parameters."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    made = []
    for _ in range(count):
        token = secrets.token_hex(5)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        if any(any(letter.isdigit() for letter in value) for _, value in pairs):
            changed = [(key, _like(value)) for key, value in pairs]
            made.append(urlunsplit((parts.scheme, parts.netloc, parts.path or "/", urlencode(changed), "")))
            continue
        if dot:
            new = f"{_like(stem) if any(letter.isdigit() for letter in stem) else 'zq' + token}.{ending}"
        else:
            new = f"zq{token}"
        made.append(urlunsplit((parts.scheme, parts.netloc, f"{folder}/{new}", "", "")))
    return tuple(made)


def _like(value: str) -> str:
    """A value of the same make with numbers that nobody gave out."""

    def swap(found: re.Match[str]) -> str:
        size = max(len(found.group()), 6)
        return "9" + "".join(secrets.choice("0123456789") for _ in range(size - 1))

    return _NUMBERS.sub(swap, value, count=0)


def place_of(url: str) -> str:
    """Addresses that a server treats alike: same host, folder depth, ending, and parameter names."""
    parts = urlsplit(url)
    segments = parts.path.strip("/").split("/")
    ending = segments[-1].rpartition(".")[2].lower() if "." in segments[-1] else ""
    first = segments[0] if len(segments) > 1 else ""
    keys = ",".join(sorted(key for key, _ in parse_qsl(parts.query, keep_blank_values=True)))
    script = parts.path if keys else first
    return f"{parts.hostname}|{script}|{len(segments)}|{ending}|{keys}"


def print_of(exchange: Exchange, facts: PageFacts | None) -> Print:
    """The fingerprint of an answer."""
    return print_as(exchange.url, hashlib.sha256(exchange.body).hexdigest(), facts)


def print_as(url: str, sha256: str, facts: PageFacts | None) -> Print:
    """The fingerprint of a body of this digest: title and visible lines, with numbers and its own address taken out."""
    whole = (facts.whole_text or facts.text) if facts is not None else ""
    echoes = [url, urlsplit(url).path, urlsplit(url).path.rpartition("/")[2]]
    for echo in sorted((echo for echo in echoes if len(echo) > 3), key=len, reverse=True):
        whole = whole.replace(echo, "")
    bare = "\n".join("".join(line.split()) for line in _LINE_END.split(whole))
    title = (facts.html_title or facts.title or "") if facts is not None else ""
    return Print(
        sha256=sha256,
        title=_NUMBERS.sub("0", _SPACE.sub("", title)),
        lines=frozenset(_NUMBERS.sub("0", bare).split("\n")) - {""},
        links=_own_links(facts),
        kind=facts.kind if facts is not None else PageKind.OTHER,
        items=len(facts.items) if facts is not None else 0,
    )


def _own_links(facts: PageFacts | None) -> frozenset[str]:
    if facts is None:
        return frozenset()
    host = host_of(facts.url)
    return frozenset(identity(link.url) for link in facts.links if link.url and host_of(link.url) == host)


def learn(trials: tuple[Trial, ...], homes: tuple[str, ...] = (), home: Print | None = None) -> NotFound:
    """How this place says 'not found', from its answers to random addresses; `unknown` at the least doubt."""
    answered = [trial for trial in trials if trial.exchange is not None]
    if not answered or len(answered) < len(trials):
        return NotFound("unknown")
    statuses = {trial.exchange.status for trial in answered if trial.exchange is not None}
    if statuses <= {404, 410}:
        return NotFound("status")
    if any(trial.reach in (Reach.BLOCKED, Reach.REFUSED, Reach.SILENT) for trial in answered):
        return NotFound("unknown")
    if not all(200 <= status < 300 for status in statuses):
        return NotFound("unknown")
    prints = [print_of(trial.exchange, trial.facts) for trial in answered if trial.exchange is not None]
    digests = tuple(sorted({each.sha256 for each in prints}))
    if any(each.kind is PageKind.SHELL for each in prints):
        return NotFound("unknown")  # one shell for every address: nothing can be told apart
    if any(_asks_to_log_in(trial) for trial in answered):
        return NotFound("unknown")  # behind this door there may be anything
    at_home = all(
        trial.exchange is not None
        and (
            any(same_page(trial.exchange.url, address) for address in homes)
            or (is_home(trial.exchange.url) and not same_page(trial.exchange.url, trial.url))
        )
        for trial in answered
    )
    if at_home or (home is not None and all(_alike(each, home) for each in prints)):
        return NotFound("home", digests=digests)
    if any(each.links != prints[0].links for each in prints):
        return NotFound("unknown")  # it makes up a page for every address
    common = frozenset.intersection(*(each.lines for each in prints))
    allowed = frozenset.union(*(each.lines for each in prints))
    titles = frozenset(each.title for each in prints)
    varied = len(allowed) - len(common)
    if len(common) < _FEWEST_LINES or varied > max(2, len(common) // 5):
        return NotFound("unknown")  # it answers something else each time
    whole = "\n".join(common | titles)
    if _EMPTY_LIST.search(whole) and not _NOT_THERE.search(whole):
        return NotFound("unknown")  # an empty list looks just the same
    if _PASSING.search(whole) and not _NOT_THERE.search(whole) and len(whole) < _SHORT:
        return NotFound("unknown")  # maintenance, overload or a guard: tomorrow it says something else
    return NotFound("soft", titles, common, allowed, prints[0].links, digests)


def _asks_to_log_in(trial: Trial) -> bool:
    if trial.facts is not None and any(form.purpose == "login" for form in trial.facts.forms):
        return True
    return trial.exchange is not None and bool(_LOGIN.search(urlsplit(trial.exchange.url).path))


def agrees(page: Print, known: NotFound) -> bool:
    """Whether a page is the site's own 'not found': all of its lines, and nothing else.

    A template's frame is shared by every page, so likeness is not enough: an empty list has a line of
    its own and lacks the line that says 'not found'.
    """
    if known.how != "soft":
        return False
    if page.sha256 in known.digests:
        return True
    if page.items or page.title not in known.titles or page.links - known.links:
        return False
    missing = known.common - page.lines
    extra = {line for line in page.lines - known.allowed if len(line) > 1}
    slack = 1 if len(known.allowed) > len(known.common) else 0
    return not missing and len(extra) <= slack and all(len(line) <= 40 for line in extra)


def _alike(one: Print, other: Print) -> bool:
    if one.sha256 == other.sha256:
        return True
    return one.title == other.title and bool(one.lines) and one.lines == other.lines
