"""Once an hour somebody knocks at every front door: `python -m crawler.probe JOB.json`, one line for each host.

The job is a CrawlJob of which only the website rows, the proxy, the control addresses and the time limit
(`timeout_seconds`) are read. Whatever answers has opened, a refusal and a challenge too; only the head of an
answer and its first bytes are taken. Exit codes: 0 done, 2 bad job, 4 our own network is down.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from urllib.parse import unquote, urljoin, urlsplit

import msgspec

from crawler.account_times import run_clock
from crawler.addresses import host_of, is_web, wire
from crawler.headers import whole_number
from crawler.identity import honest_agent, plain_headers
from crawler.network import proxy_answers
from dossier.home import Home
from dossier.model import CrawlJob, ProbeSample
from dossier.reading.vocabulary import Vocabulary
from dossier.reading.vocabulary_tables import load_vocabulary

EXIT_DONE, EXIT_BAD_JOB, EXIT_NETWORK_DOWN = 0, 2, 4
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_HEAD_BYTES = 65_536
_BODY_BYTES = 16_384
_CONTROL_SECONDS = 10.0
_FEWEST_FOR_SILENCE = 2
_BY_PROXY = frozenset({"status-502", "status-504"})

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one answer and the first bytes of its body."""

    status: int
    headers: Mapping[str, str]
    start: bytes = b""


@dataclass(frozen=True, slots=True)
class Knock:
    """How one front door answered."""

    host: str
    opened: bool
    reason: str = ""
    elapsed_ms: int = 0
    heard: bool = False
    """Whether the site itself, and not only the proxy, said anything."""


def doors_of(job: CrawlJob) -> dict[str, str]:
    """Host → home page, each host once however many rows name it."""
    doors: dict[str, str] = {}
    for one in job.units:
        for row in one.unit.websites:
            if is_web(row.url):
                doors.setdefault(host_of(row.url), row.url)
    return doors


async def probe(job: CrawlJob, vocabulary: Vocabulary, now: Clock) -> tuple[list[ProbeSample], int]:
    """One round over all front doors; a silence that is our own is marked so."""
    doors = doors_of(job)
    if not await _line_is_up(job):
        return [_sample(Knock(host, False, "own-network"), job, now(), ours=True) for host in doors], 4
    room = asyncio.Semaphore(max(1, job.settings.concurrency))

    async def one(host: str, url: str) -> tuple[Knock, datetime]:
        async with room:
            at = now()
            return await _knock(host, url, job, vocabulary), at

    knocks = await asyncio.gather(*(one(host, url) for host, url in doors.items()))
    ours = not await _line_is_up(job) or _all_silent([knock for knock, _ in knocks], job)
    samples = [_sample(knock, job, at, ours=ours and not knock.opened) for knock, at in knocks]
    return samples, EXIT_NETWORK_DOWN if ours else EXIT_DONE


def _all_silent(knocks: list[Knock], job: CrawlJob) -> bool:
    """Whether nobody at all was heard. Of a single site a living proxy or control address speaks for our line."""
    if not knocks or any(knock.heard for knock in knocks):
        return False
    if len(knocks) >= _FEWEST_FOR_SILENCE:
        return True
    named = bool(job.settings.proxy) and (knocks[0].reason in _BY_PROXY or knocks[0].reason == "dns")
    return not (named or job.control_urls)


def _sample(knock: Knock, job: CrawlJob, at: datetime, *, ours: bool) -> ProbeSample:
    return ProbeSample(
        host=knock.host,
        at=run_clock(job.as_of, at).astimezone(UTC),
        opened=knock.opened,
        elapsed_ms=knock.elapsed_ms,
        reason="own-network" if ours and not knock.opened else knock.reason,
        ours=ours,
    )


async def _line_is_up(job: CrawlJob) -> bool:
    """Whether the proxy listens and, where control addresses are set, any of them answers."""
    if job.settings.proxy and not await proxy_answers(job.settings.proxy):
        return False
    if not job.control_urls:
        return True
    heads = await asyncio.gather(*(_control(url, job) for url in job.control_urls))
    return any(head is not None and head.status not in (502, 504) for head in heads)


async def _control(url: str, job: CrawlJob) -> Head | None:
    try:
        async with asyncio.timeout(_CONTROL_SECONDS):
            return await _ask(url, job)
    except (OSError, EOFError, ValueError):
        return None


async def _knock(host: str, url: str, job: CrawlJob, vocabulary: Vocabulary) -> Knock:
    started = monotonic()
    try:
        async with asyncio.timeout(job.settings.timeout_seconds):
            head = await _follow(url, job)
        opened, reason = _opened(head, vocabulary)
        heard = opened or reason not in _BY_PROXY or not job.settings.proxy
    except (OSError, EOFError, ValueError) as error:
        opened, heard, reason = False, False, _reason_of(error)
    return Knock(host, opened, reason, int((monotonic() - started) * 1000), heard)


def _opened(head: Head, vocabulary: Vocabulary) -> tuple[bool, str]:
    """Whether a visitor found the site there. What bars robots bars no visitor."""
    text = head.start.decode("utf-8", errors="replace")
    if sign := vocabulary.challenge_of(text, head.status, head.headers):
        return True, f"challenge:{sign}"
    if head.status == 521 or head.status < 400 or (head.status not in (404, 410) and head.status < 500):
        return True, "" if head.status < 400 else f"status-{head.status}"
    return False, f"status-{head.status}"


async def _follow(url: str, job: CrawlJob) -> Head:
    for _ in range(_MOST_REDIRECTS):
        head = await _ask(url, job)
        place = head.headers.get("location", "")
        if head.status not in _REDIRECTS or not place:
            return head
        following = urljoin(url, place)
        if not is_web(following):
            return head
        url = following
    return head  # turning in a circle, but answering


async def _ask(url: str, job: CrawlJob) -> Head:
    """One GET; the connection is closed as soon as the head and the first bytes are there."""
    url = wire(url)
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    host = parts.hostname or ""
    proxy = urlsplit(_whole(job.settings.proxy)) if job.settings.proxy else None
    login = _login(proxy.username, proxy.password) if proxy is not None else ""
    if proxy is not None:
        reader, writer = await asyncio.open_connection(
            proxy.hostname, proxy.port or (443 if proxy.scheme == "https" else 80), limit=_HEAD_BYTES,
            ssl=_blind() if proxy.scheme == "https" else None,
        )  # fmt: skip
    else:
        reader, writer = await asyncio.open_connection(host, port, limit=_HEAD_BYTES)
    try:
        if secure:
            if proxy is not None:
                await _tunnel(reader, writer, f"{host}:{port}", login)
            await writer.start_tls(_blind(), server_hostname=host)
        whole = url.partition("#")[0]
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [
            f"GET {whole if proxy is not None and not secure else path} HTTP/1.1",
            f"Host: {parts.netloc}",
        ]
        agent = job.settings.user_agent or honest_agent(job.settings.contact)
        headers = plain_headers(agent) | {"Accept-Encoding": "identity", "Connection": "close"}
        if login and not secure:
            headers["Proxy-Authorization"] = login
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join((*lines, "", "")).encode("latin-1", errors="replace"))
        head = _parsed(await reader.readuntil(b"\r\n\r\n"))
        wanted = _BODY_BYTES if head.status >= 400 or head.status == 202 else 1
        return Head(head.status, head.headers, await _start(reader, head, wanted))
    finally:
        writer.close()


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, place: str, login: str) -> None:
    extra = f"Proxy-Authorization: {login}\r\n" if login else ""
    writer.write(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{extra}\r\n".encode("ascii"))
    head = _parsed(await reader.readuntil(b"\r\n\r\n"))
    if head.status != 200:
        raise ConnectionRefusedError(f"status-{head.status}")


async def _start(reader: asyncio.StreamReader, head: Head, wanted: int) -> bytes:
    """The first bytes of a body; a body that never begins after a head is a site that hangs."""
    length = head.headers.get("content-length", "")
    if head.status in (204, 304) or length == "0" or head.status in _REDIRECTS:
        return b""
    if (stated := whole_number(length)) is not None:
        wanted = min(wanted, stated)
    got = b""
    while len(got) < wanted:
        piece = await reader.read(wanted - len(got))
        if not piece:
            break
        got += piece
    return got


def _parsed(raw: bytes) -> Head:
    first, *lines = raw.decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if not first.startswith("HTTP/") or len(words) < 2 or whole_number(words[1]) is None:
        raise ValueError("not HTTP")
    pairs = (line.partition(":") for line in lines if ":" in line)
    return Head(int(words[1]), {name.strip().lower(): value.strip() for name, _, value in pairs})


def _reason_of(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, ConnectionRefusedError):
        said = str(error)
        return said if said.startswith("status-") else "refused-connection"
    if isinstance(error, EOFError | ConnectionResetError | BrokenPipeError):
        return "reset"
    return "dns" if type(error).__name__ == "gaierror" else "connection"


def _blind() -> ssl.SSLContext:
    """A bad certificate is a fault of its own; the site behind it is there."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    return context


def _whole(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"


def _login(name: str | None, password: str | None) -> str:
    if name is None:
        return ""
    pair = f"{unquote(name)}:{unquote(password or '')}"
    return "Basic " + b64encode(pair.encode()).decode("ascii")


def main(arguments: list[str]) -> int:
    """Reads the job, knocks, writes the samples."""
    if len(arguments) != 1:
        sys.stderr.write("用法：python -m crawler.probe JOB.json\n")
        return EXIT_BAD_JOB
    try:
        job = msgspec.json.decode(Path(arguments[0]).read_bytes(), type=CrawlJob)
    except (OSError, msgspec.DecodeError) as error:
        sys.stderr.write(f"任务文件读不出来：{error}\n")
        return EXIT_BAD_JOB
    vocabulary = load_vocabulary(Home(Path(job.home)))
    samples, code = asyncio.run(probe(job, vocabulary, lambda: datetime.now(UTC)))
    for sample in samples:
        sys.stdout.buffer.write(msgspec.json.encode(sample) + b"\n")
    sys.stdout.buffer.flush()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
