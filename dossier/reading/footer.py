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
    rf"主\s*办(?:\s*单\s*位)?\s*[:：\s]|主办|版权(?:归|所有)(?:[\s:：©]|\(C\)|（C）|copyright)*{_BODY}"
    rf"|{_BODY}[\s©]*版权所有",
    re.IGNORECASE,
)
"""`版权所有` alone, without a name beside it, tells nobody whose site it is."""
_CONTACT = re.compile(
    r"联系我们|联系方式|联系电话|电\s*话\s*[:：]|联系(?:人|网站)|地\s*址\s*[:：]|邮\s*箱\s*[:：]|E-?mail\s*[:：]|服务热线|热线|\b0\d{2,3}[-—－]\d{7,8}"
)
_CODED = re.compile(r"(?:sitecode|siteCode|recordcode|Link\()\W{0,6}((?:bm)?\d{8,10})", re.IGNORECASE)


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
    organiser = bool(_ORGANISER.search(everything))
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


def _marks(tree: Tree) -> tuple[str, str]:
    """Addresses and handlers of the whole page, and its scripts with what they write: where the two marks hide."""
    marks: list[str] = []
    for node in tree.nodes:
        if node.tag in ("a", "img", "area", "iframe"):
            for name in ("href", "src", "onclick", "title", "alt"):
                value = node.attrs.get(name)
                if value:
                    marks.append(value)
        elif node.tag in ("div", "span", "p", "li", "em", "i", "input"):
            for name in ("onclick", "data-setting", "title"):
                value = node.attrs.get(name)
                if value:
                    marks.append(value)
            name = node.attrs.get("class") or ""
            if "jiucuo" in name or "conac" in name or "j-gov" in name or "dzjg" in name:
                marks.append(name)
            identity = node.attrs.get("id") or ""
            if "jiucuo" in identity or "onac" in identity or "dzjg" in identity:
                marks.append(identity)
    scripts: list[str] = []
    for node, code in tree.scripts:
        scripts.append(f"{node.get('src')} {node.get('id')}")
        if "%3C" in code or "onac" in code or "jiucuo" in code or "conac" in code:
            live = re.sub(r"(?m)^\s*//.*$|/\*.*?\*/", "", code[:20000], flags=re.DOTALL)
            scripts.append(unquote(live))
    return "\n".join(marks), "\n".join(scripts)
