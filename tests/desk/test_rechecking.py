"""What was mended is seen to be mended; what is hidden, blocked or gone is not."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click.testing
import pytest

from desk import rechecking, stages
from desk.cli import registered
from desk.export import export
from desk.installation import Installation
from desk.recheck_cases import cases_of
from desk.recheck_fetching import crawl_in_processes
from dossier import store
from dossier.errors import BadInput, NetworkDown
from dossier.model import Purpose, UnitJob
from dossier.store import Recheck, RecheckRequest, RecheckResult, Store, open_store
from practice.home import write_home
from practice.model import Fault
from practice.province import Province, build
from practice.server import PracticeServer, serve

AS_OF = date(2020, 9, 30)
UNITS = ["A02", "A05", "A07", "A09"]
FAULTS = [
    Fault("A02", "account-gone"),
    Fault("A02", "column-stale"),
    Fault("A02", "application-guide-incomplete"),
    Fault("A05", "certificate-invalid", (("how", "expired"),)),
    Fault("A05", "account-stale"),
    Fault("A05", "functions-contact-incomplete"),
    Fault("A07", "account-name-mismatch"),
    Fault("A07", "document-body-empty"),
    Fault("A09", "account-duplicated"),
    Fault("A09", "link-broken", (("how", "page"),)),
    Fault("A09", "platform-column-missing"),
]
FIXED, NOT_FIXED = RecheckResult.FIXED, RecheckResult.NOT_FIXED
UNSEEN, MOVED = RecheckResult.UNSEEN, RecheckResult.MOVED


def province(*faults: Fault, access: dict[str, str] | None = None) -> Province:
    made = build(faults=faults, units=UNITS, pages_per_site=20, access=access)
    made.sites["A05"].tls = "expired"  # the one thing that nobody mends: it is how the home page is listed
    return made


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    with serve(province(*FAULTS), silence=10) as running:
        yield running


@pytest.fixture(scope="module")
def night(server: PracticeServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after one night over the faulty province."""
    home = tmp_path_factory.mktemp("night")
    write_home(server.province, home, server.url)
    stages.nightly(installation(home))
    return home


@pytest.fixture
def home(night: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(night, tmp_path / "home"))


def installation(home: Path) -> Installation:
    quick = ("delay_seconds=0", "retry_wait_seconds=0.2", "timeout_seconds=3", "browser=false")
    return Installation.of(home=home, as_of=AS_OF, overrides=tuple(f"crawl.{one}" for one in quick))


def show(server: PracticeServer, now: Province) -> None:
    """The province as it is from now on."""
    server.province = now
    server._cache.clear()
    server.log.clear()


def again(home: Path, *numbers: str) -> dict[str, Recheck]:
    at_hand = installation(home)
    with open_store(at_hand.home.database) as kept:
        cases = cases_of(at_hand, kept, numbers=numbers)
        made = rechecking.recheck(at_hand, kept, cases)
        rules = {case.number: f"{case.unit.unit_id} {case.last.rule_id}" for case in cases}
    return {rules[one.deficiency_no]: one for one in made}


def number_of(kept: Store, rule: str) -> str:
    row = kept.one("SELECT number FROM deficiency WHERE rule_id = ? AND number NOT NULL", (rule,))
    assert row is not None
    return str(row[0])


def test_a_night_finds_accounts_and_certificates_as_they_are(night: Path, server: PracticeServer) -> None:
    at_hand = installation(night)
    with open_store(at_hand.home.database) as kept:
        run = store.latest_run(kept)
        assert run is not None
        lines = export(
            kept, at_hand, run.run_id, kind="findings", form="jsonl", everything=False
        ).splitlines()
    found = {
        (row["unit_id"], row["rule_id"], row["subject"])
        for row in map(json.loads, lines)
        if row["verdict"] == "fail"
    }
    truth = {
        (row.unit_id, row.rule_id, row.subject) for row in province(*FAULTS).truth if row.verdict == "fail"
    }
    assert truth <= found
    beside = {one for one in found if one[1].startswith(("account-", "certificate-"))}
    assert beside == {one for one in truth if one[1].startswith(("account-", "certificate-"))}
    assert len(beside) == 5


def test_what_nobody_mended_is_not_mended(home: Path, server: PracticeServer) -> None:
    show(server, province(*FAULTS))
    made = again(home)
    assert {one.result for one in made.values()} == {NOT_FIXED}
    assert len(made) >= len(FAULTS)


@dataclass(frozen=True)
class Mended:
    """A home whose sites were mended and looked at again."""

    home: Path
    made: dict[str, Recheck]
    before: tuple[object, ...]
    nights: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def mended(night: Path, server: PracticeServer, tmp_path_factory: pytest.TempPathFactory) -> Mended:
    home = Path(shutil.copytree(night, tmp_path_factory.mktemp("mended") / "home"))
    show(server, province())
    with open_store(installation(home).home.database) as kept:
        before, nights = _memory(kept), kept.ask("SELECT * FROM deficiency_night")
    return Mended(home, again(home), before, nights)


def test_what_was_mended_is_seen_to_be_mended(mended: Mended) -> None:
    results = {rule: one.result for rule, one in mended.made.items()}
    assert results.pop("A05 certificate-invalid") is NOT_FIXED
    assert set(results.values()) == {FIXED}, results
    assert all(one.after and one.before for rule, one in mended.made.items() if "certificate" not in rule)


def test_a_recheck_leaves_the_night_as_it_was(mended: Mended) -> None:
    at_hand = installation(mended.home)
    with open_store(at_hand.home.database) as kept:
        assert _memory(kept) == mended.before
        assert kept.ask("SELECT * FROM deficiency_night") == mended.nights
        found = store.run_info(kept, next(iter(mended.made.values())).run_id)
        assert found is not None
        assert found.kind == "recheck"
        assert found.finished is not None
        night = store.latest_run(kept)
        assert night is not None
        assert {one.first_run for one in store.rechecks(kept)} == {night.run_id}
        assert len(cases_of(at_hand, kept)) == len(mended.made)  # a recheck decides nothing: all still stand


def test_a_recheck_keeps_what_it_saw(mended: Mended) -> None:
    one = mended.made["A07 document-body-empty"]
    at_hand = installation(mended.home)
    with open_store(at_hand.home.database) as kept:
        seen = store.facts_for(kept, one.run_id, "A07")
        assert any(capture.purpose is Purpose.PAGE for capture in seen.captures)
        (stored,) = store.rechecks(kept, one.deficiency_no)
        assert stored == one
        with pytest.raises(Exception, match="only ever added"), kept.writing():
            kept.put("UPDATE recheck SET result = 'fixed'")
    told = _gongkai(mended.home, "evidence", "verify", "--run", one.run_id)
    assert told.exit_code == 0, told.output


def _memory(kept: Store) -> tuple[object, ...]:
    """What the next night will go by."""
    known = {(page.url, page.sha256) for page in store.known_pages(kept, "A02")}
    return store.latest_run(kept), store.history(kept, "A02"), known


def test_blocked_and_silent_pages_mend_nothing(home: Path, server: PracticeServer) -> None:
    show(server, province(access={"A02": "412", "A05": "silent", "A07": "forbidden", "A09": "captcha"}))
    made = again(home)
    pages = {
        rule: one.result for rule, one in made.items() if "account-" not in rule and "certif" not in rule
    }
    assert set(pages.values()) == {UNSEEN}, pages
    assert all(one.because for one in made.values())
    assert made["A02 account-gone"].result is FIXED  # the platform answered, whatever the site did


def test_a_page_that_is_gone_mends_nothing(home: Path, server: PracticeServer) -> None:
    now = province(*FAULTS)
    site = now.sites["A07"]
    (row,) = [row for row in site.truth if row.rule_id == "document-body-empty"]
    leaf = site.leaves.pop(row.subject)
    leaf.section.leaves.remove(leaf)
    show(server, now)
    assert again(home)["A07 document-body-empty"].result is MOVED


def test_one_deficiency_is_looked_at_in_seconds_and_nothing_else_is_asked(
    home: Path, server: PracticeServer
) -> None:
    show(server, province())
    with open_store(installation(home).home.database) as kept:
        number = number_of(kept, "document-body-empty")
    started = time.monotonic()
    made = again(home, number)
    assert time.monotonic() - started < 60  # about four on an idle machine
    assert [one.deficiency_no for one in made.values()] == [number]
    # A name that nobody has is asked besides, to know a line that answers for everybody.
    asked = {line.host for line in server.log if not line.host.endswith(".invalid")}
    assert asked == {server.province.sites["A07"].host, server.province.sites["A07"].platform_host} & asked
    assert len(server.log) < 20


def test_due_rechecks_are_those_whose_day_has_come_and_only_once(home: Path, server: PracticeServer) -> None:
    show(server, province())
    at_hand = installation(home)
    with open_store(at_hand.home.database) as kept:
        run = store.latest_run(kept)
        assert run is not None
        for rule, due in (("document-body-empty", AS_OF), ("link-broken", date(2020, 10, 20))):
            store.request_recheck(
                kept,
                RecheckRequest(
                    deficiency_no=number_of(kept, rule),
                    due=due,
                    because="整改期限届满",
                    who="系统",
                    at=run.started,
                ),
            )
        due_cases = cases_of(at_hand, kept, due=True)
        assert [case.last.rule_id for case in due_cases] == ["document-body-empty"]
    told = _gongkai(home, "recheck", "--due")
    assert told.exit_code == 0, told.output
    assert "已整改 1 项" in told.output
    assert "没有需要复查的问题" in _gongkai(home, "recheck", "--due").output


def _gongkai(home: Path, *words: str) -> click.testing.Result:
    quick = [
        f"--set=crawl.{one}"
        for one in ("delay_seconds=0", "retry_wait_seconds=0.2", "timeout_seconds=3", "browser=false")
    ]
    return click.testing.CliRunner().invoke(
        registered(), [*words, "--home", str(home), "--as-of", AS_OF.isoformat(), *quick]
    )


def test_an_unknown_number_is_refused(home: Path) -> None:
    at_hand = installation(home)
    with open_store(at_hand.home.database) as kept, pytest.raises(BadInput, match="A02-2020-9999"):
        cases_of(at_hand, kept, numbers=("A02-2020-9999",))


def test_an_outage_between_two_rounds_loses_nothing_and_accuses_nobody(
    home: Path, server: PracticeServer
) -> None:
    show(server, province())
    at_hand, rounds = installation(home), 0

    def crawl(jobs: Sequence[UnitJob], run_id: str, installation: Installation) -> None:
        nonlocal rounds
        rounds += 1
        if rounds > 1:
            raise NetworkDown("本机网络不通")
        crawl_in_processes(jobs, run_id, installation)

    with open_store(at_hand.home.database) as kept:
        cases = cases_of(at_hand, kept)
        made = rechecking.recheck(at_hand, kept, cases, crawl)
        rules = {case.number: case.last.rule_id for case in cases}
    assert rounds > 1
    assert len(made) == len(cases)
    results = {rules[one.deficiency_no]: one.result for one in made}
    assert results["document-body-empty"] is FIXED
    assert NOT_FIXED not in {result for rule, result in results.items() if rule != "certificate-invalid"}


def test_our_own_outage_leaves_no_recheck(home: Path) -> None:
    at_hand = Installation.of(home=home, as_of=AS_OF, overrides=("crawl.proxy=http://127.0.0.1:9",))
    with open_store(at_hand.home.database) as kept:
        cases = cases_of(at_hand, kept)
        with pytest.raises(NetworkDown):
            rechecking.recheck(at_hand, kept, cases)
        assert store.rechecks(kept) == ()
        assert all(run.kind != "recheck" for run in store.runs(kept))
