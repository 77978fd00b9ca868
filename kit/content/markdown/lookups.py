"""Read names and days on a page; unknown ones are noted with a suggestion."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ...rules.facts import ALWAYS_KNOWN, Fact, Vocabulary
from ...rules.values import Value, bounds_of, key_of, nearest, read_day, read_value
from .files import Notes

UNKNOWN = "unknown"
"""What an author writes for a fact that the agent does not know."""


def day_at(text: str, line: int, notes: Notes) -> date | None:
    """Read a day."""
    try:
        return read_day(text)
    except ValueError:
        notes.add("day-unreadable", line, text=text)
        return None


def fact_at(name: str, line: int, facts: Vocabulary, notes: Notes) -> Fact | None:
    """Find a declared fact."""
    fact = facts.get(key_of(name))
    if fact is None:
        names = [each.name for each in facts.values()]
        notes.add("fact-unknown", line, name=name, nearest=nearest(name, names))
    return fact


def fact_value_at(text: str, line: int, fact: Fact, notes: Notes) -> Value | None:
    """Read the value of a fact; ``unknown`` is none."""
    if text == UNKNOWN:
        return None
    try:
        return read_value(text, fact.kind)
    except ValueError:
        notes.add(
            "value-unreadable",
            line,
            text=text,
            fact=fact.name,
            kind=fact.kind,
            bounds=bounds_of(text),
        )
        return None


def decision_at(
    name: str, line: int, playbook: str, names: Iterable[str], notes: Notes
) -> str | None:
    """Find a decision of a page by its name, spelled as the page spells it."""
    known = tuple(names)
    for each in known:
        if key_of(each) == key_of(name):
            return each
    notes.add(
        "case-decision",
        line,
        playbook=playbook,
        name=name.strip(),
        nearest=nearest(name, known),
    )
    return None


def source_at(name: str, line: int, sources: Iterable[str], notes: Notes) -> str:
    """Find the declared id of a source; note an undeclared one and return it as is."""
    for each in sources:
        if key_of(each) == key_of(name):
            return each
    notes.add("source-unknown", line, name=name, nearest=nearest(name, sources))
    return name


def is_first_use(name: str, known: Iterable[str], line: int, notes: Notes) -> bool:
    """Tell whether a name is declared for the first time; a repetition is noted."""
    if key_of(name) in map(key_of, known):
        always = key_of(name) in ALWAYS_KNOWN
        notes.add("name-built-in" if always else "name-twice", line, name=name)
        return False
    return True


def has_zone(name: str) -> bool:
    """Whether this is the IANA name of a time zone."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return True
