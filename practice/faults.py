"""Every kind of fault that can be planted, who can bear it, and the seeded plan that spreads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from practice import faults_attached as files
from practice import faults_by_hand as hand
from practice import faults_documents as docs
from practice import faults_hidden as deep
from practice import faults_platform as plat
from practice import faults_upkeep as keep
from practice.model import Fault, Site

Apply = Callable[[Site, Fault], None]


@dataclass(frozen=True, slots=True)
class Kind:
    apply: Apply | None
    """None: planted with the unit's document list, at the very end."""
    conflicts: tuple[str, ...] = ()
    fits: Callable[[Site], bool] = bool
    rule: str = ""
    """The rule that it breaks, where that has another name."""


def _leaders(site: Site) -> bool:
    return "leaders" in site.sections


def _weibo(site: Site) -> bool:
    return any(account.channel == "weibo" for account in site.accounts)


def _account(site: Site) -> bool:
    return any(account.channel in ("weibo", "feed") for account in site.accounts)


def _due(site: Site) -> bool:
    return any(leaf.extra["year"] == site.as_of.year - 1 for leaf in site.sections["annual"].leaves)


def _seen_by_hand(site: Site) -> bool:
    return any(account.by_hand for account in site.accounts)


def _late(site: Site) -> bool:
    return _due(site) and (site.as_of.month, site.as_of.day) > (4, 28)


_FIGURES = (
    "annual-report-figures-inconsistent",
    "annual-report-figures-in-pdf",
    "annual-report-figures-in-word",
)
# In the order of planting: what moves everything comes first, what reads the outcome last.
KINDS: dict[str, Kind] = {
    "home-stale": Kind(keep.home_stale, ("column-stale", "publish-date-future")),
    "column-stale": Kind(keep.column_stale, ("home-stale", "publish-date-future", "publish-date-missing")),
    "document-number-missing": Kind(docs.number_missing),
    "document-number-gap": Kind(docs.number_gap),
    "interpretation-late": Kind(docs.interpretation_late),
    "document-validity-unmarked": Kind(docs.validity_unmarked),
    "interpretation-missing": Kind(docs.interpretation_missing),
    "interpretation-link-broken": Kind(docs.interpretation_link_broken),
    "interpretation-link-says-gone": Kind(deep.interpretation_says_gone, rule="interpretation-link-broken"),
    "interpretation-backlink-missing": Kind(docs.backlink_missing),
    "interpretation-copies-document": Kind(docs.interpretation_copies, ("interpretation-text-only",)),
    "document-publication-late": Kind(docs.publication_late),
    "document-dates-inconsistent": Kind(docs.dates_inconsistent),
    "document-metadata-incomplete": Kind(docs.metadata_incomplete),
    "document-number-in-picture-name": Kind(deep.number_in_picture_name, rule="document-number-missing"),
    "document-attachment-broken": Kind(docs.attachment_broken),
    "document-body-empty": Kind(docs.body_empty),
    "interpretation-text-only": Kind(docs.text_only, ("interpretation-copies-document",)),
    "functions-page-missing": Kind(
        plat.functions_page_missing, ("functions-duties-missing", "functions-contact-incomplete")
    ),
    "functions-duties-missing": Kind(plat.functions_duties_missing, ("functions-page-missing",)),
    "functions-contact-incomplete": Kind(plat.functions_contact_incomplete, ("functions-page-missing",)),
    "leadership-page-missing": Kind(
        plat.leadership_page_missing, ("functions-contact-incomplete",), _leaders
    ),
    "application-entry-missing": Kind(plat.application_entry_missing, ("application-form-broken",)),
    "application-guide-incomplete": Kind(plat.application_guide_incomplete),
    "application-form-broken": Kind(plat.application_form_broken, ("application-entry-missing",)),
    "application-guide-outdated": Kind(
        plat.application_guide_outdated, ("application-guide-outdated-in-file",)
    ),
    "application-guide-outdated-in-file": Kind(files.guide_outdated, rule="application-guide-outdated"),
    "annual-report-missing": Kind(
        plat.annual_report_missing,
        ("annual-report-late", "annual-report-incomplete", *_FIGURES),
        _due,
    ),
    "annual-report-late": Kind(plat.annual_report_late, ("annual-report-missing",), _late),
    "annual-report-incomplete": Kind(plat.annual_report_incomplete, ("annual-report-missing",), _due),
    "annual-report-figures-inconsistent": Kind(plat.annual_report_figures, _FIGURES, _due),
    "annual-report-figures-in-pdf": Kind(files.figures_in_pdf, _FIGURES, _due, _FIGURES[0]),
    "annual-report-figures-in-word": Kind(files.figures_in_word, _FIGURES, _due, _FIGURES[0]),
    "platform-entry-missing": Kind(plat.platform_entry_missing),
    "statutory-item-missing": Kind(plat.statutory_item_missing),
    "platform-column-missing": Kind(plat.platform_column_missing, ("platform-column-empty",)),
    "platform-column-empty": Kind(plat.platform_column_empty, ("platform-column-missing",)),
    "column-empty": Kind(keep.column_empty),
    "link-broken": Kind(keep.link_broken),
    "link-says-gone": Kind(deep.link_says_gone, rule="link-broken"),
    "external-link-broken": Kind(keep.external_link_broken),
    "fake-link": Kind(keep.fake_link),
    "footer-element-missing": Kind(keep.footer_element_missing),
    "site-code-mismatch": Kind(keep.site_code_mismatch),
    "page-tags-missing": Kind(keep.page_tags_missing),
    "publish-date-missing": Kind(keep.publish_date_missing, ("column-stale",)),
    "publish-date-future": Kind(keep.publish_date_future, ("home-stale", "column-stale")),
    "publish-date-future-in-list": Kind(
        deep.list_date_future, ("home-stale", "column-stale"), rule="publish-date-future"
    ),
    "site-search-unusable": Kind(keep.search_unusable),
    "illicit-link": Kind(keep.illicit_link),
    "illicit-link-in-article": Kind(deep.illicit_in_article, rule="illicit-link"),
    "certificate-invalid": Kind(keep.certificate_invalid, ("fake-link",)),
    "wording-error": Kind(keep.wording_error),
    "personal-data-exposed": Kind(keep.personal_data_exposed),
    "wording-error-in-file": Kind(files.wording_error, rule="wording-error"),
    "resident-id-in-sheet": Kind(files.resident_id_in_sheet, rule="personal-data-exposed"),
    "bank-card-in-file": Kind(files.bank_card_in_file, rule="personal-data-exposed"),
    "account-stale": Kind(keep.account_stale, ("account-gone", "account-name-mismatch"), _account),
    "account-gone": Kind(
        keep.account_gone, ("account-duplicated", "account-stale", "account-name-mismatch"), _account
    ),
    "account-duplicated": Kind(keep.account_duplicated, ("account-gone",), _weibo),
    "account-name-mismatch": Kind(keep.account_name_mismatch, ("account-gone", "account-stale"), _account),
    "account-stale-by-hand": Kind(hand.account_stale, (), _seen_by_hand, "account-stale"),
    "listed-document-unreachable": Kind(None),
    "listed-title-unreachable": Kind(None, rule="listed-document-unreachable"),
    "listed-document-mismatch": Kind(None),
    "document-unlisted": Kind(None),
}
HALF_SEEN = frozenset({"site-code-mismatch", "illicit-link", "fake-link", "wording-error"})
"""What can honestly be planted where some columns never answer."""
APART = frozenset({"certificate-invalid"})
"""Planned when all else is: it changes no page, and moves no other fault to another site."""
UNSEEN = frozenset(
    {"account-stale", "account-gone", "account-duplicated", "account-name-mismatch", "account-stale-by-hand"}
)
"""What can be seen of a unit whose site cannot."""
LEAST = 5


def fits(site: Site, kind: str) -> bool:
    if site.access == "half-silent" and kind not in HALF_SEEN | UNSEEN:
        return False
    if site.access not in ("ok", "half-silent") and kind not in UNSEEN:
        return False
    return KINDS[kind].fits(site)


def plan_faults(sites: list[Site], clean: frozenset[str], dice: Random, most: int = 11) -> list[Fault]:
    """Every kind on at least five sites, three to eleven on each that bears any, none on the clean ones."""
    bears: dict[str, list[str]] = {site.unit.unit_id: [] for site in sites if site.unit.unit_id not in clean}
    by_id = {site.unit.unit_id: site for site in sites}
    count: Counter[str] = Counter()

    def candidates(kind: str, bound: int) -> list[str]:
        rivals = set(KINDS[kind].conflicts) | {k for k, v in KINDS.items() if kind in v.conflicts} - {kind}
        return [
            unit
            for unit, kinds in bears.items()
            if kind not in kinds
            and len(kinds) < bound
            and not rivals & set(kinds)
            and fits(by_id[unit], kind)
        ]

    room = {kind: len(candidates(kind, most)) for kind in KINDS if kind not in APART}
    for kind in sorted(room, key=lambda k: (room[k], k)):
        while count[kind] < LEAST:
            found = candidates(kind, most) or candidates(kind, most + 2)
            if not found:
                break
            dice.shuffle(found)
            unit = min(found, key=lambda u: (len(bears[u]), by_id[u].access == "ok"))
            bears[unit].append(kind)
            count[kind] += 1
    for unit, kinds in bears.items():
        free = [k for k in room if unit in candidates(k, most)]
        while 0 < len(kinds) < 3 and free and by_id[unit].access == "ok":
            kinds.append(free.pop(dice.randrange(len(free))))
            free = [k for k in free if unit in candidates(k, most)]
    for kind in sorted(APART):
        bearing = [unit for unit in candidates(kind, most + 2) if bears[unit]]
        for unit in Random(f"{kind}/{len(bears)}").sample(bearing, min(LEAST, len(bearing))):
            bears[unit].append(kind)
    return [Fault(unit, kind) for unit, kinds in bears.items() for kind in KINDS if kind in kinds]


def plant(site: Site, faults: list[Fault], strict: bool = False) -> None:
    """Plant a site's faults in their order; pages and truth change together.

    Early in a year a site may have no document old enough for some fault: the plan then does without it,
    but a fault that was asked for by name (`strict`) is an error.
    """
    site.faults = list(faults)
    for kind, how in KINDS.items():
        for fault in faults:
            if fault.kind == kind and how.apply:
                before = len(site.truth)
                how.apply(site, fault)
                if len(site.truth) == before:
                    if strict:
                        raise ValueError(f"{site.unit.unit_id} 无处安放 {kind}")
                    site.faults.remove(fault)
    docs.balance_forms(site)
    listed = [fault for fault in faults if KINDS[fault.kind].apply is None]
    if listed or (site.access == "ok" and site.dice("has-list").random() < 0.4):
        docs.list_documents(site, listed)
