"""The order in which the cells of tables are read: row by row."""

from itertools import groupby

from chartline.text.joining import Row

_SAME_ROW = 0.5  # em: middles of cells that are less apart are of one row


def cells_row_by_row(lines: list[Row]) -> list[Row]:
    """The lines, with each run of `table` lines of a page sorted by row and then by column."""
    ordered: list[Row] = []
    for (is_table, _), group in groupby(lines, lambda row: (row["label"] == "table", row["page"])):
        run = list(group)
        ordered += _sorted_cells(run) if is_table else run
    return ordered


def _sorted_cells(cells: list[Row]) -> list[Row]:
    rows: list[list[Row]] = []
    for cell in sorted(cells, key=_middle):
        if rows and _middle(cell) - _middle(rows[-1][0]) < _SAME_ROW * cell["size"]:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return [cell for row in rows for cell in sorted(row, key=lambda cell: cell["x0"])]


def _middle(cell: Row) -> float:
    return (cell["top"] + cell["bottom"]) / 2
