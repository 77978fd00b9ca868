"""What a check of a text works with: the text in the context of its case, findings.

Replies and notes are read alike; by which rules they are checked stands in
``letter_check.py`` and ``notes.py``.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from ...content.letters.reply_rules import ActionRule, ReplyRule, ReplyRules
from ...content.letters.word_lists import ANY, WordLists
from ...rules.phrases import Hit
from .claims_read import ClaimsRead
from .languages import language_of
from .reply_context import ReplyContext
from .texts import Reading, read_text


class Place(Protocol):
    """Something with a place in a text."""

    @property
    def start(self) -> int:
        """The place of its first character."""

    @property
    def end(self) -> int:
        """One past the place of its last character."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a text, or could be better."""

    rule: str
    """The id of the rule."""

    severity: str
    """``wrong`` or ``advice``; nobody is marked by advice."""

    start: int
    """The place of the first character to mark; 0 where the whole text is meant."""

    end: int
    """One past the last character to mark; 0 where the whole text is meant."""

    words: str
    """The words to mark; empty where the whole text is meant."""

    reason: str
    """What is wrong, as an agent reads it."""

    sources: tuple[str, ...]
    """Ids of the sources behind the rule."""

    looks_at: str = ""
    """What the rule looks at; empty where no rule of the page is behind it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply while it is being checked."""

    reading: Reading
    """Its words, days and amounts."""

    buyers: Reading
    """Those of the buyer's message."""

    context: ReplyContext
    """What it has to agree with."""

    rules: ReplyRules
    """What it is checked by."""

    language: str
    """The language in which it is written."""

    claims: ClaimsRead
    """What it claims."""

    @property
    def action(self) -> ActionRule | None:
        """What must be said about the action; nothing where the page says nothing."""
        rows = self.rules.actions.get(self.context.action, ())
        return next((each for each in rows if self.context.is_one(each.when)), None)

    @property
    def is_readable(self) -> bool:
        """Whether there are words for its language."""
        return self.language in self.rules.languages

    def hits(self, lists: WordLists, name: str) -> tuple[Hit, ...]:
        """Find the words of a rule, a statement or a question."""
        found = [
            hit
            for each in lists.named(name)
            if each.language in {self.language, ANY}
            for hit in self.reading.wording.hits(each.phrases, each.unless)
        ]
        return tuple(sorted(found, key=lambda hit: (hit.start, hit.end)))

    def says(self, statement: str) -> bool:
        """Whether it makes a statement."""
        return bool(self.hits(self.rules.statements, statement))

    def finding(self, rule: ReplyRule, place: Place | None, what: str) -> Finding:
        """Make a finding of a place, or of the whole text."""
        start, end = (place.start, place.end) if place else (0, 0)
        return Finding(
            rule.id,
            rule.severity,
            start,
            end,
            self.reading.text[start:end],
            rule.reason.replace("{what}", what),
            rule.sources,
            rule.looks_at,
        )


_latest: list[Reply] = []
"""The reply that was read last: two questions are asked of the same text, what is wrong
with it and what it claims."""


def reply_of(text: str, context: ReplyContext, rules: ReplyRules) -> Reply:
    """Read a text as a reply in a context; cached."""
    for latest in _latest[:1]:
        is_same = latest.context is context and latest.rules is rules
        if is_same and latest.reading.text == text:
            return latest
    reading = read_text(text, rules, today=context.today, own=context.own_words)
    buyers = _buyers(context.message, context.today, rules)
    language = language_of(text) or context.language
    claims = ClaimsRead(reading, rules.claims, language, context.own_words)
    reply = Reply(reading, buyers, context, rules, language, claims)
    _latest[:] = [reply]
    return reply


@lru_cache(maxsize=256)
def _buyers(message: str, today: date, rules: ReplyRules) -> Reading:
    """Read what the buyer wrote: once for all who answer it."""
    return read_text(message, rules, today=today)
