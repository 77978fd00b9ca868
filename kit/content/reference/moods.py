"""Read the moods and ends of talks from ``talk.md``, and define the common answers.

A folder needs this reference page only if one of its playbooks has a Talk.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...errors import Mistake
from ...rules.values import key_of
from ..markdown.documents import Document, read_document
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line, lines_of, section_named
from ..markdown.lookups import is_first_use

PAGE = "talk"
GOOD = {"yes": True, "no": False}
ANY_MOOD = "any"


@dataclass(frozen=True, slots=True)
class Mood:
    """A mood of the buyer during a talk."""

    id: str
    """Its name, such as ``"worried"``."""

    words: str
    """How it looks from outside, in one line."""

    line: int
    """The line of the page, counted from 1."""


@dataclass(frozen=True, slots=True)
class End:
    """A way in which a talk can end."""

    id: str
    """Its name, such as ``"solved"``."""

    is_good: bool
    """Whether it is a good result."""

    words: str
    """The result, in one line."""

    feedback: str
    """The feedback that the buyer leaves, such as ``positive`` or ``none``."""

    line: int
    """The line of the page, counted from 1."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """The buyer's answer to a letter with findings."""

    findings: tuple[str, ...]
    """Ids of rules of ``replies.md``, ``none-sent`` or ``none-needed``."""

    mood: str
    """Id of the mood in which the buyer must be, or ``any``."""

    words: Mapping[str, str]
    """What the buyer writes, by the two letters of the language."""

    line: int
    """The line of the page, counted from 1."""

    end: str = ""
    """Id of the end that takes the place of a good one; empty for the page's own."""

    def fits(self, mood: str) -> bool:
        """Tell whether it applies to a buyer in this mood."""
        return self.mood == ANY_MOOD or key_of(self.mood) == key_of(mood)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How a case continues when the buyer was correctly asked for something."""

    actions: tuple[str, ...]
    """Ids of the actions that ask for it."""

    end: str
    """Id of the end to which it leads; empty for the one that the page names."""

    words: Mapping[str, str]
    """What the buyer writes, by the two letters of the language."""

    line: int
    """The line of the page, counted from 1."""

    claim: str = ""
    """The id of what the letter must have said; empty if it does not matter."""


def read_moods(
    folder: Path, shown: Path
) -> tuple[Mapping[str, Mood], Mapping[str, End], list[Mistake]]:
    """Read moods and ends by their key; a missing page has none.

    Args:
        folder: The folder ``playbooks/reference``.
        shown: The same folder for messages.

    Returns:
        The moods, the ends and all mistakes.
    """
    file = folder / f"{PAGE}.md"
    if not file.is_file():
        return {}, {}, []
    notes = Notes(shown / file.name)
    page, mistakes = read_document(file, notes.shown, front="none")
    if page is None or mistakes:
        return {}, {}, mistakes
    moods = _moods(page, notes)
    ends = _ends(page, moods, notes)
    return moods, ends, notes.mistakes


def _moods(page: Document, notes: Notes) -> dict[str, Mood]:
    moods: dict[str, Mood] = {}
    for row in _rows(page, "Moods", ("Mood", "In words"), notes):
        if is_first_use(row["mood"], moods, row.number, notes):
            moods[key_of(row["mood"])] = Mood(row["mood"], row["in words"], row.number)
    return moods


def _ends(page: Document, moods: Mapping[str, Mood], notes: Notes) -> dict[str, End]:
    """Read the ends; none may have the name of a mood, for a row names either."""
    ends: dict[str, End] = {}
    for row in _rows(page, "Ends", ("End", "Good", "In words", "Feedback"), notes):
        if row["good"] not in GOOD:
            words = ", ".join(GOOD)
            notes.add(
                "word-unknown",
                row.number,
                column="Good",
                word=row["good"],
                words=words,
            )
        elif is_first_use(row["end"], (*moods, *ends), row.number, notes):
            ends[key_of(row["end"])] = End(
                row["end"],
                GOOD[row["good"]],
                row["in words"],
                row["feedback"],
                row.number,
            )
    return ends


def _rows(
    page: Document, title: str, columns: tuple[str, ...], notes: Notes
) -> Iterator[Line]:
    section = section_named(page, title)
    if section is None:
        notes.add("section-lacks", 1, title=title)
        return
    yield from lines_of(section.tables, columns, at=section.line, notes=notes)
