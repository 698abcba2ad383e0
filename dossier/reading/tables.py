"""The data tables of an annual report, with spanned cells written out."""

from __future__ import annotations

from dossier.model import TableFacts
from dossier.reading.tree import Node, Tree

_ROWS, _COLUMNS, _TABLES = 200, 60, 30


def tables_of(tree: Tree, body: Node | None) -> tuple[TableFacts, ...]:
    """Every table with at least two rows and two columns inside the main text."""
    if body is None:
        return ()
    found: list[TableFacts] = []
    for node in (body, *tree.inside(body)):
        if node.tag != "table":
            continue
        if tree.within(node, "table") and _layout(tree, node):
            continue
        rows = expand(tree, node)
        if len(rows) >= 2 and max(len(row) for row in rows) >= 2:
            found.append(TableFacts(caption=_caption(tree, node), rows=rows))
        if len(found) >= _TABLES:
            break
    return tuple(found)


def expand(tree: Tree, table: Node) -> tuple[tuple[str, ...], ...]:
    """A table's cells as text, each spanned cell repeated where it reaches."""
    grid: list[dict[int, str]] = []
    for row in (n for n in tree.within(table, "tr") if _table_of(n) is table):
        number = len([r for r in grid if r.get(-1) is not None])
        while len(grid) <= number:
            grid.append({})
        grid[number][-1] = ""
        column = 0
        for cell in (n for n in tree.children(row) if n.tag in ("td", "th")):
            while column in grid[number]:
                column += 1
            text = tree.text(cell, hidden=bool(table.hidden))  # a tab or panel is opened by a click
            for down in range(min(_span(cell, "rowspan"), _ROWS)):
                while len(grid) <= number + down:
                    grid.append({})
                for across in range(min(_span(cell, "colspan"), _COLUMNS)):
                    grid[number + down].setdefault(column + across, text)
            column += 1
        if number >= _ROWS:
            break
    rows = [row for row in grid if -1 in row]
    width = min(max((max(row) + 1 for row in rows), default=0), _COLUMNS)
    return tuple(tuple(row.get(n, "") for n in range(width)) for row in rows)


def _table_of(node: Node) -> Node | None:
    return next((above for above in node.up() if above.tag == "table"), None)


def _layout(tree: Tree, node: Node) -> bool:
    return sum(1 for n in tree.within(node, "td") if _table_of(n) is node) <= 4


def _span(cell: Node, name: str) -> int:
    try:
        return max(1, int(cell.get(name).strip() or 1))
    except ValueError:
        return 1


def _caption(tree: Tree, table: Node) -> str:
    before = tree.between(max(0, table.t0 - 60), table.t0).split("\n")
    return next((" ".join(line.split())[:80] for line in reversed(before) if line.strip()), "")
