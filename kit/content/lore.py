"""Read ``reference/stories.md``: words, days and amounts for practice cases.

A table may open with columns that are facts: such a row counts only for cases that fit
these cells. Nothing here knows a playbook.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import BadCell, Mistake
from ..rules.conditions import ANY, Cell, read_cell
from ..rules.facts import TODAY, Fact, Vocabulary
from ..rules.limits import Limits
from ..rules.values import Kind, Sort, key_of
from .documents import Document, RowText, TableText, read_document
from .files import Notes
from .lookups import UNKNOWN, fact_at
from .reference import Reference
from .sayings import SLOT
from .sheets import Line, lines_of, section_named
from .stories import Apart, Bond, Bound, Condition, Draw, Lore, Pool, Share, Step, When

PAGE = "stories.md"
BOUND = ("Fact", "Is", "Usually")
APART = ("Earlier", "Later", "Days apart")
_SHARE = ("Amount", "Of", "Percent")
_STEP = ("Day", "Where", "What happened")
_BOND = ("Fact", "Is", "Other fact", "Must be")
_SECTIONS = (
    "Every case",
    "Usual",
    "Words",
    "Together",
    "Days apart",
    "Amounts",
    "Journey",
)
_DAYS = Kind(Sort.WHOLE, unit="days")
_PERCENT = Kind(Sort.WHOLE)
_BETWEEN = " · "


def read_lore(
    path: Path, shown: Path, reference: Reference
) -> tuple[Lore, list[Mistake]]:
    """Read the page with all its mistakes; a folder may do without it.

    Args:
        path: Where the file lies; none means that nothing is shared.
        shown: The path as mistakes print it.
        reference: The vocabulary of its folder.
    """
    if not path.is_file():
        return Lore(), []
    page, mistakes = read_document(path, shown, front="none")
    if page is None or mistakes:
        return Lore(), mistakes
    notes = Notes(shown)
    lore = _Page(page, reference, notes).read()
    return lore, notes.mistakes


class StoryReader:
    """Reads the tables from which stories are told, on this page and on others."""

    def __init__(self, facts: Vocabulary, limits: Limits, notes: Notes) -> None:
        """Take what the tables may name."""
        self.facts, self.limits, self.notes = facts, limits, notes

    def bounds(self, table: TableText) -> Iterator[Bound]:
        """Read ``Fact | Is | Usually``."""
        for row in lines_of([table], BOUND, at=table.line, notes=self.notes):
            fact = self.fact(row["fact"], row.number)
            if fact is not None:
                can_be = self.cell(row["is"], fact, row.number)
                usually = self.cell(row["usually"], fact, row.number)
                yield Bound(fact.key, fact.kind, can_be, usually)

    def aparts(self, table: TableText) -> Iterator[Apart]:
        """Read ``… | Earlier | Later | Days apart``."""
        for when, row in self.rows(table, APART):
            earlier = self.of_sort(row, "earlier", Sort.DATE)
            later = self.of_sort(row, "later", Sort.DATE)
            days = self.number(row["days apart"], _DAYS, row.number)
            if earlier is not None and later is not None:
                yield Apart(when, earlier.key, later.key, days)

    def rows(
        self, table: TableText, columns: Sequence[str]
    ) -> Iterator[tuple[When, Line]]:
        """Read a table that ends in these columns; those before are conditions."""
        heads = [heading.text for heading in table.header]
        if [key_of(each) for each in heads[-len(columns) :]] != [
            key_of(each) for each in columns
        ]:
            self.notes.add(
                "columns-differ",
                table.line,
                columns=" | ".join(("…", *columns)),
                found=" | ".join(heads),
            )
            return
        many = len(heads) - len(columns)
        facts = [self.word(each, table.line) for each in heads[:many]]
        if None in facts:
            return
        for text in table.rows:
            cells = zip(map(key_of, columns), text.cells[many:], strict=True)
            yield self._when(facts, text), Line(text.line, dict(cells))

    def fact(self, name: str, line: int) -> Fact | None:
        """Find a fact by its name."""
        return fact_at(name, line, self.facts, self.notes)

    def of_sort(self, row: Line, column: str, sort: Sort) -> Fact | None:
        """Find a fact that must be of a sort."""
        fact = self.fact(row[column], row.number)
        if fact is not None and fact.kind.sort is not sort:
            self._note_sort(fact, sort.value, row.number)
            return None
        return fact

    def cell(self, text: str, fact: Fact, line: int) -> Cell:
        """Read what is asked of a fact."""
        return self._cell(text, fact.kind, fact.name, line)

    def number(self, text: str, kind: Kind, line: int) -> Cell:
        """Read a number of days or percent."""
        return self._cell(text, kind, kind.unit or "Percent", line)

    def _cell(self, text: str, kind: Kind, name: str, line: int) -> Cell:
        try:
            return read_cell(text, kind, fact=name, limits=self.limits)
        except BadCell as error:
            self.notes.add_cell(error, line)
            return ANY

    def word(self, name: str, line: int) -> Fact | None:
        """Find a fact that must be yes/no or a word."""
        fact = self.fact(name, line)
        if fact is None or fact.kind.words or fact.kind.sort is Sort.YES_NO:
            return fact
        self._note_sort(fact, f"{Sort.YES_NO.value}, {Sort.WORD.value}", line)
        return None

    def _note_sort(self, fact: Fact, sort: str, line: int) -> None:
        self.notes.add("story-sort", line, name=fact.name, sort=sort, kind=fact.kind)

    def _when(self, facts: Sequence[Fact | None], text: RowText) -> When:
        return tuple(
            Condition(fact.key, fact.kind, cell)
            for fact, source in zip(facts, text.cells, strict=False)
            if fact is not None
            and not (cell := self.cell(source, fact, text.line)).is_any
        )


class _Page:
    """The page while it is being read."""

    def __init__(self, page: Document, reference: Reference, notes: Notes) -> None:
        self.page, self.notes = page, notes
        answered = {
            key: Fact(each.name, each.kind) for key, each in reference.answers.items()
        }
        self.reader = StoryReader({**answered, **reference.facts}, Limits(), notes)

    def read(self) -> Lore:
        for section in self.page.sections:
            if key_of(section.title) not in map(key_of, _SECTIONS):
                self.notes.add(
                    "word-unknown",
                    section.line,
                    column="a heading",
                    word=section.title,
                    words=", ".join(_SECTIONS),
                )
        return Lore(
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
            bonds=tuple(self._bonds()),
            aparts=tuple(
                each
                for table in self._tables("Days apart")
                for each in self.reader.aparts(table)
            ),
            shares=tuple(self._shares()),
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

    def _draw(self, facts: Sequence[Fact], row: RowText) -> Draw:
        words: dict[str, tuple[str, ...]] = {}
        when = []
        for fact, text in zip(facts, row.cells, strict=True):
            if fact.kind.sort is Sort.TEXT:
                words[fact.key] = _several(text)
                continue
            cell = self.reader.cell(text, fact, row.line)
            if not cell.is_any:
                when.append(Condition(fact.key, fact.kind, cell))
        return Draw(tuple(when), words)

    def _bonds(self) -> Iterator[Bond]:
        for table in self._tables("Together"):
            for row in lines_of([table], _BOND, at=table.line, notes=self.notes):
                fact = self.reader.word(row["fact"], row.number)
                other = self.reader.fact(row["other fact"], row.number)
                if fact is None or other is None:
                    continue
                cell = self.reader.cell(row["is"], fact, row.number)
                when = Condition(fact.key, fact.kind, cell)
                if row["must be"] == UNKNOWN:
                    yield Bond(when, None, other.key)
                    continue
                must_be = self.reader.cell(row["must be"], other, row.number)
                yield Bond(when, Condition(other.key, other.kind, must_be))

    def _shares(self) -> Iterator[Share]:
        for table in self._tables("Amounts"):
            for when, row in self.reader.rows(table, _SHARE):
                amount = self.reader.of_sort(row, "amount", Sort.MONEY)
                of = self.reader.of_sort(row, "of", Sort.MONEY)
                percent = self.reader.number(row["percent"], _PERCENT, row.number)
                if amount is not None and of is not None:
                    yield Share(when, amount.key, of.key, percent)

    def _steps(self) -> Iterator[Step]:
        for table in self._tables("Journey"):
            for when, row in self.reader.rows(table, _STEP):
                names = row["day"].split("..") if ".." in row["day"] else [row["day"]]
                days = [self._day(each.strip(), row.number) for each in names]
                for slot in SLOT.findall(row["where"] + row["what happened"]):
                    self.reader.fact(slot, row.number)
                if all(days):
                    yield Step(
                        when,
                        (days[0], days[-1]),
                        _several(row["where"]),
                        _several(row["what happened"]),
                    )

    def _day(self, name: str, line: int) -> str:
        if key_of(name) == TODAY:
            return TODAY
        fact = self.reader.of_sort(Line(line, {"day": name}), "day", Sort.DATE)
        return fact.key if fact else ""


def _several(text: str) -> tuple[str, ...]:
    """Take apart what a middle dot separates."""
    return tuple(each.strip() for each in text.split(_BETWEEN))
