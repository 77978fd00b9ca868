"""Compile a table to one Python function, to decide millions of cases.

The code is generated from the grid that is also proved and explained, so it has the
same meaning. Every input selects a set of rows, as bits; the sets are intersected,
and the result is looked up. All rows are checked, so an overlap is never missed.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import cast

from .decisions import select
from .proofs import SearchTooLarge, possible_results
from .regions import Cut, rank
from .tables import Grid, Row, Scale
from .values import Money, Sort, Value

PlainValue = bool | int | Decimal | str | None
"""An argument of a generated function: amounts in minor units, days as ordinals."""

Generated = Callable[..., tuple[Row, ...] | None]
"""Takes a plain value for each input, in their order; gives the deciding rows, or
``None`` if an unknown fact could change the result."""


def generate(grid: Grid) -> Generated:
    """Compile a grid.

    Args:
        grid: A table with its limits.

    Returns:
        A function of one plain value for each input, in their order. It returns the
        deciding rows, or ``None`` if an unknown fact could change the result. It raises
        ``KeyError`` for a word that is not declared or a yes/no that is neither;
        ``TypeError`` for a number, an amount or a day of another type, or NaN;
        ``NoRowFits`` where the table has a gap; ``RowsOverlap`` where two rows fit and
        only one may.
    """
    names = [f"q{number}" for number in range(len(grid.scales))]
    space: dict[str, object] = {"found": {}, "rare": _rare(grid)}
    terms = [
        _rows_for(name, scale, space)
        for name, scale in zip(names, grid.scales, strict=True)
    ]
    source = (
        f"def decide({', '.join(names)}):\n"
        f"    try:\n        return found[{' & '.join(terms) or grid.all_rows}]\n"
        f"    except (KeyError, TypeError):\n"
        f"        return rare(found, ({', '.join(names)},))\n"
    )
    exec(compile(source, "<generated table>", "exec"), space)
    return cast("Generated", space["decide"])


def plain(value: Value | None) -> PlainValue:
    """Convert a value to an argument of a generated function."""
    if isinstance(value, Money):
        return value.minor
    return (
        value
        if value is None or isinstance(value, (int, str, Decimal))
        else value.toordinal()
    )


def _rare(
    grid: Grid,
) -> Callable[
    [dict[int, tuple[Row, ...]], Sequence[PlainValue]], tuple[Row, ...] | None
]:
    """Build the fallback for what the flat function cannot decide."""
    seen: dict[int, tuple[Row, ...]] = {}

    def rare(
        found: dict[int, tuple[Row, ...]], values: Sequence[PlainValue]
    ) -> tuple[Row, ...] | None:
        rows = grid.all_rows
        unknown = [number for number, value in enumerate(values) if value is None]
        for number, value in enumerate(values):
            if value is not None:
                rows &= _rows_at(grid.scales[number], value)
        if not unknown:
            found[rows] = select(grid.table, rows, cast("Sequence[Value]", values))
            return found[rows]
        try:
            results = possible_results(grid, rows, unknown)
        except SearchTooLarge:
            return None
        if len(results) > 1:
            return None
        rows = next(iter(results))
        if rows not in seen:
            seen[rows] = select(grid.table, rows, cast("Sequence[Value]", values))
        return seen[rows]

    return rare


def _rows_at(scale: Scale, value: PlainValue) -> int:
    """Find the rows that fit a value of exactly the right type."""
    if scale.kind.sort is Sort.YES_NO and not isinstance(value, bool):
        raise KeyError(value)
    if scale.by_word:
        return scale.by_word[cast("Value", value)]
    if not scale.kind.is_ordered:
        return scale.fitting[0]
    if type(value) is int:
        number = scale.kind.sort is Sort.NUMBER
        place: Cut = (Decimal(value), 0) if number else value
    elif scale.kind.sort is Sort.NUMBER and _is_number(value):
        place = (cast("Decimal", value), 0)
    else:
        raise TypeError(value)
    return scale.fitting[rank(scale.cuts, place)]


def _is_number(value: PlainValue) -> bool:
    return type(value) is Decimal and value.is_finite()


def _rows_for(name: str, scale: Scale, space: dict[str, object]) -> str:
    """Generate the lookup of the rows for one input.

    A value of another type matches nothing: ``1`` is not yes, ``2.5`` is no whole
    number and NaN is not a large one.
    """
    if scale.kind.sort is Sort.YES_NO:
        no, yes = scale.by_word[False], scale.by_word[True]
        return (
            f"({yes} if {name} is True else {no} if {name} is False else found[None])"
        )
    if scale.by_word:
        space[f"w{name}"] = scale.by_word
        return f"w{name}[{name}]"
    if not scale.kind.is_ordered:
        return str(scale.fitting[0])
    is_right = f"{name}.__class__ is int"
    if scale.kind.sort is Sort.NUMBER:
        space["is_number"] = _is_number
        is_right += f" or is_number({name})"
    by_place = _by_place(name, scale.cuts, scale.fitting, space)
    return f"({by_place} if {is_right} else found[None])"


def _by_place(
    name: str, cuts: Sequence[Cut], fitting: Sequence[int], space: dict[str, object]
) -> str:
    """Generate the binary search for a segment as nested conditions."""
    if not cuts:
        return str(fitting[0])
    middle = len(cuts) // 2
    cut = cuts[middle]
    below = _by_place(name, cuts[:middle], fitting[: middle + 1], space)
    above = _by_place(name, cuts[middle + 1 :], fitting[middle + 1 :], space)
    if isinstance(cut, int):
        test = f"{name} < {cut}"
    else:
        test = f"{name} {'<=' if cut[1] else '<'} {_number(cut[0], space)}"
    return f"({below} if {test} else {above})"


def _number(number: Decimal, space: dict[str, object]) -> str:
    """Generate a number that compares exactly: a fraction becomes a decimal."""
    if number == number.to_integral_value():
        return str(int(number))
    name = f"d{len(space)}"
    space[name] = number
    return name
