"""Parse and compute the answers of rows: a word, a value, or a day.

Days have a small language of their own: ``now``, ``none``, ``not covered``, a date,
or a date plus or minus a number of days or business days.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..errors import BadCell, NotCovered
from .facts import TODAY, Known, Vocabulary, shift
from .limits import Limit, Limits, plain_value, unit_of
from .values import (
    Duration,
    Kind,
    Sort,
    Value,
    bounds_of,
    key_of,
    nearest,
    read_duration,
    read_value,
    types_of,
)

NOW = "now"
NO_DAY = "none"
NOT_COVERED = "not covered"
MOST_WORDS = 12
"""How many words a message lists before it stops with an ellipsis."""

_DAY = re.compile(r"(?P<anchor>.+?)(?: (?P<sign>[+-]) (?P<step>.+))?")


@dataclass(frozen=True, slots=True)
class DayRule:
    """How a day is computed: a date of the case, moved by a step."""

    anchor: str
    """Key of the date from which it counts."""

    step: Duration | str | None = None
    """How far: a number of units, or the name of a limit; ``None`` for no move."""

    sign: int = 1
    """1 to move forward, -1 to move back."""


@dataclass(frozen=True, slots=True)
class LimitRule:
    """An answer that is the value of a limit."""

    limit: str
    """The name of the limit."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One cell of an answer."""

    text: str
    """As the author wrote it."""

    value: Value | DayRule | LimitRule
    """The value, or how to compute the day or the amount."""


def read_outcome(
    text: str, kind: Kind, *, answer: str, facts: Vocabulary, limits: Limits
) -> Outcome:
    """Parse one cell of an answer.

    Args:
        text: As the author wrote it.
        kind: The kind of the answer.
        answer: The name of the answer, for messages.
        facts: The facts from which a day can be counted.
        limits: The limits that it may name.

    Raises:
        BadCell: It is not an answer of this kind; ``duration`` marks the fault.
    """
    if text.startswith('"') and text.endswith('"'):
        text = text[1:-1]
    if kind.sort is Sort.DAY:
        return Outcome(text, _read_day(text, answer, facts, limits))
    if rows := limits.all_of(text) if kind.is_ordered else ():
        _check_unit(rows, kind, text, answer)
        return Outcome(text, LimitRule(rows[0].name))
    try:
        return Outcome(text, read_value(text, kind))
    except ValueError:
        raise BadCell(
            "answer-unknown",
            text,
            (0, len(text)),
            word=text,
            answer=answer,
            kind=can_be(kind),
            nearest=nearest(text, kind.words) or bounds_of(text),
        ) from None


def value_of(outcome: Outcome, known: Known) -> Value | None:
    """Compute the value of an answer for one case.

    Args:
        outcome: The cell.
        known: The facts of the case.

    Returns:
        The value; ``None`` while its date is unknown.

    Raises:
        NotCovered: The limit of a day has no value here.
    """
    rule = outcome.value
    if isinstance(rule, LimitRule):
        return _whole(plain_value(known.situation.limit(rule.limit).value))
    if not isinstance(rule, DayRule):
        return rule
    day = known.value(rule.anchor)
    step = known.situation.limit(rule.step) if isinstance(rule.step, str) else None
    if not isinstance(day, date):
        return None
    duration = step.value if step else rule.step
    if not isinstance(duration, Duration):
        return day
    count = rule.sign * duration.count
    return shift(day, count, unit=duration.unit, calendar=known.situation.calendar)


def limit_of(outcome: Outcome, known: Known) -> Limit | None:
    """Find the limit in force that an answer uses; ``None`` if none, or not covered."""
    name = limit_named(outcome)
    try:
        return known.situation.limit(name) if name else None
    except NotCovered:
        return None


def limit_named(outcome: Outcome) -> str:
    """Return the name of the limit that an answer uses; empty if it uses none."""
    rule = outcome.value
    if isinstance(rule, LimitRule):
        return rule.limit
    is_step = isinstance(rule, DayRule) and isinstance(rule.step, str)
    return str(rule.step) if isinstance(rule, DayRule) and is_step else ""


def anchor_of(outcome: Outcome) -> str:
    """Return the key of the date from which an answer counts; empty if none."""
    return outcome.value.anchor if isinstance(outcome.value, DayRule) else ""


def _read_day(
    text: str, answer: str, facts: Vocabulary, limits: Limits
) -> Value | DayRule:
    if text in {NO_DAY, NOT_COVERED}:
        return text
    if text == NOW:
        return DayRule(TODAY)
    match = _DAY.fullmatch(text)
    anchor = facts.get(key_of(match["anchor"])) if match else None
    if not match or anchor is None or anchor.kind.sort is not Sort.DATE:
        dates = [each.name for each in facts.values() if each.kind.sort is Sort.DATE]
        raise BadCell(
            "day-anchor",
            text,
            (0, len(match["anchor"]) if match else len(text)),
            word=match["anchor"] if match else text,
            answer=answer,
            nearest=nearest(match["anchor"] if match else text, dates),
        )
    if match["step"] is None:
        return DayRule(anchor.key)
    sign = 1 if match["sign"] == "+" else -1
    return DayRule(anchor.key, _read_step(text, match["step"], limits), sign)


def _read_step(text: str, step: str, limits: Limits) -> Duration | str:
    rows = limits.all_of(step)
    if rows and all(_is_days(row.value) for row in rows):
        return rows[0].name
    try:
        duration = read_duration(step)
    except ValueError:
        duration = None
    if duration is None or not _is_days(duration):
        start = text.rindex(step)
        raise BadCell(
            "day-step",
            text,
            (start, start + len(step)),
            word=step,
            nearest=nearest(step, limits.names) or bounds_of(step),
        )
    return duration


def _check_unit(rows: tuple[Limit, ...], kind: Kind, text: str, answer: str) -> None:
    """Refuse a limit of another type or unit than the answer."""
    for row in rows:
        value = _whole(plain_value(row.value))
        fits = unit_of(row.value) == kind.unit and type(value) in types_of(kind)
        if not fits:
            raise BadCell(
                "answer-limit",
                text,
                (0, len(text)),
                limit=row.name,
                value=row.value,
                answer=answer,
                kind=kind,
            )


def _whole(value: Value) -> Value:
    """Convert a plain limit without a fraction to a whole number."""
    is_whole = isinstance(value, Decimal) and value == value.to_integral_value()
    return int(value) if isinstance(value, Decimal) and is_whole else value


def _is_days(value: object) -> bool:
    return isinstance(value, Duration) and value.unit in {"days", "business days"}


def can_be(kind: Kind) -> str:
    """List what an answer of a kind can be, in the words that an author writes."""
    if kind.sort is Sort.DAY:
        return f"{NOW}, {NO_DAY}, {NOT_COVERED}, 2026-11-22"
    if kind.is_words:
        more = ", …" if len(kind.words) > MOST_WORDS else ""
        return ", ".join(kind.words[:MOST_WORDS]) + more
    return str(kind)
