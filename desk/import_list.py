"""A unit's own list of the documents it made this year (晋政办函〔2020〕42号附件4第五项)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from desk.spreadsheet import Cell, Sheet, SheetRow, find_columns, find_header, read_sheets
from dossier.errors import BadInput, Problem
from dossier.model import ListedDocument

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "公文全称": (
        *(
            "公文全称",
            "公文名称",
            "公文标题",
            "文件全称",
            "文件名称",
            "文件标题",
            "文件题目",
            "题目",
            "全称",
            "标题",
            "名称",
            "公文",
            "信息名称",
        ),
    ),
    "文号": ("文号", "发文字号", "公文文号", "文件文号", "发文文号", "发文号", "文件号", "发文编号"),
    "公开属性": ("公开属性", "属性", "公开类别", "公开方式", "公开形式", "公文属性", "公开类型"),
    "牵头起草部门": (
        *(
            "牵头起草部门",
            "起草部门",
            "牵头部门",
            "牵头起草单位",
            "起草单位",
            "牵头单位",
            "牵头起草处室",
            "起草处室",
        ),
        *("承办部门", "承办处室", "主办部门", "主办处室", "责任处室", "责任部门"),
    ),
    "主动公开公文链接": (
        *(
            "主动公开公文链接",
            "公文链接",
            "主动公开链接",
            "公开链接",
            "文件链接",
            "公文网址",
            "公开网址",
            "网址",
            "链接",
        ),
        *("链接地址", "公文超链接", "公开地址", "主动公开公文网址"),
    ),
    "解读文件链接": (
        *(
            "解读文件链接",
            "解读链接",
            "解读材料链接",
            "政策解读链接",
            "解读网址",
            "解读文件网址",
            "解读超链接",
            "解读文件",
        ),
    ),
    "是否为非纯文字解读": (
        *(
            "是否为非纯文字解读",
            "是否非纯文字解读",
            "是否为非文字解读",
            "非纯文字解读",
            "非文字解读",
            "解读形式",
        ),
    ),
}
"""Column of 附件4 → the names under which units write it."""

REQUIRED = ("公文全称", "文号", "公开属性", "主动公开公文链接")

_BLANKS = {
    "",
    "无",
    "/",
    "／",
    "-",
    "—",
    "——",
    "－",
    "无文号",
    "暂无",
    "空",
    "不涉及",
    "\\",
    "否",
    "无链接",
    "未解读",
    "无解读",
}
_TOTAL = re.compile(r"^(合计|总计|小计|共计|共\d+|备注|说明|注[:：]|填表|审核人|制表)")
_ADDRESS = re.compile(r"https?://[^\s，；。、）)\u4e00-\u9fff]+", re.IGNORECASE)
_BARE = re.compile(r"^[\w-]+(\.[\w-]+)+(:\d+)?/\S*$|^www\.[\w-]+(\.[\w-]+)+$", re.ASCII)


def read_list(path: Path) -> tuple[ListedDocument, ...]:
    """Read a list (xlsx or csv); a broken one is refused with the row and column of every fault.

    Every worksheet with a header is read (lists are often split by 体裁), others are left aside. Rows of one
    cell are headings between groups.
    """
    sheets = read_sheets(path)
    problems: list[Problem] = []
    documents: list[ListedDocument] = []
    headed = 0
    for sheet in sheets:
        header = find_header(sheet, COLUMNS, REQUIRED)
        if header is None or "公文全称" not in header[1] or len(set(header[1]) & set(REQUIRED)) < 2:
            continue
        headed += 1
        index, columns = header
        missing = [name for name in REQUIRED if name not in columns]
        mend = "请补上这一列，列名照附件4第五项所列要素写"
        line = sheet.rows[index].line
        problems += [Problem(sheet.place, f"表头缺少“{name}”一列", mend, line, name) for name in missing]
        if not missing:
            _read_rows(sheet, index, columns, documents, problems)
    if not headed:
        problems.append(
            Problem(str(path), "没有找到表头", f"请在前 20 行内写明列名：{'、'.join(COLUMNS)}", column="表头")
        )
    elif not documents and not problems:
        problems.append(
            Problem(str(path), "表头之下没有一份公文", "请填写公文后再导入；确实没有制发公文的不必导入")
        )
    if problems:
        raise BadInput(problems)
    return tuple(documents)


def _read_rows(
    sheet: Sheet,
    index: int,
    columns: Mapping[str, int],
    documents: list[ListedDocument],
    problems: list[Problem],
) -> None:
    seen: set[tuple[str, str, str]] = {(each.title, each.number, each.url) for each in documents}
    for row in sheet.rows[index + 1 :]:
        cells = {name: row.cell(column) for name, column in columns.items()}
        title = _flat(cells["公文全称"].text)
        rest = [cell for name, cell in cells.items() if name != "公文全称" and (cell.text or cell.link)]
        if _no_document(row, title, rest):
            continue
        if title == "":
            problems.append(
                Problem(
                    sheet.place, "有内容但没有公文全称", "请补上公文全称，或删去这一行", row.line, "公文全称"
                )
            )
            continue
        disclosure = _disclosure(cells["公开属性"].text)
        if not disclosure:
            given = cells["公开属性"].text
            problems.append(
                Problem(
                    sheet.place,
                    f"公开属性“{given}”不认识" if given else "没有填写公开属性",
                    "请填写“主动公开”“依申请公开”或“不予公开”",
                    row.line,
                    "公开属性",
                )
            )
            continue
        document = ListedDocument(
            title=title,
            number=_value(cells["文号"].text),
            disclosure=disclosure,
            drafter=_value(cells.get("牵头起草部门", Cell()).text),
            url=_address(cells["主动公开公文链接"])
            or (cells["公文全称"].link if _is_web(cells["公文全称"].link) else ""),
            interpretation_url=_address(cells.get("解读文件链接", Cell())),
            non_text=_flat(cells.get("是否为非纯文字解读", Cell()).text),
            line=row.line,
        )
        key = (document.title, document.number, document.url)
        if key not in seen:
            seen.add(key)
            documents.append(document)


def _no_document(row: SheetRow, title: str, rest: list[Cell]) -> bool:
    """Blank rows, headings between groups, totals, notes, and headers repeated on a new page."""
    if row.filled == 0:
        return True
    if len(set(find_columns(row.cells, COLUMNS)) & set(REQUIRED)) >= 3:
        return True
    words = [_flat(cell.text) for cell in row.cells if cell.text]
    if _TOTAL.match(words[0]) or _TOTAL.match(title):
        return True
    # Nothing but a title is a heading between groups, unless a serial number stands before it.
    return not rest and not any(word.isascii() and word.isdigit() for word in words)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _value(text: str) -> str:
    flat = re.sub(r"\s+", "", text)
    return "" if flat in _BLANKS else flat


def _disclosure(text: str) -> str:
    flat = re.sub(r"\s+", "", text)
    if re.search(r"不予|不公开|不宜公开|非公开|涉密", flat):
        return "不予公开"
    if re.search(r"依申请|申请公开", flat):
        return "依申请公开"
    if re.search(r"主动|公开发布|^公开$", flat):
        return "主动公开"
    return ""


def _is_web(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)


def _address(cell: Cell) -> str:
    """The web address behind or in a cell; a link to a local file or to another cell is none."""
    if _is_web(cell.link):
        return cell.link
    if found := _ADDRESS.search(cell.text):
        return found[0]
    if _BARE.match(cell.text):
        return "http://" + cell.text
    return ""
