"""One finding with everything it rests on, in a file that opens on any machine: a sheet, the archived answers, the chain."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

import msgspec

from checks.registry import RULES
from desk.evidence import check_chain, check_run
from desk.installation import Installation
from desk.reports.wording import beijing, clean, safe_link
from desk.standing import standing_of
from dossier import archive, store
from dossier.errors import BadInput, Problem
from dossier.model import Capture, Deficiency, Evidence, Unit, Verdict
from dossier.store import Store

VERDICTS = {Verdict.FAIL: "不符合", Verdict.UNSURE: "待人工核查", Verdict.ERROR: "规则出错"}
WARC = "evidence.warc.gz"
_PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}


@dataclass(frozen=True)
class Shown:
    """One piece of evidence with the attempt that brought it."""

    evidence: Evidence
    capture: Capture | None
    place: str
    """`<run>/<unit>/<file>@<offset>`; empty where no answer was archived."""
    picture: bytes = b""
    picture_name: str = ""


def export_finding(
    kept: Store, installation: Installation, number: str, out: Path, *, run_id: str | None, at: datetime
) -> int:
    """Write the evidence of a deficiency to a `.zip`, or for replay tools to a `.wacz` (any other `out` is a folder); how many answers are in it."""
    unit_id, run = _where(kept, number, run_id)
    found = standing_of(kept, run, unit_id, installation.tables)
    finding = next(one for one in (*found.deficiencies, *found.gone) if one.number == number)
    unit = store.unit_as_listed(kept, run, unit_id)
    assert unit is not None
    folder = installation.home.run(run)
    shown = [_shown(kept, installation, run, unit_id, one) for one in finding.outcome.evidence]
    places = list(dict.fromkeys(one.place for one in shown if one.place))
    files: dict[str, bytes] = {}
    try:
        files[WARC] = archive.excerpt(installation.home.runs, places, f"{number}.warc.gz")
    except archive.BodyMissing as error:
        raise BadInput(
            [Problem(number, f"证据不全（{error}）", f"请运行 gongkai evidence verify --run {run} 查明")]
        ) from error
    for path in (
        archive.manifest_file(folder / unit_id),
        archive.carried_file(folder / unit_id),
        *folder.glob("manifest*.json"),
        *folder.glob("manifest*.json.tsr"),
    ):
        if path.is_file():
            files[path.name] = path.read_bytes()
    for before in sorted({night for one in shown for night in _nights_of(one)} - {"", run}):
        other = installation.home.run(before)
        for path in (archive.manifest_file(other / unit_id), *other.glob("manifest*.json")):
            if path.is_file():
                files[f"{before}/{path.name}"] = path.read_bytes()
    files["chain.json"] = msgspec.json.format(msgspec.json.encode(store.seals(kept)), indent=1)
    for one in shown:
        if one.picture:
            files[f"screenshots/{one.picture_name}"] = one.picture
    checked = check_run(kept, installation.home, run)
    word = "清单链有问题" if check_chain(kept, installation.home) else checked.word
    files["index.html"] = _sheet(unit, finding, shown, run, word, files, at).encode()
    files["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())
    ).encode()
    if out.suffix.lower() == ".wacz":
        _put(out, _wacz(number, unit, finding, shown, files, at))
    else:
        _write(out, files, at)
    return len(places)


def _wacz(
    number: str, unit: Unit, finding: Deficiency, shown: Sequence[Shown], files: dict[str, bytes], at: datetime
) -> bytes:  # fmt: skip
    """The same evidence for replay tools: the archived answers as pages, our sheet and the chain beside them."""
    pages = [
        archive.ShownPage(
            one.capture.url, one.capture.at, clean(one.evidence.quote)[:80] or clean(one.evidence.place)
        )
        for one in shown
        if one.capture is not None and one.place
    ]
    beside = {
        f"evidence/{name.replace('/', '-')}": content for name, content in files.items() if name != WARC
    }
    title = f"{number} {unit.short_name}：{clean(finding.message)[:120]}"
    return archive.pack(files[WARC], pages, title=title, made_at=at, beside=beside)


def _where(kept: Store, number: str, run_id: str | None) -> tuple[str, str]:
    known = store.unit_and_runs_of(kept, number)
    if known is None or not known[1]:
        raise BadInput(
            [
                Problem(
                    "evidence export",
                    f"没有编号为“{number}”的问题",
                    "编号见报告，或 gongkai export deficiencies",
                )
            ]
        )
    unit_id, seen = known
    if run_id is not None and run_id not in seen:
        raise BadInput(
            [Problem("--run", f"批次 {run_id} 中没有发现 {number}", f"发现它的批次：{'、'.join(seen[-5:])}")]
        )
    return unit_id, run_id or seen[-1]


def _shown(kept: Store, installation: Installation, run_id: str, unit_id: str, one: Evidence) -> Shown:
    captures = [
        capture
        for capture in store.facts_for(kept, run_id, unit_id).captures
        if one.url in (capture.asked_url, capture.final_url) and one.sha256 == capture.sha256
    ]
    exact = [capture for capture in captures if capture.at == one.captured_at]
    capture = next(iter(exact or captures), None)
    place = archive.place_of(run_id, unit_id, capture) if capture and capture.warc else ""
    picture, name = b"", one.screenshot or (capture.screenshot if capture else "")
    if name:
        path = (installation.home.run(run_id) / unit_id / name).resolve()
        if path.is_relative_to(installation.home.run(run_id).resolve()) and path.is_file():
            picture = path.read_bytes()
    return Shown(one, capture, place, picture, Path(name).name)


def _nights_of(one: Shown) -> tuple[str, str]:
    """Earlier runs that a piece rests on: in which the page was last asked, and in which its unchanged body stands;
    the lists of both are needed to follow it."""
    capture = one.capture
    return (capture.carried, capture.revisit_of.partition("/")[0]) if capture else ("", "")


def _sheet(
    unit: Unit,
    finding: Deficiency,
    shown: Sequence[Shown],
    run: str,
    word: str,
    files: dict[str, bytes],
    at: datetime,
) -> str:
    rule = next((module.RULE for module in RULES if module.RULE.id == finding.outcome.rule_id), None)
    about = [
        ("问题编号", finding.number), ("单位", f"{unit.unit_id} {unit.full_name}"),
        ("问题", rule.name if rule else finding.outcome.rule_id), ("结论", VERDICTS.get(finding.verdict, "")),
        ("说明", finding.message), ("对象", finding.outcome.subject), ("依据", "；".join(rule.basis) if rule else ""),
        ("整改", rule.remedy if rule else ""), ("批次", f"{run}（检查日期 {finding.last_at.isoformat()}）"),
        ("发现", f"{finding.nights_seen} 次，首次 {finding.first_at.isoformat()}，{'已' if finding.confirmed else '尚未'}复现确认"),
        ("批次存档核验", word), ("导出时间", beijing(at) + "（北京时间）"),
    ]  # fmt: skip
    if finding.outcome.because:
        about.insert(5, ("待核原因", finding.outcome.because))
    digests = [(name, hashlib.sha256(content).hexdigest()) for name, content in sorted(files.items())]
    return _PAGE.format(
        title=escape(f"证据：{finding.number}"),
        about=_table(about),
        evidence="".join(_item(number, one) for number, one in enumerate(shown, start=1)) or "<p>无。</p>",
        digests=_table(digests),
    )


def _item(number: int, one: Shown) -> str:
    capture, evidence = one.capture, one.evidence
    rows = [
        ("网址", _link(evidence.url)), ("取得时间", escape(beijing(evidence.captured_at) + "（北京时间）")),
        ("应答状态", escape(str(evidence.status if evidence.status is not None else "没有应答"))),
        ("内容摘要（SHA-256）", f"<code>{escape(evidence.sha256 or '没有内容')}</code>"),
        ("原文", f"<blockquote>{escape(clean(evidence.quote))}</blockquote>" if evidence.quote else ""),
        ("位置", escape(clean(evidence.place))), ("备注", escape(clean(evidence.note))),
        ("最终地址", _link(capture.final_url) if capture and capture.final_url not in ("", evidence.url) else ""),
        ("存档位置", f"<code>{escape(one.place)}</code>" if one.place else "没有可存档的应答"),
        ("当晚没有重新访问", f"沿用批次 {escape(capture.carried)} 的抓取" if capture and capture.carried else ""),
        ("未变内容的原件", f"<code>{escape(capture.revisit_of)}</code>" if capture and capture.revisit_of else ""),
    ]  # fmt: skip
    picture = ""
    if one.picture:
        kind = _PICTURES.get(Path(one.picture_name).suffix.lower(), "image/png")
        picture = f'<img alt="截图" src="data:{kind};base64,{base64.b64encode(one.picture).decode()}">'
    body = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows if value)
    return f"<h3>证据 {number}</h3><table>{body}</table>{picture}"


def _link(url: str) -> str:
    shown = escape(clean(url))
    good = safe_link(url)
    return f'<a rel="noreferrer noopener" href="{escape(good)}">{shown}</a>' if good else shown


def _table(rows: Sequence[tuple[str, str]]) -> str:
    return "<table>" + "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(clean(value))}</td></tr>" for name, value in rows if value
    ) + "</table>"  # fmt: skip


def _write(out: Path, files: dict[str, bytes], at: datetime) -> None:
    if out.suffix.lower() == ".zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
            for name, content in sorted(files.items()):
                zipped.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
        _put(out, packed.getvalue())
        return
    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise BadInput([Problem(str(out), "已有同名的文件或非空目录", "请换一个名字，或写成 .zip 文件")])
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)


def _put(out: Path, content: bytes) -> None:
    """The file appears whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(out.name + ".part")
    part.write_bytes(content)
    part.replace(out)


_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font-family: "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; max-width: 60rem;
 margin: 2rem auto; padding: 0 1rem; line-height: 1.6; color: #222 }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ border: 1px solid #bbb; padding: .35rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }}
th {{ width: 11rem; background: #f4f4f4; font-weight: normal }}
blockquote {{ margin: 0; white-space: pre-wrap }} code {{ font-size: .85em }} img {{ max-width: 100%; border: 1px solid #bbb }}
</style></head><body>
<h1>{title}</h1>
{about}
<h2>证据</h2>
{evidence}
<h2>怎样核对</h2>
<ol>
<li>evidence.warc.gz 是原始的请求与应答（ISO 28500），可用任何 WARC 工具打开，如 ReplayWeb.page、warcio；其中的应答记录逐字节取自当晚的存档。</li>
<li>应答内容的 SHA-256 应等于上表的“内容摘要”，并与 captures.jsonl（或其 gzip 压缩件 captures.jsonl.gz，每行一次访问）中同一网址的一行一致。内容与往日相同的网页，当晚的一行只记时间和变化，以 like 指明内容所在的那一次访问；那一晚的清单在以批次命名的目录中。久未变化、当晚没有重新访问的网页列在 carried.jsonl.gz，写明沿用哪一批次的抓取。</li>
<li>该清单文件的 SHA-256 应等于 manifest.json 中该单位同名的一项；manifest.json 的 SHA-256 应等于 chain.json 中该批次一项，其后各批次又逐一引用它。</li>
<li>本目录各文件的摘要见 SHA256SUMS（sha256sum -c SHA256SUMS）。</li>
</ol>
<p>它能证明：这些字节在封存后没有改动，与同批次其他文件一起封存。它不能证明：网站对别人也这样应答；封存时间早于导出的其他凭据（除非另有第三方时间戳 manifest.json.tsr）。</p>
<h2>文件摘要（SHA-256）</h2>
{digests}
</body></html>
"""
