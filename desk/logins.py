"""A proxy's password opens our own house: it is used, and written nowhere that is kept, sealed or handed on."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import msgspec

from dossier.settings import Settings


def without_login(url: str) -> str:
    """An address without the name and password that stand in it."""
    whole = url if "://" in url else f"http://{url}"
    parts = urlsplit(whole)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def kept_settings(settings: Settings) -> str:
    """The settings in force as a run keeps them: JSON, without logins."""
    crawl = msgspec.structs.replace(settings.crawl, proxy=without_login(settings.crawl.proxy))
    return msgspec.json.encode(msgspec.structs.replace(settings, crawl=crawl)).decode()


def forget_login(folder: Path, proxy: str) -> None:
    """Take a proxy's login out of the job files of a run, which its crawl processes needed and nobody does any more."""
    safe = without_login(proxy)
    if safe == proxy:
        return
    for path in sorted((folder / "jobs").glob("*.json")):
        text = path.read_text("utf-8")
        for written in {proxy, json.dumps(proxy)[1:-1], json.dumps(proxy, ensure_ascii=False)[1:-1]}:
            text = text.replace(written, safe)
        part = path.with_name(path.name + ".tmp")
        part.write_text(text, "utf-8")
        part.replace(path)
