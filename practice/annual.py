"""A yearly report on openness has six parts and prescribed tables whose figures add up."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from random import Random

from practice.model import Leaf, Site

_HEADINGS = "一、总体情况|二、主动公开政府信息情况|三、收到和处理政府信息公开申请情况|四、政府信息公开行政复议、行政诉讼情况|五、存在的主要问题及改进情况|六、其他需要报告的事项"
PARTS = tuple(_HEADINGS.split("|"))


def _columns(dice: Random) -> list[list[int]]:
    """For each kind of applicant: 新收, 结转, outcomes (21 lines), 总计, 结转下年度; the last column sums up."""
    made: list[list[int]] = []
    for n in range(6):
        new = dice.randrange(6, 40) if n == 0 else dice.randrange(0, 4)
        carried = dice.randrange(0, 3) if n == 0 else 0
        total = new + carried - (dice.randrange(0, min(3, new + carried) + 1) if n == 0 else 0)
        results = [0] * 21
        for _ in range(total):
            results[dice.choice((0, 0, 0, 1, 2, 9, 10, 11, 13, 20))] += 1
        made.append([new, carried, *results, total, new + carried - total])
    made.append([sum(column[row] for column in made) for row in range(25)])
    return made


RESULTS = (
    "（一）予以公开|（二）部分公开|1.属于国家秘密|2.其他法律行政法规禁止公开|3.危及“三安全一稳定”|4.保护第三方合法权益|"
    "5.属于三类内部事务信息|6.属于四类过程性信息|7.属于行政执法案卷|8.属于行政查询事项|1.本机关不掌握相关政府信息|"
    "2.没有现成信息需要另行制作|3.补正后申请内容仍不明确|1.信访举报投诉类申请|2.重复申请|3.要求提供公开出版物|"
    "4.无正当理由大量反复申请|5.要求行政机关确认或重新出具已获取信息|1.申请人无正当理由逾期不补正|"
    "2.申请人逾期未按收费通知要求缴纳费用|3.其他"
)
GROUPS = {
    2: ("（三）不予公开", 8),
    10: ("（四）无法提供", 3),
    13: ("（五）不予处理", 5),
    18: ("（六）其他处理", 3),
}


Cell = tuple[str, int, int]
"""What a cell says, and how many columns and rows it spans."""
Grid = list[list[Cell]]


def _plain(row: Iterable[object]) -> list[Cell]:
    return [(str(one), 1, 1) for one in row]


def applications_table(site: Site, year: int) -> Grid:
    """收到和处理政府信息公开申请情况, as prescribed."""
    columns = _columns(site.dice("annual", year))
    for row, column, delta in site.reports.get(year, {}).get("tamper", ()):
        columns[column][row] += delta
    figures = [_plain(column[row] for column in columns) for row in range(25)]
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    made: Grid = [
        [(note, 3, 3), ("申请人情况", 7, 1)],
        [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
        _plain(("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")),
        [("一、本年新收政府信息公开申请数量", 3, 1), *figures[0]],
        [("二、上年结转政府信息公开申请数量", 3, 1), *figures[1]],
    ]
    for n, name in enumerate(RESULTS.split("|")):
        head: list[Cell] = [("三、本年度办理结果", 1, 22)] if n == 0 else []
        if n in GROUPS:
            head.append((GROUPS[n][0], 1, GROUPS[n][1]))
        made.append([*head, (name, 2 if n < 2 else 1, 1), *figures[n + 2]])
    made.append([("（七）总计", 2, 1), *figures[23]])
    made.append([("四、结转下年度继续办理", 3, 1), *figures[24]])
    return made


def html_table(grid: Grid) -> str:
    """A table as content systems write one."""

    def cell(text: str, across: int, down: int) -> str:
        spans = (f' colspan="{across}"' if across > 1 else "") + (f' rowspan="{down}"' if down > 1 else "")
        return f"<td{spans}>{escape(text)}</td>"

    lines = ("<tr>" + "".join(cell(*one) for one in row) + "</tr>" for row in grid)
    return '<table border="1">' + "".join(lines) + "</table>"


def report_parts(site: Site, leaf: Leaf) -> list[tuple[str, list[str | Grid]]]:
    """A year's report: six parts and three tables; what is left out is a fact of the site."""
    year = int(leaf.extra["year"])
    dice = site.dice("report", year)
    spoiled = site.reports.get(year, {})
    without, tables = spoiled.get("without", 0), not spoiled.get("no-tables")
    unit = site.unit.full_name
    made = dice.randrange(20, 90)
    deeds = "认真贯彻落实《中华人民共和国政府信息公开条例》，"
    order = "平台建设、信息管理和监督保障工作有序推进。"
    blocks: list[list[str | Grid]] = [
        [f"{year}年，{unit}{deeds}全年主动公开信息{made * 9}条，{order}"],
        [f"全年公开规范性文件{made % 7 + 1}件，办理行政许可{made * 3}件。"],
        [],
        [],
        ["存在的问题：公开内容的精准性还需提升，解读形式还不够丰富。下一步将加强培训，完善机制。"],
        ["本年度没有其他需要报告的事项。收取信息处理费总金额为0元。"],
    ]
    if tables:
        blocks[1].append(_disclosed(dice))
        blocks[2].append(applications_table(site, year))
        blocks[3].append(_reviews(dice))
    else:
        blocks[2].append("全年依法办理公民、法人和其他组织提出的公开申请。")
        blocks[3].append("本年度未发生因政府信息公开引起的行政复议和行政诉讼败诉情形。")
    return [(PARTS[n], block) for n, block in enumerate(blocks) if n + 1 != without]


def opening(leaf: Leaf) -> str:
    year = leaf.extra["year"]
    return f"本报告根据《中华人民共和国政府信息公开条例》编制，所列数据统计期限为{year}年1月1日至12月31日。"


def annual(site: Site, leaf: Leaf) -> str:
    """A year's report on its page; where a file carries it, the page says no more than that."""
    if leaf.extra.get("carried"):
        return f"<p>现将{escape(site.unit.full_name)}{leaf.extra['year']}年政府信息公开工作年度报告予以公布，全文见附件。</p>"
    made = [f"<p>{opening(leaf)}</p>"]
    for heading, blocks in report_parts(site, leaf):
        made.append(f"<h3>{heading}</h3>")
        made += [f"<p>{escape(one)}</p>" if isinstance(one, str) else html_table(one) for one in blocks]
    return "".join(made)


def _disclosed(dice: Random) -> Grid:
    rows = [("第二十条第（一）项", "规章", 0), ("第二十条第（一）项", "规范性文件", dice.randrange(2, 30))]
    rows += [("第二十条第（五）项", "行政许可", dice.randrange(50, 900))]
    rows += [
        ("第二十条第（六）项", "行政处罚", dice.randrange(5, 90)),
        ("第二十条第（八）项", "行政事业性收费", 0),
    ]
    heads = ("条款", "信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量")
    return [_plain(heads), *(_plain((a, b, c, c, c * 2)) for a, b, c in rows)]


def _reviews(dice: Random) -> Grid:
    kept, fixed, other, open_ = (dice.randrange(0, 3) for _ in range(4))
    cells = (kept, fixed, other, open_, kept + fixed + other + open_, *(0,) * 10)
    groups = ("行政复议", "未经复议直接起诉", "复议后起诉")
    names = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 3
    return [[(name, 5, 1) for name in groups], _plain(names), _plain(cells)]
