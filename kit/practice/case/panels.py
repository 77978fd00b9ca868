"""The panels of a desk: what can be looked up about a case."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ...catalogue import say
from ...content.cases import PracticeCase, Scan
from ...rules.facts import Fact
from ...rules.values import show_value

PANEL_ORDER = (
    "order",
    "tracking",
    "request",
    "messages",
    "buyer",
    "photos",
    "listing",
    "stock",
    "account",
)
JOURNEY_PANEL = "tracking"


@dataclass(frozen=True, slots=True)
class Panel:
    """One place to look at, such as the order, the tracking page or the request."""

    name: str
    """Its name, as facts name their place."""

    lines: tuple[tuple[Fact, str], ...]
    """Each fact that stands there, with its value as an author writes it."""

    journey: tuple[Scan, ...] = ()
    """The parcel's journey, on the panel of the tracking."""


def panels_of(case: PracticeCase, *, asked: Collection[str] = ()) -> tuple[Panel, ...]:
    """Every panel on which the case has something to see.

    Args:
        case: The case.
        asked: Keys of the facts that the buyer has told; untold ones stand nowhere.
    """
    facts = case.playbook.reference.facts
    by_place: dict[str, list[tuple[Fact, str]]] = {}
    for key, value in case.facts.items():
        fact = facts[key]
        lines = by_place.setdefault(fact.place, [])
        if key in asked or key not in case.asked:
            lines.append((fact, show_value(value, fact.kind)))
    return tuple(
        Panel(
            name,
            tuple(by_place[name]),
            case.journey if name == JOURNEY_PANEL else (),
        )
        for name in _ordered(by_place)
    )


def panel_with(case: PracticeCase, fact: str) -> str:
    """Find the panel on which a fact of a case can be seen.

    Args:
        case: The case.
        fact: Key of the fact.

    Returns:
        The name of the panel; empty if the fact is on none.
    """
    if fact in case.asked or case.facts.get(fact) is None:
        return ""
    return case.playbook.reference.facts[fact].place


def panel_title(name: str) -> str:
    """Say the name of a panel; a company's own panels keep their own names."""
    try:
        return say(f"desk.panels.{name}")
    except KeyError:
        return name.capitalize()


def _ordered(places: Iterable[str]) -> list[str]:
    ranks = {name: rank for rank, name in enumerate(PANEL_ORDER)}
    return sorted(places, key=lambda name: (ranks.get(name, len(ranks)), name))
