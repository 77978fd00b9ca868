"""Read a Limits section: the numbers of a policy, with the days they start."""

from collections.abc import Iterator
from datetime import date

from ...rules.limits import ALWAYS, ALWAYS_FROM, ANYWHERE, Limit, read_amount
from ...rules.values import bounds_of, key_of, nearest
from ..markdown.documents import Section
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line, lines_of
from ..markdown.lookups import day_at, source_at
from .reference import Reference

COLUMNS = ("Limit", "Marketplace", "From", "Value", "Source")


def limits_in(section: Section, reference: Reference, notes: Notes) -> Iterator[Limit]:
    """Read every row; instead of a table a sentence may say that none is needed."""
    if not section.tables and section.paragraphs:
        return
    seen: dict[tuple[str, str, date], int] = {}
    for row in lines_of(section.tables, COLUMNS, at=section.line, notes=notes):
        limit = _limit(row, reference, notes)
        if limit is None:
            continue
        place = (key_of(limit.name), limit.marketplace, limit.start)
        if place in seen:
            notes.add("limit-twice", row.number, name=limit.name, line=seen[place])
        seen[place] = row.number
        yield limit


def _limit(row: Line, reference: Reference, notes: Notes) -> Limit | None:
    if key_of(row["limit"]) in reference.facts:
        notes.add("limit-is-fact", row.number, name=row["limit"])
    place = _place(row, reference, notes)
    source = ", ".join(
        source_at(each.strip(), row.number, reference.sources, notes)
        for each in row["source"].split(",")
    )
    if key_of(row["limit"]) in map(key_of, reference.limits.names):
        notes.add("limit-shared", row.number, name=row["limit"])
    start = _start(row, notes)
    try:
        value = read_amount(row["value"])
    except ValueError:
        notes.add(
            "limit-value",
            row.number,
            text=row["value"],
            bounds=bounds_of(row["value"]),
        )
        return None
    if start is None or place is None:
        return None
    return Limit(row["limit"], place, start, value, source, row.number)


def _start(row: Line, notes: Notes) -> date | None:
    """Read the start of a value; only a house number may be valid ``always``."""
    if key_of(row["from"]) == ALWAYS:
        return ALWAYS_FROM
    return day_at(row["from"], row.number, notes)


def _place(row: Line, reference: Reference, notes: Notes) -> str | None:
    known = (ANYWHERE, *reference.marketplaces)
    for each in known:
        if key_of(each) == key_of(row["marketplace"]):
            return each
    notes.add(
        "marketplace-unknown",
        row.number,
        name=row["marketplace"],
        nearest=nearest(row["marketplace"], known),
    )
    return None
