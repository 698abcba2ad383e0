"""A site's publishing system is told by its addresses, or not at all; it is a fact for statistics that no rule reads."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dossier.assembly.cms import cms_of
from dossier.errors import BadInput
from dossier.home import Home
from dossier.model import Capture, Page, PageFacts, Reach
from dossier.tables.cms import read_cms

ROOT = Path(__file__).resolve().parents[2]
SIGNS = read_cms(ROOT / "tables" / "cms.toml")
HOST = "www.a01.gov.cn"
ADDRESSES = {
    "TRS WCM": "/zwgk/tzgg/2020{m:02d}/t2020{m:02d}15_52{n:05d}.shtml",
    "大汉 JCMS／JPage": "/art/2020/{m}/15/art_12_{n}.html",
    "广东集约化平台": "/zwgk/content/post_{n}.html",
    "帝国 EmpireCMS": "/xxgk/zfwj/2020-{m:02d}-15/{n}.html",
    "博达网站群": "/info/1011/{n}.htm",
    "开普 UCAP": "/10462/10464/2020/{m}/15/{n:032x}.shtml",
    "年月＋32 位编号的平台": "/dtszf/tzgg/2020{m:02d}/{n:032x}.shtml",
    "新华 CMS": "/2020{m:02d}15/{n:032x}/c.html",
    "doc／年／月／日的平台": "/doc/2020/{m:02d}/15/{n}.shtml",
    "JEECMS": "/tzgg/{n}.jhtml",
    "SiteServer CMS": "/contents/12/{n}.html",
    "织梦 DedeCMS": "/a/tzgg/2020/{m:02d}15/{n}.html",
    "PHPCMS": "/index.php?m=content&c=index&a=show&id={n}",
    "WordPress": "/?p={n}",
}


def pages(*addresses: str, host: str = HOST, tags: dict[str, str] | None = None) -> dict[str, Page]:
    found = {}
    for address in addresses:
        url = f"http://{host}{address}"
        capture = Capture(unit_id="A01", asked_url=url, at=datetime(2020, 9, 28, tzinfo=UTC), reach=Reach.OK)
        found[url] = Page(url=url, capture=capture, facts=PageFacts(url=url, tags=tags or {}))
    return found


def some(form: str, count: int, start: int = 100) -> list[str]:
    return [form.format(n=start + n, m=1 + n % 9) for n in range(count)]


def test_every_system_of_the_table_is_known_by_its_addresses_among_plain_columns() -> None:
    assert set(ADDRESSES) == {one.name for one in SIGNS}
    for name, form in ADDRESSES.items():
        plain = ["/", "/zwgk/", "/zwgk/tzgg/", "/xwzx/index.html", "/about.htm"]
        assert cms_of(pages(*plain, *some(form, 9)), SIGNS, {HOST}) == name


def test_few_addresses_or_two_systems_at_once_say_nothing() -> None:
    assert cms_of(pages(*some(ADDRESSES["TRS WCM"], 4)), SIGNS, {HOST}) == ""
    half = [*some(ADDRESSES["TRS WCM"], 9), *some(ADDRESSES["博达网站群"], 6)]
    assert cms_of(pages(*half), SIGNS, {HOST}) == "", "a site in the middle of a move"
    assert cms_of(pages("/", "/zwgk/", *[f"/n{n}.html" for n in range(50)]), SIGNS, {HOST}) == ""
    assert cms_of({}, SIGNS, {HOST}) == ""


def test_other_peoples_addresses_say_nothing_of_this_site() -> None:
    theirs = pages(*some(ADDRESSES["TRS WCM"], 9), host="www.gov.cn")
    assert cms_of(theirs, SIGNS, {HOST}) == ""


def test_a_page_that_names_its_generator_is_believed() -> None:
    said = pages("/", "/zwgk/", tags={"Generator": "WordPress 5.4"})
    assert cms_of(said, SIGNS, {HOST}) == "WordPress"


def test_a_bad_table_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    path = tmp_path / "tables" / "cms.toml"
    for wrong, said in (
        ("paths = ['(']", "写法不对"),
        ("paths = ['.*']", "什么都符合"),
        ("least = 0\npaths = ['/x/']", "不小于 1"),
        ("", "没有任何特征"),
        ("path = ['/x/']", "不认识的键"),
    ):
        path.write_text(
            f'[[cms]]\nname = "甲"\nvendor = "乙"\nsource = "丙"\nsource_status = "verified"\n{wrong}\n'
        )
        with pytest.raises(BadInput, match=said) as caught:
            read_cms(Home(tmp_path).table("cms.toml"))
        assert "cms.toml" in str(caught.value)


def test_no_rule_reads_it() -> None:
    for path in (ROOT / "checks").rglob("*.py"):
        assert ".cms" not in path.read_text(encoding="utf-8"), path


@pytest.mark.realpages
def test_real_addresses_of_shanxi_are_known() -> None:
    listed = ROOT.parent / "shared" / "realpages" / "shanxi_urls.txt"
    if not listed.is_file():
        pytest.skip("the collection of real pages is not here")
    addresses = [
        line.split("\t")[0] for line in listed.read_text(encoding="utf-8").splitlines() if line[:4] == "http"
    ]
    trs = [url.split("/", 3)[3] for url in addresses if "/t20" in url and url.endswith("html")]
    assert len(trs) > 12
    assert cms_of(pages(*("/" + one for one in trs)), SIGNS, {HOST}) == "TRS WCM"
