"""The province is repeatable, complete where it is healthy, and its truth points at what it really serves."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

import pytest

from practice.content import add_leaf, add_section
from practice.faults import KINDS, LEAST
from practice.faults_platform import remove_section
from practice.model import Fault
from practice.province import ACCESS, Looks, Province, build
from practice.skins import SKINS

URL_RULES = {
    "document-number-missing", "document-metadata-incomplete", "document-publication-late", "document-dates-inconsistent",
    "document-body-empty", "document-validity-unmarked", "document-unlisted", "interpretation-missing",
    "interpretation-link-broken", "interpretation-backlink-missing", "interpretation-late", "interpretation-copies-document",
    "application-guide-outdated", "column-stale", "column-empty", "publish-date-missing", "publish-date-future",
    "personal-data-exposed",
}  # fmt: skip
TARGET_RULES = {"link-broken", "document-attachment-broken"}


def text_of(province: Province, url: str) -> str:
    answer = province.answer(url)
    assert answer is not None
    site = province.hosts[urlsplit(url).hostname or ""]
    return answer.body.decode(site.encoding)


def test_the_same_seed_day_and_size_give_the_same_bytes(province: Province) -> None:
    again = build()
    assert again.truth == province.truth
    for site in province.sites.values():
        assert list(again.sites[site.unit.unit_id].leaves) == list(site.leaves)
        for url in [site.home, *list(site.leaves)[::25]]:
            one, two = province.answer(url), again.answer(url)
            assert (one and one.body) == (two and two.body)


def test_another_seed_gives_another_province(province: Province) -> None:
    assert build(seed=7).truth != province.truth


def test_every_kind_of_fault_is_on_at_least_five_sites(province: Province) -> None:
    count = Counter(fault.kind for fault in province.faults)
    assert len(KINDS) >= 60
    assert {kind for kind in KINDS if count[kind] < LEAST} == set()


@pytest.mark.parametrize("skin", sorted(SKINS))
def test_what_left_a_site_never_gives_its_address_to_what_comes_after(skin: str) -> None:
    site = build(faults=(), looks={"A01": Looks(skin=skin)}, units=["A01"]).sites["A01"]
    remove_section(site, "organs")
    taken = {section.url for section in site.sections.values() if not section.page}
    new = [add_section(site, f"new-{n}", f"新栏目{n}", f"xlm{n}", "news") for n in range(3)]
    assert not taken & {section.url for section in new}
    old = set(site.leaves)
    gone = site.leaves.pop(max(old))
    leaves = [add_leaf(site, site.sections["news"], "news", f"新消息{n}", site.as_of) for n in range(3)]
    assert not old & {leaf.url for leaf in leaves}, gone.url


@pytest.mark.parametrize("seed", [1, 2, 3, 99, 20200522])
def test_every_seed_spreads_every_kind(seed: int) -> None:
    count = Counter(fault.kind for fault in build(seed=seed).faults)
    assert {kind for kind in KINDS if count[kind] < LEAST} == set()


def test_ten_sites_and_more_are_clean_and_the_rest_bear_three_to_thirteen_faults(province: Province) -> None:
    by_unit = Counter(fault.unit_id for fault in province.faults)
    open_sites = [u for u, site in province.sites.items() if site.access == "ok"]
    assert sum(by_unit[u] == 0 for u in open_sites) >= 10
    assert all(3 <= by_unit[u] <= 13 for u in open_sites if by_unit[u])


def test_what_cannot_be_seen_bears_no_truth_but_of_accounts(province: Province) -> None:
    for row in province.truth:
        if ACCESS.get(row.unit_id, "half-silent") != "half-silent":
            assert row.rule_id.startswith("account-"), row


def test_truth_subjects_are_served_as_they_are_meant(province: Province) -> None:
    seen = 0
    for row in province.truth:
        answer = province.answer(row.subject) if row.subject.startswith("http") else None
        if row.rule_id in URL_RULES:
            assert answer is not None
            assert answer.status == 200, row
            seen += 1
        elif row.rule_id in TARGET_RULES and row.verdict == "fail" and row.note != "html":
            assert answer is not None
            assert answer.status in (302, 404, 410) or "不存在" in text_of(province, row.subject), row
            seen += 1
    assert seen > 100


def test_every_accused_page_can_be_reached_by_links(
    province: Province, walk: Callable[[Province, object], tuple[dict[str, object], dict[str, str]]]
) -> None:
    subjects = defaultdict(set)
    for row in province.truth:
        if row.rule_id in URL_RULES | TARGET_RULES:
            subjects[row.unit_id].add(row.subject)
    for unit, wanted in subjects.items():
        if province.sites[unit].access == "ok":
            seen, _ = walk(province, province.sites[unit])
            assert wanted - set(seen) == set(), unit


def test_nothing_is_broken_that_was_not_declared(
    province: Province, walk: Callable[[Province, object], tuple[dict[str, object], dict[str, str]]]
) -> None:
    declared = {row.subject for row in province.truth}
    for site in province.sites.values():
        if site.access == "ok":
            _, bad = walk(province, site)
            left = {u: r for u, r in bad.items() if u not in declared and "jihe-" not in u}
            assert left == {}, site.unit.unit_id


def test_every_link_of_a_healthy_site_answers_well(
    healthy: Province, walk: Callable[[Province, object], tuple[dict[str, object], dict[str, str]]]
) -> None:
    assert healthy.truth == ()
    for site in healthy.sites.values():
        seen, bad = walk(healthy, site)
        assert {u for u in bad if "jihe-" not in u} == set(), site.unit.unit_id
        assert {leaf.link for leaf in site.leaves.values()} - set(seen) == set(), site.unit.unit_id


def test_titles_on_a_site_are_unique(healthy: Province) -> None:
    for site in healthy.sites.values():
        count = Counter(leaf.title for leaf in site.leaves.values())
        assert count.most_common(1)[0][1] == 1, count.most_common(2)


def test_a_healthy_site_keeps_every_date_rule(healthy: Province) -> None:
    for site in healthy.sites.values():
        for leaf in site.leaves.values():
            assert leaf.published is None or leaf.published <= site.as_of
            if leaf.kind == "document":
                assert leaf.written
                assert leaf.published
                assert 0 <= (leaf.published - leaf.written).days <= 14
                if leaf.published.year == site.as_of.year and leaf.needs_interpretation:
                    assert leaf.partner
                    assert leaf.partner.published
                    assert 0 <= (leaf.partner.published - leaf.published).days <= 3
        for key, days in (("news", 14), ("local", 14), ("notices", 180), ("policy", 180), ("normative", 180)):
            newest = max(leaf.published for leaf in site.sections[key].leaves if leaf.published)
            assert (site.as_of - newest).days <= days, (site.unit.unit_id, key)


def test_numbers_of_a_healthy_year_have_no_gap(healthy: Province) -> None:
    for site in healthy.sites.values():
        series = defaultdict(list)
        for leaf in site.leaves.values():
            if leaf.kind == "document" and leaf.published and leaf.published.year == site.as_of.year:
                name, number = leaf.number.rstrip("号").split("〕")
                series[name].append(int(number))
        assert all(sorted(found) == list(range(1, len(found) + 1)) for found in series.values())


def test_the_annual_figures_add_up_unless_they_were_tampered_with(province: Province) -> None:
    spoiled = {row.unit_id for row in province.truth if row.rule_id == "annual-report-figures-inconsistent"}
    checked = 0
    for site in province.sites.values():
        if site.access != "ok" or "annual" not in site.sections or site.sections["annual"].page:
            continue
        for leaf in site.sections["annual"].leaves:
            if leaf.extra.get("carried"):
                continue
            if leaf.extra.get("year") != site.as_of.year - 1 or site.reports.get(leaf.extra["year"], {}).get(
                "no-tables"
            ):
                continue
            rows = [
                [int(n) for n in re.findall(r"<td>(\d+)</td>", row)]
                for row in text_of(province, leaf.url).split("<tr>")
                if len(re.findall(r"<td>\d+</td>", row)) == 7
            ]
            assert len(rows) == 25
            fine = all(r[0][n] + r[1][n] == r[-2][n] + r[-1][n] for r in [rows] for n in range(7))
            fine = fine and all(sum(row[:6]) == row[6] for row in rows)
            fine = fine and all(sum(row[n] for row in rows[2:23]) == rows[23][n] for n in range(7))
            assert fine == (site.unit.unit_id not in spoiled), site.unit.unit_id
            checked += 1
    assert checked > 15


def test_the_skins_differ_in_structure() -> None:
    shapes = set()
    for name in SKINS:
        made = build(faults=[], units=["B02"], looks={"B02": Looks(skin=name, encoding="utf-8")})
        document = made.sites["B02"].sections["normative"].leaves[0]
        text = text_of(made, document.url)
        shapes.add(
            tuple(re.findall(r'class=["\']?([\w-]+)', text)[:40]) + tuple(re.findall(r"<(\w+)", text)[:80])
        )
        assert document.number in re.sub(r"<[^>]+>", "", text)
    assert len(shapes) == len(SKINS) >= 7


def test_one_content_can_wear_every_skin() -> None:
    plain = {}
    for name in SKINS:
        made = build(
            faults=[], units=["B02"], looks={"B02": Looks(skin=name, script_lists="", encoding="utf-8")}
        )
        site = made.sites["B02"]
        plain[name] = [
            (leaf.title, leaf.published, leaf.number) for leaf in site.leaves.values() if leaf.kind != "form"
        ]
    assert all(rows == plain["trs"] for rows in plain.values())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_can_be_planted_alone(kind: str) -> None:
    for unit in ("A03", "B07", "B12", "B21", "A08"):
        made = build(faults=[], units=[unit])
        if KINDS[kind].fits(made.sites[unit]):
            truth = build(faults=[Fault(unit, kind)], units=[unit]).truth
            assert any(row.kind == kind and row.rule_id == (KINDS[kind].rule or kind) for row in truth)
            assert {row.unit_id for row in truth} == {unit}
            return
    pytest.fail("no unit can bear it")


def test_other_days_make_a_sound_province_too() -> None:
    for day in (date(2020, 12, 20), date(2021, 6, 3), date(2022, 3, 1)):
        made = build(as_of=day)
        assert len(made.truth) > 200
        pages = [leaf for site in made.sites.values() for leaf in site.leaves.values()]
        allowed = {row.subject for row in made.truth if row.rule_id == "publish-date-future"}
        assert all(p.published is None or p.published <= day or p.link in allowed for p in pages)


def test_size_is_cheap() -> None:
    made = build(pages_per_site=1500, units=["B01"], faults=[])
    assert len(made.sites["B01"].leaves) > 1300
