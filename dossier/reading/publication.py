"""When a page was published, as its reader sees it; and what the tag says instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dossier.model import DateSource, MetadataField
from dossier.reading import dates
from dossier.reading.body import GREETING
from dossier.reading.metadata import value_of
from dossier.reading.tree import Node, Tree, lines_in

_NOT_PUBLISHED = r"更新|生成|修改|打印|截止|截至|失效|废止|施行|实施|生效|有效|点击|访问|浏览|当前|今天|现在|开始|结束|成文|印发|报名|会议|活动|出生|签发|办结|受理|答复|回复|提交|来信|咨询|留言|写信|信件|考试|开标|立案|最后|编辑|审核"
_OTHER_DAY = re.compile(_NOT_PUBLISHED)
_OTHER_DAY_BEFORE = re.compile(rf"(?:{_NOT_PUBLISHED})$")
_LABELLED = re.compile(
    r"(?<![一-鿿])(?P<label>(?:信息|文章|网站|首次|本文)?(?:发布|发表|公开|公布|上传|录入|添加|上网|刊登|刊发|发文|公示|公告|创建|加入|推送|信息|稿件|文章)?(?:日期|时间|于|日)|发布|发表|时间|日期|Date|Time)\s*[】\])）]?\s*[:：]?\s*[【\[(（]?\s*(?P<rest>(?:19|20)\d\d[^\n]{0,30})",
    re.IGNORECASE,
)
_STRONG = re.compile(r"发布|发表|公开|公布|上传|录入|添加|上网|刊|推送|稿件|创建|加入|信息|文章|公示")
_BAD = re.compile(rf"(?:{_NOT_PUBLISHED})[^\d]{{0,6}}$")
_ENDS_IN_LABEL = re.compile(r"(日期|时间|于|发布|发表)\s*[:：]?\s*$")
_LABEL_ENDS = tuple("期间于布表:：")
_GAP = re.compile(r"\s(?s:(?<=[一-鿿].))\s*(?=[一-鿿:：])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BAD_LABEL = re.compile(rf"(?:{_NOT_PUBLISHED})[^\d，。]{{0,4}}[:：]$")
_SOURCE = re.compile(r"(?:信息|稿件|文章|新闻|内容|文件)?来\s*源\s*(?:于|单位)?\s*[:：]\s*(?P<value>[^\n]*)")
_SOURCE_END = re.compile(
    r"\s+(?:作者|编辑|发布|时间|日期|字体|字号|浏览|点击|责任|审核|【|\[|打印|分享|阅读|访问|初审|终审|撰稿|发表|更新|大中小|扫|\||人气|收藏)|\s{2,}|(?:作者|责任编辑|发布时间|发布日期|更新时间|浏览次数|点击数|点击率|字体|字号|阅读次数|访问量|编辑|发布人|信息来源|录入|日期|时间)\s*[:：]|[|｜]|【字|【打|\[字|（字|分享到|\d{4}-\d\d|发布于"
)
_NEXT_LABEL = re.compile(
    r"(?:发布者|发布人|作者|编辑|责任编辑|浏览|点击|阅读|字体|字号|时间|日期|发布|更新|审核|打印|分享|责编|浏览次数|访问)(?:$|[:：\s次量数时日])"
)
_ABOUT = re.compile(r"来源|作者|浏览|字体|字号|点击|编辑|阅读|打印|分享|访问|发布|稿源|供稿|撰稿")
_SIGNED = re.compile(
    r"(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[二一][〇○零OＯ０Ο0九八][〇○零OＯ０Ο0一二三四五六七八九]{2}\s*年\s*[一二三四五六七八九十]{1,2}\s*月\s*[一二三四五六七八九十]{1,3}\s*日"
)


@dataclass(frozen=True)
class Publication:
    """The day of publication with where it was read, and a conflict if there is one."""

    day: date | None = None
    source: DateSource | None = None
    conflict: str = ""


def zone_of(tree: Tree, headline: Node | None, body: Node | None, shown: str = "") -> list[str]:
    """The lines about a text: between its headline and its first paragraph, or round its headline."""
    pieces = tree.between
    lines: list[str] = []
    if headline is not None and shown and (full := tree.text(headline)).startswith(shown):
        # Some templates put the date and the source into the headline's own element.
        lines += [full[len(shown) :].strip(" （）()[]【】")] if len(full) > len(shown) else []
    if headline is not None and body is not None and headline.t1 <= body.t0:
        lines += lines_in(pieces(headline.t1, body.t0))
        # Where the text itself is a film or a picture, the lines about it may pass for the text.
        lines += [
            line
            for line in lines_in(pieces(body.t0, body.t0 + 60))[:6]
            if _ABOUT.search(line) and len(line) <= 150
        ]
        lines += lines_in(pieces(max(0, headline.t0 - 40), headline.t0))[-6:]
    elif headline is not None:
        lines += lines_in(pieces(headline.t1, headline.t1 + 90))[:12]
        lines += lines_in(pieces(max(0, headline.t0 - 40), headline.t0))[-6:]
    elif body is not None:
        lines += lines_in(pieces(max(0, body.t0 - 90), body.t0))[-14:]
        # Without a headline above, the first lines of the text itself count only where they are labelled.
        lines += [line for line in lines_in(pieces(body.t0, body.t0 + 60))[:8] if _ABOUT.search(line)]
    return [line for line in lines if not GREETING.match(line)]


def published_of(
    zone: list[str],
    outside: Callable[[], list[str]],
    block: tuple[MetadataField, ...],
    tags: dict[str, str],
    url: str,
) -> Publication:
    """A label beats the place under the headline, which beats the tag, which beats the address.

    `outside` makes the lines of the page outside its text, which only pages without a labelled date are asked for.
    """
    tag = dates.any_date(tags.get("PubDate", ""))
    day: date | None = None
    source: DateSource | None = None
    labelled = _labelled(zone, strong=False)
    in_block = value_of(block, "published")
    if labelled is not None:
        day, source = labelled, DateSource.LABEL
    elif in_block and dates.first_date(in_block):
        day, source = dates.first_date(in_block), DateSource.LABEL
    else:
        strong = _labelled(outside(), strong=True)
        if strong is not None:
            day, source = strong, DateSource.LABEL
        else:
            placed = _placed(zone)
            if placed is not None:
                day, source = placed, DateSource.POSITION
    conflict = ""
    if day is not None and tag is not None and tag != day:
        conflict = f"{source.value if source else ''} {day}, tag {tag}"
    if day is None and tag is not None:
        day, source = tag, DateSource.TAG
    if day is None:
        by_address = dates.address_date(url)
        if by_address is not None:
            day, source = by_address, DateSource.ADDRESS
    return Publication(day, source, conflict)


def source_of(zone: list[str], tags: dict[str, str]) -> str | None:
    """来源 as shown beside the date, else as the tag has it."""
    for line in zone:
        found = _SOURCE.search(line)
        if found:
            value = _SOURCE_END.split(found.group("value").strip(), maxsplit=1)[0].strip(" :：|[]【】　")
            if value.count("（") + value.count("(") != value.count("）") + value.count(")") or (
                value[:1] in ("(", "（")
            ):
                value = value.strip("()（）")
            if value and len(value) <= 60 and not _NEXT_LABEL.match(value):
                return value
            if not value:
                break
    value = tags.get("ContentSource", "").strip()
    return value or None


_HANDED_ON = re.compile(r"印发给你们|请[^。]{0,12}(?:贯彻|遵照|执行|落实)")
_LETTER_LINES, _LONGEST_DATE = 30, 40
_AFTER_SIGNATURE = re.compile(r"\s*(?:附\s*[件表录]|[（(]\s*此件)")
"""What follows the date of a signed document: its annexes, or the note on its publication."""


def signed_of(text: str) -> date | None:
    """The date under the signature (成文日期): of the letter that hands an annex on, else before the annexes, else at
    the document's end."""
    every = text.split("\n")
    for number, line in enumerate(every):
        if "日" not in line or len(line) > _LONGEST_DATE:
            continue
        bare = "".join(line.split())
        if not _SIGNED.fullmatch(bare):
            continue
        if _AFTER_SIGNATURE.match("".join(every[number + 1 : number + 2])) or (
            number < _LETTER_LINES
            and any(_HANDED_ON.search(before) for before in every[max(0, number - 4) : number])
        ):
            return dates.first_date(bare)
    lines = every[-14:]
    for line in reversed(lines):
        if "日" not in line:
            continue
        bare = "".join(line.split()).strip("（）()")
        if len(bare) > 46:
            continue
        found = _SIGNED.search(bare)
        if found and (
            found.group(0) == bare
            or (bare.endswith(found.group(0)) and not re.search(r"[，。；、：:]", bare))
        ):
            return dates.first_date(found.group(0))
    return None


def _labelled(lines: list[str], *, strong: bool) -> date | None:
    weak: date | None = None
    for n, line in enumerate(lines):
        if len(line) > 400:
            continue
        if (
            line[-1:] in _LABEL_ENDS
            and _ENDS_IN_LABEL.search(line)
            and n + 1 < len(lines)
            and dates.is_only_date(lines[n + 1])
        ):
            line = f"{line} {lines[n + 1]}"
        if not _YEAR.search(line):
            continue
        squeezed = _GAP.sub("", line)
        for found in _LABELLED.finditer(squeezed):
            before = squeezed[max(0, found.start() - 6) : found.start()]
            label = found.group("label")
            if _OTHER_DAY.search(label) or _OTHER_DAY_BEFORE.search(before):
                continue
            day = dates.first_date(found.group("rest"))
            if day is None:
                continue
            if _STRONG.search(label):
                return day
            if not strong:
                weak = weak or day
    return weak


def _placed(zone: list[str]) -> date | None:
    before = ""
    for line in zone:
        label, before = before, line
        if len(line) > 160 or (_BAD_LABEL.search(label) and dates.is_only_date(line)):
            continue
        for found in dates.FULL.finditer(line):
            if _BAD.search(line[: found.start()]):
                continue
            rest = line[: found.start()] + line[found.end() :]
            told = (
                dates.is_only_date(line)
                or _ABOUT.search(rest)
                or (len(rest) <= 24 and not re.search(r"[，。；、《》（）()]", rest))
            )
            if told and len(rest) <= 110:
                made = dates.make(*found.groups())
                if made:
                    return made
    return None
