"""The steps of a case: which tables lead to the action, and which change nothing.

A table answers for every case for which it speaks. A later one may then decide without
that answer, since the bank decides or two offers are enough: such a step is no advice.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from ...content.cases import PracticeCase
from ...rules.decisions import Decision
from ...rules.facts import Vocabulary, roots_of
from ...rules.outcomes import anchor_of
from ...rules.tables import Column, HitPolicy, Row, Table

MOST_KEPT = 512
"""How many cases are remembered."""


@lru_cache(maxsize=MOST_KEPT)
def unused_steps(case: PracticeCase) -> Mapping[str, str]:
    """Find the tables of a case that do not lead to what its page says in the end.

    The end is the action, and every answer for which no table of the page asks, such
    as the last day. A table leads there if the deciding row of a later one that leads
    there, or its *Only when*, looks at its answer.

    Args:
        case: The case.

    Returns:
        By the name of each, the name of the later table that decides without it.

    Raises:
        KitError: The page cannot decide the case; reading it has ruled this out.
    """
    vocabulary = case.playbook.vocabulary()
    decisions = case.decide()
    asked = {
        key for each in case.playbook.tables for key in _asks_for(each, vocabulary)
    }
    ends = [each for each in decisions if _is_end(each.table, asked)] or decisions[-1:]
    leading = _leading(decisions, ends)
    last = next((each for each in reversed(ends) if each.table.gives_action), ends[-1])
    found: dict[str, str] = {}
    for number in reversed(range(len(decisions))):
        table = decisions[number].table
        if table.name not in leading:
            askers = [
                each.table.name
                for each in decisions[number + 1 :]
                if _asks_for(each.table, vocabulary) & _answered_by(table)
            ]
            name = askers[-1] if askers else last.table.name
            found[table.name] = found.get(name, name)
    return found


def rests_on(decision: Decision, column: Column | None = None) -> tuple[str, ...]:
    """List the keys of facts and answers at which a table looked to decide.

    Args:
        decision: A decision.
        column: One of its answers, if the day from which it is counted is to be among
            them; else those of all answers are.
    """
    found = dict.fromkeys((*_asked(decision), *_counted_from(decision, column)))
    return tuple(found)


def roots(keys: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """List the facts and answers from which others follow, each once."""
    return tuple(
        dict.fromkeys(root for key in keys for root in roots_of(key, vocabulary))
    )


def gates_of(table: Table) -> tuple[str, ...]:
    """List the keys that decide whether a table speaks at all."""
    if table.only_when is None:
        return ()
    return tuple(each.key for each in table.only_when.inputs)


def _leading(decisions: Sequence[Decision], ends: Sequence[Decision]) -> set[str]:
    """Go back from the ends to the tables whose answers were looked at."""
    found: set[str] = set()
    todo = [*ends]
    while todo:
        decision = todo.pop()
        if decision.table.name not in found:
            found.add(decision.table.name)
            keys = (*rests_on(decision), *gates_of(decision.table))
            used = {*roots(keys, decision.known.vocabulary)}
            todo += [each for each in decisions if used & _answered_by(each.table)]
    return found


def _is_end(table: Table, asked: set[str]) -> bool:
    return table.gives_action or not _answered_by(table) & asked


def _answered_by(table: Table) -> set[str]:
    return {each.key for each in table.answers}


def _asks_for(table: Table, vocabulary: Vocabulary) -> set[str]:
    """The facts and answers for which any row of a table, or its gate, can ask."""
    keys = [column.key for part in table.parts for column in part.inputs]
    return {*roots(keys, vocabulary)}


def _asked(decision: Decision) -> Iterator[str]:
    for row in _looked_at(decision):
        cells = zip(decision.table.inputs, row.conditions, strict=True)
        for question, cell in cells:
            if not cell.is_any:
                yield question.key


def _looked_at(decision: Decision) -> Sequence[Row]:
    """The rows that decide, and those before them where the order decides."""
    table = decision.table
    if table.policy is HitPolicy.UNIQUE:
        return decision.rows
    if table.policy is HitPolicy.FIRST:
        return table.rows[: table.rows.index(decision.rows[0]) + 1]
    return table.rows


def _counted_from(decision: Decision, column: Column | None) -> Iterator[str]:
    for row in decision.rows:
        for each, outcome in zip(decision.table.answers, row.outcomes, strict=True):
            if anchor_of(outcome) and (column is None or column is each):
                yield anchor_of(outcome)
