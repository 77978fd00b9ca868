"""Search texts for phrases: patterns of words that an author lists in a table cell.

The language is closed and small. A list has its phrases between semicolons. A phrase
is words in their order; ``refund*`` is any word that begins like this, ``a/b`` one of
the two, ``…`` up to six words of the same sentence, ``{day}`` something recognised by
its form. There is no repetition and no nesting, so no text makes the search slow.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

GAP = "…"
MOST_BETWEEN = 6
"""How many words a gap can stand for."""

LAST_SIGN = "\U0010ffff"
"""A character that sorts after every letter, to find the end of a range of prefixes."""

NO_PHRASE = "none"
"""What an author writes in a cell without phrases."""

PRONOUNS = frozenset({"sie", "ihnen", "ihr", "ihre", "ihren", "ihrem", "ihrer"})
"""German pronouns that address the reader when written with a capital letter."""

OTHERS = "~"
"""The suffix that marks such a pronoun of a text in lower case."""

_PART = re.compile(r"\*?[^\s*{}…]+\*?")
_SHAPE = re.compile(r"\{([a-z-]+)\}")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, or something in it that has a recognised form."""

    start: int
    """The offset of its first character, from 0."""

    end: int
    """The offset after its last character."""

    word: str
    """The normalised word for comparison, in lower case."""

    sentence: int
    """The number of its sentence."""

    shape: str = ""
    """The name of its shape, such as ``"day"``; empty for a plain word."""


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a phrase."""

    choices: tuple[str, ...]
    """What can stand there, each with its asterisks; none for a gap."""

    shape: str = ""
    """The shape that must stand there; empty for words and gaps."""

    words: frozenset[str] = field(init=False, compare=False, repr=False)
    """Its choices where they are whole words; empty where one has an asterisk."""

    def __post_init__(self) -> None:
        """Find its words once: it stands in many phrases."""
        is_plain = not any("*" in each for each in self.choices)
        words = frozenset(self.choices if is_plain else ())
        object.__setattr__(self, "words", words)

    @property
    def is_gap(self) -> bool:
        """Whether it stands for words that do not matter."""
        return not self.choices and not self.shape


Phrase = tuple[Part, ...]
"""Words in their order."""


_Needs = tuple[Set[str], ...]
"""The words of which a text must have one each."""

_ByWord = Mapping[str, Sequence[tuple[Phrase, _Needs]]]
"""Phrases by a word that they need, each with what else it needs."""

_Place = tuple[tuple[str, ...], str]
"""What a part of a phrase stands for: its choices and its shape."""


class Phrases(tuple[Phrase, ...]):
    """A list of phrases with the same meaning, indexed by the rarest word of each.

    A page has two thousand phrases, and most need a word that a text does not have.
    """

    @cached_property
    def _sorted(self) -> tuple[_ByWord, tuple[Phrase, ...]]:
        """The phrases by a word that each needs, and those that need no word."""
        plain = [[part.words for part in phrase if part.words] for phrase in self]
        counts = Counter(word for parts in plain for words in parts for word in words)

        def commonness(words: frozenset[str]) -> int:
            return sum([counts[word] for word in words])

        by_word: dict[str, list[tuple[Phrase, _Needs]]] = {}
        others = []
        for phrase, parts in zip(self, plain, strict=True):
            if not parts:
                others.append(phrase)
                continue
            if len(parts) > 1:
                parts.sort(key=commonness)
            needs = tuple(parts[1:])
            for word in parts[0]:
                by_word.setdefault(word, []).append((phrase, needs))
        return by_word, tuple(others)

    @property
    def rare_words(self) -> Set[str]:
        """The words of which a text has one, unless it has a phrase without words."""
        return self._rare_words

    @cached_property
    def _rare_words(self) -> frozenset[str]:
        # Two sets are compared by the smaller one; the keys of a mapping are not.
        return frozenset(self._sorted[0])

    @property
    def needs_no_word(self) -> bool:
        """Whether a phrase of it can stand in any text, such as one of a shape."""
        return bool(self._sorted[1])

    def possible_in(self, words: Set[str]) -> list[Phrase]:
        """The phrases that can be in a text; one may come more than once.

        Args:
            words: The words of the text.
        """
        by_word, others = self._sorted
        found = list(others)
        for word in words & self._rare_words:
            for phrase, needs in by_word[word]:
                for need in needs:
                    if words.isdisjoint(need):
                        break
                else:
                    found.append(phrase)
        return found


class PhraseIndex:
    """Which of many lists of phrases can stand in a text, found by its words."""

    def __init__(self, lists: Sequence[Phrases]) -> None:
        """Sort lists by the words of which a text must have one."""
        self._by_word: dict[str, list[int]] = {}
        self._always: list[int] = []
        for number, phrases in enumerate(lists):
            if phrases.needs_no_word:
                self._always.append(number)
            for word in phrases.rare_words:
                self._by_word.setdefault(word, []).append(number)

    def possible_in(self, words: Iterable[str]) -> list[int]:
        """The numbers of the lists, in their order.

        Args:
            words: The words of the text.
        """
        found = set(self._always)
        for word in words:
            found.update(self._by_word.get(word, ()))
        return sorted(found)


NO_PHRASES = Phrases()
"""Nothing that could be said."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A match of a phrase in a text."""

    start: int
    """The offset of its first character."""

    end: int
    """The offset after its last character."""

    sentence: int
    """The number of its sentence."""


def read_phrases(text: str, shapes: Iterable[str]) -> Phrases:
    """Parse a list of phrases as authors write it.

    Args:
        text: The cell.
        shapes: The names that can be used in braces.

    Raises:
        ValueError: A phrase is malformed; its text is the message.
    """
    if text == NO_PHRASE:
        return NO_PHRASES
    known = frozenset(shapes)
    return Phrases([_phrase(each.strip(), known) for each in text.split(";")])


def _phrase(text: str, shapes: Set[str]) -> Phrase:
    parts = tuple(_part(word, text, shapes) for word in text.split())
    if not parts or parts[0].is_gap or parts[-1].is_gap:
        raise ValueError(text)
    return parts


def _part(word: str, phrase: str, shapes: Set[str]) -> Part:
    part = _read_part(word)
    if part is None or (part.shape and part.shape not in shapes):
        raise ValueError(phrase)
    return part


@lru_cache(maxsize=16384)
def _read_part(word: str) -> Part | None:
    """Parse one word of a phrase; cached, because most occur in many phrases."""
    if word == GAP:
        return Part(())
    if shape := _SHAPE.fullmatch(word):
        return Part((), shape[1])
    choices = tuple(way for choice in word.split("/") for way in _ways(choice))
    return Part(choices) if all(map(_PART.fullmatch, choices)) else None


def _ways(choice: str) -> tuple[str, ...]:
    """List how a word can match: *sie* is anybody, *Sie* only the reader."""
    plain = plain_word(choice)
    return (plain, plain + OTHERS) if choice in PRONOUNS else (plain,)


def plain_word(word: str) -> str:
    """Normalise a word for comparison."""
    return word.casefold().replace("’", "'")


def _fits(choice: str, word: str) -> bool:
    if choice.startswith("*"):
        inner = choice.strip("*")
        return inner in word if choice.endswith("*") else word.endswith(inner)
    if choice.endswith("*"):
        return word.startswith(choice[:-1])
    return word == choice


@dataclass(frozen=True)
class Wording:
    """A text split into words, in which phrases are searched many times."""

    tokens: Sequence[Token]
    """Its words and shapes, in their order."""

    gap: int = MOST_BETWEEN
    """How many words a gap can stand for."""

    _known: dict[_Place, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, each once."""
        return frozenset(self._by_word)

    def hits(self, phrases: Phrases, unless: Phrases = NO_PHRASES) -> tuple[Hit, ...]:
        """Find every match of some phrases; overlapping matches are joined.

        Args:
            phrases: What to search for.
            unless: Phrases that cancel a match in the same sentence.

        Returns:
            The matches in the order of the text.
        """
        spans = sorted(self._all_spans(phrases))
        if not spans:
            return ()
        harmless = {self.tokens[first].sentence for first, _ in self._all_spans(unless)}
        joined: list[tuple[int, int]] = []
        for first, last in spans:
            if self.tokens[first].sentence in harmless:
                continue
            if joined and first <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
            else:
                joined.append((first, last))
        return tuple(
            Hit(
                self.tokens[first].start,
                self.tokens[last].end,
                self.tokens[first].sentence,
            )
            for first, last in joined
        )

    def has(self, phrases: Phrases, unless: Phrases = NO_PHRASES) -> bool:
        """Tell whether one of some phrases occurs in the text."""
        return bool(self.hits(phrases, unless))

    def _all_spans(self, phrases: Phrases) -> Iterator[tuple[int, int]]:
        for phrase in phrases.possible_in(self.words):
            yield from self._spans(phrase)

    def _spans(self, phrase: Phrase) -> Iterator[tuple[int, int]]:
        """Find the first and the last word of each place of one phrase."""
        for first in self._beginnings(phrase):
            ends = {first}
            for part in phrase[1:]:
                ends = self._next(ends, part)
                if not ends:
                    break
            if ends:
                yield first, min(ends)

    def _beginnings(self, phrase: Phrase) -> Sequence[int]:
        """Find where a phrase can begin: where its sentence has all of its words."""
        places: Sequence[int] = self._places(phrase[0])
        for part in phrase[1:]:
            if not places:
                break
            if not part.is_gap:
                there = self._sentences_with(part)
                places = [each for each in places if self._sentences[each] in there]
        return places

    def _next(self, ends: set[int], part: Part) -> set[int]:
        """Go on by one word; a gap keeps every place that it can reach."""
        sentences = self._sentences
        if not part.is_gap:
            there = self._place_set(part)
            return {
                end + 1
                for end in ends
                if end + 1 in there and sentences[end + 1] == sentences[end]
            }
        return {
            place
            for end in ends
            for place in range(end, min(end + self.gap + 1, len(sentences)))
            if sentences[place] == sentences[end]
        }

    def _place_set(self, part: Part) -> frozenset[int]:
        name = (part.choices, part.shape)
        known = self._sets.get(name)
        if known is None:
            known = self._sets[name] = frozenset(self._places(part))
        return known

    def _sentences_with(self, part: Part) -> frozenset[int]:
        """The numbers of the sentences that contain one part of a phrase."""
        name = (part.choices, part.shape)
        known = self._sentence_sets.get(name)
        if known is None:
            places = self._places(part)
            known = frozenset([self._sentences[each] for each in places])
            self._sentence_sets[name] = known
        return known

    @cached_property
    def _sets(self) -> dict[_Place, frozenset[int]]:
        return {}

    @cached_property
    def _sentence_sets(self) -> dict[_Place, frozenset[int]]:
        return {}

    @cached_property
    def _sentences(self) -> list[int]:
        """The number of the sentence of each word."""
        return [token.sentence for token in self.tokens]

    def _places(self, part: Part) -> tuple[int, ...]:
        name = (part.choices, part.shape)
        known = self._known.get(name)
        if known is None:
            found: Iterable[int] = (
                self._by_shape.get(part.shape, ())
                if part.shape
                else {place for each in part.choices for place in self._places_of(each)}
            )
            known = self._known[name] = tuple(sorted(found))
        return known

    def _places_of(self, choice: str) -> Iterable[int]:
        """Find the matches of one word of a phrase, without trying every place."""
        if "*" not in choice:
            return self._by_word.get(choice, ())
        words = self._words
        if not choice.startswith("*"):
            beginning = choice[:-1]
            first = bisect_left(words, beginning)
            words = words[first : bisect_left(words, beginning + LAST_SIGN, first)]
        return (
            place
            for word in words
            if _fits(choice, word)
            for place in self._by_word[word]
        )

    @cached_property
    def _by_word(self) -> dict[str, list[int]]:
        return _grouped(token.word for token in self.tokens)

    @cached_property
    def _words(self) -> list[str]:
        return sorted(self._by_word)

    @cached_property
    def _by_shape(self) -> dict[str, list[int]]:
        return _grouped(token.shape for token in self.tokens)


def _grouped(names: Iterable[str]) -> dict[str, list[int]]:
    """The places of each name, in their order."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    return places
