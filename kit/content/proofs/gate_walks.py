"""Search the cases that *Only when* lines distinguish for no action, or for two.

The tables are visited in the order of the page; cases that differ only in facts that
are not used any more are merged.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, product
from operator import itemgetter

from ...errors import Mistake, NotCovered
from ...rules.conditions import Cell
from ...rules.facts import Situation
from ...rules.outcomes import DayRule, LimitRule
from ...rules.proofs import SearchTooLarge, possible_results
from ...rules.tables import Column, HitPolicy, Row, Table, grid_of
from ...rules.values import Point, point_of
from ..playbook.playbook import Playbook
from .gate_facts import GateFacts, State

MOST_STATES = 20_000
"""How many different cases one search may visit before it stops."""

Case = tuple[State, tuple[Table, ...]]
"""A state, and the tables that have applied so far."""


@dataclass
class GateExplorer:
    """One search through all cases that the *Only when* lines of a page distinguish."""

    playbook: Playbook
    situation: Situation
    when: str

    _cells: dict[int, list[tuple[int, Column, Cell]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def _facts(self) -> GateFacts:
        return GateFacts(self.playbook, self.situation)

    @property
    def _tables(self) -> tuple[Table, ...]:
        return self.playbook.tables

    def mistakes(self) -> Iterator[Mistake]:
        """Search, and yield the first case of each kind of mistake."""
        said: set[tuple[str, str, str]] = set()
        for mistake in self._walked():
            names = mistake.values
            place = (mistake.kind, str(names.get("first")), str(names.get("table")))
            if place not in said:
                said.add(place)
                yield mistake

    def _judged(self, state: State, speaking: tuple[Table, ...]) -> Iterator[Mistake]:
        """Judge a case at the end of the page by the tables that gave an action."""
        acting = [table for table in speaking if table.gives_action]
        path = self.playbook.path
        if not acting:
            first = next(each for each in self._tables if each.gives_action)
            yield Mistake("no-action", path, first.line, self._words(state))
        for one, other in pairwise(acting):
            names: dict[str, object] = {"first": one.name, "second": other.name}
            values = {**self._words(state), **names}
            yield Mistake("two-actions", path, other.line, values)

    def _judged_at(self, table: Table, cases: Iterable[Case]) -> Iterator[Mistake]:
        """Check that a table has every answer that it needs from earlier ones."""
        reads = sorted(self._reads(table))
        asked: dict[Case, State] = {}
        for state, speaking in cases:
            if table in speaking:
                asked.setdefault((tuple([state[at] for at in reads]), speaking), state)
        for (_, speaking), state in asked.items():
            for column in self._unanswered(table, speaking, state):
                names: dict[str, object] = {"table": table.name, "name": column.name}
                values = {**self._words(state), **names}
                yield Mistake("answer-silent", self.playbook.path, table.line, values)

    def _unanswered(
        self, table: Table, speaking: tuple[Table, ...], state: State
    ) -> Iterator[Column]:
        """Find the questions without an answer that the table still needs."""
        lacking = [
            number
            for number, earlier in self._answerers[table].items()
            if not any(each in speaking for each in earlier)
        ]
        if not lacking:
            return
        try:
            grid = grid_of(table, self.situation)
        except NotCovered:
            return
        rows = grid.all_rows
        for number in lacking:
            rows &= grid.scales[number].unasked
        open_ones = [n for n in range(len(table.inputs)) if n not in lacking]
        within = {
            number: frozenset({grid.scales[number].segment_at(point)})
            for number in open_ones
            if (point := self._point(state, table.inputs[number].key)) is not None
        }
        if 0 in possible_results(grid, rows, open_ones, within):
            yield table.inputs[lacking[0]]

    @cached_property
    def _answerers(self) -> dict[Table, dict[int, tuple[Table, ...]]]:
        """For each table the questions that only earlier tables answer, and which."""
        facts = self.playbook.reference.facts
        return {
            table: {
                number: self.playbook.answerers(column.key, before=table)
                for number, column in enumerate(table.inputs)
                if column.key not in facts
            }
            for table in self._tables
        }

    def _walked(self) -> Iterator[Mistake]:
        """Walk through the page with every case, and judge each."""
        cases: Sequence[Case] = [((None,) * len(self._facts.kinds), ())]
        for table in self._tables:
            picked = _picker(self._live[table])
            following: dict[object, Case] = {}
            after: Iterable[Case] = self._after(table, self._known(table, cases))
            if self._answerers[table]:
                after = list(after)
                yield from self._judged_at(table, after)
            for state, speaking in after:
                what = picked(state)
                following.setdefault((what, speaking), (state, speaking))
                if len(following) > MOST_STATES:
                    raise SearchTooLarge
            cases = list(following.values())
        for state, speaking in cases:
            yield from self._judged(state, speaking)

    def _known(self, table: Table, cases: Iterable[Case]) -> Iterator[Case]:
        """Give each fact that this table is the first to read each of its values.

        Not earlier: cases that differ in nothing that was read are still one.
        """
        places = self._first_read[table]
        choices = [self._facts.points(key) for key in self._facts.kinds]
        points = list(product(*(choices[at] for at in places)))
        for state, speaking in cases:
            for each in points:
                yield _written(state, places, each), speaking

    @cached_property
    def _first_read(self) -> dict[Table, list[int]]:
        """Of each table the places of the facts that no table before it reads."""
        facts = self.playbook.reference.facts
        unread = {at for key, at in self._facts.places.items() if key in facts}
        found = {}
        for table in self._tables:
            found[table] = sorted(unread & self._reads(table))
            unread -= self._reads(table)
        return found

    @cached_property
    def _live(self) -> dict[Table, list[int]]:
        """Of each table what is still asked after it: one case stands for the rest."""
        live: set[int] = set()
        found: dict[Table, list[int]] = {}
        for table in reversed(self._tables):
            found[table] = sorted(live)
            live |= self._reads(table)
        return found

    @cached_property
    def _lacking(self) -> list[Table]:
        """The tables with a question that only earlier tables answer."""
        return [table for table in self._tables if self._answerers[table]]

    def _reads(self, table: Table) -> set[int]:
        """Where in a state stands what a table asks, and its *Only when*."""
        asked = (each.key for part in table.parts for each in part.inputs)
        return {self._facts.places[key] for key in asked if key in self._facts.places}

    @cached_property
    def _watched(self) -> set[Table]:
        """The tables of which it matters in the end whether they have spoken."""
        acting = {table for table in self._tables if table.gives_action}
        behind = {
            each
            for table in self._lacking
            for earlier in self._answerers[table].values()
            for each in earlier
        }
        return acting.union(self._lacking, behind)

    def _after(self, table: Table, cases: Iterable[Case]) -> Iterator[Case]:
        """What cases are after a table, with each answer that it can give.

        Many differ only in what the table never reads: they are asked once.
        """
        picked = _picker(sorted(self._reads(table)))
        numbers = [
            number
            for number, column in enumerate(table.answers)
            if column.key in self._facts.kinds
        ]
        writes = [self._facts.places[table.answers[number].key] for number in numbers]
        found: dict[object, list[State] | None] = {}
        for state, speaking in cases:
            what = picked(state)
            if what not in found:
                found[what] = self._found(table, numbers, state)
            answers = found[what]
            if answers is None:
                yield state, speaking
                continue
            spoke = (*speaking, table) if table in self._watched else speaking
            for each in answers:
                yield _written(state, writes, each), spoke

    def _found(
        self, table: Table, numbers: Sequence[int], state: State
    ) -> list[State] | None:
        """List the possible answers of a table; ``None`` where it does not apply."""
        if not self._speaks(table, state):
            return None
        if not numbers:
            return [()]
        return [
            chosen
            for row in self._deciding(table, state)
            for chosen in product(*(self._answers(table, row, n) for n in numbers))
        ]

    def _speaks(self, table: Table, state: State) -> bool:
        """Whether a table applies; one whose *Only when* is not covered does not."""
        gate = table.only_when
        try:
            return gate is None or self._fits(gate, gate.rows[0], state)
        except NotCovered:
            return False

    def _deciding(self, table: Table, state: State) -> Iterator[Row]:
        """The rows that can decide a case; of ``F`` none after one that surely fits."""
        for row in table.rows:
            if not self._fits(table, row, state):
                continue
            yield row
            cells = zip(table.inputs, row.conditions, strict=True)
            is_sure = all(
                cell.is_any or each.key in self._facts.kinds for each, cell in cells
            )
            if table.policy is HitPolicy.FIRST and is_sure:
                return

    def _answers(self, table: Table, row: Row, number: int) -> list[Point]:
        column, value = table.answers[number], row.outcomes[number].value
        if isinstance(value, DayRule | LimitRule) or not table.policy.is_single:
            return self._facts.points(column.key)
        return [point_of(value, column.kind)]

    def _fits(self, table: Table, row: Row, state: State) -> bool:
        """Whether a row can fit a case, by what the gates of the page tell of it."""
        for at, column, cell in self._asked_by(table, row):
            point = state[at]
            if point is None or not self._facts.region(column, cell).has(point):
                return False
        return True

    def _asked_by(self, table: Table, row: Row) -> list[tuple[int, Column, Cell]]:
        """What a row asks of a case, with its places in a state."""
        if id(row) not in self._cells:
            pairs = zip(table.inputs, row.conditions, strict=True)
            places = self._facts.places
            self._cells[id(row)] = [
                (places[column.key], column, cell)
                for column, cell in pairs
                if not cell.is_any and column.key in places
            ]
        return self._cells[id(row)]

    def _point(self, state: State, key: str) -> Point | None:
        return state[self._facts.places[key]] if key in self._facts.places else None

    def _words(self, state: State) -> dict[str, object]:
        return {"case": self._facts.said(state), "when": self.when}


def _picker(places: Sequence[int]) -> Callable[[State], object]:
    """Take some places out of a state, as something to compare states by."""
    return itemgetter(*places) if places else lambda _: None


def _written(state: State, places: Sequence[int], points: State) -> State:
    """Put answers into their places."""
    if not places:
        return state
    written = list(state)
    for at, point in zip(places, points, strict=True):
        written[at] = point
    return tuple(written)
