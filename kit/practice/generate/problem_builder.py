"""Build the problems of a scene from its playbook and its stories."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from ...content.playbook.playbook import Playbook
from ...content.stories.constraints import Condition, When
from ...content.stories.scene_facts import facts_of, tables_of
from ...content.stories.story_model import Bound, PoolRow, Scene, Stories
from ...errors import NotCovered
from ...rules.conditions import Cell
from ...rules.facts import MARKETPLACE, TODAY, Derivation, Situation
from ...rules.limits import plain_value
from ...rules.regions import domain_of
from ...rules.tables import HitPolicy, Row, Table
from ...rules.values import Kind, Money, Sort
from .era_editions import days_of, eras, is_covered, is_told
from .int_sets import IntRanges, bits, complement, int_ranges, intersection
from .interval_domains import Difference, Percentage
from .problems import (
    DistanceRule,
    DomainImplication,
    Domains,
    PoolChoice,
    Problem,
    ProblemRow,
    ProblemTable,
)

_WHOLE = Kind(Sort.WHOLE)


@lru_cache(maxsize=4096)
def problems_at(
    stories: Stories, scene: Scene, marketplace: str
) -> tuple[Problem, ...]:
    """Find the problems of a scene at a marketplace, the earliest first."""
    playbook = stories.playbook
    place = playbook.reference.marketplaces[marketplace]
    wanted = scene.decisions_at(marketplace)
    tables = tables_of(stories, scene, marketplace)
    first, last = days_of(playbook)
    found = []
    for since, until in eras(playbook, tables, (first, last)):
        situation = Situation(place, since, since, playbook.limits)
        held = tuple(each for each in tables if is_covered(playbook, each, situation))
        if not _lacks(playbook, [each for each in tables if each not in held], wanted):
            maker = _ProblemBuilder(stories, scene, situation, held)
            ends = (since.toordinal(), until.toordinal())
            try:
                problem = maker.problem(ends, (first.toordinal(), last.toordinal()))
            except NotCovered:
                continue  # The scene itself counts with a limit that is not there yet.
            if problem is not None:
                found.append(problem)
    return tuple(found)


def _lacks(
    playbook: Playbook, uncovered: Sequence[Table], wanted: Sequence[str]
) -> bool:
    """Whether something cannot be known, since a table has no limits there.

    What a table would answer can be a fact too; then the agent has to look it up.
    Where the page chooses the tables, one without an action can be left out.
    """
    asked = {column.key for table in playbook.tables for column in table.inputs}
    for table in uncovered:
        answers = {column.key for column in table.answers}
        needed = answers if wanted else answers & asked
        if table.name in wanted or (not wanted and table.gives_action):
            return True
        if not needed <= set(playbook.reference.facts):
            return True
    return False


def region_of(cell: Cell, kind: Kind, situation: Situation) -> int | IntRanges:
    """Find what fits a cell, as bits or as ranges.

    Raises:
        NotCovered: A limit that the cell names has no value there.
    """
    values = {name: plain_value(situation.limit(name).value) for name in cell.limits}
    region = cell.region(kind, values, currency=situation.marketplace.currency)
    return int_ranges(region) if kind.is_ordered else bits(region, kind)


class _ProblemBuilder:
    """One problem while it is being made."""

    def __init__(
        self,
        stories: Stories,
        scene: Scene,
        situation: Situation,
        tables: tuple[Table, ...],
    ) -> None:
        self.stories, self.scene = stories, scene
        self.situation, self.tables = situation, tables
        self.playbook = stories.playbook
        answered = {column.key for table in tables for column in table.answers}
        self.facts = tuple(
            key for key in facts_of(stories, scene) if key not in answered
        )
        self.words: dict[str, int] = {}
        self.counts: dict[str, IntRanges] = {}

    def problem(
        self, edition: tuple[int, int], days: tuple[int, int]
    ) -> Problem | None:
        """Make it; none where the scene does not play at the marketplace."""
        self._domains()
        case_vocabulary = self.stories.case_vocabulary
        bounds = (*case_vocabulary.always, *case_vocabulary.usual, *self.scene.facts)
        if not all(map(self._bound, bounds)):
            return None
        kinds = self.playbook.reference.facts
        place = self.situation.marketplace
        if not self._tighten(MARKETPLACE, 1 << self._places.index(place.id)):
            return None
        return Problem(
            stories=self.stories,
            scene=self.scene,
            situation=self.situation,
            since=edition[0],
            until=edition[1],
            first=days[0],
            last=days[1],
            tables=tuple(map(self._table, self.tables)),
            facts=self.facts,
            counted=tuple(
                (key, kinds[key].kind.sort)
                for key in self.facts
                if kinds[key].kind.is_ordered
            ),
            start=Domains(self.words, self.counts),
            usual=tuple(self._usual(bounds)),
            implications=tuple(self._implications()),
            derived=tuple(self._derived()),
            distance_rules=tuple(self._distance_rules()),
            pools=tuple(self._pools()),
            steps=tuple(
                (words, step)
                for step in case_vocabulary.steps
                if (words := self._bits_of_all(step.when)) is not None
            ),
        )

    @property
    def _places(self) -> tuple[str, ...]:
        return self.playbook.reference.facts[MARKETPLACE].kind.words

    def _domains(self) -> None:
        facts = self.playbook.vocabulary()
        keys = {
            column.key: column.kind for each in self._asking for column in each.inputs
        }
        keys |= {key: facts[key].kind for key in (MARKETPLACE, *self.facts)}
        for key, kind in keys.items():
            if kind.sort is Sort.TEXT:
                continue
            region = domain_of(kind, self.situation.marketplace.currency)
            if kind.is_ordered:
                self.counts[key] = int_ranges(region)
            else:
                self.words[key] = bits(region, kind)

    def _bound(self, bound: Bound) -> bool:
        """Let a fact be only what it can be; whether it can be that here at all."""
        if bound.fact not in self.words and bound.fact not in self.counts:
            return True
        if self._is_foreign(bound.can_be):
            return False
        return self._tighten(
            bound.fact, region_of(bound.can_be, bound.kind, self.situation)
        )

    def _tighten(self, key: str, some: int | IntRanges) -> bool:
        if isinstance(some, int):
            self.words[key] &= some
            return bool(self.words[key])
        self.counts[key] = intersection(self.counts[key], some)
        return bool(self.counts[key])

    def _usual(
        self, bounds: tuple[Bound, ...]
    ) -> Iterator[tuple[str, int | IntRanges]]:
        for each in bounds:
            known = each.fact in self.words or each.fact in self.counts
            if known and not each.usually.is_any:
                yield each.fact, region_of(each.usually, each.kind, self.situation)

    def _table(self, table: Table) -> ProblemTable:
        return ProblemTable(
            name=table.name,
            rows=tuple(self._row(table, row) for row in table.rows),
            usable=tuple(
                place
                for place, row in enumerate(table.rows)
                if is_told(self.playbook, table, row, self.situation)
            ),
            is_single=table.policy.is_single,
            gate=self._gate(table),
            inapplicable_domains=tuple(self._inapplicable_domains(table)),
            sole_answers=dict(self._sole_answers(table)),
        )

    @property
    def _asking(self) -> tuple[Table, ...]:
        """Every table that asks something, an *Only when* among them."""
        return tuple(part for each in self.tables for part in each.parts)

    def _gate(self, table: Table) -> Domains | None:
        if table.only_when is None:
            return None
        return self._asks(table.only_when, table.only_when.rows[0])

    def _inapplicable_domains(self, table: Table) -> Iterator[Domains]:
        gate = self._gate(table)
        if gate is None:
            return
        for key, some in gate.words.items():
            kind = self.playbook.vocabulary()[key].kind
            every = bits(domain_of(kind, self.situation.marketplace.currency), kind)
            if every & ~some:
                yield Domains({key: every & ~some}, {})
        for key, ranges in gate.counts.items():
            yield Domains({}, {key: complement(ranges)})

    def _sole_answers(self, table: Table) -> Iterator[tuple[str, int]]:
        for column in table.answers:
            others = (
                other
                for other in self.tables
                if other is not table
                and any(each.key == column.key for each in other.answers)
            )
            is_known = column.key in self.playbook.reference.facts
            if column.key in self.words and not is_known and not any(others):
                yield column.key, self.words[column.key]

    def _asks(self, table: Table, row: Row) -> Domains:
        words: dict[str, int] = {}
        counts: dict[str, IntRanges] = {}
        for column, cell in zip(table.inputs, row.conditions, strict=True):
            if cell.is_any:
                continue
            found = region_of(cell, column.kind, self.situation)
            if isinstance(found, int):
                words[column.key] = found
            else:
                counts[column.key] = found
        return Domains(words, counts)

    def _row(self, table: Table, row: Row) -> ProblemRow:
        asks = self._asks(table, row)
        says = {
            column.key: 1 << _place_of(column.kind, outcome.value)
            for column, outcome in zip(table.answers, row.outcomes, strict=True)
            if (column.kind.words or column.kind.sort is Sort.YES_NO)
            and not self._is_answered_later(column.key, table)
        }
        needs = Domains({**asks.words, **says}, asks.counts)
        return ProblemRow(row.number, asks, needs, _earlier_rows(table, row))

    def _is_answered_later(self, key: str, table: Table) -> bool:
        """Whether a later table answers the same: then that one is asked."""
        later = self.tables[self.tables.index(table) + 1 :]
        return any(column.key == key for each in later for column in each.answers)

    def _implications(self) -> Iterator[DomainImplication]:
        for implication in self.stories.case_vocabulary.implications:
            inside = self._bits_of(implication.when)
            if inside is None:
                continue
            then = implication.then
            if then is None:
                if implication.unknown in self.facts:
                    yield DomainImplication(
                        implication.when.fact, inside, implication.unknown, 0, None
                    )
            elif then.fact in self.words or then.fact in self.counts:
                found = region_of(then.cell, then.kind, self.situation)
                if isinstance(found, int):
                    yield DomainImplication(
                        implication.when.fact, inside, then.fact, found, None
                    )
                else:
                    yield DomainImplication(
                        implication.when.fact, inside, then.fact, 0, found
                    )

    def _bits_of(self, when: Condition) -> int | None:
        if when.fact not in self.words and not self._is_answered(when.fact):
            return None
        found = region_of(when.cell, when.kind, self.situation)
        return found if isinstance(found, int) else None

    def _bits_of_all(self, when: When) -> dict[str, int] | None:
        """Find the bits of conditions on words; none if a fact is not there at all."""
        found: dict[str, int] = {}
        for each in when:
            inside = self._bits_of(each)
            if inside is None:
                return None
            if not self._is_sure(each.fact, inside):
                found[each.fact] = inside
        return found

    def _is_sure(self, key: str, inside: int) -> bool:
        """Whether every case fits, so that no condition is needed."""
        can_lack = any(
            implication.unknown == key
            for implication in self.stories.case_vocabulary.implications
        )
        return not can_lack and not self.words.get(key, ~inside) & ~inside

    def _distance_rules(self) -> Iterator[DistanceRule]:
        numbers = {TODAY, *self.counts}
        for apart in (
            *self.stories.case_vocabulary.day_distances,
            *self.scene.day_distances,
        ):
            when = self._bits_of_all(apart.when)
            if when is not None and {apart.earlier, apart.later} <= numbers:
                links = tuple(
                    Difference(apart.earlier, apart.later, low, high)
                    for low, high in self._numbers(apart.days)
                )
                yield DistanceRule(when, apart.earlier, apart.later, links)
        for share in self.stories.case_vocabulary.amount_ratios:
            when = self._bits_of_all(share.when)
            if when is not None and {share.of, share.amount} <= numbers:
                parts = tuple(
                    Percentage(share.of, share.amount, low, high)
                    for low, high in self._numbers(share.percent)
                )
                yield DistanceRule(when, share.of, share.amount, parts)

    def _numbers(self, cell: Cell) -> IntRanges:
        """Find the whole numbers that fit a cell."""
        found = region_of(cell, _WHOLE, self.situation)
        return () if isinstance(found, int) else found

    def _pools(self) -> Iterator[tuple[PoolChoice, ...]]:
        for pool in self.stories.case_vocabulary.pools:
            if set(pool.gives) & set(self.facts):
                yield tuple(
                    row for each in pool.rows if (row := self._words(each)) is not None
                )

    def _words(self, draw: PoolRow) -> PoolChoice | None:
        words: dict[str, int] = {}
        counts: dict[str, IntRanges] = {}
        for each in draw.when:
            if self._is_foreign(each.cell):
                return None
            if each.fact not in self.words and each.fact not in self.counts:
                continue  # The case does not have this fact, so it cannot disagree.
            found = region_of(each.cell, each.kind, self.situation)
            if isinstance(found, int):
                if not found & self.words[each.fact]:
                    return None
                if not self._is_sure(each.fact, found):
                    words[each.fact] = found
            else:
                counts[each.fact] = found
        return PoolChoice(Domains(words, counts), draw.words)

    def _is_foreign(self, cell: Cell) -> bool:
        """Whether a cell names an amount of another currency."""
        ends = (end for one in cell.intervals for end in (one.low, one.high))
        currency = self.situation.marketplace.currency
        return any(
            isinstance(each, Money) and each.currency != currency for each in ends
        )

    def _is_answered(self, key: str) -> bool:
        return any(
            column.key == key for table in self.tables for column in table.answers
        )

    def _derived(self) -> Iterator[tuple[str, Derivation]]:
        facts = self.playbook.reference.facts
        seen: dict[str, None] = {
            column.key: None for table in self._asking for column in table.inputs
        }
        for key in seen:
            fact = facts.get(key)
            if fact is not None and fact.derivation is not None:
                yield key, fact.derivation


def _earlier_rows(table: Table, row: Row) -> tuple[int, ...]:
    """Find the rows that go before a row where both fit."""
    place = table.rows.index(row)
    if table.policy is HitPolicy.FIRST:
        return tuple(range(place))
    if table.policy is HitPolicy.PRIORITY:
        rank = (table.priority(row), place)
        return tuple(
            other
            for other, each in enumerate(table.rows)
            if (table.priority(each), other) < rank
        )
    return ()


def _place_of(kind: Kind, value: object) -> int:
    return (
        int(value is True) if kind.sort is Sort.YES_NO else kind.words.index(str(value))
    )
