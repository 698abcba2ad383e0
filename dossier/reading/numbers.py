"""A 发文字号 names the office, the year and the running number: 晋政办函〔2020〕42号."""

from __future__ import annotations

import re

_OPEN = "〔［\\[（(【﹝〈<《{「"
_CLOSE = "〕］\\]）)】﹞〉>》}」"
NUMBER = re.compile(
    rf"([一-鿿]{{1,14}}(?:[〔（(][一-鿿]{{1,4}}[〕）)])?[一-鿿]{{0,6}}[A-Za-z]?)\s*[{_OPEN}]\s*((?:19|20)\s*\d\s*\d)\s*[{_CLOSE}]\s*第?\s*(\d{{1,5}}(?:\s*[-－—]\s*\d{{1,3}})?)\s*号"
)
_LOOSE = re.compile(r"^([一-鿿]{2,12})\s*[.．]?\s*((?:19|20)\d{2})\s*[.．\-—]\s*(\d{1,5})\s*号?$")
_NO_BRACKET = re.compile(
    r"^([一-鿿]{2,10}(?:发|办|函|字|令|规|通|公告))\s*((?:19|20)\d{2})\s*(?:年)?\s*第?\s*(\d{1,5})\s*号$"
)
_ORDER = re.compile(
    r"^(?:[一-鿿]{2,30}(?:人民政府|委员会|部|厅|局|署|办公室))?(?:令|公告|通告|通知)?\s*[（(]?\s*((?:19|20)\d{2})?\s*年?\s*第\s*([\d一二三四五六七八九十百〇零]{1,6})\s*号\s*[）)]?$"
)
_ORDER_FULL = re.compile(
    r"^[一-鿿]{2,24}(?:令|公告|通告)\s*[（(]?\s*(?:(?:19|20)\d{2}\s*年?\s*)?第?\s*[\d一二三四五六七八九十百〇零]{1,6}\s*号\s*[）)]?$"
)
_SPACE = re.compile(r"[\s\u200b]+")
_LABEL = re.compile(r"^(发文字号|文件编号|文件字号|文号|发文号|字号)[:：]?")
_TRIM = re.compile(
    r"^(?:.*?(?:发文字号|文件编号|文件字号|发文号|文号|文件号|字号|发文|编号)[:：]?|文件|关于|根据|依据|按照|附件|通知|转发|印发|和|与|及|的|以)+"
)


def number_in_row(text: str) -> str:
    """A number anywhere in a short line, in the folded form; empty where there is none."""
    found = NUMBER.search("".join(text.split()))
    if not found:
        return ""
    name = _TRIM.sub("", found.group(1))
    return f"{name}〔{found.group(2)}〕{found.group(3)}号" if name else ""


def number_alone(text: str) -> str:
    """The line is a number and nothing else (brackets around it allowed); else empty."""
    if "号" not in text and not ("1" in text or "2" in text):
        return ""  # neither 号 nor the figures of a year
    bare = _SPACE.sub("", text)
    if not 4 <= len(bare) <= 44:
        return ""
    if bare[0] in "（(【[" and bare[-1] in "）)】]":
        bare = bare[1:-1]
    bare = _LABEL.sub("", bare)
    found = NUMBER.fullmatch(bare) if bare.endswith("号") else None
    if found:
        return f"{found.group(1)}〔{found.group(2)}〕{found.group(3)}号"
    if _LOOSE.match(bare) or _NO_BRACKET.match(bare):
        return bare
    if _ORDER_FULL.match(bare):
        return bare
    return ""


def number_value(text: str) -> str:
    """What a metadata block gives as number: folded where it has the usual form, else as written, else empty."""
    bare = re.sub(r"[\s\u200b]+", "", text)
    if (
        not bare
        or len(bare) > 60
        or re.fullmatch(r"[-—－无/／\\.·、暂空]+|无文号|暂无|null|NULL|undefined", bare)
    ):
        return ""
    found = NUMBER.search(bare)
    if found:
        name = found.group(1)
        return (
            f"{name}〔{found.group(2)}〕{found.group(3)}号"
            if len(bare) - (found.end() - found.start()) <= 12
            else bare
        )
    return bare if re.search(r"\d", bare) else ""


def numbers_in(text: str) -> list[str]:
    """All numbers in a text, folded, in order."""
    return [
        f"{_TRIM.sub('', m.group(1)) or m.group(1)}〔{m.group(2)}〕{m.group(3)}号"
        for m in NUMBER.finditer(text)
    ]
