"""How the disclosure platform, the office's own pages and the way to apply go wrong."""

from __future__ import annotations

from datetime import date

from practice.model import Fault, Site


def remove_section(site: Site, key: str) -> None:
    """A column leaves the site with all that stands in it."""
    section = site.sections.pop(key)
    for leaf in section.leaves:
        site.leaves.pop(leaf.url, None)
    if section.page:
        site.leaves.pop(section.page.url, None)


def _choose(site: Site, fault: Fault, name: str, among: list[str]) -> str:
    return fault.option(name) or site.dice(fault.kind, name).choice(among)


def _has(site: Site, *kinds: str) -> bool:
    return any(fault.kind.startswith(kinds) for fault in site.faults)


def functions_page_missing(site: Site, fault: Fault) -> None:
    for key in ("functions", "organs", "20-2"):
        remove_section(site, key)
    site.declare(fault.kind, "functions-page-missing", site.unit.unit_id)
    site.declare(fault.kind, "statutory-item-missing", "20-2", note="implied")


def functions_duties_missing(site: Site, fault: Fault) -> None:
    lost = _choose(site, fault, "part", ["duties", "organs"])
    site.functions["no-" + lost] = "yes"
    if lost == "organs":
        remove_section(site, "organs")
    else:
        organs, page = site.sections["organs"].page, site.sections["functions"].page
        assert organs
        assert page
        organs.extra["plain"] = True
        page.title, site.sections["functions"].name = f"{site.unit.full_name}概况", "机构概况"
    site.declare(fault.kind, "functions-duties-missing", lost)


def functions_contact_incomplete(site: Site, fault: Fault) -> None:
    among = ["address", "hours"] + ([] if "leaders" in site.sections else ["head"])
    lost = _choose(site, fault, "fact", among)
    del site.functions[lost]
    site.declare(fault.kind, "functions-contact-incomplete", lost)


def leadership_page_missing(site: Site, fault: Fault) -> None:
    if site.unit.unit_class == "A":
        remove_section(site, "leaders")
    else:
        page = site.sections["leaders"].page
        assert page
        page.blank, page.kind = True, "text"
        page.inserts = ["<p>根据工作需要，本栏目内容正在调整完善，调整完成后将及时向社会公布，敬请谅解。</p>"]
    site.declare(fault.kind, "leadership-page-missing", site.unit.unit_id)


def application_entry_missing(site: Site, fault: Fault) -> None:
    remove_section(site, "application")
    for leaf in [leaf for leaf in site.leaves.values() if leaf.kind == "form"]:
        site.leaves.pop(leaf.url)
    site.declare(fault.kind, "application-entry-missing", site.unit.unit_id)


def application_guide_incomplete(site: Site, fault: Fault) -> None:
    among = ["address", "hours", "fax"] + (["internet"] if site.form_mode == "download" else [])
    lost = _choose(site, fault, "fact", among)
    site.guide.pop(lost, None)
    site.application.pop(lost, None)
    site.declare(fault.kind, "application-guide-incomplete", lost)


def application_form_broken(site: Site, fault: Fault) -> None:
    page = site.sections["application"].page
    assert page
    soft = site.not_found == "home"
    form = next((leaf for leaf in site.leaves.values() if leaf.kind == "form"), None)
    how = fault.option("how") or ("fields" if form and site.dice(fault.kind).random() < 0.5 else "gone")
    if how == "fields" and form:
        site.form_fields = ("name",) if site.dice(fault.kind, 2).random() < 0.5 else ("name", "contact")
        site.declare(fault.kind, "application-form-broken", form.url, note=how)
        return
    if form:
        site.leaves.pop(form.url)
        url = form.url
    else:
        page.attachments[0].state, url = "gone", page.attachments[0].url
    site.gone[url] = site.not_found
    site.declare(fault.kind, "application-form-broken", url, note="gone", optional=soft)
    site.declare(fault.kind, "link-broken", url, note="implied", optional=soft)


def application_guide_outdated(site: Site, fault: Fault) -> None:
    site.outdated = _choose(site, fault, "how", ["term", "need", "fee", "basis"])
    section = site.sections["guide"]
    leaf = section.page or section.leaves[0]
    site.declare(fault.kind, "application-guide-outdated", leaf.link, note=site.outdated)


def platform_entry_missing(site: Site, fault: Fault) -> None:
    site.platform_in_nav, site.include_footer = False, ""
    site.declare(fault.kind, "platform-entry-missing", site.unit.unit_id)


def _columns(site: Site, fault: Fault) -> list[str]:
    among = ["rules"]
    if not _has(site, "application-"):
        among += ["guide"]
    if not _has(site, "annual-", "column-stale"):
        among += ["annual"]
    if fault.kind == "platform-column-missing" and not _has(site, "statutory-", "functions-page"):
        among += ["statutory"]
    taken = {truth.subject for truth in site.truth if truth.rule_id.startswith("platform-column")}
    left = [key for key in among if key not in taken and key in site.sections]
    # 制度 can be lost anywhere, the others only where no other fault needs them: they go first.
    return left[1:] or left


def platform_column_missing(site: Site, fault: Fault) -> None:
    key = _choose(site, fault, "column", _columns(site, fault))
    if key == "guide":
        site.application = dict(site.guide)
    if key == "annual":
        for leaf in site.sections["annual"].leaves:
            leaf.section = site.sections["notices"]
            site.sections["notices"].leaves.append(leaf)
        site.sections["annual"].leaves = []
    if key == "statutory":
        for code in [code for code in site.sections if code[0] == "2" and code[2] == "-"]:
            remove_section(site, code)
    remove_section(site, key)
    site.declare(fault.kind, "platform-column-missing", key)


def platform_column_empty(site: Site, fault: Fault) -> None:
    key = _choose(site, fault, "column", _columns(site, fault))
    section = site.sections[key]
    if key == "guide":
        site.application = dict(site.guide)
    if key == "annual":
        for leaf in section.leaves:
            if leaf.extra["year"] == site.as_of.year - 1:
                site.declare(fault.kind, "annual-report-missing", str(leaf.extra["year"]), note="implied")
    for leaf in section.leaves:
        site.leaves.pop(leaf.url, None)
    if section.page:
        site.leaves.pop(section.page.url)
    section.leaves, section.page = [], None
    section.kind = "list"
    site.declare(fault.kind, "platform-column-empty", key)
    site.declare(fault.kind, "column-empty", section.link, note="implied", optional=True)


def statutory_item_missing(site: Site, fault: Fault) -> None:
    # A department is only accused of what every department has; a city of more.
    among = ["20-7", "20-9"]
    if site.unit.unit_class == "A":
        among += ["20-3", "20-4", "20-8", "20-14", "21-4", "21-7", "21-5"]
    lost = (
        [fault.option("item")]
        if fault.option("item")
        else site.dice(fault.kind).sample(among, site.dice(fault.kind, 2).randrange(1, 3))
    )
    for code in lost:
        remove_section(site, code)
        site.declare(fault.kind, "statutory-item-missing", code)


def _last_year(site: Site) -> int:
    return site.as_of.year - 1


def annual_report_missing(site: Site, fault: Fault) -> None:
    section = site.sections["annual"]
    for leaf in [leaf for leaf in section.leaves if leaf.extra["year"] == _last_year(site)]:
        section.leaves.remove(leaf)
        site.leaves.pop(leaf.url)
    site.declare(fault.kind, "annual-report-missing", str(_last_year(site)))


def annual_report_late(site: Site, fault: Fault) -> None:
    month = 4 if site.unit.unit_class == "A" else 2
    for leaf in site.sections["annual"].leaves:
        if leaf.extra["year"] == _last_year(site):
            leaf.published = date(_last_year(site) + 1, month, site.dice(fault.kind).randrange(9, 27))
    site.declare(fault.kind, "annual-report-late", str(_last_year(site)))


def annual_report_incomplete(site: Site, fault: Fault) -> None:
    among = ["4", "5", "6"] + ([] if _has(site, "annual-report-figures") else ["tables"])
    lost = _choose(site, fault, "part", among)
    report = site.reports.setdefault(_last_year(site), {})
    if lost == "tables":
        report["no-tables"] = True
    else:
        report["without"] = int(lost)
    site.declare(fault.kind, "annual-report-incomplete", lost)


def annual_report_figures(site: Site, fault: Fault) -> None:
    tamper = site.dice(fault.kind).choice(((0, 6, 2), (24, 0, 1), (23, 0, 3), (1, 6, 1)))
    site.reports.setdefault(_last_year(site), {})["tamper"] = (tamper,)
    site.declare(fault.kind, "annual-report-figures-inconsistent", str(_last_year(site)))
