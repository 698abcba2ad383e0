"""The eight things that must stand at the foot of a government site."""

from __future__ import annotations

import re
from urllib.parse import unquote

from dossier.model import Footer
from dossier.reading.tree import Node, Tree

CODE = re.compile(
    r"标\s*识\s*[码符号编]{1,2}\s*[】\])）]?\s*(?:[:：是为])?\s*[【\[(（]?\s*((?:bm|BM)?\s*\d{8,10}|[A-Za-z0-9]{6,12}(?=\D|$))"
)
_ICP = re.compile(
    r"[一-鿿]?\s*ICP\s*[备证许]|ICP\s*备?案?|beian\.miit\.gov\.cn|miitbeian\.gov\.cn", re.IGNORECASE
)
_POLICE = re.compile(
    r"公\s*网\s*安\s*备|公安备案|网安备|beian\.gov\.cn/portal/registerSystemInfo|beian\.mps\.gov\.cn"
)
_PARTY = re.compile(
    r"conac\.cn|_ideConac|bszs\.conac|dzjg|党政机关|j-gov\b|gov-?icon|dcs\.conac", re.IGNORECASE
)
_REPORT = re.compile(
    r"jiucuo|pucha\.kaipuyun|zfwzgl\.(?:www\.)?gov\.cn|找错|纠错网站|网站纠错", re.IGNORECASE
)
_SITEMAP = re.compile(r"网站地图|站点地图|网站导航|站点导航|sitemap", re.IGNORECASE)
_BODY = r"[一-鿿]{2,30}(?:人民政府|政府|委员会|办公室|管理局|厅|局|委|院|部|署|会|中心)"
_ORGANISER = re.compile(
    rf"主\s*办(?:\s*单\s*位)?\s*[:：\s]|主办|主管(?:单位|部门)?\s*[:：]|{_BODY}主管|版权(?:归|所有)(?:[\s:：©]|\(C\)|（C）|copyright)*{_BODY}"
    rf"|{_BODY}[\s©]*版权所有",
    re.IGNORECASE,
)
"""`版权所有` alone, without a name beside it, tells nobody whose site it is."""
_LABELLED_ORGANISER = re.compile(r"(?:主\s*办|主\s*管)(?:\s*单\s*位|\s*部\s*门)?\s*[:：]")
"""A label with its colon speaks of the site wherever it stands."""
_SENTENCE = re.compile(r"[，。；]")
"""A line of running text: `由某局主办，…` in an article names no organiser of the site."""
_CONTACT = re.compile(
    r"联系我们|联系方式|联系电话|电\s*话\s*[:：]|联系(?:人|网站)|地\s*址\s*[:：]|邮\s*箱\s*[:：]|E-?mail\s*[:：]|服务热线|热线|\b0\d{2,3}[-—－]\d{7,8}"
)


def footer_of(
    tree: Tree, footers: list[Node], whole: str, *, drawn: bool
) -> tuple[Footer | None, str | None]:
    """What the foot of the page shows, and the 网站标识码 in it."""
    text = "\n".join(tree.text(node) for node in footers)
    code = _code(text)
    marks, scripts = _marks(tree)
    if not text.strip() and not marks:
        text = ""
    tail = whole[-1500:]
    if not code:
        code = _code(tail) or _code(whole)
    shown = text or ""
    everything = f"{shown}\n{tail}"
    evidence = f"{marks}\n{scripts}"
    party = bool(_PARTY.search(evidence)) or "党政机关" in shown
    report = bool(_REPORT.search(evidence)) or "找错" in everything
    icp = bool(_ICP.search(everything) or _ICP.search(marks))
    police = bool(_POLICE.search(everything) or _POLICE.search(marks))
    sitemap = bool(_SITEMAP.search(whole)) or bool(_SITEMAP.search(marks))
    organiser = bool(
        _ORGANISER.search(shown)
        or _LABELLED_ORGANISER.search(tail)
        or any(
            _ORGANISER.search(line)
            for line in tail.split("\n")
            if ("主" in line or "版权" in line) and not _SENTENCE.search(line)
        )
    )
    contact = bool(_CONTACT.search(everything))
    facts = (party, report, bool(code), icp, police, sitemap, organiser, contact)
    speaks = sum((bool(code), icp, police, organiser, party))
    if not speaks and not footers and not drawn:
        return None, code
    unknown = drawn and speaks == 0
    if not speaks and not drawn and not shown.strip():
        return None, code
    if drawn and speaks < 3:
        unknown = True
    values = [True if fact else (None if unknown else False) for fact in facts]
    return (
        Footer(
            party_mark=values[0],
            error_report=values[1],
            site_code=values[2],
            icp=values[3],
            police=values[4],
            sitemap=values[5],
            organiser=values[6],
            contact=values[7],
        ),
        code,
    )


def _code(text: str) -> str | None:
    found = CODE.search(text)
    if not found:
        return None
    return re.sub(r"\s+", "", found.group(1))


_OF_LINK = frozenset(["href", "src", "onclick", "title", "alt"])
_OF_BOX = frozenset(["onclick", "data-setting", "title"])
_TELLING = {
    **dict.fromkeys(["a", "img", "area", "iframe"], _OF_LINK),
    **dict.fromkeys(["div", "span", "p", "li", "em", "i", "input"], _OF_BOX),
}
_OWN_MARK = re.compile(r"jiucuo|onac|j-gov|dzjg")


def _marks(tree: Tree) -> tuple[str, str]:
    """Addresses and handlers of the whole page, and its scripts with what they write: where the two marks hide."""
    marks: list[str] = []
    for node in tree.nodes:
        told = _TELLING.get(node.tag)
        if told is None:
            continue
        for name, value in node.attrs.items():
            if not value:
                continue
            if name in told or (
                (name == "class" or name == "id") and told is _OF_BOX and _OWN_MARK.search(value)
            ):
                marks.append(value)
    scripts: list[str] = []
    for node, code in tree.scripts:
        scripts.append(f"{node.get('src')} {node.get('id')}")
        if "%3C" in code or "onac" in code or "jiucuo" in code or "conac" in code:
            live = re.sub(r"(?m)^\s*//.*$|/\*.*?\*/", "", code[:20000], flags=re.DOTALL)
            scripts.append(unquote(live))
    return "\n".join(marks), "\n".join(scripts)
