"""Read ``facts.md``: the facts, how they are derived, and the answers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from ...rules.derivations import DAYS_FROM, EARLIER_OF, Derivation, read_derivation
from ...rules.facts import ALWAYS_KNOWN, Fact, built_in_facts
from ...rules.values import Kind, Sort, bounds_of, key_of, read_kind
from ..markdown.documents import Document
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line, lines_of, section_named
from ..markdown.lookups import fact_at, is_first_use
from .question_kinds import QuestionKind, read_type

Read = TypeVar("Read")

DERIVED = "Derived facts"
BUYER_KNOWS = "The buyer knows"
RESERVED = ("looked", "asked", "day", "sure", "reply")
"""Names used for what an agent does at a desk; no answer may have one."""


@dataclass(frozen=True, slots=True)
class AnswerWord:
    """A declared answer of tables."""

    name: str
    """As authors write it, such as ``"Act by"``."""

    kind: Kind
    """The kind of its values."""

    meaning: str
    """One line that explains it."""

    asked: QuestionKind
    """How agents are asked for it."""

    @property
    def is_due(self) -> bool:
        """Whether it is the last day on which something is in time."""
        return self.asked.is_due


def shown_in(page: Document | None, notes: Notes) -> dict[str, str]:
    """Read the names and words that screens show differently, by key."""
    if page is None or section_named(page, "On screen") is None:
        return {}
    rows = _rows(page, "On screen", ("Name", "On screen"), notes)
    return {key_of(row["name"]): row["on screen"] for row in rows}


def buyers_in(
    page: Document | None, facts: Mapping[str, Fact], notes: Notes
) -> frozenset[str]:
    """Read the keys of the facts that a buyer can tell; empty if not given."""
    if page is None or section_named(page, BUYER_KNOWS) is None:
        return frozenset()
    rows = _rows(page, BUYER_KNOWS, ("Fact",), notes)
    found = (fact_at(row["fact"], row.number, facts, notes) for row in rows)
    return frozenset(fact.key for fact in found if fact is not None)


def facts_in(
    page: Document | None,
    marketplaces: tuple[str, ...],
    notes: Notes,
    *,
    desk: str = "",
) -> dict[str, Fact]:
    """Read every fact by its key, with the derived and the built-in ones.

    Args:
        page: The page of the facts.
        marketplaces: The id of every marketplace.
        notes: Where mistakes are collected.
        desk: Id of the desk's holiday calendar; empty if none is given.
    """
    facts = {fact.key: fact for fact in built_in_facts(marketplaces)}
    for row in _rows(page, "Facts", ("Fact", "Type", "Place", "Ask or look"), notes):
        kind = _kind(row, notes)
        if kind and is_first_use(row["fact"], facts, row.number, notes):
            fact = Fact(
                row["fact"], kind, row["place"], row["ask or look"], line=row.number
            )
            facts[fact.key] = fact
    columns = ("Derived fact", "Type", "From")
    derived = []
    for row in _rows(page, DERIVED, columns, notes):
        kind = _kind(row, notes)
        if kind is None or not is_first_use(
            row["derived fact"], facts, row.number, notes
        ):
            continue
        how = _derivation(row, desk, notes)
        if how is None:
            continue
        fact = Fact(row["derived fact"], kind, derivation=how, line=row.number)
        facts[fact.key] = fact
        derived.append(fact)
    for fact in derived:
        _check_derived(fact, facts, notes)
    return facts


def _derivation(row: Line, desk: str, notes: Notes) -> Derivation | None:
    try:
        how = read_derivation(row["from"])
    except ValueError:
        notes.add("derivation-unknown", row.number, text=row["from"])
        return None
    if not how.at_our_desk:
        return how
    if not desk:
        notes.add("derivation-desk", row.number, name=row["derived fact"])
    return replace(how, calendar=desk)


def _check_derived(fact: Fact, facts: Mapping[str, Fact], notes: Notes) -> None:
    """The first operand of a form is always a fact; the second may be a limit too."""
    how = fact.derivation
    if how is None:
        return
    first = fact_at(how.first, fact.line, facts, notes)
    over = _outranking(how, fact, facts, notes)
    if first is None or over is None:
        return
    if _leads_to(fact.key, fact.key, facts, set()):
        notes.add("derivation-circle", fact.line, name=fact.name)
    elif over.kind != fact.kind or not _gives(
        how, first, facts.get(key_of(how.second)), fact.kind
    ):
        notes.add(
            "derivation-type", fact.line, text=how, name=fact.name, kind=fact.kind
        )


def _outranking(
    how: Derivation, fact: Fact, facts: Mapping[str, Fact], notes: Notes
) -> Fact | None:
    """The fact that is taken instead of the count; the fact itself if there is none."""
    if how.outranked_by is None:
        return fact
    return fact_at(how.outranked_by, fact.line, facts, notes)


def _gives(how: Derivation, first: Fact, second: Fact | None, kind: Kind) -> bool:
    """Whether a form can give a value of a kind."""
    if how.ends_on_business_day and kind.sort is not Sort.DATE:
        return False
    if how.form in DAYS_FROM:
        unit = how.form.removesuffix(" from")
        are_dates = {first.kind.sort, second.kind.sort if second else None}
        counts = kind.sort is Sort.WHOLE and kind.unit == unit
        return counts and are_dates == {Sort.DATE}
    if how.form == EARLIER_OF:
        dates = {kind.sort, first.kind.sort, second.kind.sort if second else None}
        return dates == {Sort.DATE}
    if how.form in {"plus", "minus"}:
        return kind.sort is first.kind.sort and first.kind.is_ordered
    return kind.sort is Sort.YES_NO and first.kind.is_ordered


def _leads_to(start: str, goal: str, facts: Mapping[str, Fact], seen: set[str]) -> bool:
    how = facts[start].derivation if start in facts else None
    if how is None or start in seen:
        return False
    below = tuple(map(key_of, how.names))
    return goal in below or any(
        _leads_to(each, goal, facts, seen | {start}) for each in below
    )


def answers_in(
    page: Document | None,
    facts: Mapping[str, Fact],
    actions: tuple[str, ...],
    notes: Notes,
) -> dict[str, AnswerWord]:
    """Read every answer by its key.

    An answer may have the name of a gathered fact of its own kind: a table decides it
    where it can, and it is looked up where no table covers it.
    """
    answers: dict[str, AnswerWord] = {}
    for row in _rows(page, "Answers", ("Answer", "Type", "Meaning"), notes):
        asked, kind = _read(read_type, row, notes) or (None, None)
        if key_of(row["answer"]) in RESERVED:
            notes.add("answer-reserved", row.number, name=row["answer"])
        fact = facts.get(key_of(row["answer"]))
        if fact and kind and fact.derivation is None and fact.key not in ALWAYS_KNOWN:
            _note_type(fact, kind, row, notes)
            known: tuple[str, ...] = tuple(answers)
        else:
            known = (*facts, *answers)
        if asked is None or kind is None:
            continue
        if not is_first_use(row["answer"], known, row.number, notes):
            continue
        if kind.sort is Sort.ACTION:
            kind = Kind(Sort.ACTION, actions)
        answers[key_of(row["answer"])] = AnswerWord(
            row["answer"], kind, row["meaning"], asked
        )
    return answers


def _note_type(fact: Fact, kind: Kind, row: Line, notes: Notes) -> None:
    """An answer that is also a fact has the same type, to the order of its words."""
    if fact.kind != kind:
        notes.add(
            "answer-type",
            row.number,
            name=row["answer"],
            line=fact.line,
            fact=fact.kind,
            answer=kind,
        )


def _rows(
    page: Document | None, section: str, columns: tuple[str, ...], notes: Notes
) -> Iterator[Line]:
    """Read the table of a section."""
    if page is None:
        return
    found = section_named(page, section)
    if found is None and section == DERIVED:
        return  # Nothing has to be derived.
    if found is None:
        notes.add("section-lacks", 1, title=section)
        return
    yield from lines_of(found.tables, columns, at=found.line, notes=notes)


def _kind(row: Line, notes: Notes) -> Kind | None:
    return _read(read_kind, row, notes)


def _read(read: Callable[[str], Read], row: Line, notes: Notes) -> Read | None:
    """Read the type of a fact or an answer; ``None`` if it is none."""
    try:
        return read(row["type"])
    except ValueError:
        notes.add(
            "type-unknown", row.number, type=row["type"], bounds=bounds_of(row["type"])
        )
        return None
