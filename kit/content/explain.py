"""Say a decision in plain data: what the command line prints and other programs read.

One form for people, screens and JSON, so that all of them tell the same reasons.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..catalogue import say
from ..rules.decisions import Ask, Decision, Miss, WhyNot
from ..rules.limits import ALWAYS, Limit
from ..rules.values import Sort, show_value
from .playbooks import Playbook
from .reference import Source


@dataclass(frozen=True, slots=True)
class Said:
    """One answer in words."""

    key: str
    """Key of the answer."""

    name: str
    """What is answered, such as ``"Act by"``."""

    value: str
    """The answer as an author writes it, such as an id or a day."""

    words: str
    """The answer as an agent reads it."""


@dataclass(frozen=True, slots=True)
class SaidMiss:
    """One cell that kept a row from deciding, in words."""

    fact: str
    """The name of the fact."""

    value: str
    """What the case has."""

    wanted: str
    """What it would have needed, with the limit's value."""


@dataclass(frozen=True, slots=True)
class SaidWhyNot:
    """Why one row did not decide, in words."""

    row: str
    """Its number."""

    answers: str
    """What it would have answered."""

    misses: tuple[SaidMiss, ...]
    """What keeps it out; nothing if an earlier row came first."""


@dataclass(frozen=True, slots=True)
class SaidLimit:
    """A limit behind a decision."""

    name: str
    """Its name."""

    value: str
    """Its value."""

    start: str
    """The day since which it holds; empty for a number without history."""

    source: str
    """Id of its source."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One decision, in words throughout."""

    table: str
    """The name of the decision."""

    row: str
    """The number of the deciding row."""

    answers: tuple[Said, ...]
    """What it answers."""

    because: str
    """The reason."""

    sources: tuple[Source, ...]
    """Where the reason comes from."""

    marks: bool
    """Whether it is sure enough to mark an answer."""

    place: str
    """``path:line`` of the row."""

    limits: tuple[SaidLimit, ...]
    """The limits behind it."""

    why_not: tuple[SaidWhyNot, ...]
    """Every other row, the nearest miss first."""


def explain(playbook: Playbook, decision: Decision) -> Explanation:
    """Put a decision into words.

    Raises:
        NotCovered: The limit of one of its days has no value on this day.
    """
    return Explanation(
        table=decision.table.name,
        row=decision.row.number,
        answers=tuple(_answers(playbook, decision)),
        because=decision.because,
        sources=tuple(playbook.sources_of(decision.row)),
        marks=playbook.marks(decision.row),
        place=decision.place,
        limits=tuple(
            _limit(limit, decision.known.situation.edition) for limit in decision.limits
        ),
        why_not=tuple(_why_not(decision, each) for each in decision.why_not),
    )


def _limit(limit: Limit, on: date) -> SaidLimit:
    """Say a limit; a house number that holds before its day has no history."""
    start = limit.start.isoformat() if ALWAYS < limit.start <= on else ""
    return SaidLimit(limit.name, str(limit.value), start, limit.source)


def fact_words(playbook: Playbook, ask: Ask) -> tuple[str, str]:
    """Say which fact to ask for first, and how to find it."""
    fact = playbook.vocabulary()[ask.first]
    for line in playbook.ask:
        if line.fact == ask.first:
            return fact.name, line.words
    return fact.name, fact.ask


def answer_words(playbook: Playbook, sort: Sort, value: object) -> str:
    """Say one answer as an agent reads it: an action in its words, a day as a day."""
    if sort is Sort.ACTION and value in playbook.reference.actions:
        return playbook.reference.actions[str(value)].words
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if sort is Sort.WORD:
        return playbook.reference.word_on_screen(str(value))
    return str(value)


def _answers(playbook: Playbook, decision: Decision) -> Iterator[Said]:
    for column in decision.table.answers:
        value = decision.answers[column.key]
        if value is None and column.key in decision.missing:
            fact = playbook.vocabulary()[decision.missing[column.key]].name
            words = say("cli.decide.to-know", fact=fact)
            yield Said(column.key, column.name, "unknown", words)
            continue
        if isinstance(value, tuple):
            shown = [show_value(each, column.kind) for each in value]
            yield Said(column.key, column.name, ", ".join(shown), ", ".join(shown))
            continue
        words = answer_words(playbook, column.kind.sort, value)
        yield Said(column.key, column.name, show_value(value, column.kind), words)


def _why_not(decision: Decision, why_not: WhyNot) -> SaidWhyNot:
    answers = ", ".join(
        outcome.text
        for column, outcome in zip(
            decision.table.answers, why_not.row.outcomes, strict=True
        )
        if column.kind.sort is not Sort.MESSAGE
    )
    misses = tuple(_miss(decision, each) for each in why_not.misses)
    return SaidWhyNot(why_not.row.number, answers, misses)


def _miss(decision: Decision, miss: Miss) -> SaidMiss:
    return SaidMiss(miss.question.name, decision.shown(miss), decision.wanted(miss))
