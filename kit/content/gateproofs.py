"""Prove that one action is given at a time: no case gets two, and every case gets one.

All that the *Only when* lines of a page ask about is walked through in the order of the
page: every value that a fact can have, and every answer that an earlier table can give.
Facts are taken as independent of one another, so the proof may doubt a case that cannot
occur, and never trusts one that can.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise, product

from ..catalogue import say
from ..errors import Mistake, NotCovered
from ..rules.conditions import Cell
from ..rules.facts import MARKETPLACE, Situation
from ..rules.limits import plain_value
from ..rules.outcomes import DayRule, LimitRule
from ..rules.proofs import TooWide, possible_results
from ..rules.regions import Region, cuts_of, domain_of, place_before
from ..rules.tables import Column, HitPolicy, Row, Table, grid_of
from ..rules.values import Kind, Point, Sort, Value, point_of, show_value, value_at
from .playbooks import Playbook

MOST_STATES = 20_000
"""How many different cases one walk may meet before it gives up."""

State = tuple[Point | None, ...]
"""Where the value of each question lies; ``None`` if nobody answers it."""

Case = tuple[State, tuple[Table, ...]]
"""A state, and the tables that have spoken so far."""


def unproved_gates(playbook: Playbook) -> Iterator[Mistake]:
    """Find cases in which two tables give an action, or none does."""
    acting = [table for table in playbook.tables if table.gives_action]
    if not acting or (len(acting) == 1 and not _gates(playbook)):
        return
    for situation, when in _situations(playbook):
        try:
            yield from _Walk(playbook, situation, when).mistakes()
        except NotCovered:
            continue
        except TooWide:
            values: dict[str, object] = {"table": acting[0].name, "when": when}
            yield Mistake("not-proven", playbook.path, acting[0].line, values)


def _written(state: State, places: Sequence[int], points: State) -> State:
    """Put answers into their places."""
    if not places:
        return state
    written = list(state)
    for at, point in zip(places, points, strict=True):
        written[at] = point
    return tuple(written)


def _gates(playbook: Playbook) -> list[Table]:
    return [each.only_when for each in playbook.tables if each.only_when is not None]


def _situations(playbook: Playbook) -> Iterator[tuple[Situation, str]]:
    """Where and when the gates of a page can mean something else.

    Places and days with the same limits everywhere on the page are one situation.
    """
    seen = set()
    keys = {column.key for gate in _gates(playbook) for column in gate.questions}
    limits = {name for gate in _gates(playbook) for name in gate.limits}
    for table in playbook.tables:
        for column in table.questions:
            if column.key in keys:
                limits |= set(table.limits)
    parts = [part for table in playbook.tables for part in table.parts]
    every = sorted({name for part in parts for name in part.limits})
    starts = {row.start for row in playbook.limits.rows if row.name in limits}
    places = list(playbook.reference.marketplaces.values())
    for place in places if limits or MARKETPLACE in keys else places[:1]:
        for day in sorted(starts) or [date.max]:
            words = say("cli.when", marketplace=place.id, day=day) if limits else ""
            situation = Situation(place, day, day, playbook.limits)
            values = tuple(_value_of(name, situation) for name in every)
            meant = (values, place.currency, place.id if MARKETPLACE in keys else "")
            if meant not in seen:
                seen.add(meant)
                yield situation, f" {words}" if words else ""


def _value_of(name: str, situation: Situation) -> object:
    try:
        return situation.limit(name).value
    except NotCovered:
        return None


@dataclass
class _Walk:
    """One walk through all cases that the gates of a page tell apart."""

    playbook: Playbook
    situation: Situation
    when: str
    met: int = 0
    _regions: dict[tuple[int, str], Region] = field(default_factory=dict)

    @property
    def _tables(self) -> tuple[Table, ...]:
        return self.playbook.tables

    def mistakes(self) -> Iterator[Mistake]:
        """Walk, and name the first case of each kind of mistake."""
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
        """Judge a table that speaks by the questions that nobody answers before it."""
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
        """Find questions that nobody answers here and that the table still needs."""
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
        open_ones = [n for n in range(len(table.questions)) if n not in lacking]
        within = {
            number: frozenset({grid.scales[number].segment_at(point)})
            for number in open_ones
            if (point := self._point(state, table.questions[number].key)) is not None
        }
        if 0 in possible_results(grid, rows, open_ones, within):
            yield table.questions[lacking[0]]

    @cached_property
    def _answerers(self) -> dict[Table, dict[int, tuple[Table, ...]]]:
        """Of each table the questions that only earlier tables answer, and which."""
        facts = self.playbook.reference.facts
        return {
            table: {
                number: self.playbook.answerers(column.key, before=table)
                for number, column in enumerate(table.questions)
                if column.key not in facts
            }
            for table in self._tables
        }

    def _walked(self) -> Iterator[Mistake]:
        """Walk through the page with every case, and judge each."""
        cases: Sequence[Case] = [((None,) * len(self._kinds), ())]
        for table in self._tables:
            live = self._live[table]
            following: dict[Case, Case] = {}
            after: Iterable[Case] = self._after(table, self._known(table, cases))
            if self._answerers[table]:
                after = list(after)
                yield from self._judged_at(table, after)
            for state, speaking in after:
                what = tuple([state[at] for at in live])
                following.setdefault((what, speaking), (state, speaking))
                if len(following) > MOST_STATES:
                    raise TooWide
            cases = list(following.values())
        for state, speaking in cases:
            yield from self._judged(state, speaking)

    def _known(self, table: Table, cases: Iterable[Case]) -> Iterator[Case]:
        """Give each fact that this table is the first to read each of its values.

        Not earlier: cases that differ in nothing that was read are still one.
        """
        places = self._first_read[table]
        choices = [self._points(key) for key in self._kinds]
        points = list(product(*(choices[at] for at in places)))
        for state, speaking in cases:
            for each in points:
                yield _written(state, places, each), speaking

    @cached_property
    def _first_read(self) -> dict[Table, list[int]]:
        """Of each table the places of the facts that no table before it reads."""
        facts = self.playbook.reference.facts
        unread = {at for key, at in self._places.items() if key in facts}
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
        asked = (each.key for part in table.parts for each in part.questions)
        return {self._places[key] for key in asked if key in self._places}

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
        reads = sorted(self._reads(table))
        numbers = [
            number
            for number, column in enumerate(table.answers)
            if column.key in self._kinds
        ]
        writes = [self._places[table.answers[number].key] for number in numbers]
        found: dict[State, list[State] | None] = {}
        for state, speaking in cases:
            what = tuple([state[at] for at in reads])
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
        """All that a table can answer to a case; ``None`` where it does not speak."""
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
        """Whether a table speaks; one whose *Only when* is not covered does not."""
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
            cells = zip(table.questions, row.conditions, strict=True)
            is_sure = all(
                cell.is_any or each.key in self._kinds for each, cell in cells
            )
            if table.policy is HitPolicy.FIRST and is_sure:
                return

    def _answers(self, table: Table, row: Row, number: int) -> list[Point]:
        column, value = table.answers[number], row.outcomes[number].value
        if isinstance(value, DayRule | LimitRule) or not table.policy.is_single:
            return self._points(column.key)
        return [point_of(value, column.kind)]

    def _fits(self, table: Table, row: Row, state: State) -> bool:
        """Whether a row can fit a case, by what the gates of the page tell of it."""
        for column, cell in zip(table.questions, row.conditions, strict=True):
            if cell.is_any or column.key not in self._places:
                continue
            point = state[self._places[column.key]]
            if point is None or not self._region(column, cell).has(point):
                return False
        return True

    def _point(self, state: State, key: str) -> Point | None:
        return state[self._places[key]] if key in self._places else None

    def _region(self, column: Column, cell: Cell) -> Region:
        place = (id(cell), column.key)
        if place not in self._regions:
            limits = {
                n: plain_value(self.situation.limit(n).value) for n in cell.limits
            }
            currency = self.situation.marketplace.currency
            self._regions[place] = cell.region(column.kind, limits, currency=currency)
        return self._regions[place]

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        """Everything that the gates of the page ask about."""
        return {
            column.key: column.kind
            for gate in _gates(self.playbook)
            for column in gate.questions
        }

    @cached_property
    def _places(self) -> dict[str, int]:
        """Where each question stands in a state."""
        return {key: at for at, key in enumerate(self._kinds)}

    def _points(self, key: str) -> list[Point]:
        """Find one value for each thing that a fact can mean to the page."""
        kind = self._kinds[key]
        place = self.situation.marketplace
        if key == MARKETPLACE:
            return [point_of(place.id, kind)]
        if kind.is_words:
            return list(range(len(kind.words)))
        if kind.sort is Sort.YES_NO:
            return [0, 1]
        domain = domain_of(kind, place.currency)
        regions = [domain]
        for table in (*self._tables, *_gates(self.playbook)):
            for number, column in enumerate(table.questions):
                if column.key == key:
                    cells = (row.conditions[number] for row in table.rows)
                    regions += [self._region(column, cell) for cell in cells]
        cuts = cuts_of(regions)
        ends = zip((None, *cuts), (*cuts, None), strict=True)
        points = [place_before(low, high) for low, high in ends]
        return [point for point in points if domain.has(point)]

    def _words(self, state: State) -> dict[str, object]:
        return {"case": self._said(state), "when": self.when}

    def _said(self, state: State) -> str:
        """Say a case in words."""
        currency = self.situation.marketplace.currency
        names = {
            column.key: column.name
            for gate in _gates(self.playbook)
            for column in gate.questions
        }
        found = []
        for key, point in zip(self._kinds, state, strict=True):
            if point is not None and key != MARKETPLACE:
                kind = self._kinds[key]
                value: Value = value_at(point, kind, currency)
                found.append(f"{names[key]} = {show_value(value, kind)}")
        return ", ".join(found) or say("cli.any-case")
