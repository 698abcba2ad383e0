"""What is fuzzed: each entry by which words of strangers come in, with the bytes from which its changes begin.

A target takes bytes and returns nothing; what it raises is a finding. Where refusing is an answer, as of a broken list,
the refusal is caught here, and only the refusal.
"""

from __future__ import annotations

import contextlib
import io
import json
import lzma
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

AS_OF = date(2020, 9, 30)
NOW = datetime(2020, 9, 30, 10, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent
HTML, SITE = "text/html; charset=utf-8", "http://www.example.gov.cn/zwgk/202009/t20200901_1.html"
KINDS = (
    HTML,
    "text/html",
    "application/json",
    "text/xml",
    "application/pdf",
    "application/msword",
    "text/plain",
    "",
)
Try = Callable[[bytes], None]


@dataclass(frozen=True)
class Target:
    """One way in."""

    name: str
    prepare: Callable[[], Try]
    seeds: Callable[[], list[bytes]]
    most_bytes: int
    """Longer inputs teach nothing that shorter ones do not, and cost more."""
    share: float = 1.0
    """Its part of the time, beside the others'."""


def _pages() -> Try:
    from dossier.home import Home
    from dossier.reading import contract_json, load_vocabulary, read

    vocabulary = load_vocabulary(Home(Path("/nowhere")))

    def one(data: bytes) -> None:
        kind = KINDS[data[0] % len(KINDS)] if data else ""
        contract_json(read(data[1:], url=SITE, content_type=kind, as_of=AS_OF, vocabulary=vocabulary))

    return one


def _page_seeds() -> list[bytes]:
    """Pieces of the rules' pages: their bodies are alike, so it is their middles that are taken."""
    pages = sorted((ROOT / "tests" / "cases").rglob("*.html"))[::5][:240]
    kept = []
    for number, page in enumerate(pages):
        body = page.read_bytes()
        begin = max(0, body.find(b"<body")) if number % 3 else 0
        kept.append(b"\x00" + body[begin : begin + 6_000])
    return kept


def _data() -> Try:
    from dossier.home import Home
    from dossier.reading import load_vocabulary, read_data

    vocabulary = load_vocabulary(Home(Path("/nowhere")))

    def one(data: bytes) -> None:
        read_data(data, url="http://www.example.gov.cn/list.json", as_of=AS_OF, vocabulary=vocabulary)

    return one


def _data_seeds() -> list[bytes]:
    row = {"title": "关于印发方案的通知", "url": "/a.html", "date": "2020-09-01", "time": 1598918400000}
    return [
        json.dumps({"list": [row, row]}, ensure_ascii=False).encode(),
        json.dumps({"data": {"rows": [[row]], "html": "<li><a href='/a'>x</a>2020-09-01</li>"}}).encode(),
        ("jsonp(" + json.dumps([row]) + ");").encode(),
        b"<?xml version='1.0'?><datastore><recordset><record><![CDATA[<li><a href='/a'>x</a>]]></record></recordset></datastore>",
        "var list=[{title:'通知',url:'/a.html',date:'2020-9-1'}];".encode("gb18030"),
    ]


def _words() -> Try:
    from crawler.account_times import day_of, day_of_stamp
    from dossier.reading import dates, decode, numbers
    from dossier.reading.decoding import mend_mojibake

    def one(data: bytes) -> None:
        kind = KINDS[data[0] % len(KINDS)] if data else ""
        text = mend_mojibake(decode(data[1:], kind)[0])
        for read in (dates.first_date, dates.any_date, dates.is_only_date, dates.address_date):
            read(text)
        for number in (numbers.number_in_row, numbers.number_alone, numbers.number_value, numbers.numbers_in):
            number(text)
        dates.row_date(text, AS_OF)
        dates.ago(text, AS_OF)
        day_of(text, NOW)
        day_of_stamp(text)

    return one


def _word_seeds() -> list[bytes]:
    said = (
        "2020-09-01", "2020年9月1日", "二〇二〇年九月一日", "09-15", "3小时前", "昨天 10:20", "Mon Mar 02 09:00:00 +0800 2020", "1598918400000",
        "晋政办发〔2020〕42号", "晋政办函[2020]第42号", "发布时间：2020/09/01 08:00", "并政发（二○二○）十二号", "2020-02-30", "/202009/t20200901_1.html",
    )  # fmt: skip
    ways = ("utf-8", "gb18030", "utf-16", "utf-8-sig")
    return [b"\x00" + text.encode(ways[n % 4]) for n, text in enumerate(said)] + [
        b"\x01" + text.encode() for text in said
    ]


def _feeds() -> Try:
    from crawler.account_feed import read_feed
    from crawler.account_profile import read_profile_page
    from crawler.account_wechat import read_article
    from crawler.account_weibo import read_posts, read_profile, together
    from dossier.archive import Exchange

    def one(data: bytes) -> None:
        got = Exchange(
            url="https://m.weibo.cn/api/container/getIndex", at=NOW, status=200, body=data,
            response_headers=(("Content-Type", HTML if data[:1] == b"<" else "application/json"),),
        )  # fmt: skip
        read_feed(got, NOW)
        together(read_profile(got), read_posts(got, NOW))
        read_article(got)
        read_profile_page(got, NOW)

    return one


def _feed_seeds() -> list[bytes]:
    user = {"screen_name": "清河发布", "verified": True, "verified_reason": "清河市人民政府官方微博"}
    blog = {"id": "45", "created_at": "昨天 10:20", "text": "<a href='#'>会议</a>", "user": user}
    card = {"card_type": 9, "mblog": blog, "scheme": ""}
    group = {"card_type": 11, "card_group": [card]}
    both = [
        {"ok": 1, "data": {"cards": [card, group]}},
        {"ok": 1, "data": {"userInfo": user | {"statuses_count": 3}}},
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1", "title": "清河",
        "items": [{"date_published": "2020-09-01T08:00:00+08:00", "title": "通知", "url": "http://a.gov.cn/1"}],
    }  # fmt: skip
    return [
        *(
            json.dumps(one, ensure_ascii=False).encode()
            for one in (*both, feed, {"ok": 0, "msg": "该用户不存在"})
        ),
        "<?xml version='1.0'?><rss><channel><title>清河</title><item><title>通知</title><pubDate>Tue, 01 Sep 2020 08:00:00 +0800</pubDate></item></channel></rss>".encode(),
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>清河</title><entry><updated>2020-09-01T08:00:00Z</updated><title>x</title></entry></feed>".encode(),
        "<html><script>var ct = \"1598918400\"; var nickname = '清河发布';</script><em id='publish_time'>2020-09-01</em></html>".encode(),
        "<html><div class='time' data-time='1598918400'>3小时前</div><script>{\"create_time\":1598918400}</script></html>".encode(),
    ]


_ENVELOPES = (
    "word/document.xml",
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "Doc_0/Pages/Page_0/Content.xml",
    "OFD.xml",
)


def _office() -> Try:
    """Office files whose one part is changed and is XML still, in a sound zip: what breaks either ends the reading."""
    from lxml import etree

    from dossier.reading.attached.extract import extract

    whole, lenient = _office_parts(), etree.XMLParser(recover=True, resolve_entities=False)

    def one(data: bytes) -> None:
        place = data[0] % len(_ENVELOPES) if data else 0
        try:
            changed = etree.fromstring(data[1:], lenient)
        except etree.XMLSyntaxError:
            return  # nothing of it is XML
        if changed is not None:
            extract(_zipped(whole[place] | {_ENVELOPES[place]: etree.tostring(changed)}), "a.bin")

    return one


def _office_parts() -> list[dict[str, bytes]]:
    from practice.files import word, workbook

    text = ["关于做好政府信息公开工作的通知", "请各单位认真贯彻执行。"]
    word_parts, sheet_parts = (
        _unzipped(word(text[0], text)),
        _unzipped(workbook(text[0], [["单位", "数"], ["清河", "3"]])),
    )
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    said = f'<ofd:TextObject ID="1" Boundary="10 10 90 5" Size="4"><ofd:TextCode X="0" Y="4">{text[0]}</ofd:TextCode></ofd:TextObject>'
    fixed = {
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f'<ofd:Document {space}><ofd:Pages><ofd:Page ID="0" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {space}><ofd:Content><ofd:Layer>{said}</ofd:Layer></ofd:Content></ofd:Page>",
    }
    ofd_parts = {name: part.encode() for name, part in fixed.items()}
    return [word_parts, sheet_parts, sheet_parts, ofd_parts, ofd_parts]


def _office_seeds() -> list[bytes]:
    return [bytes([n]) + parts[_ENVELOPES[n]] for n, parts in enumerate(_office_parts())]


def _unzipped(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as box:
        return {name: box.read(name) for name in box.namelist()}


def _zipped(files: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as box:
        for name, body in files.items():
            box.writestr(name, body)
    return kept.getvalue()


def _files() -> Try:
    from dossier.reading.attached.extract import extract

    def one(data: bytes) -> None:
        extract(data, "a.bin")

    return one


def _file_seeds() -> list[bytes]:
    from practice.files import pdf, word, workbook

    text = ["关于做好政府信息公开工作的通知", "请各单位认真贯彻执行。"]
    kept = [pdf(text), word(text[0], text), workbook(text[0], [text]), _zipped({"a.txt": text[0].encode()})]
    made = ROOT / "tests" / "dossier" / "reading" / "attached" / "made.tar.xz"
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(made.read_bytes()))) as box:
        kept += [box.extractfile(f"office-portrait.{form}").read() for form in ("doc", "rtf", "docx")]  # type: ignore[union-attr]
    kept += [
        rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}\f0\u20851?\'b9\'d8\trowd\cellx100\intbl a\cell\row\par}",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>a</p>\r\n--x--",
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>1</Data></Cell></Row></Table></Worksheet></Workbook>',
    ]  # fmt: skip
    return kept


def _lists() -> Try:
    """What people hand in: unit list, document list, settings. Being refused in words is an answer."""
    from desk.import_list import read_list
    from dossier.errors import BadInput
    from dossier.settings import load_settings
    from dossier.units import load_units

    folder = Path(tempfile.mkdtemp(prefix="gongkai-fuzz-"))
    ways: tuple[tuple[str, Callable[[Path], object]], ...] = (
        ("a.csv", read_list),
        ("u.csv", lambda path: load_units(path, AS_OF)),
        ("s.toml", load_settings),
        ("a.xlsx", read_list),
    )

    def one(data: bytes) -> None:
        name, read = ways[data[0] % len(ways) if data else 0]
        (folder / name).write_bytes(data[1:])
        with contextlib.suppress(BadInput):
            read(folder / name)

    return one


def _list_seeds() -> list[bytes]:
    from practice.files import workbook

    head = ["公文全称", "文号", "公开属性", "主动公开公文链接"]
    row = ["关于印发方案的通知", "晋政办发〔2020〕42号", "主动公开", "http://www.example.gov.cn/a.html"]
    lines = "\n".join((",".join(head), ",".join(row)))
    units = "\n".join((ROOT / "unit_sites.csv").read_text("utf-8-sig").splitlines()[:4])
    return [
        b"\x00" + lines.encode("utf-8-sig"), b"\x00" + lines.encode("gb18030"), b"\x01" + units.encode(),
        b"\x02" + b'[crawl]\nproxy = "http://127.0.0.1:1"\ndelay_seconds = 0.5\n[report]\nscreenshots = false\n',
        b"\x03" + workbook("a", [head, row]),
    ]  # fmt: skip


TARGETS = (
    Target("pages", _pages, _page_seeds, 8_000, share=3.0),
    Target("data", _data, _data_seeds, 3_000),
    Target("words", _words, _word_seeds, 300),
    Target("feeds", _feeds, _feed_seeds, 2_000),
    Target("office", _office, _office_seeds, 6_000, share=1.5),
    Target("files", _files, _file_seeds, 60_000, share=1.5),
    Target("lists", _lists, _list_seeds, 8_000),
)
