"""The desk starts the crawl as processes over shards."""

from __future__ import annotations

from desk.crawling import shard
from dossier.model import Channel, SiteRow, Unit, UnitClass, UnitJob


def job(unit_id: str, host: str, *extra: str) -> UnitJob:
    row = SiteRow(unit_id=unit_id, channel=Channel.WEBSITE, name="", url=f"http://{host}/", extra_hosts=extra)
    return UnitJob(
        unit=Unit(unit_id=unit_id, unit_class=UnitClass.B, short_name="", full_name="", sites=(row,))
    )


def ids(shards: tuple[tuple[UnitJob, ...], ...]) -> list[list[str]]:
    return [[job.unit.unit_id for job in part] for part in shards]


def test_units_are_dealt_evenly_and_keep_their_order() -> None:
    shards = ids(shard([job(f"B{n:02}", f"h{n}") for n in range(10)], 3))
    assert sorted(len(part) for part in shards) == [3, 3, 4]
    assert all(part == sorted(part) for part in shards)


def test_units_that_share_a_host_stay_in_one_shard() -> None:
    jobs = [job("B01", "a", "shared"), job("B02", "b"), job("B03", "c", "shared"), job("B04", "b", "c")]
    assert ids(shard(jobs, 4)) == [["B01", "B02", "B03", "B04"]]


def test_there_are_never_more_shards_than_sites() -> None:
    assert ids(shard([job("B01", "a")], 8)) == [["B01"]]
