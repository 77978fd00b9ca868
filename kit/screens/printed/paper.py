"""Pages that stand alone: opened without the kit, read and printed.

Such a page has no script and asks for no address; what a person typed is escaped like
everything else, because only ``Markup`` is put together here.
"""

from collections.abc import Iterable
from importlib.resources import files

from markupsafe import Markup

from ...catalogue import language, say
from ...marking.records.progress import AttemptProgress
from ..markup import join, piece

SHORT = 25
"""A name of fewer characters than that does not break."""


def paper_page(title: str, small: str, body: Markup) -> str:
    """Put a whole page together.

    Args:
        title: What stands in the tab of the browser.
        small: The small line on top.
        body: All below it.
    """
    style = (files("kit") / "lab" / "paper.css").read_text(encoding="utf-8")
    page = piece(
        '<!DOCTYPE html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n"
        "<header><p>{}</p></header>\n<main>\n{}\n</main>\n</body>\n</html>\n",
        language(),
        title,
        Markup(style),
        small,
        body,
    )
    return str(page)


def table(heads: Iterable[str], rows: Iterable[Markup], *, numbers: int) -> Markup:
    """Draw a table of rows; the columns from the second on can be numbers.

    Args:
        heads: What stands above each column.
        rows: Each row as ``row`` makes it.
        numbers: How many columns after the first hold numbers.
    """
    names = join(
        piece('<th scope="col"{}>{}</th>', _look(place, numbers), head)
        for place, head in enumerate(heads)
    )
    return piece(
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", names, join(rows)
    )


def row(first: str, *cells: object, numbers: int) -> Markup:
    """Draw one row; the first cell names it, and does not break if it is short."""
    rest = join(
        piece("<td{}>{}</td>", _look(place, numbers), cell)
        for place, cell in enumerate(cells, start=1)
    )
    is_short = len(Markup(first).striptags()) < SHORT
    look = Markup(' class="kit-short"') if is_short else Markup("")
    return piece('<tr><th scope="row"{}>{}</th>{}</tr>', look, first, rest)


def _look(place: int, numbers: int) -> Markup:
    is_number = 0 < place <= numbers
    return Markup(' class="kit-number"') if is_number else Markup("")


def state(attempt: AttemptProgress | None) -> Markup:
    """Say with a sign and words how an attempt stands."""
    if attempt is None:
        return piece('<span class="kit-hint">{}</span>', say("desk.course.not-begun"))
    if attempt.percent is None:
        return piece("<span>{}</span>", say("desk.course.handed-in"))
    key, look = ("passed", "good") if attempt.passed else ("not-passed", "bad")
    said = piece('<span class="kit-{}">{}</span>', look, say(f"desk.progress.{key}"))
    if attempt.override is None:
        return said
    by_hand = say("desk.progress.by-hand", by=attempt.override.by)
    return piece("{} <span>{}</span>", said, by_hand)
