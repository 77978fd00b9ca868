"""Steps: which tables of a case lead to its action, and which do not.

A page asks some questions on the way. Where the row that decides does not look at the
answer of such a question, the answer says nothing about what to do.
"""

from collections.abc import Iterator

from ..content.cases import PracticeCase
from ..rules.decisions import Decision
from ..rules.facts import Vocabulary, roots_of
from ..rules.outcomes import anchor_of
from ..rules.tables import Table


def leading_tables(case: PracticeCase) -> frozenset[str]:
    """Find the tables of a case that lead to what its page says in the end.

    The end is the action, and every answer that no table of the page asks about, such
    as the last day. A table leads there if the deciding row of a later one, or its
    *Only when*, looks at its answer.

    Args:
        case: The case.

    Returns:
        The names of the tables.

    Raises:
        KitError: The page cannot decide the case; reading it has ruled this out.
    """
    decisions = case.decide()
    vocabulary = case.playbook.vocabulary()
    asked = {
        root
        for table in case.playbook.tables
        for part in table.parts
        for column in part.questions
        for root in roots_of(column.key, vocabulary)
    }
    todo = [each for each in decisions if _is_end(each.table, asked)]
    found: set[str] = set()
    while todo:
        decision = todo.pop()
        if decision.table.name not in found:
            found.add(decision.table.name)
            used = set(_used_by(decision, vocabulary))
            todo += [each for each in decisions if used & _answered_by(each.table)]
    return frozenset(found)


def _is_end(table: Table, asked: set[str]) -> bool:
    return table.gives_action or not _answered_by(table) & asked


def _answered_by(table: Table) -> set[str]:
    return {column.key for column in table.answers}


def _used_by(decision: Decision, vocabulary: Vocabulary) -> Iterator[str]:
    """Find what the deciding row looks at, down to facts and earlier answers."""
    places = [(decision.table, decision.rows)]
    if decision.table.only_when is not None:
        places.append((decision.table.only_when, decision.table.only_when.rows))
    for table, row in ((table, row) for table, rows in places for row in rows):
        for column, cell in zip(table.questions, row.conditions, strict=True):
            if not cell.is_any:
                yield from roots_of(column.key, vocabulary)
        for outcome in row.outcomes:
            yield from roots_of(anchor_of(outcome), vocabulary)
