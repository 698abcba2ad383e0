"""Two addresses may name one page, and one page may hide behind endless addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_SESSION_KEYS = re.compile(
    r"^(jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|sid|sessid|sessionid|session_id|cfid|cftoken|s_id)$",
    re.IGNORECASE,
)
_RETURN_KEYS = re.compile(
    r"^(return_?url|back_?url|redirect(_?ur[il])?|goto|go_?url|from_?url|referer|referrer|callback_?url|service|target_?url)$",
    re.IGNORECASE,
)
_NOISE_KEYS = re.compile(r"^(_|timestamp|random|rnd|rand|_t|t_)$", re.IGNORECASE)
_PATH_SESSION = re.compile(r";(jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_ASP_COOKIELESS = re.compile(r"/\((?:[SAFX]\([0-9a-z]{20,}\))+\)", re.IGNORECASE)
_ACTION = re.compile(
    r"(^|[/?&=_.-])(print(page|view|able)?|logout|signout|addfavou?rite|sharer?|sendmail|tell_?friend)"
    r"(?=$|[/?&=_.-])",
    re.IGNORECASE,
)
_SHARE_HOSTS = (
    "service.weibo.com",
    "v.t.sina.com.cn",
    "share.v.t.qq.com",
    "sns.qzone.qq.com",
    "connect.qq.com",
    "share.renren.com",
    "www.jiathis.com",
    "www.facebook.com",
    "twitter.com",
)
_HOME_FILE = re.compile(
    r"^/?((index|default|home|main|portal)(_\d)?(\.(s?html?|jsp|aspx?|php|do|action))?)?$", re.IGNORECASE
)
_DATE_FOLDERS = re.compile(r"/(19|20)\d\d[/-]\d{1,2}([/-]\d{1,2})?/?$")
_PLAIN_HOST = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)*)/")
_PLAIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*/[A-Za-z0-9/._~-]*")
"""Addresses that are their own identity: nothing in them to be folded, unescaped or left out."""
_SENDABLE = re.compile(
    r"https?://[A-Za-z0-9._-]+(?::\d+)?/[A-Za-z0-9_.~/%:@!$&'()*+,;=\[\]-]*"
    r"(?:\?[A-Za-z0-9_.~/%:@!$&'()*+,;=?\[\]-]+)?"
)
"""Addresses that go over the wire as they are."""
_DIGITS = re.compile(r"\d+")
_ROUTING = ("#/", "#!")
_LONGEST = 1500
_MOST_PARAMETERS = 12
_PATH_SAFE = "/%:@!$&'()*+,;=~-._[]"
_QUERY_SAFE = "/%:@!$&'()*+,;=~-._?[]"


@lru_cache(maxsize=8192)
def host_of(url: str) -> str:
    """The host name of an address in lower case, without its port; empty where there is none."""
    plain = _PLAIN_HOST.match(url)
    if plain is not None:
        return plain[1]
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_web(url: str) -> bool:
    """Whether a crawler can ask this address at all."""
    return url[:8].lower().startswith(("http://", "https://")) and bool(host_of(url))


def origin_of(url: str) -> str:
    """Scheme and place of the server: what one robots.txt speaks for."""
    plain = _PLAIN_HOST.match(url)
    if plain is not None:
        return plain[0][:-1]
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def bare(host: str) -> str:
    """A host name without its www."""
    return host.removeprefix("www.")


def with_variants(hosts: Iterable[str]) -> frozenset[str]:
    """Hosts with and without www: a visitor takes them for one site."""
    named = {host for host in hosts if host}
    return frozenset(named | {bare(host) for host in named} | {f"www.{bare(host)}" for host in named})


def without_fragment(url: str) -> str:
    """The address without its fragment, unless the fragment routes."""
    head, mark, fragment = url.partition("#")
    if mark and (mark + fragment).startswith(_ROUTING) and len(fragment) > 1:
        return url
    return head


def identity(url: str) -> str:
    """One key for all addresses of one page: session ids and way-back parameters name no page of their own."""
    if _PLAIN.fullmatch(url):
        return url
    try:
        parts = urlsplit(without_fragment(url.strip()))
        port = parts.port
    except ValueError:
        return url
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").rstrip(".")
    netloc = host if port in (None, 80 if scheme == "http" else 443) else f"{host}:{port}"
    path = _ASP_COOKIELESS.sub("", _PATH_SESSION.sub("", parts.path)) or "/"
    try:
        path = quote(unquote(path, errors="strict"), safe=_PATH_SAFE)
    except UnicodeDecodeError:
        path = quote(path, safe=_PATH_SAFE)
    query = parts.query
    if query and any(mark in query for mark in "=&"):
        pairs = parse_qsl(query, keep_blank_values=True, encoding="latin-1")
        kept = [(k, v) for k, v in pairs if not _nameless(k)]
        if len(kept) != len(pairs):
            query = urlencode(kept, encoding="latin-1")
    return urlunsplit((scheme, netloc, path, query, parts.fragment))


def _nameless(key: str) -> bool:
    return bool(_SESSION_KEYS.match(key) or _RETURN_KEYS.match(key) or _NOISE_KEYS.match(key))


def other_scheme(url: str) -> str:
    """The same place under https instead of http, or the reverse; empty where a port ties it to one of them."""
    parts = urlsplit(url)
    if parts.port is not None or parts.scheme.lower() not in ("http", "https"):
        return ""
    return wire(urlunsplit(parts._replace(scheme="http" if parts.scheme.lower() == "https" else "https")))


def wire(url: str, encoding: str = "utf-8") -> str:
    """The address as it goes over the wire: the path as UTF-8, as every browser does; the query in `encoding`."""
    if _SENDABLE.fullmatch(url):
        return url
    parts = urlsplit(without_fragment(url) if "#" not in url else url.partition("#")[0])
    netloc = parts.netloc
    if not netloc.isascii():
        try:
            netloc = netloc.encode("idna").decode("ascii")
        except UnicodeError:
            netloc = quote(netloc, safe=":@[]")
    path = quote(parts.path, safe=_PATH_SAFE) or "/"
    query = quote(parts.query.encode(encoding, errors="xmlcharrefreplace"), safe=_QUERY_SAFE)
    return urlunsplit((parts.scheme.lower(), netloc, path, query, ""))


def wire_as_gbk(url: str) -> str:
    """The address with its Chinese parts as GBK octets, for servers that only know their own charset; or empty."""
    parts = urlsplit(url.partition("#")[0])
    try:
        path, query = unquote(parts.path, errors="strict"), unquote(parts.query, errors="strict")
        if path.isascii() and query.isascii():
            return ""
        gbk_path = quote(path.encode("gb18030"), safe=_PATH_SAFE.replace("%", ""))
        gbk_query = quote(query.encode("gb18030"), safe=_QUERY_SAFE.replace("%", ""))
    except UnicodeError:
        return ""
    return urlunsplit((parts.scheme.lower(), parts.netloc, gbk_path, gbk_query, ""))


def is_home(url: str) -> bool:
    """Whether an address names a site's front door by itself: no path, or an index file at the root."""
    parts = urlsplit(url)
    return not parts.query and bool(_HOME_FILE.match(parts.path))


def is_deep(url: str) -> bool:
    """Whether an address promises one certain thing, so that being sent to the home page means it is gone."""
    parts = urlsplit(url)
    if is_home(url):
        return False
    name = parts.path.rstrip("/").rpartition("/")[2]
    return parts.path.strip("/").count("/") >= 1 or "." in name or bool(parts.query)


def same_page(one: str, other: str) -> bool:
    """Whether two addresses differ only by scheme, www, an index file or a closing slash."""
    return one == other or _plain(one) == _plain(other)


@lru_cache(maxsize=4096)
def _plain(url: str) -> tuple[str, str, str, str]:
    parts = urlsplit(identity(url))
    path = re.sub(r"(?i)/(index|default)\.\w{2,5}$", "/", parts.path).rstrip("/")
    fragment = parts.fragment if ("#" + parts.fragment).startswith(_ROUTING) else ""
    return bare(parts.hostname or ""), path, parts.query, fragment


@lru_cache(maxsize=8192)
def shape(url: str) -> str:
    """The pattern of an address: numbers are all alike. Many pages share a shape; so do all pages of a trap."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True, encoding="latin-1")
    keys = "&".join(sorted(f"{key}={_DIGITS.sub('0', value)[:24]}" for key, value in pairs))
    return f"{parts.hostname}{_DIGITS.sub('0', parts.path)}?{keys}"


def is_made_up(url: str) -> bool:
    """Whether a script may answer to this address with any number in it: a query, or folders that are dates."""
    if "?" not in url and "#" not in url and not _DATE_FOLDERS.search(url):
        return False  # most addresses, and not taken apart for that
    parts = urlsplit(url)
    return bool(parts.query) or bool(_DATE_FOLDERS.search(parts.path))


def trap_of(url: str) -> str:
    """Why an address is not worth asking whatever stands behind it; empty where nothing is wrong with it."""
    if len(url) > _LONGEST:
        return "too-long"
    plain = _PLAIN.fullmatch(url)
    path, query = (url.split("/", 3)[3], "") if plain else urlsplit(url)[2:4]
    segments = [segment for segment in path.split("/") if segment]
    if len(set(segments)) < len(segments) and (_comes_often(segments) or _has_cycle(segments)):
        return "path-repeats"
    if query.count("&") >= _MOST_PARAMETERS:
        return "too-many-parameters"
    if host_of(url) in _SHARE_HOSTS and ("share" in url.lower() or "url=" in url.lower()):
        return "share"
    return "action" if query and _is_action(path, query) else ""


def _is_action(path: str, query: str) -> bool:
    """Print, share and log-out links; a title that merely contains such a word is no action."""
    last = path.rpartition("/")[2]
    return bool(
        _ACTION.search(f"{last}?{query}")
        or re.fullmatch(r"(?i)(print|logout|signout|share)(page)?(\.\w{2,6})?", last)
    )


def _comes_often(segments: list[str]) -> bool:
    return any(segments.count(segment) >= 4 for segment in set(segments))


def _has_cycle(segments: list[str]) -> bool:
    """Whether a run of two or more segments follows itself twice: /a/b/a/b/a/b."""
    for size in (1, 2, 3):
        for start in range(len(segments) - 3 * size + 1):
            run = segments[start : start + size]
            if (
                run == segments[start + size : start + 2 * size]
                and run == segments[start + 2 * size : start + 3 * size]
                and not all(segment.isdigit() for segment in run)
            ):
                return True
    return False
