"""Evidence: what an agent has seen of a case, and what was still to be looked up.

Whether somebody decided before looking is not counted in clicks. The page is asked to
decide with what was seen alone; what it then asks for was not looked at.
"""

from collections.abc import Collection
from dataclasses import dataclass

from ...content.cases import PracticeCase
from ...errors import KitError
from ...rules.decisions import Decision, FactNeeded, NotApplicable
from ...rules.facts import Fact
from ...rules.values import Value


@dataclass(frozen=True, slots=True)
class Unseen:
    """A fact that decides, and that nobody has looked at."""

    fact: Fact
    """The fact."""

    only_buyer: bool
    """Whether only the buyer could tell it."""


def seen_facts(
    case: PracticeCase, *, looked: Collection[str], asked: Collection[str]
) -> dict[str, Value | None]:
    """Collect what can be known from open panels and from the buyer's answers.

    Args:
        case: The case.
        looked: The names of the panels that were opened.
        asked: The keys of the facts for which the buyer was asked.
    """
    facts = case.playbook.reference.facts
    return {
        key: value
        for key, value in case.facts.items()
        if key in asked or (key not in case.asked and facts[key].place in {"", *looked})
    }


def askable_facts(case: PracticeCase, seen: Collection[str]) -> tuple[str, ...]:
    """Find the facts that a buyer can tell and that nobody has seen yet.

    Args:
        case: The case.
        seen: The keys of the facts that were seen.

    Returns:
        Their keys, in the order of the page. Where the folder does not say what
        buyers know, any fact may be one of them.
    """
    knows = case.playbook.reference.buyer_knows
    return tuple(
        each.fact
        for each in case.playbook.ask
        if each.fact not in seen
        and (each.fact in case.asked or each.fact in knows or not knows)
    )


def unseen_of(
    case: PracticeCase, *, looked: Collection[str], asked: Collection[str]
) -> tuple[Unseen, ...]:
    """Find what had to be looked at before deciding, and was not, in its order.

    The arguments are those of ``seen_facts``.
    """
    facts = seen_facts(case, looked=looked, asked=asked)
    found: list[Unseen] = []
    while (key := _next_question(case, facts)) is not None:
        facts[key] = case.facts[key]
        fact = case.playbook.reference.facts[key]
        found.append(Unseen(fact, only_buyer=key in case.asked))
    return tuple(found)


def _next_question(case: PracticeCase, facts: dict[str, Value | None]) -> str | None:
    """Find the first fact of the case that its page still asks for."""
    results = case.try_tables(case.known_from(facts))
    try:
        for result in results:
            for key in _wanted(result):
                if key in case.facts and key not in facts:
                    return key
    except KitError:
        return None
    return None


def _wanted(result: Decision | FactNeeded | NotApplicable) -> tuple[str, ...]:
    if isinstance(result, NotApplicable):
        return ()
    return (
        result.facts
        if isinstance(result, FactNeeded)
        else tuple(result.missing.values())
    )
