"""How documents and their interpretations go wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from practice.content import attach
from practice.model import Fault, Leaf, ListedRow, Site


def documents(site: Site, year: int | None = None) -> list[Leaf]:
    """This year's documents, oldest first."""
    year = year or site.as_of.year
    found = [
        leaf
        for key in ("policy", "normative")
        for leaf in site.sections[key].leaves
        if leaf.published and leaf.published.year == year
    ]
    return sorted(found, key=lambda leaf: (leaf.published or date.min, leaf.key))


def take(site: Site, want: Callable[[Leaf], bool]) -> Leaf | None:
    """A document that no other fault has touched."""
    found = [leaf for leaf in documents(site) if not leaf.extra.get("spent") and want(leaf)]
    if not found:
        return None
    # A document that no interpretation depends on is spent first, so that the rest keep theirs.
    leaf = site.dice("take", len(site.truth)).choice(found)
    leaf.extra["spent"] = True
    return leaf


def any_one(leaf: Leaf) -> bool:
    del leaf
    return True


def paired(leaf: Leaf) -> bool:
    return leaf.partner is not None


def last_of_series(site: Site, leaf: Leaf) -> bool:
    """Whether its number can go without leaving a gap."""
    series = leaf.number.split("〕")[0]
    peers = [x for x in documents(site) if x.number.startswith(series + "〕")]
    return leaf.number != "" and leaf.number == max(peers, key=_serial).number


def number_missing(site: Site, fault: Fault) -> None:
    leaf = take(site, lambda x: last_of_series(site, x))
    if leaf is None:
        return
    leaf.number = ""
    leaf.absent_fields |= {"number"} if fault.option("how", "absent") == "absent" else frozenset()
    site.declare(fault.kind, "document-number-missing", leaf.link)


def _serial(leaf: Leaf) -> int:
    return int(leaf.number.split("〕")[1].rstrip("号")) if "〕" in leaf.number else 0


def metadata_incomplete(site: Site, fault: Fault) -> None:
    leaf = take(site, any_one)
    if leaf is None:
        return
    dice = site.dice(fault.kind)
    lost = fault.option("field") or dice.choice(("index", "issuer", "written"))
    if dice.random() < 0.5:
        leaf.empty_fields |= {lost}
    else:
        leaf.absent_fields |= {lost}
    site.declare(fault.kind, "document-metadata-incomplete", leaf.link, note=lost)


def publication_late(site: Site, fault: Fault) -> None:
    leaf = take(
        site, lambda x: x.published is not None and (x.published - timedelta(46)).year == x.published.year
    )
    if leaf is None or leaf.published is None:
        return
    leaf.written = leaf.published - timedelta(days=45)
    site.declare(fault.kind, "document-publication-late", leaf.link)


def dates_inconsistent(site: Site, fault: Fault) -> None:
    leaf = take(site, lambda x: x.published is not None and x.published + timedelta(8) < site.as_of)
    if leaf is None or leaf.published is None:
        return
    how = fault.option("how") or site.dice(fault.kind).choice(("before", "future"))
    leaf.written = leaf.published + timedelta(days=4) if how == "before" else site.as_of + timedelta(days=12)
    site.declare(fault.kind, "document-dates-inconsistent", leaf.link, note=how)


def body_empty(site: Site, fault: Fault) -> None:
    leaf = take(site, lambda x: not x.extra.get("copied"))
    if leaf is None:
        return
    leaf.blank, leaf.attachments = True, []
    site.declare(fault.kind, "document-body-empty", leaf.link)


def attachment_broken(site: Site, fault: Fault) -> None:
    leaf = take(site, any_one)
    if leaf is None:
        return
    state = fault.option("how") or site.dice(fault.kind).choice(("gone", "html"))
    file = attach(site, leaf, "pdf", "任务分工表", state)
    optional = state == "gone" and site.not_found == "home"
    site.declare(fault.kind, "document-attachment-broken", file.url, note=state, optional=optional)
    site.declare(fault.kind, "link-broken", file.url, note="implied", optional=state != "gone" or optional)


def validity_unmarked(site: Site, fault: Fault) -> None:
    leaf = take(site, lambda x: x.normative)
    if leaf is None:
        return
    if site.dice(fault.kind).random() < 0.5:
        leaf.empty_fields |= {"validity"}
    else:
        leaf.absent_fields |= {"validity"}
    site.declare(fault.kind, "document-validity-unmarked", leaf.link)


def number_gap(site: Site, fault: Fault) -> None:
    series: dict[str, list[Leaf]] = {}
    for leaf in documents(site):
        if leaf.number:
            series.setdefault(leaf.number.split("〕")[0] + "〕", []).append(leaf)
    name, found = max(series.items(), key=lambda pair: len(pair[1]))
    found.sort(key=_serial)
    for leaf in found[len(found) // 2 :]:
        leaf.number = f"{name}{_serial(leaf) + 2}号"
    site.declare(fault.kind, "document-number-gap", name, verdict="unsure")


def drop(site: Site, leaf: Leaf) -> None:
    leaf.section.leaves.remove(leaf)
    site.leaves.pop(leaf.url, None)


def interpretation_missing(site: Site, fault: Fault) -> None:
    leaf = take(site, lambda x: paired(x) and x.needs_interpretation)
    if leaf is None or leaf.partner is None:
        return
    drop(site, leaf.partner)
    leaf.partner = None
    site.declare(fault.kind, "interpretation-missing", leaf.link)


def interpretation_link_broken(site: Site, fault: Fault) -> None:
    leaf = take(site, paired)
    if leaf is None or leaf.partner is None:
        return
    drop(site, leaf.partner)
    leaf.dead_partner = leaf.partner.url
    leaf.extra["dead-title"] = leaf.partner.title
    leaf.partner = None
    soft = site.not_found == "home"
    site.declare(fault.kind, "interpretation-link-broken", leaf.link, optional=soft)
    site.declare(fault.kind, "link-broken", leaf.dead_partner, note="implied", optional=soft)


def backlink_missing(site: Site, fault: Fault) -> None:
    leaf = take(site, paired)
    if leaf is None or leaf.partner is None:
        return
    leaf.partner.link_out = False
    site.declare(fault.kind, "interpretation-backlink-missing", leaf.partner.link)


def interpretation_late(site: Site, fault: Fault) -> None:
    limit = site.as_of - timedelta(days=40 if any(f.kind == "home-stale" for f in site.faults) else 18)
    leaf = take(site, lambda x: paired(x) and x.published is not None and x.published <= limit)
    if leaf is None or leaf.partner is None or leaf.published is None:
        return
    leaf.partner.published = leaf.published + timedelta(days=17)
    site.declare(fault.kind, "interpretation-late", leaf.link)


def interpretation_copies(site: Site, fault: Fault) -> None:
    leaf = take(site, lambda x: paired(x) and not x.blank and not x.extra.get("brief"))
    if leaf is None or leaf.partner is None:
        return
    _retell(leaf.partner, "text")
    leaf.partner.copy_of = leaf
    leaf.extra["copied"] = True
    site.declare(fault.kind, "interpretation-copies-document", leaf.partner.link)


def _retell(leaf: Leaf, form: str) -> None:
    core = leaf.partner.extra["core"] if leaf.partner else ""
    leaf.form = form
    leaf.title = f"《{core}》政策解读" if form == "text" else f"图解《{core}》"


def text_only(site: Site, fault: Fault) -> None:
    for leaf in site.sections["interpretations"].leaves:
        _retell(leaf, "text")
    site.declare(fault.kind, "interpretation-text-only", site.unit.unit_id)


def balance_forms(site: Site) -> None:
    """Seven in ten of a healthy year's interpretations are more than words."""
    if any(fault.kind == "interpretation-text-only" for fault in site.faults):
        return
    found = site.sections["interpretations"].leaves
    plain = [leaf for leaf in found if leaf.form == "text" and leaf.copy_of is None]
    while plain and sum(leaf.form == "text" for leaf in found) > 0.25 * len(found):
        _retell(plain.pop(), "image")


def list_documents(site: Site, faults: list[Fault]) -> None:
    """The unit's own list (附件4(五)), last, when every number stands."""
    rows = [
        ListedRow(
            leaf.title,
            leaf.number,
            "主动公开",
            "办公室" if n % 2 else "政策法规处",
            leaf.link,
            leaf.partner.link if leaf.partner else "",
            "是" if leaf.partner and leaf.partner.form != "text" else "否" if leaf.partner else "",
        )
        for n, leaf in enumerate(documents(site))
    ]
    site.listed = rows
    dice = site.dice("listed")
    rows.append(
        ListedRow(
            f"{site.unit.full_name}关于内部机构编制事项的请示", "", "不予公开", "人事教育处", "", "", ""
        )
    )
    free = [row for row in rows if row.number]
    for fault in faults:
        if not free:
            return
        row = free.pop(dice.randrange(len(free)))
        if fault.kind == "listed-title-unreachable":
            row.number = ""
            _unreachable(site, row, fault, row.title)
        elif fault.kind == "document-unlisted":
            rows.remove(row)
            site.declare(fault.kind, "document-unlisted", row.url)
        elif fault.kind == "listed-document-mismatch":
            other = site.sections["notices"].leaves[2]
            row.url = other.link
            site.declare(fault.kind, fault.kind, row.number)
        else:
            _unreachable(site, row, fault, row.number)


def _unreachable(site: Site, row: ListedRow, fault: Fault, subject: str) -> None:
    dice = site.dice("unreachable", fault.kind)
    gone = (fault.option("how") or dice.choice(("gone", "bare"))) == "gone"
    row.url = f"{site.home}zcwj/old/{dice.randrange(1000, 9999)}.html" if gone else ""
    optional = gone and site.not_found == "home"
    note = "gone" if gone else "bare"
    site.declare(fault.kind, "listed-document-unreachable", subject, note=note, optional=optional)
    if gone:
        site.gone[row.url] = site.not_found
