"""Decide a table after the earlier tables whose answers it needs.

A table is asked only if its *Only when* fits, and an earlier table only if its answer
could still change the result. So an agent is never asked for what does not matter.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ...errors import NotCovered
from ...rules.decisions import (
    NO_POSSIBILITIES,
    Decision,
    FactNeeded,
    NotApplicable,
    Possibilities,
    decide,
)
from ...rules.facts import Known, roots_of
from ...rules.outcomes import DayRule, LimitRule, anchor_of
from ...rules.tables import Column, Table
from ...rules.values import Value

Result = Decision | FactNeeded | NotApplicable
"""The result of a table: a decision, what to ask for first, or silence."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the earlier tables can answer for one table."""

    earlier: Mapping[str, tuple[Table, ...]]
    """By the key of an answer, the earlier tables that give it, the nearest first."""

    asked: tuple[Column, ...]
    """The questions of the table that they can answer."""

    asked_by_gate: tuple[Column, ...]
    """The questions of its *Only when* that they can answer."""


@dataclass(slots=True)
class _Attempted:
    """What the earlier tables returned while one table was being decided."""

    asks: dict[str, FactNeeded] = field(default_factory=dict)
    """By the key of a question, what has to be asked before it can be answered."""

    possible: dict[str, frozenset[Value]] = field(default_factory=dict)
    """By the key of a question, what its answer can still be."""

    unanswered: set[str] = field(default_factory=set)
    """Keys of questions that no table answers in this case."""

    tried: set[str] = field(default_factory=set)
    """Keys of questions for which the earlier tables were asked."""


@dataclass(slots=True)
class Chain:
    """Decides the tables of one page for one case."""

    plans: Mapping[Table, Plan]
    """For each table of the page what earlier ones answer; see ``plans_of``."""

    known: Known
    """The facts of the case; answers of tables are added to it."""

    gathered: Collection[str]
    """Keys of the declared facts: what no table answers can be looked up."""

    ask_order: Sequence[str] = ()
    """Keys of facts in the order in which to ask for them."""

    edition_by: str = ""
    """Key of the date that selects the edition of limits; empty for the case's day."""

    def decide(self, table: Table, *, is_open: bool = False) -> Result:
        """Decide one table.

        Args:
            table: One of the tables of the page.
            is_open: Whether to decide it even if nothing is known of the facts in its
                *Only when*.

        Raises:
            KitError: The page cannot decide the case.
        """
        before = self.known.decided.get(table)
        if isinstance(before, (Decision, NotApplicable)):
            return before
        result = self._result(table, is_open)
        if not is_open and not isinstance(result, FactNeeded):
            self.known.decided[table] = result
        return result

    def _result(self, table: Table, is_open: bool) -> Result:
        if self.edition_by and self._lacks_edition(table):
            return FactNeeded(table, self.edition_by, (self.edition_by,), ())
        closed = self._gate(table, is_open) if table.only_when else None
        if closed is not None:
            return closed
        result = self._after_others(table, before=table)
        if isinstance(result, Decision):
            self._learn_days(result)
        return result

    def _learn_days(self, decision: Decision) -> None:
        """Add the days from which a row counts, where earlier tables answer them."""
        earlier, known = self.plans[decision.table].earlier, self.known
        for row in decision.rows if earlier else ():
            for outcome in row.outcomes:
                anchor = anchor_of(outcome)
                for key in roots_of(anchor, known.vocabulary) if anchor else ():
                    if key in earlier and known.value(key) is None:
                        self._try(key, decision.table, _Attempted())

    def _gate(self, table: Table, is_open: bool) -> FactNeeded | NotApplicable | None:
        """Evaluate the *Only when*; ``None`` if the table applies."""
        if table.only_when is None:
            return None
        gate = self._after_others(table.only_when, before=table)
        if isinstance(gate, Decision):
            return None if gate.rows else NotApplicable(table, gate)
        return None if is_open else FactNeeded(gate.table, gate.first, gate.facts, ())

    def _after_others(self, table: Table, *, before: Table) -> Decision | FactNeeded:
        """Decide a table, asking earlier ones as long as their answers matter."""
        plan, known = self.plans[before], self.known
        earlier, looked = plan.earlier, None
        for column in plan.asked if table is before else plan.asked_by_gate:
            if known.value(column.key) is None:
                looked = looked or _Attempted()
                self._try(column.key, before, looked)
        while True:
            leads = (
                Possibilities(looked.possible, looked.unanswered)
                if looked
                else NO_POSSIBILITIES
            )
            result = decide(table, known, ask_order=self.ask_order, leads=leads)
            if isinstance(result, Decision):
                return result
            looked = looked or _Attempted()
            keys = (*result.wants, *result.facts)
            key = next((k for k in keys if k in earlier and k not in looked.tried), "")
            if not key:
                return self._first(result, looked.asks)
            looked.tried.add(key)
            self._learn(key, before, looked)

    def _try(self, key: str, before: Table, looked: _Attempted) -> None:
        """Let an earlier table answer, if it can; it may turn out not to matter."""
        try:
            self._learn(key, before, looked)
        except NotCovered:
            return
        looked.tried.add(key)

    def _learn(self, key: str, before: Table, looked: _Attempted) -> None:
        """Let the nearest earlier table that applies answer a question."""
        is_gathered = key in self.gathered
        for earlier in self.plans[before].earlier[key]:
            try:
                result = self.decide(earlier)
            except NotCovered:
                if is_gathered:
                    return
                raise
            if not isinstance(result, NotApplicable):
                self._keep(key, earlier, result, looked)
                return
        if not is_gathered:
            looked.unanswered.add(key)

    def _keep(
        self, key: str, table: Table, result: Decision | FactNeeded, looked: _Attempted
    ) -> None:
        """Store what a table answers, or what it still asks for."""
        if isinstance(result, FactNeeded):
            looked.asks[key] = result
            # What another table before it asks for tells nothing of its own rows.
            values = _values(result, key) if result.table is table else None
            if values:
                looked.possible[key] = values
            return
        answer = result.answers[key]
        if answer is not None and not isinstance(answer, tuple):
            self.known.learn(key, answer)

    def _first(self, result: FactNeeded, asks: dict[str, FactNeeded]) -> FactNeeded:
        """Choose what to ask first: questions of earlier tables precede one's own."""
        for key in result.wants:
            if key in asks and key not in self.gathered:
                return asks[key]
        return asks.get(result.first, result)

    def _lacks_edition(self, table: Table) -> bool:
        compares = any(each.limits for each in table.parts)
        return (compares or bool(table.answer_limits)) and self.known.value(
            self.edition_by
        ) is None


def plans_of(tables: Sequence[Table]) -> Mapping[Table, Plan]:
    """Find for each table of a page what the earlier tables can answer."""
    plans: dict[Table, Plan] = {}
    earlier: dict[str, tuple[Table, ...]] = {}
    for table in tables:
        asked, by_gate = (
            tuple(each for each in columns if each.key in earlier)
            for columns in (
                table.inputs,
                table.only_when.inputs if table.only_when else (),
            )
        )
        plans[table] = Plan(dict(earlier), asked, by_gate)
        for column in table.answers:
            earlier[column.key] = (table, *earlier.get(column.key, ()))
    return plans


def _values(ask: FactNeeded, key: str) -> frozenset[Value]:
    """What a table can still answer; nothing if that is not known."""
    found: set[Value] = set()
    keys = [column.key for column in ask.table.answers]
    if key not in keys or not ask.table.policy.is_single:
        return frozenset()
    for row in ask.rows:
        value = row.outcomes[keys.index(key)].value
        if isinstance(value, DayRule | LimitRule):
            return frozenset()
        found.add(value)
    return frozenset(found)
