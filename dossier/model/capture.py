"""One attempt to fetch one address, successful or not."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Reach(StrEnum):
    """How an attempt to see an address ended. Only `GONE` may support a fault by itself."""

    OK = "ok"
    GONE = "gone"
    """404, 410, or an answer that says the page does not exist (soft 404)."""
    REFUSED = "refused"
    """401, 403: there, but not for us."""
    BLOCKED = "blocked"
    """A script challenge or captcha, whatever its status."""
    BROKEN = "broken"
    """5xx, 429 that did not pass, or a body that could not be taken whole."""
    SILENT = "silent"
    """Time-out, refused connection, unresolved name, failed TLS."""
    OFF_SITE = "off_site"
    """It redirected to a host that is not the unit's."""
    DISALLOWED = "disallowed"
    """robots.txt asks us not to look."""


class Via(StrEnum):
    HTTP = "http"
    BROWSER = "browser"
    IMPORT = "import"
    """Made by hand and imported (人工)."""


class Purpose(StrEnum):
    """Why an address was asked."""

    PAGE = "page"
    ATTACHMENT = "attachment"
    IMAGE = "image"
    EXTERNAL = "external"
    """A target outside the unit's hosts: only whether it is there."""
    INCLUDE = "include"
    """Header, footer or list that a page loads into itself."""
    DATA = "data"
    """JSON or XML behind a list that is drawn by script."""
    ROBOTS = "robots"
    CALIBRATION = "calibration"
    """A random address, to learn how this site says 'not found'."""
    ACCOUNT = "account"
    SEARCH = "search"
    CERTIFICATE = "certificate"


class Capture(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One line of a captures manifest. A failed fetch is a Capture too."""

    unit_id: str
    asked_url: str
    """The address as first linked, absolute, without fragment unless the fragment routes (`#/`, `#!`)."""
    at: datetime
    """UTC, when the answer (or its failure) was known."""
    reach: Reach
    reason: str = ""
    """Machine key of a non-OK reach: `status-404`, `soft-404:calibrated`, `soft-404:says-so`,
    `soft-404:home`, `wrong-type`, `empty`, `timeout`, `dns`, `refused-connection`, `tls-expired`,
    `tls-untrusted`, `tls-name`, `challenge:<signature>`, `robots`, `too-large`, `redirect-loop` …"""
    final_url: str = ""
    status: int | None = None
    via: Via = Via.HTTP
    purpose: Purpose = Purpose.PAGE
    attempt: int = 1
    """1 = first try; 2 = the second, spaced, as a browser would ask."""
    redirects: tuple[str, ...] = ()
    content_type: str = ""
    length: int = 0
    """Bytes of the decoded body."""
    sha256: str = ""
    """Of the decoded body as kept; empty when there was none."""
    warc: str = ""
    """WARC file name inside the unit's run folder; empty when nothing could be archived."""
    offset: int = -1
    """Offset of the response (or revisit) record in that file."""
    revisit_of: str = ""
    """`<run>/<warc>` where the unchanged body stands, when this record is a revisit."""
    etag: str = ""
    last_modified: str = ""
    elapsed_ms: int = 0
    referrer: str = ""
    """The page that linked here first."""
    depth: int = 0
    screenshot: str = ""
    """Picture file inside the unit's run folder."""
    carried: str = ""
    """Run in which this answer was had, where tonight the address was not asked again; `warc` is a file of that
    run's folder then. Empty for everything that was asked tonight."""

    @property
    def url(self) -> str:
        """Where it ended; the asked address if it never got an answer."""
        return self.final_url or self.asked_url
