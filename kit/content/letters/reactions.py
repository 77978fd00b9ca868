"""What buyers of all pages answer alike: to faults of a letter, and to what we ask.

They are on the reference page ``talk.md`` with moods and ends, each in every
language in which buyers write. Nothing here knows a playbook.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ...errors import Mistake
from ...rules.values import key_of, nearest
from ..markdown.documents import Document, read_document
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line, lines_of, section_named
from ..pages.messages_sent import SLOT
from ..reference.messages import ENGLISH, language_base
from ..reference.moods import ANY_MOOD, PAGE, FollowUp, Reaction
from ..reference.reference import Reference
from .reply_rules import ReplyRules
from .word_lists import ANY

REACTIONS, FOLLOW_UPS = "Reactions", "Follow-ups"
NONE_SENT, NONE_NEEDED = "none-sent", "none-needed"
"""What can be said of a letter that nobody wrote: it was due, or it was not."""

LEADS_TO = "Leads to"
"""The column of ends; reactions of earlier versions have none."""

IF_SAID = "If the letter says"
"""The column of claims; follow-ups of earlier versions have none."""

SAME = "same"
"""The end that the page itself names."""

_LANGUAGE = re.compile(r"[a-z]{2}")


def read_reactions(
    folder: Path, shown: Path, reference: Reference
) -> tuple[tuple[Reaction, ...], tuple[FollowUp, ...], list[Mistake]]:
    """Read reactions and follow-ups with all mistakes; a page may have neither.

    Args:
        folder: The folder ``playbooks/reference``.
        shown: The same folder as mistakes print it.
        reference: What the other reference pages declare.
    """
    file = folder / f"{PAGE}.md"
    if not file.is_file():
        return (), (), []
    notes = Notes(shown / file.name)
    page, mistakes = read_document(file, notes.shown, front="none")
    if page is None or mistakes:
        return (), (), []  # Whoever reads the moods has named them.
    reader = _Reader(page, reference, notes)
    reactions, follow_ups = tuple(reader.reactions()), tuple(reader.follow_ups())
    return reactions, follow_ups, notes.mistakes


def unknown_names(
    reference: Reference, rules: ReplyRules, shown: Path
) -> Iterator[Mistake]:
    """Find what reactions and follow-ups name and the rules of replies do not have.

    Args:
        reference: What the reference pages declare.
        rules: The rules of replies.
        shown: The page as mistakes print it.
    """
    ids = (NONE_SENT, NONE_NEEDED, *(each.id for each in rules.rules))
    named = [
        ("reaction-finding", each.line, name, ids)
        for each in reference.reactions
        for name in each.findings
    ]
    named += [
        ("follow-up-claim", each.line, each.claim, tuple(rules.claims.kinds))
        for each in reference.follow_ups
        if each.claim
    ]
    for kind, line, name, known in named:
        if key_of(name) not in map(key_of, known):
            values: dict[str, object] = {"name": name, "nearest": nearest(name, known)}
            yield Mistake(kind, shown, line, values)


class _Reader:
    """The two sections while they are being read."""

    def __init__(self, page: Document, reference: Reference, notes: Notes) -> None:
        self.page, self.reference, self.notes = page, reference, notes
        places = reference.marketplaces.values()
        spoken = {language_base(each.language) for each in places} - {ENGLISH}
        self.languages = (ENGLISH, *sorted(spoken))

    def reactions(self) -> Iterator[Reaction]:
        """Read what buyers answer to findings, in the order of the page."""
        met: list[Reaction] = []
        leads = self._has_column(REACTIONS, LEADS_TO)
        columns = ("Finding", "Mood", *((LEADS_TO,) if leads else ()))
        for row in self._rows(REACTIONS, columns):
            found = Reaction(
                tuple(_listed(row["finding"])),
                self._mood(row),
                self._words(row),
                row.number,
                self._end(row) if leads else "",
            )
            self._note_never(found, met)
            met.append(found)
            yield found

    def follow_ups(self) -> Iterator[FollowUp]:
        """Read how cases go on."""
        says = self._has_column(FOLLOW_UPS, IF_SAID)
        columns = ("Action", *((IF_SAID,) if says else ()), LEADS_TO)
        for row in self._rows(FOLLOW_UPS, columns):
            claim = row[key_of(IF_SAID)] if says else ANY
            yield FollowUp(
                tuple(self._actions(row)),
                self._end(row),
                self._words(row),
                row.number,
                "" if claim == ANY else key_of(claim).replace("_", "-"),
            )

    def _has_column(self, title: str, column: str) -> bool:
        section = section_named(self.page, title)
        tables = section.tables if section else ()
        heads = [head.text for table in tables[:1] for head in table.header]
        return key_of(column) in map(key_of, heads)

    def _rows(self, title: str, columns: tuple[str, ...]) -> Iterator[Line]:
        """Read a table whose last columns are languages."""
        section = section_named(self.page, title)
        if section is None:
            return
        heads = [head.text for table in section.tables[:1] for head in table.header]
        found = [each for each in heads[len(columns) :] if _LANGUAGE.fullmatch(each)]
        lacking = [each for each in self.languages if each not in found]
        if found and lacking:
            self.notes.add(
                "words-language",
                section.tables[0].line,
                languages=", ".join(lacking),
            )
        columns = (*columns, *(found or self.languages))
        yield from lines_of(section.tables, columns, at=section.line, notes=self.notes)

    def _words(self, row: Line) -> Mapping[str, str]:
        words = {key: text for key, text in row.cells.items() if key in self.languages}
        for slot in sorted({slot for text in words.values() for slot in _slots(text)}):
            self.notes.add("shared-slot", row.number, slot=slot)
        return words

    def _mood(self, row: Line) -> str:
        name = row["mood"]
        moods = {key: each.id for key, each in self.reference.moods.items()}
        if name == ANY_MOOD or key_of(name) in moods:
            return moods.get(key_of(name), ANY_MOOD)
        close = nearest(name, [*moods.values(), ANY_MOOD])
        self.notes.add("mood-unknown", row.number, name=name, nearest=close)
        return name

    def _note_never(self, row: Reaction, earlier: Sequence[Reaction]) -> None:
        """A row is never met where earlier rows answer all that it names."""
        for name in row.findings:
            for each in earlier:
                names = map(key_of, each.findings)
                if key_of(name) in names and each.mood in {ANY_MOOD, row.mood}:
                    self.notes.add(
                        "reaction-never", row.line, finding=name, line=each.line
                    )
                    break

    def _actions(self, row: Line) -> Iterator[str]:
        known = {key_of(each): each for each in self.reference.actions}
        for name in _listed(row["action"]):
            if key_of(name) not in known:
                close = nearest(name, known.values())
                self.notes.add("action-unknown", row.number, name=name, nearest=close)
            yield known.get(key_of(name), name)

    def _end(self, row: Line) -> str:
        name = row[LEADS_TO]
        if name == SAME:
            return ""
        end = self.reference.ends.get(key_of(name))
        if end is None or not end.is_good:
            good = [each.id for each in self.reference.ends.values() if each.is_good]
            close = nearest(name, [*good, SAME])
            self.notes.add("follow-up-end", row.number, name=name, nearest=close)
        return end.id if end else name


def _listed(text: str) -> Iterator[str]:
    return (each.strip() for each in text.split(",") if each.strip())


def _slots(text: str) -> list[str]:
    return [str(each) for each in SLOT.findall(text)]
