"""Read *Always true*: the constraints of every case, each with its sentence.

The columns of a table tell what kind of constraint it has.
"""

from collections.abc import Callable, Iterator
from typing import get_args

from ...rules.conditions import ANY
from ...rules.values import Sort, key_of
from ..markdown.documents import TableText
from ..markdown.keyed_tables import Line, lines_of
from ..markdown.lookups import UNKNOWN
from .constraints import (
    AmountRatio,
    Condition,
    Constraint,
    DayDistance,
    Phrases,
    ScanDay,
    Sign,
)
from .story_rows import APART, DAYS, PERCENT, StoryReader

KNOWN = "known"
"""What an author writes if a fact must be known, with any value."""

_WHY = "Why"
_PAIR = ("Fact", "Is", "Other fact", "Must be", _WHY)
_APART = (*APART, _WHY)
_SHARE = ("Amount", "Of", "Percent", _WHY)
_SCAN = ("Scan", "Day", "Fact", "Must be", _WHY)
_NEEDED = ("Fact", "Is", "Needs a scan", "Day", _WHY)
_SAYS = ("Buyer writes", "Fact", "Must be", _WHY)
_SAYS_DAYS = ("Buyer writes", *APART, _WHY)
_ANY = "any"
_NOT = "not "


def constraints_in(table: TableText, reader: StoryReader) -> Iterator[Constraint]:
    """Read one table of the section.

    Args:
        table: The table.
        reader: What reads its facts, and where mistakes go.

    Returns:
        Its constraints, in the order of its rows.
    """
    rows = _Rows(table, reader)
    heads = tuple(key_of(heading.text) for heading in table.header)
    forms: dict[tuple[str, ...], Callable[[], Iterator[Constraint]]] = {
        _PAIR: rows.pairs,
        _SCAN: rows.scans,
        _NEEDED: rows.needed,
        _SAYS: rows.says,
        _SAYS_DAYS: rows.says_days,
    }
    for columns, read in forms.items():
        if heads == tuple(map(key_of, columns)):
            yield from read()
            return
    if heads[-len(_SHARE) :] == tuple(map(key_of, _SHARE)):
        yield from rows.amount_ratios()
        return
    yield from rows.day_distances()


class _Rows:
    """One table while it is being read."""

    def __init__(self, table: TableText, reader: StoryReader) -> None:
        self.table, self.reader = table, reader

    def pairs(self) -> Iterator[Constraint]:
        for row in self._lines(_PAIR):
            lead = self._condition(row["fact"], row["is"], row.number)
            if lead is None:
                continue
            if row["must be"] == UNKNOWN:
                fact = self.reader.fact(row["other fact"], row.number)
                if fact is not None:
                    why = row["why"]
                    yield Constraint(why, row.number, (lead,), unknown=fact.key)
                continue
            then = self._condition(row["other fact"], row["must be"], row.number)
            yield Constraint(row["why"], row.number, (lead,), then=then)

    def day_distances(self) -> Iterator[Constraint]:
        for when, row in self.reader.rows(self.table, _APART):
            apart = self._apart(row)
            if apart is not None:
                then = DayDistance(when, apart.earlier, apart.later, apart.days)
                yield Constraint(row["why"], row.number, when, then=then)

    def amount_ratios(self) -> Iterator[Constraint]:
        for when, row in self.reader.rows(self.table, _SHARE):
            amount = self.reader.of_sort(row, "amount", Sort.MONEY)
            of = self.reader.of_sort(row, "of", Sort.MONEY)
            percent = self.reader.number(row["percent"], PERCENT, row.number)
            if amount is not None and of is not None:
                then = AmountRatio(when, amount.key, of.key, percent)
                yield Constraint(row["why"], row.number, when, then=then)

    def scans(self) -> Iterator[Constraint]:
        for row in self._lines(_SCAN):
            yield Constraint(
                row["why"],
                row.number,
                scan=_phrases(row["scan"]),
                day=self._day(row),
                then=self._condition(row["fact"], row["must be"], row.number),
            )

    def needed(self) -> Iterator[Constraint]:
        for row in self._lines(_NEEDED):
            lead = self._condition(row["fact"], row["is"], row.number)
            if lead is not None:
                yield Constraint(
                    row["why"],
                    row.number,
                    (lead,),
                    scan=_phrases(row["needs a scan"]),
                    needs_scan=True,
                    day=self._day(row),
                )

    def says(self) -> Iterator[Constraint]:
        for row in self._lines(_SAYS):
            yield Constraint(
                row["why"],
                row.number,
                message=_phrases(row["buyer writes"]),
                then=self._condition(row["fact"], row["must be"], row.number),
            )

    def says_days(self) -> Iterator[Constraint]:
        for row in self._lines(_SAYS_DAYS):
            yield Constraint(
                row["why"],
                row.number,
                message=_phrases(row["buyer writes"]),
                then=self._apart(row),
            )

    def _lines(self, columns: tuple[str, ...]) -> Iterator[Line]:
        table, notes = self.table, self.reader.notes
        return lines_of([table], columns, at=table.line, notes=notes)

    def _apart(self, row: Line) -> DayDistance | None:
        earlier = self.reader.of_sort(row, "earlier", Sort.DATE)
        later = self.reader.of_sort(row, "later", Sort.DATE)
        days = self.reader.number(row["days apart"], DAYS, row.number)
        if earlier is None or later is None:
            return None
        return DayDistance((), earlier.key, later.key, days)

    def _condition(self, name: str, text: str, line: int) -> Condition | None:
        """Read what is asked of a fact; none where the row asks nothing."""
        if name == _ANY:
            return None
        fact = self.reader.fact(name, line)
        if fact is None:
            return None
        cell = ANY if text == KNOWN else self.reader.cell(text, fact, line)
        return Condition(fact.key, fact.kind, cell)

    def _day(self, row: Line) -> ScanDay | None:
        text = row["day"]
        if text == _ANY:
            return None
        signs: tuple[Sign, ...] = get_args(Sign)
        sign = next((one for one in signs if text.startswith(f"{one} ")), signs[0])
        name = text.removeprefix(f"{sign} ")
        fact = self.reader.of_sort(Line(row.number, {"day": name}), "day", Sort.DATE)
        if fact is None:
            return None
        return ScanDay(sign, fact.key)


def _phrases(text: str) -> Phrases:
    """Read words between semicolons; with *not* a text must have none of them."""
    if text == _ANY:
        return Phrases(())
    listed = tuple(each.strip() for each in text.removeprefix(_NOT).split(";"))
    return Phrases(listed, negated=text.startswith(_NOT))
