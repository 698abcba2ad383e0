"""A saved site comes back to life: one loopback forward proxy that answers for one host from saved pages.

The folder holds one file a page, its address path with `/` written as `__` (`xxgk__index.html` is
`/xxgk/index.html`). A page that was not saved is answered with `--missing` (503 by default: we do not
know whether it existed, so nobody may be accused of its absence).

    python -m bench.replay FOLDER --host www.example.gov.cn --port 8899
"""

from __future__ import annotations

import argparse
import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Replay(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: Path, host: str, port: int, missing: int) -> None:
        super().__init__(("127.0.0.1", port), Answer)
        self.folder, self.host, self.missing = folder, host, missing
        self.asked: list[tuple[str, int]] = []


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Replay

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        body = b""
        if parts.hostname and parts.hostname != self.server.host:
            status = 502
        elif parts.path == "/robots.txt":
            status = 404
        else:
            found = self._file(unquote(parts.path))
            status = 200 if found else self.server.missing
            body = found.read_bytes() if found else b""
        self.server.asked.append((self.path, status))
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _file(self, path: str) -> Path | None:
        if path.endswith("/"):
            path += "index.html"
        candidate = self.server.folder / path.lstrip("/").replace("/", "__")
        return candidate if candidate.is_file() else None

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Quiet: `asked` keeps the log."""


@contextlib.contextmanager
def serve(folder: Path, host: str, *, port: int = 0, missing: int = 503) -> Iterator[Replay]:
    """The proxy running in this process; its address is `http://127.0.0.1:<server_port>`."""
    server = Replay(folder, host, port, missing)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, default=8899)
    parser.add_argument("--missing", type=int, default=503)
    options = parser.parse_args()
    with serve(options.folder, options.host, port=options.port, missing=options.missing) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
