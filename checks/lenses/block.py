"""The metadata block of a document is read by its labels, of which sites have many."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from checks.lenses.titles import squeeze
from dossier.model import MetadataField, PageFacts

_NO_VALUE = re.compile(
    r"^(?:无|暂无|空|null|none|undefined|nan|[-—–_/\\.:：·*]+|\{\{.*|\$\{.*|<%.*)?$", re.IGNORECASE
)
NUMBER_LABELS = frozenset(
    {"发文字号", "文号", "文件编号", "文件字号", "发文文号", "文件号", "公文字号", "字号"}
)
FIELD_LABELS: Mapping[str, re.Pattern[str]] = {
    "index_number": re.compile(r"^(?:信息)?索引(?:号|码|编号)?$|^信息(?:编号|索取号)$|^索取号$"),
    "issuer": re.compile(
        r"^(?:发布|发文|制发|制定|公开|印发|公布|成文|制作|信息发布)(?:机构|机关|单位|部门|主体)(?:名称)?$"
    ),
    "written": re.compile(r"^(?:成文|生成|形成|印发|签发|发文|制发|制作)(?:日期|时间)$"),
    "published": re.compile(r"^(?:信息)?(?:发布|公开|公布|公示|上网|刊登)(?:日期|时间)$"),
    "title": re.compile(r"^(?:标题|名称|信息名称|文件名称|文件标题|公文名称|公文标题)$"),
    "validity": re.compile(
        r"^(?:文件)?(?:有效性|时效性?|效力|效力状态|文件状态|是否有效|有效状态|有效期(?:限|至)?)$"
    ),
    "document_number": re.compile(r"^(?:" + "|".join(sorted(NUMBER_LABELS)) + r")$"),
}


FOOTER_LABELS = frozenset({"主办单位", "承办单位", "版权所有"})
"""Words of the page's foot, which may run into a block that stands right above it."""


def value_of(facts: PageFacts, name: str) -> str:
    """A value in the metadata block under any of its labels; placeholders are no values."""
    pattern = FIELD_LABELS.get(name)
    for place, entry in enumerate(facts.metadata):
        label = squeeze(entry.label).rstrip(":：")
        if not (entry.name == name or (pattern and pattern.match(label))):
            continue
        if label in FOOTER_LABELS or (name == "issuer" and "来源" in label and _of_the_byline(facts, place)):
            continue
        if name == "document_number" and _LETTER_SIZES.match(squeeze(entry.value)):
            continue
        if has_value(entry.value):
            return entry.value.strip()
    return ""


_LETTER_SIZES = re.compile(r"^[\[(（【]?(?:特?大|中|小|默认|超大|[|/、A+\-])+[\])）】]?$")
"""What follows `字号` in the line under a headline: it is the size of the letters there."""


def _of_the_byline(facts: PageFacts, place: int) -> bool:
    """Whether a 来源 is not the block's issuer: where that has a field of its own (be it empty), or where the 来源 stands
    in the line under the title, beside a date of publication that the block tells again."""
    if any(entry.name == "issuer" and "来源" not in entry.label for entry in facts.metadata):
        return True
    told = [n for n, entry in enumerate(facts.metadata) if entry.name == "published"]
    return len(told) >= 2 and any(abs(n - place) == 1 for n in told)


def has_label(facts: PageFacts, name: str) -> bool:
    """Whether the metadata block shows a label at all."""
    pattern = FIELD_LABELS.get(name)
    return any(
        entry.name == name or (pattern and pattern.match(squeeze(entry.label).rstrip(":：")))
        for entry in facts.metadata
    )


def has_value(value: str | None) -> bool:
    return not _NO_VALUE.match(squeeze(value or ""))


_BETWEEN = r"\s*[\]】)）]?\s*[:：]?\s*"
_VALUES: Mapping[str, str] = {
    "index_number": rf"索\s*引\s*(?:号|码){_BETWEEN}([0-9A-Za-z][0-9A-Za-z/\-—_.〔〕()（）]{{3,40}})",
    "issuer": rf"(?:发布|发文|制发|公开|印发)(?:机构|机关|单位){_BETWEEN}"
    r"([\u4e00-\u9fff]{2,30}(?:厅|局|委|府|会|院|办|室|处|部|站|中心))",
    "written": rf"(?:成文|生成|形成|印发|发文)(?:日期|时间){_BETWEEN}(\d{{4}}[-年./]\d{{1,2}}[-月./]\d{{1,2}}日?)",
    "document_number": rf"(?:发文字号|文件编号|文件字号|文\s*号){_BETWEEN}"
    r"([\u4e00-\u9fff]{2,14}\s?[〔\[(（【﹝]\d{4}[〕\])）】﹞]\s?第?\d{1,5}\s?号)",
    "validity": rf"(?:有\s*效\s*性|时\s*效\s*性?|效力状态|文件状态|有效状态){_BETWEEN}"
    r"((?:现行|继续)?有效|(?:已|部分)?(?:失效|废止)|已修改|尚未生效)",
}


def labelled_value(facts: PageFacts, name: str) -> str:
    """A label with its value anywhere in the visible text: the reader need not have seen a block around it."""
    match = re.search(_VALUES[name], facts.whole_text)
    return match[1] if match else ""


_FEWEST_READ = 4
_COULD_BE: Mapping[str, re.Pattern[str]] = {
    "index_number": re.compile(
        r"^(?!\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$|0\d{2,3}-?\d{7,8}$)(?=.*\d)[0-9A-Za-z][0-9A-Za-z/_.-]{6,}$"
    ),
    "document_number": re.compile(r"\d+\s*号|[〔\[(（【]\d{4}"),
    "issuer": re.compile(r"(?:厅|局|委|府|会|院|办|室|处|部|站|中心)$"),
    "written": re.compile(r"\d{4}\D{1,3}\d{1,2}"),
    "published": re.compile(r"\d{4}\D{1,3}\d{1,2}"),
    "title": re.compile(r"[\u4e00-\u9fff]{8}"),
}
"""What the value of a field looks like, whatever its label is."""
_NAMED: Mapping[str, re.Pattern[str]] = {
    "index_number": re.compile(r"索引|索取"),
    "document_number": re.compile(r"文号|(?:发文|文件|公文)字号|文件编?号"),
    "issuer": re.compile(r"(?:机构|机关|单位|部门)[】\])）]?[:：]"),
    "written": re.compile(r"(?:成文|生成|形成|印发|签发|发文|制发|制作)(?:日期|时间)"),
    "published": re.compile(r"(?:发布|公开|公布|上网)(?:日期|时间)"),
    "title": re.compile(r"(?:标题|名称)[】\])）]?[:：]"),
}


def surely_without(facts: PageFacts, names: Collection[str]) -> bool:
    """Whether a block was read so fully that these fields can only be lacking: at least four fields have their values, no
    label of the lacking ones stands anywhere on the page, and no label that we do not know has a value like theirs."""
    known = [name for name in FIELD_LABELS if name not in names and value_of(facts, name)]
    if len(known) < _FEWEST_READ:
        return False
    page = squeeze(facts.whole_text)
    strange = [squeeze(entry.value) for entry in facts.metadata if not _known(entry)]
    strange += [line for line in map(str.strip, facts.whole_text.splitlines()) if _BARE.match(line)]
    strange += [
        value
        for label, value in _LABELLED.findall(facts.whole_text)
        if not _OF_THE_FRAME.search(label) and not any(one.match(label) for one in FIELD_LABELS.values())
    ]
    return not any(
        name not in _COULD_BE or _NAMED[name].search(page) or any(map(_COULD_BE[name].search, strange))
        for name in names
    )


_LABELLED = re.compile(r"([\u4e00-\u9fff]{2,10})(?:[：:]\s*|[^\S\n]+)(\S{2,60})")
_OF_THE_FRAME = re.compile(
    r"标识码|备案|网安备|电话|传真|热线|邮编|邮政编码|浏览|点击|阅读|次数|字体|字号|地址"
)


def _known(entry: MetadataField) -> bool:
    label = squeeze(entry.label).rstrip(":：")
    return any(entry.name == name or pattern.match(label) for name, pattern in FIELD_LABELS.items())


_BARE = re.compile(
    r"^(?:(?=.*/|.*[-_].*[-_])[0-9A-Za-z/_-]{4,}(?:19|20)\d{2}[-/_]?\d{3,}|(?:现行|继续)?有效|(?:已|全文)?(?:失效|废止))$"
)
"""An index number, or a word of validity, alone on its line."""


def value_without_label(facts: PageFacts) -> str:
    """A value that belongs in a block where no block could be read: its labels may be pictures that say nothing to us."""
    if facts.metadata:
        return ""
    return next((line for line in map(str.strip, facts.whole_text.splitlines()) if _BARE.match(line)), "")
