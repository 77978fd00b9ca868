"""Every error that the kit raises on purpose.

One base class, ``KitError``, and a class for each thing that can be wrong. The texts
are in the catalogue under ``errors.<class name>``; the values are attributes.

- KitError
    - ContentMistakes: a folder of playbooks has mistakes, all of them listed
        - CourseMistakes: the course has mistakes, said in one sentence
    - BadCell: a cell of a table is not in the language of cells
    - BadValue: a value does not fit its fact
        - UnclearValue: a value can be read in more than one way
    - UnknownName: nothing has this name
    - MissingFact: a decision needs a fact that the case does not have
    - FactsDisagree: a case states a fact that its other facts contradict
        - TableDisagrees: a case states a fact, and a table answers another value
    - NoRowFits: a decision table has a gap here
    - RowsOverlap: two rows fit where only one may
    - NotCovered: no edition of a limit is in force on this day
        - ForeignAmount: a table compares with an amount in another currency
        - PlaceNotCovered: a limit has no edition at all at this marketplace
    - DayTooFar: a day is outside the calendar, or too far away
    - TalkEnded: the talk with the buyer is over
    - NoCaseMade: no practice case could be generated for a target
    - BadRecord: a record file has a line that was changed or is malformed
    - BadAnswers: submitted answers do not have the agreed form
    - RunFailed: an exercise notebook could not be run
    - CannotStart: something that the kit needs is missing on this machine
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .catalogue import LONGEST_SENTENCE, LONGEST_WORDS, in_one_line, say

OF_AUTHORS = {
    *("cell", "word", "text", "name", "title", "type", "head", "column"),
    *("value", "id", "slot", "state", "zone"),
}
"""Slots that contain an author's words: these are shortened, lists are not."""


class KitError(Exception):
    """Base class of all errors of the kit; its text is one sentence for a person."""

    def __init__(self, **values: object) -> None:
        """Store every value as an attribute and format the text of this class."""
        for name, value in values.items():
            setattr(self, name, value)
        super().__init__(_sentence(f"errors.{type(self).__name__}", values))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with all attributes, so that another process shows the same text."""
        return _rebuilt, (type(self), self.args, dict(vars(self)))


def _rebuilt(
    kind: type[KitError], args: tuple[object, ...], values: dict[str, object]
) -> KitError:
    error = kind.__new__(kind)
    error.args = args
    vars(error).update(values)
    return error


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that an author has to correct."""

    kind: str
    """Its kind: a key of the catalogue's ``mistakes``."""

    path: Path
    """The file, as the author named it."""

    line: int
    """The line of the file, counted from 1."""

    values: dict[str, object] = field(default_factory=dict)
    """The values of the slots of its two sentences."""

    cell: str = ""
    """The text of the cell that is wrong, if it is one cell."""

    span: tuple[int, int] = (0, 0)
    """The characters at fault in the cell: the first, and one past the last."""

    is_todo: bool = False
    """Whether it is unfinished and not wrong; only a strict check fails then."""

    @property
    def problem(self) -> str:
        """What is wrong."""
        return _sentence(f"mistakes.{self.kind}.problem", self.values)

    @property
    def fix(self) -> str:
        """What to do next."""
        return _sentence(f"mistakes.{self.kind}.fix", self.values)

    def __str__(self) -> str:
        """Format ``path:line: problem``, the cell with its fault marked, the fix."""
        lines = [f"{self.path}:{self.line}: {self.problem}"]
        if self.cell:
            cell, start, end = _window(self.cell, *self.span)
            lines.append(f"    {cell}")
            if end > start:
                lines.append("    " + " " * start + "~" * (end - start - 1) + "^")
        lines.append(f"  {say('mistakes.fix')} {self.fix}")
        return "\n".join(lines)


class ContentMistakes(KitError):
    """A folder of playbooks has mistakes; ``mistakes`` lists all of them."""

    mistakes: Sequence[Mistake]

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        """Store the mistakes, sorted by file and line."""
        self.mistakes = sorted(mistakes, key=lambda each: (str(each.path), each.line))
        Exception.__init__(self, "\n".join(str(each) for each in self.mistakes))


class CourseMistakes(ContentMistakes):
    """The course has mistakes. The text is one sentence, for those who only read it."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        """Store the mistakes; the text names the first one."""
        super().__init__(mistakes)
        first = self.mistakes[0]
        values = {"path": first.path, "line": first.line, "problem": first.problem}
        Exception.__init__(self, _sentence("errors.course-broken", values))


class BadCell(KitError):
    """A cell is not in the language of cells."""

    kind: str
    """The kind of mistake: a key of the catalogue's ``mistakes``."""

    cell: str
    """The text of the cell."""

    span: tuple[int, int]
    """The characters at fault: the first, and one past the last."""

    values: dict[str, object]
    """The values of the slots of the mistake's sentences."""

    def __init__(
        self, mistake: str, cell: str, span: tuple[int, int], /, **values: object
    ) -> None:
        """Store what is needed to report the mistake at its place.

        Args:
            mistake: A key of the catalogue's ``mistakes``.
            cell: The text of the cell.
            span: The characters at fault: the first, and one past the last.
            values: The values of the slots of the mistake's sentences.
        """
        self.kind, self.cell, self.span, self.values = mistake, cell, span, values
        super().__init__(problem=say(f"mistakes.{mistake}.problem", **values))


class BadValue(KitError):
    """A value does not fit the kind of its fact."""

    fact: str
    value: object
    kind: str


class UnclearValue(BadValue):
    """A value can be read in more than one way; ``how`` says how to write it."""

    how: str


class UnknownName(KitError):
    """Nothing of this sort has this name; ``nearest`` suggests a similar one."""

    sort: str
    name: str
    nearest: str


class MissingFact(KitError):
    """A decision needs a fact that the case does not have."""

    fact: str


class FactsDisagree(KitError):
    """A case states a fact that its other facts contradict."""

    fact: str
    stated: str
    derived: str


class TableDisagrees(FactsDisagree):
    """A case states a fact, and the table that answers it gives another value."""

    table: str
    row: str


class NoRowFits(KitError):
    """No row of the table fits these facts."""

    table: str
    facts: str


class RowsOverlap(KitError):
    """Two rows fit, so the table does not decide."""

    table: str
    first: str
    second: str


class NotCovered(KitError):
    """No edition of a limit is in force on this day at this marketplace."""

    limit: str
    marketplace: str
    day: str


class ForeignAmount(NotCovered):
    """A table compares with an amount in another currency than the marketplace's."""

    amount: object
    currency: str


class PlaceNotCovered(NotCovered):
    """A limit has no edition at all at this marketplace."""


class DayTooFar(KitError):
    """A day cannot be computed: it is outside the calendar, or too far away."""

    day: str
    count: int
    most: int


class TalkEnded(KitError):
    """The talk is over, so the buyer answers no more."""

    state: str


class NoCaseMade(KitError):
    """No practice case could be generated for a target."""

    aim: str
    """Id of the target."""

    playbook: str
    """Id of the playbook whose stories were used."""


class BadRecord(KitError):
    """A record file has a line that was changed or is malformed."""

    path: Path
    line: int
    problem: str
    fix: str


class BadAnswers(KitError):
    """Submitted answers do not have the agreed form."""

    exercise: str
    problem: str


class RunFailed(KitError):
    """An exercise notebook could not be run."""

    exercise: str
    problem: str

    log: str = ""
    """Details for a developer; empty if the text says everything."""


class CannotStart(KitError):
    """Something that the kit needs is missing on this machine."""

    problem: str
    fix: str


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Say what to install if the libraries of an extra are not here.

    Args:
        extra: ``grade``, ``sign`` or ``dask``, the name that pip takes in brackets.

    Raises:
        CannotStart: One of them cannot be imported inside the block.
    """
    try:
        yield
    except ImportError as error:
        problem = say(f"marking.extra.{extra}")
        fix = say("marking.extra.fix", extra=extra)
        raise CannotStart(problem=problem, fix=fix) from error


def _window(cell: str, start: int, end: int) -> tuple[str, int, int]:
    """Cut the part around the fault out of a long cell, with its position there."""
    if len(cell) <= LONGEST_WORDS:
        return cell, start, end
    first = max(min(start - LONGEST_WORDS // 2, len(cell) - LONGEST_WORDS), 0)
    last = first + LONGEST_WORDS
    before, behind = "…" if first else "", "…" if last < len(cell) else ""
    shown = f"{before}{cell[first:last]}{behind}"
    moved = len(before) - first
    return shown, start + moved, min(end, last) + moved


def _sentence(key: str, values: Mapping[str, object]) -> str:
    """Format a text of the catalogue; an empty slot leaves no double space.

    Values from outside are made safe for one line of any terminal.
    """
    short = {
        name: in_one_line(each)
        if name in OF_AUTHORS and isinstance(each, str)
        else each
        for name, each in values.items()
    }
    sentence = in_one_line(say(key, **short), longest=LONGEST_SENTENCE)
    return re.sub(" {2,}", " ", sentence).strip()
