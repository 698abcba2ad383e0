"""Names outside the unit that nobody could find: whether that is about the names, or about who was asked."""

from __future__ import annotations

from checks.lens import lens
from checks.lenses.navigation import twin_hosts
from dossier.addresses import host_of
from dossier.model import Purpose, SiteSnapshot

CERTAIN = frozenset(
    {
        "www.gov.cn", "www.miit.gov.cn", "beian.miit.gov.cn", "bszs.conac.cn", "www.12377.cn", "www.shanxi.gov.cn",
        "weibo.com", "www.weibo.com", "mp.weixin.qq.com", "www.baidu.com",
    }
)  # fmt: skip
"""Names that every Chinese resolver knows, and that nearly every government page links to."""
FEWEST_UNKNOWN = 4
"""Below this a site may well have linked to no more than a few houses that are all gone."""


@lens
def unknown_names_believed(site: SiteSnapshot) -> bool:
    """Whether a name that was not found can be taken not to exist.

    A proxy that lets through nothing but the unit's sites, and a resolver of an inner network, answer for every other
    name as for one that does not exist. Then a name that certainly exists is unknown too, or not one of several houses
    outside was heard.
    """
    mine = twin_hosts(site)
    outside = [page for page in site.pages.values() if page.capture.purpose is Purpose.EXTERNAL]
    unknown = {host_of(page.url) for page in outside if page.capture.reason.startswith("dns")} - mine
    if unknown & CERTAIN:
        return False
    heard = {host_of(page.url) for page in outside if page.capture.status is not None} - mine
    return bool(heard) or len(unknown) < FEWEST_UNKNOWN
