"""What a reply and a note must say and must not say, as an author lists it.

These are the objects of ``reference/replies.md``; ``reply_reader.py`` reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ...rules.phrases import Phrases
from ...rules.values import Value, key_of
from .claims import NO_CLAIMS, Claims
from .whens import When
from .word_lists import ANY, NO_WORDS, WordList, WordLists

WRONG, ADVICE = "wrong", "advice"

SLOTS, LANGUAGE, WORDS, SAYS, NEVER_SAYS = (
    "slots",
    "language",
    "words",
    "says",
    "never says",
)
AMOUNTS, MISSING_AMOUNTS, DAYS, MISSING_DAYS = (
    "amounts",
    "missing amounts",
    "days",
    "missing days",
)
QUESTIONS, LENGTH, NUMBERS, NAMES = "questions", "length", "numbers", "names"
CAPITALS = "capitals"
PLACES, CERTAINTY = "places", "promises in doubt"
FAR_DAYS, FACTS_TOLD = "days far off", "facts told"
TOLD_DAYS, DAY_COUNTS = "days told", "numbers of days"
OF_BUYER = "told of the buyer"
ITEMS, SENSE = "items", "sense"
CLAIMS, MISSING_CLAIMS, UNREAD, HOLLOW = (
    "claims",
    "missing claims",
    "clauses not read",
    "sentences",
)
NOTE_SAYS, NOTE_FINDINGS, NOTE_ACTION, NOTE_READER, NOTE_PROPOSES = (
    "note says words",
    "note says findings",
    "note says action",
    "note speaks to the lead",
    "note proposes",
)
NOTE_WORDS, NOTE_FACTS, NOTE_LEAD, LETTER_READER = (
    "note words",
    "note tells facts",
    "note leaves it to the lead",
    "letter speaks to the buyer",
)
NOTE_NAMES = "note names "
LOOKS = (
    SLOTS,
    LANGUAGE,
    WORDS,
    SAYS,
    NEVER_SAYS,
    AMOUNTS,
    MISSING_AMOUNTS,
    DAYS,
    MISSING_DAYS,
    NUMBERS,
    NAMES,
    CAPITALS,
    PLACES,
    ITEMS,
    SENSE,
    CERTAINTY,
    FAR_DAYS,
    FACTS_TOLD,
    TOLD_DAYS,
    DAY_COUNTS,
    OF_BUYER,
    QUESTIONS,
    LENGTH,
    CLAIMS,
    MISSING_CLAIMS,
    UNREAD,
    HOLLOW,
    NOTE_SAYS,
    NOTE_FINDINGS,
    NOTE_ACTION,
    NOTE_READER,
    NOTE_PROPOSES,
    NOTE_WORDS,
    NOTE_FACTS,
    NOTE_LEAD,
    LETTER_READER,
)
"""Everything that a rule can look at, beside words and facts that it names itself."""


@dataclass(frozen=True, slots=True)
class ReplyRule:
    """One rule of the page."""

    id: str
    """Kebab-case name."""

    looks_at: str
    """What it looks at: one of ``LOOKS``, or ``note names`` with a fact."""

    severity: str
    """``wrong`` or ``advice``; nobody is marked by advice."""

    reason: str
    """What is shown to the agent; ``{what}`` stands for what is missing or right."""

    sources: tuple[str, ...]
    """Ids of its sources."""

    at_most: int
    """How often its words may stand; 0 for never, which is usual."""

    line: int
    """The line of the page, counted from 1."""

    @property
    def named_fact(self) -> str:
        """Key of the fact or answer that a note must name; empty for other rules."""
        named = self.looks_at.startswith(NOTE_NAMES)
        return key_of(self.looks_at.removeprefix(NOTE_NAMES)) if named else ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A fact or an answer whose amount or day a reply names."""

    key: str
    """Its key."""

    until: bool
    """Whether every day from today until that day agrees with it."""


@dataclass(frozen=True, slots=True)
class ActionRule:
    """What a reply must say when an action was decided."""

    action: str
    """The id of the action."""

    says: tuple[str, ...]
    """Statements that it must make."""

    never_says: tuple[str, ...]
    """Statements that it must not make."""

    names: tuple[Mention, ...]
    """Amounts and days that it must name."""

    may_name: tuple[Mention, ...]
    """Further ones that it may name."""

    when: tuple[When, ...] = ()
    """What must hold for the row to count; nothing for a row that always does."""


@dataclass(frozen=True, slots=True)
class BuyersQuestion:
    """Something that buyers ask."""

    id: str
    """Kebab-case name."""

    words: str
    """The question as it is shown."""

    answered_by: tuple[str, ...]
    """Statements any of which answers it."""

    line: int
    """The line of the page, counted from 1."""


@dataclass(frozen=True, slots=True)
class FindingWords:
    """How a note says what was found."""

    fact: str
    """Key of the fact."""

    value: Value | None
    """The value of which it is said; ``None`` for every value."""

    phrases: Phrases
    """The words."""


@dataclass(frozen=True, eq=False)
class ReplyRules:
    """Everything that the page says."""

    rules: tuple[ReplyRule, ...] = ()
    """The rules, in the order of the page."""

    words: WordLists = NO_WORDS
    """Words of the rules."""

    statements: WordLists = NO_WORDS
    """Words of the statements."""

    actions: Mapping[str, tuple[ActionRule, ...]] = field(default_factory=dict)
    """What a reply to each action says, by the id of the action: the first that holds
    counts."""

    questions: tuple[BuyersQuestion, ...] = ()
    """What buyers ask."""

    asked: WordLists = NO_WORDS
    """Words by which they ask it."""

    days: tuple[WordList, ...] = ()
    """Words that say a day; the name is the number of days from today."""

    currencies: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Signs and words of each currency."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    """Whole numbers by their words."""

    lengths: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """The fewest and the most words of a reply, by language."""

    findings: tuple[FindingWords, ...] = ()
    """How a note says what was found."""

    note_actions: Mapping[str, Phrases] = field(default_factory=dict)
    """How a note proposes an action, by its id."""

    claims: Claims = NO_CLAIMS
    """What a letter can claim, and may claim about each action."""

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Every language in which the page has words, sorted."""
        lists = (*self.words, *self.statements, *self.asked, *self.days)
        lists = (*lists, *self.claims.words)
        return tuple(sorted({each.language for each in lists} - {ANY}))
