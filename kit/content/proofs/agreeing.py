"""Check that stated facts agree with what the tables of a page answer.

An answer may have the name of a fact. A case that states the fact and gives a table
enough to answer it says the same thing twice, and the two must be equal.
"""

from collections.abc import Iterable
from functools import lru_cache

from ...errors import KitError, TableDisagrees
from ...rules.decisions import Decision
from ...rules.facts import ALWAYS_KNOWN, Known, roots_of
from ...rules.tables import Table
from ...rules.values import value_words
from ..playbook.playbook import Playbook
from ..stories.scene_facts import tables_behind


def check_agreement(playbook: Playbook, names: Iterable[str], known: Known) -> None:
    """Refuse a case if a table contradicts a fact that it states.

    Args:
        playbook: The page that decides it.
        names: The tables that are asked; the tables they need are included.
        known: The case, before any table was decided.

    Raises:
        TableDisagrees: A table gives another value for a stated fact.
    """
    stated = known.stated
    if _answered(playbook).isdisjoint(stated):
        return
    for table in tables_behind(playbook, names):
        for column in table.answers:
            value = stated.get(column.key)
            if value is None:
                continue
            found = _without(playbook, table, column.key, known)
            answer = found.answers[column.key] if found else None
            if found is None or answer in {None, value} or isinstance(answer, tuple):
                continue
            raise TableDisagrees(
                fact=column.name,
                stated=value_words(value, column.kind),
                derived=value_words(answer, column.kind),
                table=table.name,
                row=", ".join(row.number for row in found.rows) or "-",
            )


def _without(
    playbook: Playbook, table: Table, key: str, known: Known
) -> Decision | None:
    """Decide a table as if one fact were not stated, if it can be decided at all.

    What else is wrong with the case is said where it is decided.
    """
    facts = {each: value for each, value in known.stated.items() if each != key}
    if not _sure_questions(playbook, table) <= facts.keys():
        return None
    at = known.situation
    try:
        rest = playbook.known(facts, marketplace=at.marketplace, on=at.today)
        result = playbook.decide(table.name, rest)
        return result if isinstance(result, Decision) and result.answers else None
    except KitError:
        return None


@lru_cache(maxsize=64)
def _answered(playbook: Playbook) -> frozenset[str]:
    """The key of everything that a table of a page answers."""
    return frozenset(each.key for table in playbook.tables for each in table.answers)


@lru_cache(maxsize=1024)
def _sure_questions(playbook: Playbook, table: Table) -> frozenset[str]:
    """What every row of a table asks and nothing but a stated fact can answer.

    Without one of them it decides nothing, and most examples state only the rest.
    """
    facts = playbook.reference.facts
    return frozenset(
        column.key
        for part in table.parts
        for number, column in enumerate(part.inputs)
        if not any(row.conditions[number].is_any for row in part.rows)
        and column.key not in ALWAYS_KNOWN
        and tuple(roots_of(column.key, facts)) == (column.key,)
        and not playbook.answerers(column.key, before=table)
    )
