"""A letter, clause by clause: what each depends on, and whether it is denied.

A clause is a part of a sentence with one statement. It ends at a comma, a colon or a
dash, and before words that join or condition, which are data of the trade.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...content.letters.claims import (
    ADDITION,
    ALTERNATIVE,
    BUTTON,
    CHOICE,
    CONDITION,
    CONSEQUENCE,
    DEPENDS,
    DONE,
    FUTURE,
    HAPPENED,
    JOIN,
    LATER,
    MENTIONED,
    NEAR_NEGATION,
    NEGATION,
    NOT,
    ONLY,
    OPENING,
    REPORTED,
    SAYS,
    SET_PHRASE,
    VERB_FIRST,
    Claims,
)
from ...rules.phrases import MOST_BETWEEN, Hit, Token, Wording
from .choices import choices_in
from .commas import NEAR_A_DAY, NEAR_AN_ID, commas_of, ends_clause, is_strong, quotes
from .conditional_clauses import Part, Places, is_listed
from .texts import Reading

FAR = 6
"""In words: a condition is rarely shorter."""

NEAR = 3
"""In words: how far before a statement a word such as *without* denies it."""

_ITEM = re.compile(r"^[ \t]{0,3}\(?(?:\d{1,2}[.)]|[a-hA-H]\))[ \t]", re.MULTILINE)
"""The beginning of an item of a list: *1. …*, *b) …*."""

BETWEEN = {"en": 8, "de": 10}
"""In words: how far apart the two parts of a verb can stand in one clause."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a letter."""

    number: int
    """Its place in the letter, counted from 0."""

    tokens: tuple[Token, ...]
    """Its words; each has the number of the clause as that of its sentence."""

    is_condition: bool
    """Whether it says on what something depends: *once it is here*."""

    is_last: bool
    """Whether it ends its sentence."""

    depends: bool
    """Whether it holds only if a condition of its sentence does."""

    is_question: bool
    """Whether its sentence ends with a question mark."""

    negations: tuple[Hit, ...]
    """The words that deny what it says."""

    has_happened: bool
    """Whether it tells of something that is done."""

    near: frozenset[int] = frozenset()
    """The places of those of them that deny only the words next to them: *without*."""

    is_option: bool = False
    """Whether it is in an item of a list with numbers or letters, one of several.

    What it denies may be a choice, as in *2. We do not cancel*, or a statement.
    """

    mentions: int | None = None
    """Where it begins to name only what others ask or want, as in *you asked for*."""

    @property
    def start(self) -> int:
        """The place of its first character in the letter."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """One past the place of its last character."""
        return self.tokens[-1].end

    @property
    def far(self) -> int:
        """Where a statement can begin behind a condition that no comma ends."""
        return self.tokens[min(FAR, len(self.tokens) - 1)].start

    def way(self, hit: Hit, *, denies: bool) -> str:
        """Tell how a claim at a place of it is made; see ``content/letters/claims``.

        Args:
            hit: The place.
            denies: Whether words that deny belong to the claim itself, so that those
                inside the place do not turn it round.
        """
        counted = [
            each
            for each in self.negations
            if (not self.is_condition or each.start >= self.far)
            and (each.start not in self.near or self._is_next(each, hit))
        ]
        own = [each for each in counted if hit.start <= each.start < hit.end]
        if len(counted) > (1 if denies and own else 0):
            return NOT
        if self.depends or self.is_condition:
            return LATER
        return DONE if self.has_happened else SAYS

    def _is_next(self, negation: Hit, hit: Hit) -> bool:
        """Whether a place is next to a word that denies, or has it inside."""
        between = [
            each for each in self.tokens if negation.end <= each.start < hit.start
        ]
        return negation.start < hit.end and len(between) <= NEAR


def clauses_of(
    reading: Reading, claims: Claims, language: str, own: Iterable[str] = ()
) -> tuple[Wording, tuple[Clause, ...]]:
    """Split a letter into its clauses.

    Args:
        reading: The letter, as it was read.
        claims: The words that join, condition and deny.
        language: The language in which it is written.
        own: Texts of the case, such as its item and the id of its order: a comma in
            them or next to them ends no clause.

    Returns:
        The words of the letter, the clauses standing for sentences; and the clauses.
    """
    return _Splitter(reading, claims, language, tuple(own)).split()


class _Splitter:
    """A letter while it is split."""

    def __init__(
        self, reading: Reading, claims: Claims, language: str, own: tuple[str, ...]
    ) -> None:
        self._reading, self._claims, self._language = reading, claims, language
        days = [each.words for each in reading.of("day")]
        self._no_ends = frozenset(
            (
                *commas_of(reading.text, own, NEAR_AN_ID),
                *commas_of(reading.text, days, NEAR_A_DAY),
            )
        )

    def split(self) -> tuple[Wording, tuple[Clause, ...]]:
        """Give the words, clause by clause, and the clauses."""
        words = self._reading.wording
        whole = tuple(self._hits(words, ONLY))
        conditions = {hit.start for hit in whole} | {
            hit.start
            for hit in self._loose(words, CONDITION)
            if not any(one.start < hit.start < one.end for one in whole)
        }
        places = Places(
            self._reading.text,
            only=frozenset(hit.start for hit in whole),
            joins=frozenset(hit.start for hit in self._loose(words, JOIN)),
            verbs=frozenset(hit.start for hit in self._loose(words, VERB_FIRST)),
            ends=frozenset(hit.start for hit in self._hits(words, CONSEQUENCE)),
            openings=frozenset(hit.start for hit in self._hits(words, OPENING)),
            additions=frozenset(hit.start for hit in self._hits(words, ADDITION)),
        )
        parts: list[Part] = []
        for sentence in self._sentences():
            own = list(self._parts(sentence, conditions | places.joins, len(parts)))
            asks = self._asks(sentence)
            if not asks:
                conditions |= places.verb_first(own)
            depends = places.governed(own, conditions)
            parts += (
                Part(tokens, later, asks, opens=tokens is own[0])
                for tokens, later in zip(own, depends, strict=True)
            )
        tokens = [token for part in parts for token in part.tokens]
        wording = Wording(tokens, BETWEEN.get(self._language, MOST_BETWEEN))
        return wording, tuple(self._clauses(wording, parts, conditions))

    def _clauses(
        self, wording: Wording, parts: Sequence[Part], conditions: set[int]
    ) -> Iterator[Clause]:
        negations = tuple(self._loose(wording, NEGATION))
        near = frozenset(hit.start for hit in self._hits(wording, NEAR_NEGATION))
        later = {hit.sentence for hit in self._hits(wording, DEPENDS)}
        happened = {hit.sentence for hit in self._hits(wording, HAPPENED)}
        happened -= {hit.sentence for hit in self._hits(wording, FUTURE)}
        alternatives = {hit.start for hit in self._hits(wording, ALTERNATIVE)}
        mentions = self._mentions(wording, parts)
        denied: tuple[Hit, ...] = ()
        before = 0
        for number, part in enumerate(parts):
            first = part.tokens[0].start
            own = tuple(each for each in negations if each.sentence == number)
            # “We cannot start the return or a refund” denies both.
            # So does “I have not accepted, declined or refunded it”.
            goes_on = first in alternatives or (
                is_listed(parts, number, alternatives)
                and not is_strong(self._reading.text, before, first)
            )
            denied = (*denied, *own) if goes_on and not part.opens else own
            before = part.tokens[-1].end
            yield Clause(
                number,
                part.tokens,
                is_condition=first in conditions,
                is_last=number + 1 == len(parts) or parts[number + 1].opens,
                depends=part.depends or number in later or self._is_offered(first),
                is_question=part.asks,
                negations=denied,
                has_happened=number in happened,
                near=near,
                is_option=self._is_option(part.tokens[0].start),
                mentions=mentions.get(number),
            )

    def _is_option(self, place: int) -> bool:
        """Whether a place is in an item of a list, such as *2. We send a new one*."""
        line = self._reading.text.rfind("\n", 0, place) + 1
        return len(self._items) > 1 and line in self._items

    def _is_offered(self, place: int) -> bool:
        """Whether a place is in something that the reader can choose."""
        return any(start <= place < end for start, end in self._offered)

    @cached_property
    def _offered(self) -> tuple[tuple[int, int], ...]:
        offers = self._hits(self._reading.wording, CHOICE)
        return tuple(choices_in(self._reading.text, offers))

    @cached_property
    def _items(self) -> frozenset[int]:
        return frozenset(each.start() for each in _ITEM.finditer(self._reading.text))

    def _mentions(self, wording: Wording, parts: Sequence[Part]) -> Mapping[int, int]:
        """Find where clauses begin to name only what others say, ask or want.

        So does a clause that goes on from one with its first word: *you write that it
        came late and that …*.
        """
        found: dict[int, int] = {}
        for hit in self._hits(wording, MENTIONED):
            found.setdefault(hit.sentence, hit.start)
        reported = {hit.start for hit in self._hits(wording, REPORTED)}
        for number, part in enumerate(parts):
            first = part.tokens[0].start
            if number - 1 in found and not part.opens and first in reported:
                found[number] = first - 1
        return found

    def _sentences(self) -> Iterator[list[Token]]:
        buttons = [hit.start for hit in self._hits(self._reading.wording, BUTTON)]
        quoted = tuple(
            (start, end)
            for start, end in quotes(self._reading.text)
            if not any(start < place < end for place in buttons)
        )
        found: dict[int, list[Token]] = {}
        for token in self._reading.wording.tokens:
            if not any(start < token.start < end for start, end in quoted):
                found.setdefault(token.sentence, []).append(token)
        yield from found.values()

    def _parts(
        self, sentence: Sequence[Token], beginnings: set[int], number: int
    ) -> Iterator[tuple[Token, ...]]:
        part: list[Token] = []
        for token in sentence:
            ends = bool(part) and ends_clause(
                self._reading.text, part[-1].end, token.start, self._no_ends
            )
            if part and (ends or token.start in beginnings):
                yield tuple(part)
                part, number = [], number + 1
            part.append(Token(token.start, token.end, token.word, number, token.shape))
        yield tuple(part)

    def _asks(self, sentence: Sequence[Token]) -> bool:
        """Whether a sentence is a question, and not only what it has in brackets."""
        start, end = sentence[0].start, sentence[-1].end
        rest = self._reading.text[end : end + 4]
        is_aside = rest.startswith("?)") and "(" in self._reading.text[start:end]
        return rest.lstrip(" \"'”“’)").startswith("?") and not is_aside

    def _loose(self, wording: Wording, mark: str) -> Iterator[Hit]:
        """The words of a mark that are not part of a set phrase, such as *no later*."""
        for hit in self._hits(wording, mark):
            if not any(one.start <= hit.start < one.end for one in self._set_phrases):
                yield hit

    @cached_property
    def _set_phrases(self) -> tuple[Hit, ...]:
        return tuple(self._hits(self._reading.wording, SET_PHRASE))

    @cached_property
    def _consequences(self) -> frozenset[int]:
        hits = self._hits(self._reading.wording, CONSEQUENCE)
        return frozenset(hit.start for hit in hits)

    def _hits(self, wording: Wording, mark: str) -> Iterable[Hit]:
        for each in self._claims.marks_of(mark, self._language):
            yield from wording.hits(each.phrases, each.unless)
