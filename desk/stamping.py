"""When a night was sealed, a third party can say: an authority's time-stamp (RFC 3161) over the night's manifest.

It is asked for after sealing, where `evidence.tsa_url` is set, and kept beside the manifest as `<manifest>.tsr`. To
check it needs no network: the authority's root certificates (`evidence.tsa_roots`) and the manifest's own bytes.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from desk.clock import BEIJING
from desk.installation import Installation
from dossier.home import Home
from dossier.settings import Settings

ENDING = ".tsr"
_SECONDS = 60
_GRANTED = frozenset({0, 1})


@dataclass(frozen=True)
class Stamp:
    """What a manifest's time-stamp says. Exactly one of the three sentences is there."""

    good: str = ""
    """Chinese; when, by whom."""
    fault: str = ""
    """Chinese; it is not a stamp of this manifest."""
    unverifiable: str = ""
    """Chinese; there is none, or nothing to check it by."""
    at: datetime | None = None


def stamp_run(installation: Installation, run_id: str) -> str:
    """Have every manifest of a run stamped that has no stamp yet; the Chinese reason where that failed, else nothing."""
    settings = installation.settings.evidence
    if not settings.tsa_url:
        return ""
    failed = ""
    for manifest in manifests(installation.home.run(run_id)):
        if not stamp_of(manifest).is_file():
            failed = _stamp(installation, manifest) or failed
    return failed


def manifests(folder: Path) -> Iterator[Path]:
    """The manifests of a run, as they lie in its folder."""
    yield from sorted(path for path in folder.glob("manifest*.json") if path.is_file())


def stamp_of(manifest: Path) -> Path:
    return manifest.with_name(manifest.name + ENDING)


def check_stamp(manifest: Path, settings: Settings, home: Home) -> Stamp:
    """What the time-stamp of a manifest is worth, without asking anybody."""
    path = stamp_of(manifest)
    if not path.is_file():
        return Stamp(unverifiable=f"{manifest.name}：没有第三方时间戳，封存时间只有本机时钟为凭")
    try:
        response = decode_timestamp_response(path.read_bytes())
        info = response.tst_info
    except (ValueError, OSError):
        return Stamp(fault=f"{path.name}：时间戳读不出来")
    roots = _roots(settings, home)
    if not roots:
        return Stamp(
            unverifiable=f"{path.name}：没有时间戳机构的根证书（设置 evidence.tsa_roots），时间戳无法核验"
        )
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(response, manifest.read_bytes())
    except (VerificationError, ValueError) as error:
        return Stamp(fault=f"{path.name}：时间戳与清单或与时间戳机构的证书不符（{_short(error)}）")
    at = info.gen_time
    return Stamp(
        good=f"{manifest.name}：{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S} 之前已存在（第三方时间戳，核验相符）",
        at=at,
    )


def _roots(settings: Settings, home: Home) -> list[x509.Certificate]:
    if not settings.evidence.tsa_roots:
        return []
    path = home.root / settings.evidence.tsa_roots
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        return []


def _stamp(installation: Installation, manifest: Path) -> str:
    content = manifest.read_bytes()
    request = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    with tempfile.TemporaryDirectory(prefix="gongkai-stamp-") as folder:
        asked, said = Path(folder) / "request.tsq", Path(folder) / "response.tsr"
        asked.write_bytes(request.as_bytes())
        settings = installation.settings
        words = [
            settings.evidence.tsa_url,
            str(asked),
            str(said),
            *([settings.crawl.proxy] if settings.crawl.proxy else []),
        ]
        try:
            done = subprocess.run(
                [sys.executable, "-m", "crawler.stamp", *words],
                check=False,
                capture_output=True,
                timeout=_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return f"{manifest.name}：时间戳机构没有应答（超时）"
        if done.returncode:
            return (
                f"{manifest.name}：时间戳机构没有应答（{done.stderr.decode(errors='replace').strip()[:200]}）"
            )
        answer = said.read_bytes()
    try:
        response = decode_timestamp_response(answer)
        if (
            response.status not in _GRANTED
            or response.tst_info.message_imprint.message != hashlib.sha256(content).digest()
        ):
            return f"{manifest.name}：时间戳机构拒绝了请求，或答非所问"
    except ValueError:
        return f"{manifest.name}：时间戳机构的应答读不出来"
    part = manifest.with_name(manifest.name + ENDING + ".part")
    part.write_bytes(answer)
    part.replace(stamp_of(manifest))
    return ""


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160]
