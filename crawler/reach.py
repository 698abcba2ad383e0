"""How an attempt to see an address ended. Only "it is gone" may ever support a fault, so it is said last and least.

Pure: no I/O. What is doubtful is BROKEN, BLOCKED or OK, never GONE.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from crawler.addresses import is_deep, is_home, same_page
from crawler.failing import NobodyListensError, NoSuchNameError, TooLargeError, TunnelError
from crawler.notfound import NotFound, Print, agrees
from dossier.archive import Exchange
from dossier.model import PageFacts, PageKind, Purpose, Reach


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that brought no answer to judge."""

    reach: Reach
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one answer when it is judged."""

    asked_url: str
    purpose: Purpose
    exchange: Exchange
    redirected: bool = False
    facts: PageFacts | None = None
    challenge: str = ""
    """Name of the protection that answered in the site's place."""
    not_found: NotFound | None = None
    """How this place of the site says 'not found', as far as that was learnt."""
    fingerprint: Print | None = None
    homes: tuple[str, ...] = ()
    """Addresses of the unit's home pages."""
    home_sha256: str = ""


_TUNNEL_STATUS = re.compile(r"'status': (\d{3})")
_NOT_THERE = re.compile(
    r"404|410|not.?found|不存在|找不到|未找到|没有找到|无法找到|删除|失效|走丢|丢失|移走|下线|撤|过期|未发布",
    re.IGNORECASE,
)
_TALKS_ABOUT = re.compile(r"怎么办|怎样|如何(处理|解决|办理)|为什么|答[:：]|问[:：]|常见问题")
"""A page that explains what to do about missing pages is not itself missing."""
_ERROR_PATH = re.compile(
    r"(^|[/_.-])(404|410|notfound|not_found|not-found|pagenotfound|nopage)([/_.-]|$)|"
    r"(^|/)(error|err|errors|errorpage|error_page)(\d{0,3})(\.[a-z]{2,5})?$",
    re.IGNORECASE,
)
_DOCUMENT_FILE = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|wps|et|ofd|rtf|txt|csv|zip|rar|7z|ceb|jpe?g|png|gif|bmp|mp[34])$",
    re.IGNORECASE,
)
_FILE_PURPOSES = (Purpose.ATTACHMENT, Purpose.IMAGE)


def failure_of(error: BaseException, *, proxied: bool) -> Failure:
    """What an exception of the wire says of an address; reason `proxy` means our own way out is closed."""
    text = f"{error} {error.__cause__ or ''}"
    if isinstance(error, TimeoutError):
        return Failure(Reach.SILENT, "timeout")
    if isinstance(error, NoSuchNameError):
        return Failure(Reach.SILENT, "proxy" if proxied else "dns")
    if isinstance(error, NobodyListensError):
        return Failure(Reach.SILENT, "proxy" if proxied else "refused-connection")
    if isinstance(error, TooLargeError):
        return Failure(Reach.BROKEN, "too-large")
    if isinstance(error, ValueError):
        return Failure(Reach.BROKEN, "bad-address")
    if isinstance(error, TunnelError):
        status = _TUNNEL_STATUS.search(text)
        known = status.group(1) if status else ""
        if known == "407":
            return Failure(Reach.SILENT, "proxy")
        return Failure(Reach.SILENT, "dns" if known in ("502", "503") else "refused-connection")
    if isinstance(error, ConnectionError):
        return Failure(Reach.SILENT, "reset")
    lowered = text.lower()
    if any(word in lowered for word in ("ssl", "tls", "certificate", "handshake")):
        return Failure(Reach.SILENT, "tls")
    if "connectionlost" in lowered or "connectiondone" in lowered or "connection was closed" in lowered:
        return Failure(Reach.SILENT, "reset")
    return Failure(Reach.SILENT, "connection")


def reach_of(seen: Seen) -> tuple[Reach, str]:
    """How the attempt ended, with its machine reason."""
    status = seen.exchange.status
    if seen.challenge:
        return Reach.BLOCKED, f"challenge:{seen.challenge}"
    if seen.facts is not None and seen.facts.kind is PageKind.CHALLENGE:
        return Reach.BLOCKED, f"challenge:{seen.facts.sign or 'page'}"
    if status in (412, 521):
        return Reach.BLOCKED, f"challenge:status-{status}"
    if status in (404, 410):
        return Reach.GONE, f"status-{status}"
    if status in (401, 403, 407, 451):
        return Reach.REFUSED, f"status-{status}"
    if status == 304:
        return Reach.OK, ""
    if not 200 <= status < 300:
        return Reach.BROKEN, f"status-{status}"
    if seen.purpose is Purpose.EXTERNAL:
        return Reach.OK, ""
    if seen.purpose is Purpose.SEARCH:  # that it found nothing is an answer
        return (Reach.OK, "") if seen.exchange.body.strip() else (Reach.BROKEN, "empty")
    return _reach_of_success(seen)


def _reach_of_success(seen: Seen) -> tuple[Reach, str]:
    exchange = seen.exchange
    if exchange.cut and not _is_whole(exchange.body):
        return Reach.BROKEN, "too-large" if len(exchange.body) > 65536 else "incomplete"
    if not exchange.body.strip():
        return _reach_of_nothing(seen)
    file_wanted = seen.purpose in _FILE_PURPOSES or bool(_DOCUMENT_FILE.search(seen.asked_url.split("?")[0]))
    got_page = looks_like_html(exchange)
    if not got_page:
        return Reach.OK, ""
    if breaks_off(exchange.body):
        return Reach.BROKEN, "incomplete"
    gone = _soft_not_found(seen)
    if file_wanted:
        if gone:
            return Reach.GONE, "wrong-type"
        if seen.facts is not None and seen.facts.kind is PageKind.ERROR:
            return Reach.BROKEN, "error-page"
        return (Reach.BROKEN, "wrong-type") if seen.purpose is Purpose.IMAGE else (Reach.OK, "")
    if gone:
        return Reach.GONE, gone
    if seen.facts is not None and _is_blank(seen.facts):
        return Reach.BROKEN, "empty"
    if seen.facts is not None and seen.facts.kind is PageKind.ERROR:
        return (Reach.OK, "") if _TALKS_ABOUT.search(seen.facts.text) else (Reach.BROKEN, "error-page")
    return Reach.OK, ""


def _is_blank(facts: PageFacts) -> bool:
    """Whether a page has a head and shows nothing at all, not even its frame: its server failed while it wrote."""
    if (
        facts.kind is PageKind.SHELL
        or facts.includes
        or facts.data_sources
        or facts.script_lists
        or facts.moved_to
    ):
        return False
    return not (
        facts.whole_text.strip()
        or facts.links
        or facts.items
        or facts.forms
        or facts.attachments
        or facts.media
    )


def _reach_of_nothing(seen: Seen) -> tuple[Reach, str]:
    """An answer of zero bytes: a file or page that is certainly blank to everybody; anything else may be a mood."""
    if seen.exchange.status != 200 or seen.purpose in (Purpose.INCLUDE, Purpose.DATA, Purpose.ROBOTS):
        return Reach.OK, ""
    if any(same_page(seen.asked_url, home) for home in seen.homes) or is_home(seen.asked_url):
        return Reach.BROKEN, "empty"
    return Reach.GONE, "empty"


def _soft_not_found(seen: Seen) -> str:
    """The reason for which a 200 answer means 'not found', or nothing."""
    url, exchange, facts = seen.asked_url, seen.exchange, seen.facts
    if any(same_page(url, home) for home in seen.homes):
        return ""
    drawn = facts is not None and facts.kind is PageKind.SHELL
    known = seen.not_found
    calibrated = (
        known is not None
        and known.how == "soft"
        and not drawn
        and seen.fingerprint is not None
        and agrees(seen.fingerprint, known)
    )
    if facts is not None and facts.kind is PageKind.ERROR and _NOT_THERE.search(_what_it_says(facts)):
        if calibrated:
            return "soft-404:calibrated"
        return "" if _TALKS_ABOUT.search(facts.text) else "soft-404:says-so"
    if calibrated:
        return "soft-404:calibrated"
    if not is_deep(url):
        return ""
    if seen.redirected and _sent_home(url, exchange.url, seen.homes):
        return "soft-404:home"
    if seen.redirected and _sent_to_error_page(exchange.url, facts):
        return "soft-404:says-so"
    if known is not None and known.how == "home" and not drawn and seen.home_sha256:
        same = bool(seen.fingerprint) and seen.fingerprint is not None
        if (
            same
            and seen.fingerprint is not None
            and seen.fingerprint.sha256 in (seen.home_sha256, *known.digests)
        ):
            return "soft-404:home"
    return ""


def _what_it_says(facts: PageFacts) -> str:
    """The words by which an error page was known; a mere `提示信息` is explained by the few words below it."""
    said = facts.sign or facts.html_title
    return said if said.startswith("phrase:") else f"{said} {facts.text[:300]}"


def _sent_home(asked: str, final: str, homes: tuple[str, ...]) -> bool:
    """Whether a certain thing was asked for and the front door was shown."""
    if same_page(asked, final):
        return False
    return is_home(final) or any(same_page(final, home) for home in homes)


def _sent_to_error_page(final: str, facts: PageFacts | None) -> bool:
    """Whether it was sent to an address that calls itself an error, and whose page does not read like content."""
    path = final.split("?")[0].split("://", 1)[-1]
    if not _ERROR_PATH.search(path[path.find("/") :]):
        return False
    return facts is None or (
        len(facts.text) < 400 and not facts.items and bool(_NOT_THERE.search(f"{path} {facts.text}"))
    )


def looks_like_html(exchange: Exchange) -> bool:
    """Whether the body is a page, whatever its header says."""
    head = exchange.body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(
        (
            b"%pdf",
            b"pk\x03\x04",
            b"\xd0\xcf\x11\xe0",
            b"rar!",
            b"\x89png",
            b"\xff\xd8\xff",
            b"gif8",
            b"{\\rtf",
        )
    ):
        return False
    if "html" in exchange.header("content-type").lower():
        return True
    return head.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in head


def _is_whole(body: bytes) -> bool:
    return body.rstrip()[-7:].lower() == b"</html>"


_HOLDERS = (b"div", b"ul", b"ol", b"table", b"tr", b"td", b"section", b"script", b"style")
_LEFT_OPEN = 2
_LAST_TAG = re.compile(rb"<(/?[a-z][a-z0-9]*)\b[^<>]*>[^<>]*\Z")
_NEVER_LEFT_OPEN = frozenset(
    [*b"a span b strong em i u font h1 h2 h3 h4 h5 h6 button label title".split(), *_HOLDERS]
) - {b"tr", b"td"}
"""No page ends right behind where one of these begins."""


def breaks_off(body: bytes) -> bool:
    """Whether a page stops in the middle though nobody said so: an answer of no stated length that was cut, or
    a server that gave up. It begins a document, never ends it, and leaves open what it was in.

    Of 367 real pages one has neither `</body>` nor `</html>`, and that one was cut by hand (2026-11-23).
    """
    page = body.lower()
    if not (b"<html" in page or b"<body" in page) or b"</html" in page or b"</body" in page:
        return False
    if b"<frameset" in page:
        return False
    last = _LAST_TAG.search(page[-4000:])
    if page.rfind(b"<") > page.rfind(b">") or (last and last[1] in _NEVER_LEFT_OPEN):
        return True
    return sum(max(0, len(_opens(page, name)) - page.count(b"</" + name)) for name in _HOLDERS) >= _LEFT_OPEN


def _opens(page: bytes, name: bytes) -> list[bytes]:
    return re.findall(rb"<" + name + rb"[\s>/]", page)


ChallengeOf = Callable[..., str | None]


def challenge_in(exchange: Exchange, challenge_of: ChallengeOf) -> str:
    """The protection that answered in the site's place, looked for where one can hide: odd statuses and small pages."""
    if 200 <= exchange.status < 300 and (len(exchange.body) > 60_000 or not looks_like_html(exchange)):
        return ""
    raw = exchange.body[:60_000]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    headers = {name.lower(): value for name, value in exchange.response_headers}
    return challenge_of(text, exchange.status, headers) or ""
