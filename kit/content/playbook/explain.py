"""Convert a decision to words and plain data, for screens, terminals and JSON.

There is one form for all of them, so that all show the same reasons.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ...catalogue import say
from ...rules.decisions import CellMismatch, Decision, FactNeeded, RowMismatch
from ...rules.facts import Known
from ...rules.limits import ALWAYS, Limit
from ...rules.tables import Column, HitPolicy
from ...rules.values import Sort, show_value, value_words
from ..reference.question_kinds import kind_for
from ..reference.reference import Source
from .playbook import Playbook

NO_MESSAGE = "none"
"""The answer of a table where nothing is sent to the buyer."""

SAY = "say"
"""The key of the answer that is sent to the buyer."""

BUYER, AGENT, ANYONE = "buyer", "agent", "anyone"
"""Who is told a reason."""


@dataclass(frozen=True, slots=True)
class FactText:
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
class MismatchText:
    """A cell that does not fit the case, in words."""

    fact: str
    """The name of the fact."""

    value: str
    """The value in the case."""

    wanted: str
    """The condition of the row, with the value of its limit."""


@dataclass(frozen=True, slots=True)
class RowMismatchText:
    """Why a row did not decide, in words."""

    row: str
    """Its number."""

    answers: str
    """What it would have answered."""

    misses: tuple[MismatchText, ...]
    """The cells that do not fit; empty if an earlier row took precedence."""


@dataclass(frozen=True, slots=True)
class LimitText:
    """A limit behind a decision."""

    name: str
    """Its name."""

    value: str
    """Its value."""

    start: str
    """The day from which it is in force, or ``always``."""

    source: str
    """Id of its source."""


@dataclass(frozen=True, slots=True)
class RowText:
    """A deciding row, in words; there are several only where a table collects."""

    row: str
    """Its number."""

    because: str
    """Its reason."""

    sources: tuple[str, ...]
    """Ids of its sources."""

    marks: bool
    """Whether its sources are sure enough to mark an answer."""

    place: str
    """``path:line``."""


@dataclass(frozen=True, slots=True)
class CountText:
    """A day or number that was stated and that the kit computed differently."""

    name: str
    """The name of the fact that states it, as an agent reads it."""

    stated: str
    """The stated value, which takes precedence."""

    counted: str
    """The computed value."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One decision in words."""

    table: str
    """The name of the decision."""

    row: str
    """The numbers of the deciding rows; empty where a table collects none."""

    rows: tuple[RowText, ...]
    """The deciding rows, each with its own reason."""

    answers: tuple[FactText, ...]
    """What it answers."""

    because: str
    """The reason, or the reasons one after the other."""

    sources: tuple[Source, ...]
    """Where the reasons come from, each once."""

    marks: bool
    """Whether it is sure enough to mark an answer."""

    place: str
    """``path:line`` of the first row, or of the table."""

    limits: tuple[LimitText, ...]
    """The limits behind it."""

    why_not: tuple[RowMismatchText, ...]
    """Every other row, the nearest miss first."""

    counted: tuple[CountText, ...] = ()
    """Values that were stated and that the kit computed differently."""

    reader: str = ANYONE
    """Who is told the reason: ``BUYER`` where the row sends a message to the buyer,
    ``AGENT`` where it could and sends none, else ``ANYONE``."""


def explain(playbook: Playbook, decision: Decision) -> Explanation:
    """Convert a decision to words.

    Args:
        playbook: The page that decided.
        decision: The decision of one of its tables.

    Raises:
        NotCovered: The limit of one of its days has no value on this day.
    """
    table, rows = decision.table, tuple(_rows(playbook, decision))
    sources = (each for row in decision.rows for each in playbook.sources_of(row))
    return Explanation(
        table=table.name,
        row=", ".join(each.row for each in rows),
        rows=rows,
        answers=tuple(_answers(playbook, decision)),
        because=" ".join(each.because for each in rows),
        sources=tuple({each.id: each for each in sources}.values()),
        marks=any(each.marks for each in rows),
        place=rows[0].place if rows else f"{table.path.as_posix()}:{table.line}",
        limits=tuple(
            _limit(limit, decision.known.situation.edition) for limit in decision.limits
        ),
        why_not=tuple(_why_not(decision, each) for each in decision.why_not),
        counted=tuple(_counted(playbook, decision)),
        reader=_reader(decision) if rows else ANYONE,
    )


def _reader(decision: Decision) -> str:
    """Find who may be told the reason: what is sent to a bank is not for the buyer."""
    sent = decision.answers.get(SAY)
    if sent is None:
        return ANYONE
    return AGENT if str(sent) == NO_MESSAGE else BUYER


def _rows(playbook: Playbook, decision: Decision) -> Iterator[RowText]:
    for row in decision.rows:
        place, marks = decision.table.place(row), playbook.marks(row)
        because = decision.known.situation.said(row.because)
        yield RowText(row.number, because, row.sources, marks, place)


def _limit(limit: Limit, on: date) -> LimitText:
    """Say a limit; a house number that holds before its day has no history."""
    since = limit.since if limit.start <= on else ALWAYS
    return LimitText(limit.name, str(limit.value), since, limit.source)


def _counted(playbook: Playbook, decision: Decision) -> Iterator[CountText]:
    for each in decision.counted:
        if each.counted not in {None, each.stated}:
            yield CountText(
                playbook.reference.name_on_screen(each.fact.name),
                show_value(each.stated, each.fact.kind),
                show_value(each.counted, each.fact.kind),
            )


def fact_words(playbook: Playbook, ask: FactNeeded, known: Known) -> tuple[str, str]:
    """Describe the fact to ask for first, and how to find it."""
    fact = playbook.vocabulary()[ask.first]
    for line in playbook.ask:
        if line.fact == ask.first:
            return fact.name, known.situation.said(line.words)
    return fact.name, fact.ask


def answer_words(playbook: Playbook, sort: Sort, value: object) -> str:
    """Format a value for agents, as an answer of its sort is said.

    Args:
        playbook: The page, for the words of its reference pages.
        sort: The sort of the value.
        value: The value, or what an author writes for it.
    """
    return kind_for(sort).words(value, playbook.reference)


def _answers(playbook: Playbook, decision: Decision) -> Iterator[FactText]:
    for column in decision.table.answers:
        value = decision.answers[column.key]
        if value is None and column.key in decision.missing:
            fact = playbook.vocabulary()[decision.missing[column.key]].name
            words = say("cli.decide.to-know", fact=fact)
            yield FactText(column.key, column.name, "unknown", words)
            continue
        if isinstance(value, tuple) or not decision.table.policy.is_single:
            yield _collected(playbook, decision, column)
            continue
        asked = playbook.reference.question_kind(column)
        words = (
            value_words(value, column.kind)
            if column.kind.unit
            else asked.words(value, playbook.reference)
        )
        text = asked.encode(value, column.kind)
        yield FactText(column.key, column.name, text, words)


def _collected(playbook: Playbook, decision: Decision, column: Column) -> FactText:
    """Say what a table collects: a list, a number of rows, or one value of them."""
    value = decision.answers[column.key]
    asked = playbook.reference.question_kind(column)
    if decision.table.policy is HitPolicy.COUNT:
        return FactText(column.key, column.name, str(value), str(value))
    values = value if isinstance(value, tuple) else (value,) if decision.rows else ()
    shown = "; ".join(asked.encode(each, column.kind) for each in values)
    words = "; ".join(asked.words(each, playbook.reference) for each in values)
    nothing = say("cli.decide.nothing")
    return FactText(column.key, column.name, shown or nothing, words or nothing)


def _why_not(decision: Decision, why_not: RowMismatch) -> RowMismatchText:
    answers = ", ".join(
        outcome.text
        for column, outcome in zip(
            decision.table.answers, why_not.row.outcomes, strict=True
        )
        if column.kind.sort is not Sort.MESSAGE
    )
    misses = tuple(_miss(decision, each) for each in why_not.misses)
    return RowMismatchText(why_not.row.number, answers, misses)


def _miss(decision: Decision, miss: CellMismatch) -> MismatchText:
    return MismatchText(miss.column.name, decision.shown(miss), decision.wanted(miss))
