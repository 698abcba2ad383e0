"""Annual reports as units hang them on their pages, with figures that are known: the prescribed table of 60号."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

KINDS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
OUTCOMES: tuple[tuple[str, str], ...] = (
    ("", "（一）予以公开"),
    ("", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    ("（三）不予公开", "1.属于国家秘密"),
    ("（三）不予公开", "2.其他法律行政法规禁止公开"),
    ("（三）不予公开", "3.危及“三安全一稳定”"),
    ("（三）不予公开", "4.保护第三方合法权益"),
    ("（三）不予公开", "5.属于三类内部事务信息"),
    ("（三）不予公开", "6.属于四类过程性信息"),
    ("（三）不予公开", "7.属于行政执法案卷"),
    ("（三）不予公开", "8.属于行政查询事项"),
    ("（四）无法提供", "1.本机关不掌握相关政府信息"),
    ("（四）无法提供", "2.没有现成信息需要另行制作"),
    ("（四）无法提供", "3.补正后申请内容仍不明确"),
    ("（五）不予处理", "1.信访举报投诉类申请"),
    ("（五）不予处理", "2.重复申请"),
    ("（五）不予处理", "3.要求提供公开出版物"),
    ("（五）不予处理", "4.无正当理由大量反复申请"),
    ("（五）不予处理", "5.要求行政机关确认或重新出具已获取信息"),
    ("（六）其他处理", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ("（六）其他处理", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    ("（六）其他处理", "3.其他"),
)
PARTS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    "五、政府信息公开工作存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
PROSE = "全年认真贯彻落实《中华人民共和国政府信息公开条例》，扎实推进决策、执行、管理、服务、结果公开，取得了新的成效。"
NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


@dataclass(frozen=True)
class Figures:
    """The numbers of one report, by line; each line has seven, the last of them their sum."""

    new: list[int]
    carried: list[int]
    outcomes: list[list[int]]
    total: list[int]
    left: list[int]
    wrong: str = ""
    """What was planted: a piece of the working that must be shown."""

    @property
    def lines(self) -> list[list[int]]:
        return [self.new, self.carried, *self.outcomes, self.total, self.left]


def figures(seed: int, *, most: int = 400, wrong: str = "") -> Figures:
    """Numbers that add up; with `wrong` (`column`, `row`), all but one of the sums."""
    dice = Random(seed)
    columns: list[list[int]] = []
    for kind in range(6):
        new = dice.randrange(1, most if kind == 0 else max(3, most // 12))
        carried = dice.randrange(0, 4)
        left = dice.randrange(0, min(5, new + carried))
        outcomes = [0] * len(OUTCOMES)
        for _ in range(new + carried - left):
            outcomes[dice.randrange(len(OUTCOMES))] += 1
        columns.append([new, carried, *outcomes, sum(outcomes), left])
    columns.append([sum(column[row] for column in columns) for row in range(len(columns[0]))])
    shown = ""
    if wrong == "column":
        columns[0][-1] += 3
        columns[6][-1] += 3
        shown = f"自然人：{columns[0][0]}+{columns[0][1]}≠{columns[0][-2]}+{columns[0][-1]}"
    if wrong == "row":
        columns[6][0] += 9
        columns[6][-2] += 9
        shown = f"≠总计 {columns[6][0]}"
    lines = [[column[row] for column in columns] for row in range(len(columns[0]))]
    return Figures(lines[0], lines[1], lines[2:-2], lines[-2], lines[-1], shown)


@dataclass(frozen=True)
class Look:
    """How a report is laid out."""

    css: str = ""
    zero: str = "0"
    """What stands for nothing: `0`, `/`, `-` or nothing at all."""
    wide: bool = False
    """Digits of full width."""
    before: int = 3
    """Paragraphs before the table, so that the page's end falls elsewhere."""
    split_cells: bool = False
    """Each label and each figure in paragraphs and spans of its own."""
    thead: bool = False
    """The heading rows are printed again on each page."""
    extra: tuple[str, ...] = field(default=())


def shown(number: int, look: Look) -> str:
    if number == 0 and look.zero != "0":
        return look.zero
    text = str(number)
    return text.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}) if look.wide else text


def table_html(made: Figures, look: Look) -> str:
    """The prescribed table with its merged cells."""

    def cells(line: list[int]) -> str:
        inner = "<p><span>{}</span></p>" if look.split_cells else "{}"
        return "".join(f"<td>{inner.format(shown(number, look))}</td>" for number in line)

    head = [
        f'<tr><td colspan="3" rowspan="3">{NOTE}</td><td colspan="7">申请人情况</td></tr>',
        '<tr><td rowspan="2">自然人</td><td colspan="5">法人或其他组织</td><td rowspan="2">总计</td></tr>',
        "<tr>" + "".join(f"<td>{kind}</td>" for kind in KINDS[1:6]) + "</tr>",
    ]
    rows = [
        f'<tr><td colspan="3">一、本年新收政府信息公开申请数量</td>{cells(made.new)}</tr>',
        f'<tr><td colspan="3">二、上年结转政府信息公开申请数量</td>{cells(made.carried)}</tr>',
    ]
    groups = [group for group, _ in OUTCOMES]
    for n, ((group, name), line) in enumerate(zip(OUTCOMES, made.outcomes, strict=True)):
        lead = f'<td rowspan="{len(OUTCOMES) + 1}">三、本年度办理结果</td>' if n == 0 else ""
        if group and groups.index(group) == n:
            lead += f'<td rowspan="{groups.count(group)}">{group}</td>'
        lead += f'<td colspan="2">{name}</td>' if not group else f"<td>{name}</td>"
        rows.append(f"<tr>{lead}{cells(line)}</tr>")
    rows.append(f'<tr><td colspan="2">（七）总计</td>{cells(made.total)}</tr>')
    rows.append(f'<tr><td colspan="3">四、结转下年度继续办理</td>{cells(made.left)}</tr>')
    if look.thead:
        return f'<table border="1"><thead>{"".join(head)}</thead><tbody>{"".join(rows)}</tbody></table>'
    return f'<table border="1">{"".join((*head, *rows))}</table>'


def report_html(made: Figures, look: Look = Look()) -> str:
    """A whole report of six parts as one page."""
    review = (
        '<table border="1"><tr><td colspan="5">行政复议</td><td colspan="5">行政诉讼</td></tr><tr>'
        + "".join(f"<td>{name}</td>" for name in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 2)
        + "</tr><tr>"
        + "".join(f"<td>{n}</td>" for n in (1, 0, 0, 1, 2, 0, 0, 0, 0, 0))
        + "</tr></table>"
    )
    inside = {2: table_html(made, look), 3: review}
    parts = "".join(
        f"<h3>{head}</h3>" + f"<p>{PROSE}</p>" * (look.before if n < 2 else 1) + inside.get(n, "")
        for n, head in enumerate(PARTS)
    )
    base = "body{font-family:'Noto Serif CJK SC';font-size:14px} table{border-collapse:collapse;width:100%} td{border:1px solid #000;text-align:center} td p{margin:0}"
    return (
        f"<html><head><meta charset='utf-8'><style>{base}{look.css}</style></head><body>"
        f"<h1>山西省教育厅2019年政府信息公开工作年度报告</h1>{parts}</body></html>"
    )
