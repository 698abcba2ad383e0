"""What a single page is, as far as the page itself tells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dossier.model import Column, PageKind
from dossier.reading.vocabulary import Vocabulary

_ANNUAL = re.compile(
    r"(?:19|20)\d{2}\s*年?度?.{0,30}(?:信息公开|政务公开).{0,14}(?:年度报告|年报|工作报告|报告)|(?:信息公开|政务公开).{0,10}(?:年度报告|年报).{0,6}[（(]?(?:19|20)\d{2}"
)
_NOT_REPORT = re.compile(r"通知|公告|解读|编制|函$|方案|关于(?:做好|报送|开展)|网站工作|报表|法治政府")
_INTERPRETATION = re.compile(
    r"解读|图解|一图读懂|一图看懂|政策问答|答记者问|权威解答|新闻发布会(?:实录|文字实录)|政策简明问答|起草说明"
)
_ABOUT_INTERPRETING = re.compile(r"^关于印发|通知$|征集|工作方案|暂行办法$|办法$|制度$|会议|培训")
_GUIDE = re.compile(r"(?:信息公开|政务公开|公开工作|公开).{0,6}指南(?!.{0,4}(?:编制|通知))")
_ENTRY = re.compile(r"依申请公开(指南|说明|须知|流程|平台|栏目)?$")
_APPLY_TEXT = re.compile(r"依申请公开|信息公开申请|申请公开|获取政府信息")


@dataclass(frozen=True)
class Signs:
    """What has been seen on a page and tells what kind it is."""

    title: str
    text: str
    breadcrumb: tuple[str, ...]
    column_name: str
    has_block: bool
    number: str | None
    applies: bool
    """It holds a form to apply with."""
    linked: frozenset[Column]
    """Columns that its links name."""


def reads_as_interpretation(title: str) -> bool:
    """The headline is that of a 解读, not of a document or a notice about 解读."""
    return bool(_INTERPRETATION.search(title)) and not _ABOUT_INTERPRETING.search(title)


def column_context(vocabulary: Vocabulary, signs: Signs) -> Column | None:
    """The 栏目 that a page is or stands in: from the path's last named step, its column label, its own title."""
    steps = signs.breadcrumb
    for step in reversed(steps):
        column = vocabulary.column_of(step)
        if column is not None and column is not Column.HOME and column is not Column.SEARCH:
            # Nearly everything stands somewhere under 信息公开; only its direct entries count as the platform's.
            if column is Column.PLATFORM and step != steps[-1]:
                return None
            return column
    named = vocabulary.column_of(signs.column_name)
    if named is not None and named is not Column.HOME:
        return named
    return None


_HANDED_DOWN = frozenset(
    {
        Column.GUIDE,
        Column.RULES,
        Column.STATUTORY,
        Column.ANNUAL,
        Column.APPLICATION,
        Column.INTERPRETATION,
        Column.FUNCTIONS,
        Column.ORGANS,
        Column.LEADERS,
    }
)


def column_of_list(own: Column | None, context: Column | None) -> Column | None:
    """What a list page is: its own name, else that of the column above where it hands its kind down.

    A special topic under 要闻动态 is no news column, a single office's series under 政策文件 is not the documents' column.
    """
    return own or (context if context in _HANDED_DOWN else None)


_DUTIES = re.compile(
    r"^[^\w一-鿿]*(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]?\s*)?[^，。；：:]{0,24}(?:主要|工作|机构|部门|单位|法定)?(?:职责|职能)(?:是|如下)?\s*[：:]?$",
    re.MULTILINE,
)
_ORGANS = re.compile(
    r"^[^\w一-鿿]*(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]?\s*)?[^，。；：:]{0,12}(?:内设|下设|机关)(?:机构|处室|科室|部门)(?:设置)?\s*[：:]?$",
    re.MULTILINE,
)


_RULES_ON_OFFICES = re.compile(r"通知|规定|方案|办法|条例")


def tells_functions(signs: Signs) -> bool:
    """Whether a page without a number or a block says under two headings what an office is for and what it consists of.

    Such a page is that of the functions, whatever its column is called.
    """
    if signs.has_block or len(signs.text) < 200 or _RULES_ON_OFFICES.search(signs.title):
        return False
    return bool(_DUTIES.search(signs.text) and _ORGANS.search(signs.text))


def kind_of_article(signs: Signs, column: Column | None) -> PageKind:
    """What one text is."""
    title = signs.title
    if (
        column is Column.ANNUAL
        and not _NOT_REPORT.search(title)
        and re.search(r"报告|年报", title)
        and re.search(r"(19|20)\d{2}|[二一][〇零○九]", title)
    ):
        return PageKind.ANNUAL_REPORT
    if _ANNUAL.search(title) and not _NOT_REPORT.search(title):
        return PageKind.ANNUAL_REPORT
    if _GUIDE.search(title) and len(title) <= 40 and not re.search("通知|公告|意见|年度报告|依申请", title):
        return PageKind.GUIDE
    if column is Column.GUIDE and re.search("指南", title):
        return PageKind.GUIDE
    if signs.applies and not _ENTRY.search(title):
        return PageKind.FORM
    if signs.number is None or not signs.has_block:
        if reads_as_interpretation(title):
            return PageKind.INTERPRETATION
        if column is Column.INTERPRETATION:
            return PageKind.INTERPRETATION
    if re.search(r"申请表$|申请表[（(]|申请书$", title) and _APPLY_TEXT.search(
        f"{title}{signs.text[:2000]}{''.join(signs.breadcrumb)}"
    ):
        return PageKind.FORM
    if column is Column.APPLICATION or (
        column is not Column.RULES
        and re.fullmatch(r".{0,20}(依申请公开|信息公开申请)(指南|说明|须知|流程|办法|方式)?.{0,4}", title)
    ):
        return PageKind.APPLICATION
    if column is Column.RULES and not signs.has_block:
        return PageKind.RULES
    if column in (Column.FUNCTIONS, Column.ORGANS) or re.search(
        r"^(机构职能|主要职责|机构概况|单位概况|机构简介|内设机构|职能职责|部门职能|工作职责|主要职能)", title
    ):
        return PageKind.FUNCTIONS
    if column is Column.LEADERS:
        return PageKind.LEADERS
    if signs.number:
        return PageKind.DOCUMENT
    if tells_functions(signs):
        return PageKind.FUNCTIONS
    if column is Column.RULES:
        return PageKind.RULES
    return PageKind.ARTICLE


_OF_COLUMN = {
    Column.GUIDE: PageKind.GUIDE,
    Column.RULES: PageKind.RULES,
    Column.STATUTORY: PageKind.STATUTORY,
    Column.APPLICATION: PageKind.APPLICATION,
    Column.FUNCTIONS: PageKind.FUNCTIONS,
    Column.ORGANS: PageKind.FUNCTIONS,
    Column.LEADERS: PageKind.LEADERS,
    Column.SEARCH: PageKind.SEARCH,
}


def kind_of_column(signs: Signs, own: Column | None) -> PageKind:
    """What a page of entries or of a column's standing text is."""
    fixed = signs.linked & {
        Column.GUIDE,
        Column.RULES,
        Column.STATUTORY,
        Column.ANNUAL,
        Column.APPLICATION,
    }
    if own is Column.PLATFORM or (
        own in (None, Column.HOME) and re.search(r"(政府)?信息公开(专栏|平台|网|首页|专网)?$", signs.title)
    ):
        return PageKind.PLATFORM
    if not signs.title and own in (None, Column.HOME) and len(fixed) >= 4:
        return PageKind.PLATFORM
    if signs.applies and not _ENTRY.search(signs.title):
        return PageKind.FORM
    if own is Column.ANNUAL:
        return PageKind.COLUMN
    if own in _OF_COLUMN:
        return _OF_COLUMN[own]
    if own is None and tells_functions(signs):
        return PageKind.FUNCTIONS
    return PageKind.COLUMN
