"""Claims: what a letter can say about money, parcel, return and decision, as data.

A claim is one statement that somebody relies on, such as *we refund* or *the buyer pays
the postage*. The page ``reference/replies.md`` lists the claims with their words, and
for each action the claims that a letter may make. This module knows the form of these
tables and none of their words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from ...rules.phrases import NO_PHRASES, Phrase, PhraseIndex, Phrases
from .whens import When
from .word_lists import WordList

DONE, SAYS, LATER, NOT = "done", "says", "later", "not"
"""How a claim is made: it has happened, it will, it depends, or it will not."""

PREFIXES: Mapping[str, tuple[str, ...]] = {
    f"only {LATER} ": (LATER,),
    f"{LATER} ": (SAYS, LATER),
    f"{NOT} ": (NOT,),
    "never ": (),
}
"""How a cell allows something else than a plain claim, and the ways that it allows.

What is *never* claimed may not be, whatever a group allows.
"""

FOR_NOW = "for now"
"""What a cell begins with that allows something only while others decide, and the mark
of the words that say so: *until the bank has decided, we cannot take it back*."""

EVERYWHERE = "everywhere"
"""The group of claims that contradict no action."""

CONDITION, ONLY, JOIN, ALTERNATIVE = (
    "condition",
    "only condition",
    "join",
    "alternative",
)
NEGATION, SET_PHRASE, DEPENDS = "negation", "set phrase", "depends"
NEAR_NEGATION = "near negation"
HAPPENED, FUTURE = "happened", "to come"
LITTLE, COURTESY = "little words", "courtesy words"
VERB_FIRST, MENTIONED, BUTTON = "verb first", "mentioned", "button"
REPORTED = "reported"
CONSEQUENCE, OPENING, ADDITION = "consequence", "opening", "addition"
CHOICE = "choice"
NO_ENDING = "no ending"
AT_ONCE, DAY_ELSEWHERE, ROUGHLY = "at once", "day elsewhere", "roughly"
DAY_OFF, LAST_DAY, ON_DAY, PLUS = "day off", "last day", "on a day", "plus"
TO_BUYER, OF_BUYER = "to the buyer", "about the buyer"
TITLE = "title"
MAYBE, TOWN, PROPOSAL = "maybe", "town", "proposal"
NEXT_WEEK, NEXT_MONTH = "next week", "next month"
FAR_OFF, IN_MONTH = "far off", "in a month"
CALENDAR_DAYS, BUSINESS_DAYS = "calendar days", "business days"
WITHIN = "within"
IS_THERE, ITEM, POINTING = "is there", "item", "pointing"
THING, ONLY_PEOPLE, PRONOUN = "thing", "only people", "pronoun"
COPULA = "is a"
MARKS = (
    CONDITION,
    ONLY,
    JOIN,
    ALTERNATIVE,
    NEGATION,
    NEAR_NEGATION,
    SET_PHRASE,
    DEPENDS,
    HAPPENED,
    FUTURE,
    LITTLE,
    COURTESY,
    VERB_FIRST,
    MENTIONED,
    REPORTED,
    CONSEQUENCE,
    CHOICE,
    OPENING,
    ADDITION,
    NO_ENDING,
    BUTTON,
    AT_ONCE,
    DAY_ELSEWHERE,
    ROUGHLY,
    DAY_OFF,
    LAST_DAY,
    ON_DAY,
    PLUS,
    TO_BUYER,
    OF_BUYER,
    TITLE,
    MAYBE,
    TOWN,
    PROPOSAL,
    NEXT_WEEK,
    NEXT_MONTH,
    FAR_OFF,
    IN_MONTH,
    CALENDAR_DAYS,
    BUSINESS_DAYS,
    WITHIN,
    THING,
    ONLY_PEOPLE,
    PRONOUN,
    COPULA,
    IS_THERE,
    ITEM,
    POINTING,
    FOR_NOW,
)
"""What a mark can be: words that tell how a claim is made, whatever the claim."""


@dataclass(frozen=True, slots=True)
class ClaimKind:
    """One statement that a letter can make."""

    id: str
    """Kebab-case name."""

    topic: str
    """What it is about, such as ``money``."""

    says: str
    """The claim as the agent reads it: *you refund the buyer*."""

    denies: str
    """Its opposite: *you do not refund the buyer*."""

    is_timed: bool
    """Whether it is another claim when it depends on something: *once it is here*."""

    is_now: bool
    """Whether it is no claim when it depends on something: *we refund it now*."""

    line: int
    """The line of the page, counted from 1."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A claim that a letter may make, and how."""

    claim: str
    """The id of the claim."""

    ways: tuple[str, ...]
    """Some of ``DONE``, ``SAYS``, ``LATER`` and ``NOT``; none if it is never said."""

    is_for_now: bool = False
    """Whether it may be made only where the letter says that it holds for now."""


@dataclass(frozen=True, slots=True)
class ActionClaims:
    """What a letter about an action must claim and may claim."""

    action: str
    """The id of the action."""

    when: tuple[When, ...]
    """What must hold for the row to count; nothing for a row that always does."""

    required: tuple[tuple[Allowed, ...], ...]
    """What it must claim, any of each group; it may claim all of it, too."""

    allowed: tuple[Allowed, ...]
    """What else it may claim."""

    def is_never(self, claim: str) -> bool:
        """Whether nobody may do what a claim says, whoever decides."""
        return any(cell.claim == claim and not cell.ways for cell in self.allowed)

    def allows(self, claim: str, way: str, *, for_now: bool = False) -> bool:
        """Whether a claim may be made in a way.

        To deny what is no part of the decision contradicts nothing. What must be
        claimed cannot be denied, whatever is allowed everywhere.

        Args:
            claim: The id of the claim.
            way: How it is made.
            for_now: Whether its sentence says that it holds only while others decide.
        """
        if way == NOT and any(_needs_plain(each, claim) for each in self.required):
            return False
        cells = [
            cell
            for cell in (*chain.from_iterable(self.required), *self.allowed)
            if cell.claim == claim
        ]
        if for_now and any(cell.is_for_now and way in cell.ways for cell in cells):
            return True
        named = [cell.ways for cell in cells if not cell.is_for_now]
        ways = set(chain.from_iterable(named)) if all(named) else set[str]()
        return way in ways or (way == NOT and not ways)


@dataclass(frozen=True, eq=False)
class Claims:
    """Everything that the page says about claims."""

    kinds: Mapping[str, ClaimKind] = field(default_factory=dict)
    """The claims, by their id."""

    words: tuple[WordList, ...] = ()
    """How each claim is said."""

    doubtful: tuple[WordList, ...] = ()
    """Words with which a claim may be said, and that stand in other letters, too."""

    vague: tuple[WordList, ...] = ()
    """Words that say a claim only in a letter that needs it."""

    marks: tuple[WordList, ...] = ()
    """Words that tell how a claim is made."""

    topics: tuple[WordList, ...] = ()
    """Words that show that a clause is about a topic, whatever it says."""

    groups: Mapping[str, tuple[Allowed, ...]] = field(default_factory=dict)
    """Claims that several actions allow, by the name of the group."""

    actions: Mapping[str, tuple[ActionClaims, ...]] = field(default_factory=dict)
    """The rows of each action, by its id: the first whose condition holds counts."""

    ruled_out: tuple[tuple[Allowed, tuple[When, ...]], ...] = ()
    """What is not true in some cases, whatever was decided, and in which."""

    of_buyer: tuple[tuple[Allowed, tuple[When, ...]], ...] = ()
    """What a letter tells truly only if the buyer has said it, or in which cases."""

    buyers_words: tuple[WordList, ...] = ()
    """How buyers say it themselves."""

    days: Mapping[str, str] = field(default_factory=dict)
    """The key of the day on which it happened, by the claim that says so."""

    @cached_property
    def spoken(self) -> "Spoken":
        """The words of the claims."""
        return Spoken(self.words, self.marks)

    @cached_property
    def spoken_in_doubt(self) -> "Spoken":
        """The words that say a claim in some letters only."""
        return Spoken(self.doubtful, self.marks)

    @cached_property
    def spoken_vaguely(self) -> "Spoken":
        """The words that say a claim only where one is needed."""
        return Spoken(self.vague, self.marks)

    def marks_of(self, mark: str, language: str) -> tuple[WordList, ...]:
        """The words of a mark in a language."""
        return self._marks.get((mark, language), ())

    def first_words(self, mark: str, language: str) -> frozenset[str]:
        """The words with which phrases of a mark begin, in a language."""
        return self._first_words.get((mark, language), frozenset())

    def phrases_of(self, mark: str, language: str) -> Phrases:
        """All phrases of a mark in a language, whatever makes them harmless."""
        return self._phrases.get((mark, language), NO_PHRASES)

    @cached_property
    def _phrases(self) -> Mapping[tuple[str, str], Phrases]:
        return {
            name: Phrases(phrase for each in lists for phrase in each.phrases)
            for name, lists in self._marks.items()
        }

    @cached_property
    def _first_words(self) -> Mapping[tuple[str, str], frozenset[str]]:
        return {
            name: frozenset(each for phrase in phrases for each in phrase[0].choices)
            for name, phrases in self._phrases.items()
        }

    @cached_property
    def _marks(self) -> Mapping[tuple[str, str], tuple[WordList, ...]]:
        found: dict[tuple[str, str], tuple[WordList, ...]] = {}
        for each in self.marks:
            name = (each.name, each.language)
            found[name] = (*found.get(name, ()), each)
        return found


class Spoken:
    """Words of claims, and whether they deny something themselves.

    *Nothing to send back* says what it says because of the word that denies; in *we
    cannot change the address* such a word turns the claim round.
    """

    def __init__(self, lists: Iterable[WordList], marks: Iterable[WordList]) -> None:
        """Part each list by whether its phrases have a word that denies."""
        denials: dict[str, list[Phrase]] = {}
        for mark in marks:
            for phrase in mark.phrases if mark.name == NEGATION else ():
                for word in phrase[0].choices:
                    denials.setdefault(word, []).append(phrase)
        self._lists = tuple(_parted(lists, denials))
        self._index = PhraseIndex([words.phrases for words, _ in self._lists])

    def possible_in(
        self, words: Iterable[str], language: str
    ) -> Iterator[tuple[WordList, bool]]:
        """The lists that can stand in a text, in the order of the page.

        Args:
            words: The words of the text.
            language: The language of the text.
        """
        for number in self._index.possible_in(words):
            if self._lists[number][0].language == language:
                yield self._lists[number]


def _parted(
    lists: Iterable[WordList], denials: Mapping[str, Sequence[Phrase]]
) -> Iterator[tuple[WordList, bool]]:
    for each in lists:
        for denies in (False, True):
            phrases = Phrases(
                phrase
                for phrase in each.phrases
                if denies == _has_one_of(phrase, denials)
            )
            if phrases:
                yield replace(each, phrases=phrases), denies


def _needs_plain(needs: tuple[Allowed, ...], claim: str) -> bool:
    """Whether a claim, and no other one, must be made plainly."""
    return len(needs) == 1 and needs[0].claim == claim and NOT not in needs[0].ways


def _has_one_of(phrase: Phrase, parts: Mapping[str, Sequence[Phrase]]) -> bool:
    """Whether one of some phrases, by their first words, stands in a phrase."""
    return any(
        len(part) <= len(phrase) - start
        and all(
            not set(one.choices).isdisjoint(other.choices)
            for one, other in zip(phrase[start:], part, strict=False)
        )
        for start, first in enumerate(phrase)
        for word in first.choices
        for part in parts.get(word, ())
    )


NO_CLAIMS = Claims()
"""Where a page has no tables of claims, no letter is held against one."""
