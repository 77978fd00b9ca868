"""Random tables, and what they mean by brute force.

Every cell is drawn twice: as an author would write it, and as a plain test of a value.
The tests know nothing of regions, segments or sweeps, so the two can only agree if
both are right.
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property, partial
from itertools import combinations_with_replacement, product
from typing import Any

from builders import limits_of, situation_of, table_of
from hypothesis import strategies as st

from kit.rules.facts import Situation
from kit.rules.limits import Limits
from kit.rules.tables import Grid, Table, grid_of
from kit.rules.values import Money, Value

Fits = Callable[[Value], bool]
Order = Callable[[Any, Any], bool]

ORDERS: dict[str, Order] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
FIRST_DAY = date(2024, 2, 28)

KINDS = {
    "one of none, moving, lost": ["none", "moving", "lost"],
    "yes/no": [False, True],
    "whole number": [-1, 0, 3],
    "whole number of days, at least 0": [0, 3, 4],
    "number": [Decimal("-0.5"), Decimal(2), Decimal("2.01")],
    "number, at least 0.5": [Decimal("0.5"), Decimal(3)],
    "money, at least 0": [Money(0, "USD"), Money(75000, "USD"), Money(75001, "USD")],
    "date": [FIRST_DAY, FIRST_DAY + timedelta(days=1), date(2024, 3, 15)],
}
"""Each type with the values that its cells compare with."""


@dataclass(frozen=True)
class Drawn:
    """A random table with all that is needed to decide it by hand."""

    table: Table
    """The table as the kit reads it."""

    situation: Situation
    """Where and when it is decided."""

    fits: tuple[tuple[Fits, ...], ...]
    """For each row, the test of each of its cells."""

    values: tuple[tuple[Value, ...], ...]
    """For each question, every value at which anything could change."""

    @property
    def grid(self) -> Grid:
        """The table with the limits of its situation."""
        return grid_of(self.table, self.situation)

    def rows_at(self, number: int, value: Value) -> int:
        """Try the cells of one question against a value; rows as bits."""
        return sum(cells[number](value) << bit for bit, cells in enumerate(self.fits))

    @cached_property
    def masks(self) -> tuple[set[int], ...]:
        """For each question, every set of rows that some value of it leaves."""
        return tuple(
            {self.rows_at(number, value) for value in values}
            for number, values in enumerate(self.values)
        )

    def completions(self, case: Sequence[Value | None]) -> set[int]:
        """Fill in the unknown values in every way; the rows that then fit, as bits."""
        return self._completions(case, leaving_out=None)

    def result(self, rows: int) -> int:
        """What the policy makes of the rows that fit; all answers have one rank."""
        return rows & -rows if self.table.policy.value in "FP" else rows

    def changes(self, case: Sequence[Value | None], number: int) -> bool:
        """Whether a question can change the result while all others stay."""
        return any(
            len({self.result(rows & mask) for mask in self.masks[number]}) > 1
            for rows in self._completions(case, leaving_out=number)
        )

    def _completions(
        self, case: Sequence[Value | None], *, leaving_out: int | None
    ) -> set[int]:
        found = {(1 << len(self.fits)) - 1}
        for number, value in enumerate(case):
            if number == leaving_out:
                continue
            masks = self.masks[number]
            if value is not None:
                masks = {self.rows_at(number, value)}
            found = {rows & mask for rows in found for mask in masks}
        return found


def numbers_of(rows: int) -> list[str]:
    """The author's numbers of rows that are given as bits."""
    return [str(bit + 1) for bit in range(rows.bit_length()) if rows >> bit & 1]


@st.composite
def drawn_tables(draw: st.DrawFn, policies: str = "UFPC") -> Drawn:
    """Draw a table of 1 to 5 questions and 1 to 8 rows, with limits in some cells."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=5))
    limits, named = _draw_limits(draw, kinds)
    choices = [
        st.sampled_from(cells_of(kind, *limit))
        for kind, limit in zip(kinds, named, strict=True)
    ]
    rows, fits = [], []
    for _ in range(draw(st.integers(1, 8))):
        cells = [draw(each) for each in choices]
        rows.append(" | ".join(text for text, _ in cells) + " => done")
        fits.append(tuple(test for _, test in cells))
    table = table_of(
        draw(st.sampled_from(policies)),
        {f"question {number}": kind for number, kind in enumerate(kinds)},
        {"Reply": "one of done"},
        *rows,
        limits=limits,
    )
    values = tuple(tuple(values_around(kind)) for kind in kinds)
    return Drawn(table, situation_of(limits), tuple(fits), values)


def drawn_cases(
    drawn: Drawn, *, unknown: bool
) -> st.SearchStrategy[tuple[Value | None, ...]]:
    """Draw a value for each question, ``None`` among them if some may be unknown."""
    none = [None] if unknown else []
    return st.tuples(*(st.sampled_from([*none, *values]) for values in drawn.values))


def values_around(kind: str) -> list[Value]:
    """Every value of a kind at which a cell can change, with its neighbours."""
    points = KINDS[kind]
    found: list[Value] = list(points)
    for point in points:
        if isinstance(point, date):
            found += [point - timedelta(days=1), point + timedelta(days=1)]
        elif isinstance(point, Money):
            found += [Money(point.minor - 1, "USD"), Money(point.minor + 1, "USD")]
        elif isinstance(point, Decimal):
            found += [point - Decimal("0.001"), point + Decimal("0.001")]
        elif isinstance(point, int) and not isinstance(point, bool):
            found += [point - 1, point + 1]
    return [value for value in dict.fromkeys(found) if not _is_too_low(value, kind)]


def _is_too_low(value: Value, kind: str) -> bool:
    lowest = kind.partition("at least ")[2]
    if isinstance(value, Money):
        return value.minor < 0
    return bool(lowest) and value < Decimal(lowest)  # type: ignore[operator]


def _write(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _draw_limits(
    draw: st.DrawFn, kinds: Sequence[str]
) -> tuple[Limits, list[tuple[str, Value]]]:
    """Give every question with an order a limit; a later value of it is a decoy."""
    rows: list[str] = []
    named: list[tuple[str, Value]] = []
    for number, kind in enumerate(kinds):
        if not has_order(kind):
            named.append(("", False))
            continue
        value = draw(st.sampled_from(KINDS[kind]))
        decoy = draw(st.sampled_from(KINDS[kind]))
        unit = " days" if "of days" in kind else ""
        rows.append(f"border {number} | any | 2024-01-01 | {_write(value)}{unit}")
        rows.append(f"border {number} | any | 2024-06-01 | {_write(decoy)}{unit}")
        named.append((f"border {number}", value))
    return limits_of(*rows), named


@cache
def cells_of(
    kind: str, limit: str = "", value: Value = 0
) -> tuple[tuple[str, Fits], ...]:
    """Every cell of a kind that the language can say, as text and as a test."""
    ends = {_write(end): end for end in KINDS[kind]} | ({limit: value} if limit else {})
    found: list[tuple[str, Fits]] = [("any", lambda _: True)] * 6
    for one, other in combinations_with_replacement(ends, 2):
        texts = list(dict.fromkeys([one, other]))
        wanted = [ends[text] for text in texts]
        found.append((", ".join(texts), partial(_is_in, wanted)))
        found.append(("not " + ", ".join(texts), partial(_is_not_in, wanted)))
    if has_order(kind):
        found += _ordered(ends)
    return tuple(found)


def has_order(kind: str) -> bool:
    """Whether cells of a kind can say less and more."""
    return not kind.startswith(("one of", "yes/no"))


def _ordered(ends: Mapping[str, Value]) -> Iterator[tuple[str, Fits]]:
    for (sign, compare), text in product(ORDERS.items(), ends):
        yield f"{sign} {text}", partial(_compares, compare, ends[text])
    rising = sorted(ends, key=ends.__getitem__)
    pairs = combinations_with_replacement(rising, 2)
    for (low, high), opening, closing in product(pairs, "[(", "])"):
        above = ORDERS[">=" if opening == "[" else ">"]
        below = ORDERS["<=" if closing == "]" else "<"]
        inside = partial(_is_between, above, ends[low], below, ends[high])
        yield f"{opening}{low}..{high}{closing}", inside


def _is_in(wanted: Sequence[Value], value: Value) -> bool:
    return value in wanted


def _is_not_in(wanted: Sequence[Value], value: Value) -> bool:
    return value not in wanted


def _compares(compare: Order, border: Value, value: Value) -> bool:
    return compare(value, border)


def _is_between(
    above: Order, low: Value, below: Order, high: Value, value: Value
) -> bool:
    return above(value, low) and below(value, high)
