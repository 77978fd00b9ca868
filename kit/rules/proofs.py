"""Proofs: what can come out of a table, over all cases at once.

One sweep answers every question. It walks over the questions of a grid, segment by
segment, carrying the rows that still fit; equal sets of rows at the same question are
walked once. With every fact open it finds gaps and masked rows; with some facts known
it finds what could still come out. The search is bounded: past the bound the answer is
"not proven", never "complete". Overlap of two rows needs no search and is exact.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .tables import Grid, HitPolicy, Table

MOST_NODES = 200_000
"""How many sets of rows one sweep may visit before it gives up."""


class TooWide(Exception):
    """The sweep visited more sets of rows than it may."""


@dataclass(slots=True)
class _Sweep:
    grid: Grid
    questions: Sequence[int]
    visit: Callable[[int], frozenset[int]]
    seen: dict[tuple[int, int], frozenset[int]] = field(default_factory=dict)

    def results(self, rows: int, depth: int = 0) -> frozenset[int]:
        """Every result that some case reaches from here."""
        if depth == len(self.questions) or not rows:
            return self.visit(rows)
        at = (depth, rows)
        found = self.seen.get(at)
        if found is None:
            if len(self.seen) >= MOST_NODES:
                raise TooWide
            scale = self.grid.scales[self.questions[depth]]
            below = {rows & scale.fitting[segment] for segment in scale.inside}
            found = frozenset().union(
                *(self.results(each, depth + 1) for each in below)
            )
            self.seen[at] = found
        return found


def result_of(table: Table) -> Callable[[int], int]:
    """Say how the fitting rows decide: for ``F`` and ``P`` only one of them matters."""
    if table.policy is HitPolicy.FIRST:
        return lambda rows: rows & -rows
    if table.policy is HitPolicy.PRIORITY:
        bits = {1 << bit: table.priority(row) for bit, row in enumerate(table.rows)}
        order = sorted(bits, key=bits.__getitem__)
        return lambda rows: next((bit for bit in order if rows & bit), 0)
    return lambda rows: rows


def possible_results(
    grid: Grid, rows: int, open_questions: Sequence[int]
) -> frozenset[int]:
    """Find every set of deciding rows that some case can still have.

    Args:
        grid: The table with its limits.
        rows: The rows that fit what is known, as bits.
        open_questions: The numbers of the questions whose facts are unknown.

    Raises:
        TooWide: The search is larger than its bound.
    """
    result = result_of(grid.table)
    return _Sweep(
        grid, open_questions, lambda left: frozenset((result(left),))
    ).results(rows)


def can_matter(
    grid: Grid, rows: int, open_questions: Sequence[int], question: int
) -> bool:
    """Whether a question can change the result while the other facts stay as they are.

    Raises:
        TooWide: The search is larger than its bound.
    """
    result = result_of(grid.table)
    scale = grid.scales[question]
    masks = {scale.fitting[segment] for segment in scale.inside}
    if len(masks) < 2:  # noqa: PLR2004
        return False

    def differs(left: int) -> frozenset[int]:
        return frozenset((int(len({result(left & mask) for mask in masks}) > 1),))

    others = [each for each in open_questions if each != question]
    return 1 in _Sweep(grid, others, differs).results(rows)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved of one grid."""

    gaps: tuple[Mapping[int, int], ...]
    """Segments, by question, of cases that no row fits; at most a handful."""

    overlaps: tuple[tuple[int, int], ...]
    """Pairs of rows that both fit some case, as indexes."""

    never: tuple[int, ...]
    """Rows that no case can reach at all, as indexes: a cell of theirs is empty."""

    masked: tuple[int, ...]
    """Rows that fit cases, but only such as another row decides (``F`` and ``P``)."""

    dead: tuple[int, ...]
    """Questions that can never change the result."""

    is_complete: bool
    """Whether the search ended; if not, gaps and the like may be missing."""


def prove(grid: Grid) -> Proof:
    """Prove what there is to prove of one grid."""
    questions = range(len(grid.scales))
    never = tuple(row for row in range(len(grid.table.rows)) if not _can_fit(grid, row))
    overlaps = tuple(
        pair
        for pair in overlapping(grid)
        if pair[0] not in never and pair[1] not in never
    )
    try:
        results = possible_results(grid, grid.all_rows, order_of(grid))
        dead = tuple(
            each
            for each in questions
            if not can_matter(grid, grid.all_rows, order_of(grid), each)
        )
        gaps = tuple(_gaps(grid)) if 0 in results else ()
    except TooWide:
        return Proof((), overlaps, never, (), (), is_complete=False)
    reached = 0
    for result in results:
        reached |= result
    masked = tuple(
        row
        for row in range(len(grid.table.rows))
        if not reached >> row & 1 and row not in never
    )
    return Proof(gaps, overlaps, never, masked, dead, is_complete=True)


def overlapping(grid: Grid) -> Iterator[tuple[int, int]]:
    """Find every pair of rows that both fit some case; exact, without a search."""
    count = len(grid.table.rows)
    partners = [grid.all_rows] * count
    for scale in grid.scales:
        masks = {scale.fitting[segment] for segment in scale.inside}
        for row in range(count):
            shared = 0
            for mask in masks:
                if mask >> row & 1:
                    shared |= mask
            partners[row] &= shared
    for row in range(count):
        for other in range(row + 1, count):
            if partners[row] >> other & 1:
                yield row, other


def common_case(grid: Grid, rows: Sequence[int]) -> dict[int, int]:
    """Find a segment of each question in which all the given rows fit."""
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
    """Order the questions so that the sweep meets few sets: the coarsest first."""
    return sorted(
        range(len(grid.scales)), key=lambda each: len(grid.scales[each].inside)
    )


def _can_fit(grid: Grid, row: int) -> bool:
    return all(
        any(scale.fitting[segment] >> row & 1 for segment in scale.inside)
        for scale in grid.scales
    )


def _gaps(grid: Grid, *, most: int = 3) -> Iterator[Mapping[int, int]]:
    """Walk to cases that no row fits; a set of rows is entered once."""
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
