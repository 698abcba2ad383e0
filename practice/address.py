"""Every content system writes its own kind of address."""

from __future__ import annotations

import hashlib

from practice.model import Leaf, Section, Site


def _host(site: Site, section: Section) -> str:
    own = section.kind == "platform" or section.parent in ("platform", "statutory")
    return site.platform_host if own else site.host


def column_address(site: Site, section: Section, number: int) -> str:
    base = f"http://{_host(site, section)}/"
    style = STYLES[site.skin]
    if style == "hanweb":
        return f"{base}col/col{3100 + number * 7}/index.html"
    if style == "numbered":
        return f"{base}list/{section.path.replace('/', '_')}.html"
    if style == "aspx":
        return f"{base}channel.aspx?cid={600 + number}"
    if style == "boda":
        return f"{base}{section.path}.htm"
    if style == "jhtml":
        return f"{base}{section.path}/index.jhtml"
    if style == "soup":
        return f"{base}column/{300 + number}"
    return f"{base}{section.path}/"


def leaf_address(site: Site, section: Section, leaf: Leaf, number: int) -> str:
    """The address of a page; its date, where it shows one, is not always the page's own."""
    base = f"http://{_host(site, section)}/"
    day = leaf.published or site.as_of
    serial = 5200000 + int(hashlib.sha256(site.unit.unit_id.encode()).hexdigest()[:3], 16) * 1000 + number
    match STYLES[site.skin]:
        case "hanweb":
            column = int("".join(filter(str.isdigit, section.url.split("/col")[-1].split("/")[0])) or 1)
            return f"{base}art/{day.year}/{day.month}/{day.day}/art_{column}_{serial}.html"
        case "platform":
            return f"{base}gkmlpt/content/{serial // 1000000}/{serial // 1000}/post_{serial}.html"
        case "empire":
            return f"{base}{section.path}/{day:%Y-%m-%d}/{number + 40}.html"
        case "numbered":
            digest = hashlib.md5(f"{site.unit.unit_id}{number}".encode()).hexdigest()  # noqa: S324
            return f"{base}{section.path.split('/')[0]}/{day:%Y%m}/{digest}.shtml"
        case "doc":
            return f"{base}doc/{day:%Y/%m/%d}/{serial}.shtml"
        case "aspx":
            return f"{base}content.aspx?id={serial}"
        case "boda":
            return f"{base}info/{1001 + len(section.name)}/{serial}.htm"
        case "jhtml":
            return f"{base}{section.path}/{serial}.jhtml"
        case "soup":
            return f"{base}detail/{serial}"
        case _:
            return f"{base}{section.path}/{day:%Y%m}/t{day:%Y%m%d}_{serial}.shtml"


STYLES = {
    "trs": "trs",
    "shanxi": "trs",
    "hanweb": "hanweb",
    "guangdong": "platform",
    "empire": "empire",
    "plainjson": "doc",
    "twohosts": "numbered",
    "oldgbk": "aspx",
    "boda": "boda",
    "jhtml": "jhtml",
    "soup": "soup",
}
