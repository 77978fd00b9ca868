"""Read ``reference/stories.md``: words, days and amounts for practice cases."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from ...errors import Mistake
from ...rules.facts import TODAY, Fact
from ...rules.limits import Limits
from ...rules.values import Sort, key_of
from ..markdown.documents import Document, RowText, TableText, read_document
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line, lines_of, section_named
from ..markdown.lookups import UNKNOWN
from ..pages.messages_sent import SLOT
from ..reference.reference import Reference
from .constraint_rows import constraints_in
from .constraints import AmountRatio, Condition, Constraint, DayDistance, Implication
from .story_model import CaseVocabulary, JourneyStep, Pool, PoolRow
from .story_rows import PERCENT, StoryReader

PAGE = "stories.md"
_SHARE = ("Amount", "Of", "Percent")
_STEP = ("Day", "Where", "What happened")
_BOND = ("Fact", "Is", "Other fact", "Must be")
ALWAYS_TRUE = "Always true"
_SECTIONS = (
    "Every case",
    "Usual",
    "Words",
    "Together",
    "Days apart",
    "Amounts",
    "Journey",
    ALWAYS_TRUE,
)
_BETWEEN = " · "
_LATER = re.compile(r"(?P<day>.+?) \+ (?P<count>\d{1,3}) days?")
"""A day some days after another one, as in *dispatched on + 5 days*."""


def read_case_vocabulary(
    path: Path, shown: Path, reference: Reference
) -> tuple[CaseVocabulary, list[Mistake]]:
    """Read what the stories of all pages share.

    Args:
        path: Where the file is; a missing file means that nothing is shared.
        shown: The path for messages.
        reference: The reference pages of its folder.

    Returns:
        The shared part, and all mistakes.
    """
    if not path.is_file():
        return CaseVocabulary(), []
    page, mistakes = read_document(path, shown, front="none")
    if page is None or mistakes:
        return CaseVocabulary(), mistakes
    notes = Notes(shown)
    case_vocabulary = _Page(page, reference, notes).read()
    return case_vocabulary, notes.mistakes


class _Page:
    """The page while it is being read."""

    def __init__(self, page: Document, reference: Reference, notes: Notes) -> None:
        self.page, self.notes = page, notes
        answered = {
            key: Fact(each.name, each.kind) for key, each in reference.answers.items()
        }
        self.reader = StoryReader({**answered, **reference.facts}, Limits(), notes)

    def read(self) -> CaseVocabulary:
        for section in self.page.sections:
            if key_of(section.title) not in map(key_of, _SECTIONS):
                self.notes.add(
                    "word-unknown",
                    section.line,
                    column="a heading",
                    word=section.title,
                    words=", ".join(_SECTIONS),
                )
        constraints = tuple(
            each
            for table in self._tables(ALWAYS_TRUE)
            for each in constraints_in(table, self.reader)
        )
        return CaseVocabulary(
            constraints=constraints,
            always=tuple(
                each
                for table in self._tables("Every case")
                for each in self.reader.bounds(table)
            ),
            usual=tuple(
                each
                for table in self._tables("Usual")
                for each in self.reader.bounds(table)
            ),
            pools=tuple(self._pools()),
            implications=(*self._implications(), *_implications_of(constraints)),
            day_distances=(
                *(
                    each
                    for table in self._tables("Days apart")
                    for each in self.reader.day_distances(table)
                ),
                *_parts_of(constraints, DayDistance),
            ),
            amount_ratios=(*self._shares(), *_parts_of(constraints, AmountRatio)),
            steps=tuple(self._steps()),
        )

    def _tables(self, title: str) -> Sequence[TableText]:
        section = section_named(self.page, title)
        return section.tables if section else ()

    def _pools(self) -> Iterator[Pool]:
        section = section_named(self.page, "Words")
        for part in section.subsections if section else ():
            for table in part.tables:
                facts = [
                    self.reader.fact(each.text, table.line) for each in table.header
                ]
                known = [each for each in facts if each is not None]
                if len(known) == len(facts):
                    yield self._pool(known, table)

    def _pool(self, facts: Sequence[Fact], table: TableText) -> Pool:
        gives = tuple(each.key for each in facts if each.kind.sort is Sort.TEXT)
        if not gives:
            self.notes.add("pool-empty", table.line)
        return Pool(gives, tuple(self._draw(facts, row) for row in table.rows))

    def _draw(self, facts: Sequence[Fact], row: RowText) -> PoolRow:
        words: dict[str, tuple[str, ...]] = {}
        when = []
        for fact, text in zip(facts, row.cells, strict=True):
            if fact.kind.sort is Sort.TEXT:
                words[fact.key] = _several(text)
                continue
            cell = self.reader.cell(text, fact, row.line)
            if not cell.is_any:
                when.append(Condition(fact.key, fact.kind, cell))
        return PoolRow(tuple(when), words)

    def _implications(self) -> Iterator[Implication]:
        for table in self._tables("Together"):
            for row in lines_of([table], _BOND, at=table.line, notes=self.notes):
                fact = self.reader.word(row["fact"], row.number)
                other = self.reader.fact(row["other fact"], row.number)
                if fact is None or other is None:
                    continue
                cell = self.reader.cell(row["is"], fact, row.number)
                when = Condition(fact.key, fact.kind, cell)
                if row["must be"] == UNKNOWN:
                    yield Implication(when, None, other.key)
                    continue
                must_be = self.reader.cell(row["must be"], other, row.number)
                yield Implication(when, Condition(other.key, other.kind, must_be))

    def _shares(self) -> Iterator[AmountRatio]:
        for table in self._tables("Amounts"):
            for when, row in self.reader.rows(table, _SHARE):
                amount = self.reader.of_sort(row, "amount", Sort.MONEY)
                of = self.reader.of_sort(row, "of", Sort.MONEY)
                percent = self.reader.number(row["percent"], PERCENT, row.number)
                if amount is not None and of is not None:
                    yield AmountRatio(when, amount.key, of.key, percent)

    def _steps(self) -> Iterator[JourneyStep]:
        for table in self._tables("Journey"):
            for when, row in self.reader.rows(table, _STEP):
                first, _, last = row["day"].partition("..")
                later = _LATER.fullmatch(first) if last else None
                names = [later["day"] if later else first, last or first]
                days = [self._day(each.strip(), row.number) for each in names]
                for slot in SLOT.findall(row["where"] + row["what happened"]):
                    self.reader.fact(slot, row.number)
                if all(days):
                    yield JourneyStep(
                        when,
                        (days[0], days[-1]),
                        int(later["count"]) if later else 0,
                        _several(row["where"]),
                        _several(row["what happened"]),
                    )

    def _day(self, name: str, line: int) -> str:
        if key_of(name) == TODAY:
            return TODAY
        fact = self.reader.of_sort(Line(line, {"day": name}), "day", Sort.DATE)
        return fact.key if fact else ""


_Part = TypeVar("_Part", DayDistance, AmountRatio)


def _parts_of(constraints: Iterable[Constraint], sort: type[_Part]) -> Iterator[_Part]:
    """Take what the generator makes cases by: days and amounts of all cases."""
    for each in constraints:
        if each.message is None and isinstance(each.then, sort):
            yield each.then


def _implications_of(constraints: Iterable[Constraint]) -> Iterator[Implication]:
    """Take what the generator makes cases by: one fact that leads another."""
    for each in constraints:
        if each.message or each.scan or len(each.when) != 1:
            continue
        (lead,) = each.when
        if not (lead.kind.is_words or lead.kind.sort is Sort.YES_NO):
            continue
        if each.unknown:
            yield Implication(lead, None, each.unknown)
        elif isinstance(each.then, Condition):
            yield Implication(lead, each.then)


def _several(text: str) -> tuple[str, ...]:
    """Take apart what a middle dot separates."""
    return tuple(each.strip() for each in text.split(_BETWEEN))
