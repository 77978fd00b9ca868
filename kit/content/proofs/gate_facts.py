"""The facts in the *Only when* lines of a page, and the values to try for each."""

from dataclasses import dataclass, field
from functools import cached_property

from ...catalogue import say
from ...rules.conditions import Cell
from ...rules.facts import MARKETPLACE, Situation
from ...rules.limits import plain_value
from ...rules.regions import IntervalSet, cuts_of, domain_of, place_before
from ...rules.tables import Column, Table
from ...rules.values import Kind, Point, Sort, Value, point_of, show_value, value_at
from ..playbook.playbook import Playbook

State = tuple[Point | None, ...]
"""A place on the scale of each question; ``None`` if the question has no answer."""


def gates_of(playbook: Playbook) -> list[Table]:
    """List the *Only when* lines of a page, in its order."""
    return [each.only_when for each in playbook.tables if each.only_when is not None]


@dataclass
class GateFacts:
    """The questions of all *Only when* lines of a page in one situation."""

    playbook: Playbook
    """The page."""

    situation: Situation
    """The marketplace and the day."""

    _regions: dict[tuple[int, str], IntervalSet] = field(default_factory=dict)

    def region(self, column: Column, cell: Cell) -> IntervalSet:
        """Convert a cell to a region of the scale of its question; cached."""
        place = (id(cell), column.key)
        if place not in self._regions:
            limits = {
                n: plain_value(self.situation.limit(n).value) for n in cell.limits
            }
            currency = self.situation.marketplace.currency
            self._regions[place] = cell.region(column.kind, limits, currency=currency)
        return self._regions[place]

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The kind of each question, by key."""
        return {
            column.key: column.kind
            for gate in gates_of(self.playbook)
            for column in gate.inputs
        }

    @cached_property
    def places(self) -> dict[str, int]:
        """The index of each question in a state, by key."""
        return {key: at for at, key in enumerate(self.kinds)}

    def points(self, key: str) -> list[Point]:
        """List one value for each segment of a fact that the page distinguishes."""
        kind = self.kinds[key]
        place = self.situation.marketplace
        if key == MARKETPLACE:
            return [point_of(place.id, kind)]
        if kind.is_words:
            return list(range(len(kind.words)))
        if kind.sort is Sort.YES_NO:
            return [0, 1]
        domain = domain_of(kind, place.currency)
        regions = [domain]
        for table in (*self.playbook.tables, *gates_of(self.playbook)):
            for number, column in enumerate(table.inputs):
                if column.key == key:
                    cells = (row.conditions[number] for row in table.rows)
                    regions += [self.region(column, cell) for cell in cells]
        cuts = cuts_of(regions)
        ends = zip((None, *cuts), (*cuts, None), strict=True)
        points = [place_before(low, high) for low, high in ends]
        return [point for point in points if domain.has(point)]

    def said(self, state: State) -> str:
        """Format a case in words."""
        currency = self.situation.marketplace.currency
        names = {
            column.key: column.name
            for gate in gates_of(self.playbook)
            for column in gate.inputs
        }
        found = []
        for key, point in zip(self.kinds, state, strict=True):
            if point is not None and key != MARKETPLACE:
                kind = self.kinds[key]
                value: Value = value_at(point, kind, currency)
                found.append(f"{names[key]} = {show_value(value, kind)}")
        return ", ".join(found) or say("cli.any-case")
