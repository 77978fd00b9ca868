"""Read the tables of claims in ``reference/replies.md``, with every mistake in them."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ...rules.phrases import NO_PHRASE
from ...rules.values import Kind, key_of
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line
from ..markdown.lookups import is_first_use
from .claims import (
    DONE,
    EVERYWHERE,
    FOR_NOW,
    LATER,
    MARKS,
    PREFIXES,
    SAYS,
    ActionClaims,
    Allowed,
    ClaimKind,
    Claims,
)
from .whens import NO, YES, When, read_when
from .word_lists import WordList

COLUMNS = {
    "Claims": ("Claim", "Topic", "Timed", "The agent says", "The agent denies"),
    "Words of the claims": ("Claim", "Language", "Words", "Unless"),
    "Marks": ("Mark", "Language", "Words", "Unless"),
    "Topics": ("Topic", "Language", "Words", "Unless"),
    "Groups of claims": ("Group", "Claims"),
    "Claims of actions": ("Action", "When", "Must claim", "May claim"),
    "Claims that are not true": ("Claim", "When"),
    "Claims of the buyer": ("Claim", "When"),
    "Words of the buyer": ("Claim", "Language", "Words", "Unless"),
    "Days of claims": ("Claim", "Day"),
    "Doubtful words of the claims": ("Claim", "Language", "Words", "Unless"),
    "Vague words of the claims": ("Claim", "Language", "Words", "Unless"),
}
"""The sections and the columns of their tables."""

NOW, TIMED = "now", "Timed"

OR = " or "

AT = "@"
"""What a name of a group begins with in a cell."""


class ClaimReader:
    """The tables of claims while they are being read."""

    def __init__(
        self,
        rows: Callable[[str], Iterable[Line]],
        word_list: Callable[[str, Line], WordList],
        known: Callable[[str, str, Iterable[str], int], str],
        notes: Notes,
    ) -> None:
        """Take what the page is read with.

        Args:
            rows: Gives the rows of a section.
            word_list: Reads a row of words for what has a name.
            known: Finds a name as it was declared, or notes that there is none.
            notes: Where mistakes go.
        """
        self._rows, self._word_list = rows, word_list
        self._known, self._notes = known, notes

    def claims(self, actions: Iterable[str], facts: Mapping[str, Kind]) -> Claims:
        """Read all of it.

        Args:
            actions: The ids of the actions there are.
            facts: The kinds of the facts and answers there are, by their keys.
        """
        kinds = {each.id: each for each in self._kinds()}
        topics = {each.topic for each in kinds.values()}
        groups: dict[str, tuple[Allowed, ...]] = {}
        for row in self._rows("Groups of claims"):
            if is_first_use(row["group"], groups, row.number, self._notes):
                groups[row["group"]] = tuple(self._cell(row, "claims", kinds, groups))
        found: dict[str, tuple[ActionClaims, ...]] = {}
        known = tuple(actions)
        everywhere = groups.get(EVERYWHERE, ())
        for row in self._rows("Claims of actions"):
            action = self._known(row["action"], "action", known, row.number)
            claims = ActionClaims(
                action,
                tuple(read_when(row, facts, self._known, self._notes)),
                tuple(self._required(row, kinds)),
                (*self._cell(row, "may claim", kinds, groups), *everywhere),
            )
            earlier = found.get(action, ())
            if any(not each.when for each in earlier):
                self._notes.add("claim-never", row.number, action=action)
            found[action] = (*earlier, claims)
        return Claims(
            kinds,
            words=tuple(self._spoken("Words of the claims", "claim", kinds)),
            doubtful=tuple(
                self._spoken("Doubtful words of the claims", "claim", kinds)
            ),
            vague=tuple(self._spoken("Vague words of the claims", "claim", kinds)),
            marks=tuple(self._spoken("Marks", "mark", MARKS)),
            topics=tuple(self._spoken("Topics", "topic", topics)),
            groups=groups,
            actions=found,
            ruled_out=tuple(self._in_cases("Claims that are not true", kinds, facts)),
            of_buyer=tuple(self._in_cases("Claims of the buyer", kinds, facts)),
            buyers_words=tuple(self._spoken("Words of the buyer", "claim", kinds)),
            days={
                self._claim(row["claim"], row.number, kinds).claim: key_of(
                    self._known(row["day"], "fact", facts, row.number)
                )
                for row in self._rows("Days of claims")
            },
        )

    def _in_cases(
        self, title: str, kinds: Mapping[str, ClaimKind], facts: Mapping[str, Kind]
    ) -> Iterator[tuple[Allowed, tuple[When, ...]]]:
        """Read claims with the cases for which a row is written."""
        for row in self._rows(title):
            when = tuple(read_when(row, facts, self._known, self._notes))
            yield self._claim(row["claim"], row.number, kinds), when

    def _kinds(self) -> Iterator[ClaimKind]:
        seen: list[str] = []
        for row in self._rows("Claims"):
            if is_first_use(row["claim"], seen, row.number, self._notes):
                seen.append(row["claim"])
                self._note_word(row["timed"], TIMED, (YES, NO, NOW), row.number)
                yield ClaimKind(
                    row["claim"],
                    row["topic"],
                    row["the agent says"],
                    row["the agent denies"],
                    key_of(row["timed"]) == YES,
                    key_of(row["timed"]) == NOW,
                    row.number,
                )

    def _note_word(self, word: str, column: str, words: Iterable[str], at: int) -> None:
        """Note a word that is none of those that can be here."""
        if key_of(word) not in map(key_of, words):
            listed = ", ".join(words)
            self._notes.add("word-unknown", at, word=word, column=column, words=listed)

    def _spoken(
        self, title: str, column: str, known: Iterable[str]
    ) -> Iterator[WordList]:
        names = tuple(known)
        for row in self._rows(title):
            name = self._known(row[column], column, names, row.number)
            yield self._word_list(name, row)

    def _cell(
        self,
        row: Line,
        column: str,
        kinds: Mapping[str, ClaimKind],
        groups: Mapping[str, tuple[Allowed, ...]],
    ) -> Iterator[Allowed]:
        """Read what a cell allows: claims with a comma between, and groups."""
        if row[column] == NO_PHRASE:
            return
        for text in row[column].split(","):
            name = text.strip()
            if name.startswith(AT):
                group = self._known(name[1:], "group", groups, row.number)
                yield from groups.get(group, ())
            else:
                yield self._claim(name, row.number, kinds)

    def _required(
        self, row: Line, kinds: Mapping[str, ClaimKind]
    ) -> Iterator[tuple[Allowed, ...]]:
        """Read what a letter must claim: ``cancel, refund or part-refund``."""
        if row["must claim"] != NO_PHRASE:
            for text in row["must claim"].split(","):
                names = text.strip().split(OR)
                yield tuple(self._claim(each, row.number, kinds) for each in names)

    def _claim(self, name: str, line: int, kinds: Mapping[str, ClaimKind]) -> Allowed:
        ways: tuple[str, ...] = (SAYS, DONE)
        is_for_now = name.startswith(f"{FOR_NOW} ")
        name = name.removeprefix(f"{FOR_NOW} ")
        for prefix, others in PREFIXES.items():
            if name.startswith(prefix):
                name, ways = name.removeprefix(prefix), others
                break
        kind = kinds.get(name)
        if ways == (LATER,) and kind is not None and not kind.is_timed:
            ways = (SAYS, LATER)  # nothing ever depends, so it is only not done yet
        return Allowed(self._known(name, "claim", kinds, line), ways, is_for_now)
