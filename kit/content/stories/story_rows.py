"""Read the tables of stories: facts, days, conditions.

A table may begin with columns that are facts: such a row applies only to cases that
fit these cells.
"""

from collections.abc import Iterator, Sequence

from ...errors import BadCell
from ...rules.conditions import ANY, Cell, read_cell
from ...rules.facts import Fact, Vocabulary
from ...rules.limits import Limits
from ...rules.values import Kind, Sort, key_of
from ..markdown.documents import RowText, TableText
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line, lines_of
from ..markdown.lookups import fact_at
from .constraints import Condition, DayDistance, When
from .story_model import Bound

BOUND = ("Fact", "Is", "Usually")
APART = ("Earlier", "Later", "Days apart")
DAYS = Kind(Sort.WHOLE, unit="days")
PERCENT = Kind(Sort.WHOLE)


class StoryReader:
    """Reads the tables of stories, on this page and on others."""

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

    def day_distances(self, table: TableText) -> Iterator[DayDistance]:
        """Read ``… | Earlier | Later | Days apart``."""
        for when, row in self.rows(table, APART):
            earlier = self.of_sort(row, "earlier", Sort.DATE)
            later = self.of_sort(row, "later", Sort.DATE)
            days = self.number(row["days apart"], DAYS, row.number)
            if earlier is not None and later is not None:
                yield DayDistance(when, earlier.key, later.key, days)

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
        """Parse the condition on a fact."""
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
