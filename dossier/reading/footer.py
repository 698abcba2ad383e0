"""The eight things that must stand at the foot of a government site."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from dossier.model import Footer
from dossier.reading.sieve import Sieve, fold
from dossier.reading.tree import Node, Tree

_CODE = re.compile(
    r"(?:标|网\s*站\s*识)\s*[识别]\s*[码符号编]{1,2}\s*[】\])）]?\s*(?:[:：是为])?\s*[【\[(（]?\s*((?:bm|BM)?\s*(?:\d{8,12}(?!\d)|\d{8,10})|[A-Za-z0-9]{6,12}(?=\D|$))"
)
_ICP = Sieve("icp beian.miit.gov.cn miitbeian.gov.cn")
_POLICE = Sieve(
    "安 beian.",
    r"(?:公\s*网\s*安\s*备|公安(?:机关)?备案|网安备)\D{0,24}\d[\d\s]{5,}|beian\.(?:gov|mps\.gov)\.cn/\S*code=\d{6}",
)
"""The badge alone, or a link to the register without the site's own number, tells no registration."""
_PARTY = Sieve("conac.cn _ideconac imgconac bszs.conac dcs.conac dzjg 党政机关 gov-icon govicon")
_PARTY_CLASS = Sieve("j-gov", r"j-gov\b", re.IGNORECASE)
_REPORT = Sieve("jiucuo pucha.kaipuyun zfwzgl.gov.cn zfwzgl.www.gov.cn /errorinfo/ 找错 纠错网站 网站纠错")
_SITEMAP = Sieve("网站地图 站点地图 网站导航 站点导航 sitemap /wzdt")
_OFFICE = r"(?:人民政府|政府|委员会|办公室|管理局|厅|局|委|院|部|署|会|中心)"
_BODY = rf"[一-鿿]{{2,30}}{_OFFICE}"
_END_OF_BODY = rf"[一-鿿]{{2}}{_OFFICE}"
"""As much of a body's name as must stand before a word: a pattern that begins with a long name is very slow."""
_ORGANISER = Sieve(
    "主 版权",
    rf"主\s*办(?:\s*单\s*位)?\s*[:：\s]|主办|主管(?:单位|部门)?\s*[:：]|{_END_OF_BODY}主管|版权(?:归|所有)(?:[\s:：©]|\(C\)|（C）|copyright)*{_BODY}"
    rf"|{_END_OF_BODY}[\s©]*版权所有",
    re.IGNORECASE,
)
"""`版权所有` alone, without a name beside it, tells nobody whose site it is."""
_LABELLED_ORGANISER = Sieve("主", r"(?:主\s*办|主\s*管)(?:\s*单\s*位|\s*部\s*门)?\s*[:：]")
"""A label with its colon speaks of the site wherever it stands."""
_SENTENCE = re.compile(r"[，。；]")
"""A line of running text: `由某局主办，…` in an article names no organiser of the site."""
_CONTACT = Sieve(
    "联系 电 址 邮 mail 热线 0",
    r"联系我们|联系方式|联系电话|电\s*话\s*[:：]|联系(?:人|网站)|地\s*址\s*[:：]|邮\s*箱\s*[:：]|E-?mail\s*[:：]|服务热线|热线|(?<!\d)0\d{2,3}[-—－]\d{7,8}",
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
    folded = fold(everything)
    folded_marks = fold(marks)
    folded_evidence = fold(evidence)
    party = (
        "党政机关" in shown
        or _PARTY.finds(evidence, folded_evidence)
        or _PARTY_CLASS.finds(evidence, folded_evidence)
    )
    report = "找错" in everything or _REPORT.finds(evidence, folded_evidence)
    icp = _ICP.finds(everything, folded) or _ICP.finds(marks, folded_marks)
    police = _POLICE.finds(everything, folded) or _POLICE.finds(marks, folded_marks)
    sitemap = _SITEMAP.finds(whole, fold(whole)) or _SITEMAP.finds(marks, folded_marks)
    organiser = (
        _ORGANISER.finds(shown, folded)
        or _LABELLED_ORGANISER.finds(tail, folded)
        or any(
            _ORGANISER.finds(line, folded)
            for line in tail.split("\n")
            if ("主" in line or "版权" in line) and not _SENTENCE.search(line)
        )
    )
    contact = _CONTACT.finds(everything, folded)
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
    if (not party or not report) and _silent_pictures(tree, footers):
        # Both marks are pictures on most pages: one that leads somewhere and says nothing may be either.
        values[:2] = [True if fact else None for fact in (party, report)]
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


_SAYS = re.compile(r"conac|jiucuo|beian|miit|zfwzgl|errorinfo|12377|12345", re.IGNORECASE)


def _silent_pictures(tree: Tree, footers: list[Node]) -> bool:
    """Whether a picture in the foot leads somewhere without a word of what it is."""
    for footer in footers:
        for picture in tree.within(footer, "img"):
            if picture.hidden or picture.get("alt").strip() or picture.get("title").strip():
                continue
            link = next((above for above in picture.up() if above.tag == "a"), None)
            if link is None or link.i < footer.i or tree.text(link) or link.get("title").strip():
                continue
            if not _SAYS.search(
                " ".join((link.get("href"), link.get("onclick"), picture.get("src"), picture.mark))
            ):
                return True
    return False


def _code(text: str) -> str | None:
    found = _CODE.search(text) if "识" in text else None
    if not found:
        return None
    return re.sub(r"\s+", "", found.group(1))


_LINKS = ("a", "img", "area", "iframe")
_OF_LINK = frozenset(["href", "src", "onclick", "title", "alt"])
_BOXES = ("div", "span", "p", "li", "em", "i", "input")
_OWN_MARK = re.compile(r"jiucuo|onac|j-gov|dzjg")


@lru_cache(maxsize=16_384)
def _own(mark: str) -> bool:
    return _OWN_MARK.search(mark) is not None


def _marks(tree: Tree) -> tuple[str, str]:
    """Addresses and handlers of the whole page, and its scripts with what they write: where the two marks hide."""
    marks: list[str] = []
    for tag in _LINKS:
        for node in tree.tagged(tag):
            for name, value in node.attrs.items():
                if value and name in _OF_LINK:
                    marks.append(value)
    for node in tree.odd:
        if node.tag in _BOXES:
            marks += [node.get("onclick"), node.get("data-setting")]
    for tag in _BOXES:
        marks += [node.get("title") for node in tree.tagged(tag) if "title" in node.attrs]
    for node in tree.named:
        if (node.tag in _BOXES or node.tag == "img") and _own(node.mark):
            marks += [node.get("class"), node.get("id")]
    scripts: list[str] = []
    for node, code in tree.scripts:
        scripts.append(f"{node.get('src')} {node.get('id')}")
        if "%3C" in code or "onac" in code or "jiucuo" in code or "conac" in code:
            live = re.sub(r"(?m)^\s*//.*$|/\*.*?\*/", "", code[:20000], flags=re.DOTALL)
            scripts.append(unquote(live))
    return "\n".join(marks), "\n".join(scripts)
