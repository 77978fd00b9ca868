"""Prove a table for all cases at once: no gap, no overlap, no row without effect.

One search answers every question about a table. It goes through the inputs of a grid
and keeps every set of rows that still fits some case; equal sets are kept once. With
every fact open it finds gaps and masked rows; with some facts known it finds the
results that are still possible. The search is bounded: past the bound the answer is
"not proven", never "complete". Overlap of two rows needs no search and is exact.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from .tables import Grid, HitPolicy, Scale, Table, bits_of

MOST_NODES = 200_000
"""How many sets of rows one search may visit before it stops."""


class SearchTooLarge(Exception):
    """The search visited more sets of rows than it may."""


def result_of(table: Table) -> Callable[[int], int]:
    """Return the function from fitting rows to deciding rows of a table's hit policy.

    For ``F`` and ``P`` it keeps the one row that takes precedence; else it keeps all.
    """
    if table.policy is HitPolicy.FIRST:
        return lambda rows: rows & -rows
    if table.policy is HitPolicy.PRIORITY:
        bits = {1 << bit: table.priority(row) for bit, row in enumerate(table.rows)}
        order = sorted(bits, key=bits.__getitem__)
        return lambda rows: next((bit for bit in order if rows & bit), 0)
    return lambda rows: rows


Within = Mapping[int, frozenset[int]]
"""By the number of an input, the only segments that its fact can still be in."""


def possible_results(
    grid: Grid, rows: int, open_inputs: Sequence[int], within: Within | None = None
) -> frozenset[int]:
    """Find every set of deciding rows that is still possible.

    Args:
        grid: The table with its limits.
        rows: The rows that fit what is known, as a bit set.
        open_inputs: The numbers of the inputs whose facts are unknown.
        within: The segments that the facts of some of them can be in.

    Returns:
        Bit sets of rows; 0 is among them if some case has no row.

    Raises:
        TooWide: The search is larger than its bound.
    """
    reached = _sweep(grid, rows, open_inputs, within or {})
    return frozenset(map(result_of(grid.table), reached))


def can_matter(
    grid: Grid,
    rows: int,
    open_inputs: Sequence[int],
    number: int,
    within: Within | None = None,
) -> bool:
    """Tell whether an input can change the result, the other facts being equal.

    Args:
        grid: The table with its limits.
        rows: The rows that fit what is known, as a bit set.
        open_inputs: The numbers of the inputs whose facts are unknown.
        number: The number of the input, one of the open ones.
        within: The segments that the facts of some of them can be in.

    Raises:
        TooWide: The search is larger than its bound.
    """
    result = result_of(grid.table)
    within = within or {}
    choices = _choices(grid.scales[number], within.get(number))
    if len(choices) < 2:  # noqa: PLR2004
        return False
    others = [each for each in open_inputs if each != number]
    return any(
        len({result(left & fitting) for fitting in choices}) > 1
        for left in _sweep(grid, rows, others, within)
    )


def _sweep(grid: Grid, rows: int, inputs: Sequence[int], within: Within) -> set[int]:
    """Find every set of rows that fits some case, for any values of the inputs."""
    reached = {rows}
    visited = 1
    for number in inputs:
        before, reached = reached, set()
        for fitting in _choices(grid.scales[number], within.get(number)):
            reached.update([left & fitting for left in before])
            if visited + len(reached) > MOST_NODES:
                raise SearchTooLarge
        visited += len(reached)
    return reached


def _choices(scale: Scale, within: frozenset[int] | None = None) -> set[int]:
    """List the sets of rows that the values of one input can select."""
    segments = scale.inside if within is None else within
    return {scale.fitting[segment] for segment in segments}


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of proving one grid."""

    gaps: tuple[Mapping[int, int], ...]
    """Example cases that no row fits: a segment by input; at most three."""

    overlaps: tuple[tuple[int, int], ...]
    """Pairs of rows that both fit some case, as indexes."""

    never: tuple[int, ...]
    """Rows that fit no case at all, as indexes: one of their cells is empty."""

    masked: tuple[int, ...]
    """Rows that fit only cases decided by another row (``F``, ``P``), as indexes."""

    dead: tuple[int, ...]
    """Questions that can never change the result, as numbers."""

    is_complete: bool
    """Whether the search finished; if not, gaps, masked and dead are empty."""


def prove(grid: Grid) -> Proof:
    """Prove one grid.

    Args:
        grid: A table with its limits.

    Returns:
        All gaps, overlaps, rows without effect and inputs without effect. If the
        search exceeds its bound, only overlaps and rows that never fit are known.
    """
    inputs = range(len(grid.scales))
    never = tuple(bits_of(grid.all_rows & ~_can_fit(grid)))
    overlaps = tuple(
        pair
        for pair in overlapping(grid)
        if pair[0] not in never and pair[1] not in never
    )
    order = order_of(grid)
    try:
        results = possible_results(grid, grid.all_rows, order)
        dead = tuple(
            each for each in inputs if not can_matter(grid, grid.all_rows, order, each)
        )
        gaps = tuple(_gaps(grid)) if 0 in results else ()
    except SearchTooLarge:
        return Proof((), overlaps, never, (), (), is_complete=False)
    reached = reduce(or_, results, 0)
    masked = tuple(
        each for each in bits_of(grid.all_rows & ~reached) if each not in never
    )
    return Proof(gaps, overlaps, never, masked, dead, is_complete=True)


def overlapping(grid: Grid) -> Iterator[tuple[int, int]]:
    """Yield every pair of rows that both fit some case; exact, without a search."""
    count = len(grid.table.rows)
    partners = [grid.all_rows] * count
    for scale in grid.scales:
        shared = [0] * count
        for fitting in _choices(scale):
            for row in bits_of(fitting):
                shared[row] |= fitting
        partners = [one & other for one, other in zip(partners, shared, strict=True)]
    for row in range(count):
        for other in range(row + 1, count):
            if partners[row] >> other & 1:
                yield row, other


def common_case(grid: Grid, rows: Sequence[int]) -> dict[int, int]:
    """Find a segment of each input in which all the given rows fit.

    Args:
        grid: A table with its limits.
        rows: Indexes of rows that overlap.

    Returns:
        The number of a segment by the number of its input.
    """
    wanted = sum(1 << row for row in rows)
    return {
        number: next(
            segment
            for segment in scale.inside
            if scale.fitting[segment] & wanted == wanted
        )
        for number, scale in enumerate(grid.scales)
    }


def order_of(grid: Grid) -> list[int]:
    """Order the inputs so that the search visits few sets: fewest segments first."""
    return sorted(
        range(len(grid.scales)), key=lambda each: len(grid.scales[each].inside)
    )


def _can_fit(grid: Grid) -> int:
    """Return the rows in which every cell fits some value, as a bit set."""
    some = (reduce(or_, _choices(scale), 0) for scale in grid.scales)
    return reduce(and_, some, grid.all_rows)


def _gaps(grid: Grid, *, most: int = 3) -> Iterator[Mapping[int, int]]:
    """Yield cases that no row fits; each set of rows is visited once."""
    order = order_of(grid)
    seen: set[tuple[int, int]] = set()
    found = 0
    stack: list[tuple[int, int, dict[int, int]]] = [(0, grid.all_rows, {})]
    while stack and found < most:
        depth, rows, path = stack.pop()
        if not rows:
            found += 1
            yield path
            continue
        if depth == len(order) or (depth, rows) in seen:
            continue
        seen.add((depth, rows))
        number = order[depth]
        scale = grid.scales[number]
        for segment in reversed(scale.inside):
            left = rows & scale.fitting[segment]
            stack.append((depth + 1, left, {**path, number: segment}))
