"""Tables for spreadsheets in which nothing that somebody typed is ever run.

A spreadsheet takes a cell that begins with ``=`` and some others for a formula, and a
formula can start programs or send cells away. Such a cell gets an apostrophe in front,
which spreadsheets do not show. Numbers that the kit counts itself stay numbers.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence

ENCODING = "utf-8-sig"
"""With a mark in front by which a spreadsheet knows that it is UTF-8."""

_STARTS = "=+\\-@＝＋－＠"
_UNSEEN = r"\s\u00ad\u200b-\u200f\u2060\ufeff"
# A cell begins after each of the separators, too, where a spreadsheet of another
# language opens the file with semicolons.
_FORMULA = re.compile(rf"(^|[;\t\r\n])([{_UNSEEN}]*)(?=[{_STARTS}])")
_CONTROL = ("\t", "\r", "\n")

Cell = str | int | bool | None | Sequence[object] | Mapping[str, object]
"""What can stand in a cell; lists and names with values are written as JSON."""


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    """Write a table as CSV, its names in the first line.

    Args:
        columns: The names, in their order.
        rows: For each row its cells by name; what is absent stays empty.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([safe_cell(row.get(name)) for name in columns] for row in rows)
    return text.getvalue()


def safe_cell(value: Cell) -> str | int:
    """Make a value fit for a cell: text that can be run no more, or a number."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return value
        case str():
            return _harmless(value)
        case _:
            return _harmless(json.dumps(value, ensure_ascii=False)) if value else ""


def _harmless(text: str) -> str:
    mended = _FORMULA.sub(lambda found: f"{found[1]}'{found[2]}", text)
    return f"'{mended}" if mended.startswith(_CONTROL) else mended
