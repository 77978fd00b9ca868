"""What a letter claims: every statement that its buyer may rely on.

Clause by clause the words are looked up; what they mean for an action is data of the
content folder. A clause that is about such a topic and in which no claim is found has
not been read, and is said to be so.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cached_property

from ...content.letters.claims import (
    COURTESY,
    FOR_NOW,
    LATER,
    LITTLE,
    NOT,
    SAYS,
    ClaimKind,
    Claims,
    Spoken,
)
from ...rules.phrases import Hit, Wording
from .clauses import Clause, clauses_of
from .texts import Reading


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a letter."""

    kind: ClaimKind
    """What it says."""

    way: str
    """How: done, said, later or not."""

    start: int
    """The place of its first character."""

    end: int
    """One past the place of its last character."""

    clause: int
    """The number of its clause."""

    is_asked: bool
    """Whether it is asked, which promises nothing."""

    is_named: bool = False
    """Whether only what somebody asks or wants is named, which says nothing at all."""

    is_doubtful: bool = False
    """Whether its words stand in letters that claim something else, too."""

    is_vague: bool = False
    """Whether its words say it only in a letter that needs it."""

    is_for_now: bool = False
    """Whether its sentence says that it holds only while others decide."""

    @property
    def decides(self) -> bool:
        """Whether its words are sure enough to call it wrong."""
        return not self.is_doubtful and not self.is_vague


@dataclass(frozen=True)
class ClaimsRead:
    """A letter as its claims."""

    reading: Reading
    """Its words."""

    claims: Claims
    """The words of the claims."""

    language: str
    """The language in which it is written."""

    own: tuple[str, ...] = ()
    """Texts of the case, such as its item and the id of its order."""

    @cached_property
    def _split(self) -> tuple[Wording, tuple[Clause, ...]]:
        return clauses_of(self.reading, self.claims, self.language, self.own)

    @cached_property
    def found(self) -> tuple[Claim, ...]:
        """Its claims, from the left."""
        return tuple(sorted(self._claimed(), key=lambda each: (each.start, each.end)))

    def unread(self, read: Container[int]) -> tuple[Clause, ...]:
        """Find the clauses on a topic of claims that give none.

        Args:
            read: The numbers of the clauses that give one.
        """
        wording, clauses = self._split
        touched = {
            hit.sentence
            for words in self.claims.topics
            if words.language == self.language
            for hit in wording.hits(words.phrases, words.unless)
        }
        return tuple(
            each
            for each in clauses
            if each.number in touched
            and each.number not in read
            and not each.is_condition
        )

    def clauses_with(self, mark: str) -> frozenset[int]:
        """The numbers of the clauses in which a mark stands."""
        return frozenset(hit.sentence for hit in self._hits(mark))

    def spans_with(self, mark: str) -> tuple[tuple[int, int], ...]:
        """Where the clauses in which a mark stands begin and end."""
        _, clauses = self._split
        found = (clauses[each] for each in sorted(self.clauses_with(mark)))
        return tuple((each.start, each.end) for each in found)

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where each clause begins and ends."""
        _, clauses = self._split
        return tuple((each.start, each.end) for each in clauses)

    def span_of(self, number: int) -> tuple[int, int]:
        """Where a clause begins and ends."""
        _, clauses = self._split
        return clauses[number].start, clauses[number].end

    def ends_of(self, mark: str) -> tuple[int, ...]:
        """The places behind the words of a mark."""
        return tuple(hit.end for hit in self._hits(mark))

    def starts_of(self, mark: str) -> frozenset[int]:
        """The places at which the words of a mark begin."""
        return frozenset(hit.start for hit in self._hits(mark))

    def hits_of(self, mark: str) -> tuple[Hit, ...]:
        """Where the words of a mark stand; a clause counts as a sentence here."""
        return self._hits(mark)

    def has(self, mark: str) -> bool:
        """Whether a mark stands in it."""
        return bool(self.clauses_with(mark))

    @property
    def share_of_little_words(self) -> float:
        """How many of its words are little ones, which every sentence needs: 0 to 1."""
        words = [token.word for token in self.reading.wording.tokens if not token.shape]
        return sum(word in self.little_words for word in words) / max(1, len(words))

    @cached_property
    def little_words(self) -> frozenset[str]:
        """The words of its language that every sentence needs."""
        return self.words_of(LITTLE)

    @cached_property
    def courtesy_words(self) -> frozenset[str]:
        """The words of its language that any letter may have, whatever it is about."""
        return self.words_of(COURTESY)

    def words_of(self, mark: str) -> frozenset[str]:
        """The words with which phrases of a mark begin, in the letter's language."""
        return self.claims.first_words(mark, self.language)

    @cached_property
    def _for_now(self) -> frozenset[int]:
        """The clauses of the sentences that hold only while others decide."""
        said, (_, clauses) = self.clauses_with(FOR_NOW), self._split
        found: set[int] = set()
        sentence: list[int] = []
        for each in clauses:
            sentence.append(each.number)
            if each.is_last:
                found.update(sentence if said.intersection(sentence) else ())
                sentence = []
        return frozenset(found)

    @cached_property
    def _kept(self) -> dict[str, tuple[Hit, ...]]:
        """Where the words of each mark stand that was asked for."""
        return {}

    def _hits(self, mark: str) -> tuple[Hit, ...]:
        if mark not in self._kept:
            wording, _ = self._split
            self._kept[mark] = tuple(
                hit
                for words in self.claims.marks_of(mark, self.language)
                for hit in wording.hits(words.phrases, words.unless)
            )
        return self._kept[mark]

    def _claimed(self) -> Iterator[Claim]:
        yield from self._said_with(self.claims.spoken)
        yield from self._said_with(self.claims.spoken_in_doubt, is_doubtful=True)
        yield from self._said_with(self.claims.spoken_vaguely, is_vague=True)

    def _said_with(
        self,
        spoken: Spoken,
        *,
        is_doubtful: bool = False,
        is_vague: bool = False,
    ) -> Iterator[Claim]:
        wording, clauses = self._split
        for words, denies in spoken.possible_in(wording.words, self.language):
            kind = self.claims.kinds[words.name]
            for hit in wording.hits(words.phrases, words.unless):
                clause = clauses[hit.sentence]
                if clause.is_condition and not _is_beyond(hit, clause):
                    continue
                way = clause.way(hit, denies=denies)
                if way == LATER and kind.is_now:
                    continue
                if way == LATER and not kind.is_timed:
                    way = SAYS
                mentioned = _is_mentioned(hit, clause)
                named = mentioned and not clause.is_question
                asked = mentioned or clause.is_question
                yield Claim(
                    kind,
                    way,
                    hit.start,
                    hit.end,
                    clause.number,
                    asked,
                    named,
                    is_doubtful or (way == NOT and clause.is_option),
                    is_vague,
                    clause.number in self._for_now,
                )


def _is_beyond(hit: Hit, clause: Clause) -> bool:
    """Whether a place is behind a condition that no comma ends.

    *When it is checked in at our desk the new one leaves*: the last clause of its
    sentence, and the claim is far from its beginning.
    """
    return clause.is_last and hit.start >= clause.far


def _is_mentioned(hit: Hit, clause: Clause) -> bool:
    """Whether only what somebody asks or wants is named, as in *you asked for*."""
    return clause.mentions is not None and clause.mentions < hit.start
