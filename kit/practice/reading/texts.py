"""A text that somebody has written, as its words, days and amounts.

What the words mean is not known here: ``practice/letters`` compares them.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import decimal

from ...content.letters.reply_rules import ReplyRules
from ...rules.phrases import OTHERS, PRONOUNS, Token, Wording, plain_word
from ...rules.values import Money
from .spellings import Found, MoneyWords, found_in

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_END = re.compile(r"[.!?…]+[\"'”“’)]*(?=\s|$)|\n\s*")
_SHORT = re.compile(r"(?:^|[\s(])(?:[A-ZÄÖÜ][^\W\d_]{0,2}|[^\W\d_])$")
"""A word before a full stop that is most likely an abbreviation: ``Mr``, ``z``."""

_POLITE = re.compile(r"[\w,] (?:Sie|Ihnen|Ihr|Ihre[mnr]?)\b")
"""A writer who speaks to the reader with a capital in the middle of a sentence."""

_VOWELS = frozenset("aeiouyäöü")
"""A short word with one of them, such as *tea*, can end a sentence; *Mr* cannot."""

_LIKE = {"ı": "i", "İ": "I", "ſ": "s", "\u212a": "K"}
"""Letters that are the same as another one where capitals do not matter."""

SHAPED = {"e-mail", "link", "phone", "amount", "day"}
LONGEST_ABBREVIATION = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, read."""

    text: str
    """The text."""

    wording: Wording
    """Its words."""

    found: tuple[Found, ...]
    """What is recognised by its shape, from the left."""

    def of(self, shape: str) -> tuple[Found, ...]:
        """What has one shape."""
        return tuple(each for each in self.found if each.shape == shape)

    @property
    def amounts(self) -> frozenset[Money]:
        """Every amount that it may name."""
        return frozenset(a for each in self.found for a in each.amounts)

    @property
    def days(self) -> frozenset[date]:
        """Every day that it may name."""
        return frozenset(day for each in self.found for day in each.days)


def read_text(
    text: str, rules: ReplyRules, *, today: date, own: Iterable[str] = ()
) -> Reading:
    """Read a text.

    Args:
        text: The text, whatever it is.
        rules: Words of days and currencies.
        today: The day of the case.
        own: What belongs to the case as it stands, such as the id of its order.
    """
    plainly = _plainly(text)
    found = found_in(
        plainly,
        today=today,
        languages=rules.languages,
        money=MoneyWords(rules.currencies, rules.numbers),
        own=tuple(own),
    )
    tokens = _tokens(plainly, found)
    said = tuple(_said_days(tokens, rules, today))
    if said:
        found = tuple(sorted((*found, *said), key=lambda each: each.start))
        tokens = _tokens(plainly, found)
    return Reading(text, Wording(tokens), found)


def _plainly(text: str) -> str:
    """Write digits and letters of other scripts as ours, each in its place.

    A pattern that ignores capitals takes a dotless i for an i, and a digit may be one
    of fifty scripts; what is looked up afterwards has to be the same for all of them.
    """
    if text.isascii():
        return text
    return "".join(
        str(decimal(each)) if each.isdecimal() else _LIKE.get(each, each)
        for each in text
    )


def _tokens(text: str, found: tuple[Found, ...]) -> list[Token]:
    """Every word and every shape, with the number of its sentence."""
    spans = [
        (each.start, each.end, plain_word(each.words), each.shape)
        for each in found
        if each.shape in SHAPED
    ]
    others = PRONOUNS if _POLITE.search(text) else frozenset[str]()
    inside = iter([*spans, (len(text) + 1, len(text) + 1, "", "")])
    start, end, *_ = next(inside)
    words = list(spans)
    for match in _WORD.finditer(text):
        while match.start() >= end:
            start, end, *_ = next(inside)
        if match.end() <= start:
            word = plain_word(match[0]) + (OTHERS if match[0] in others else "")
            words.append((match.start(), match.end(), word, ""))
    ends = _ends(text, spans)
    tokens, sentence = [], 0
    for first, last, word, shape in sorted(words):
        while sentence < len(ends) and ends[sentence] <= first:
            sentence += 1
        tokens.append(Token(first, last, word, sentence, shape))
    return tokens


def _ends(text: str, spans: list[tuple[int, int, str, str]]) -> list[int]:
    """Where sentences end; the dots of days, amounts and abbreviations end none."""
    # The last dot of “29.08.” ends a sentence too where a capital follows.
    inside = {place for start, end, *_ in spans for place in range(start, end - 1)}
    inside |= {end - 1 for _, end, *_ in spans if not text[end:].lstrip()[:1].isupper()}
    return [
        match.end()
        for match in _END.finditer(text)
        if match.start() not in inside and _ends_here(text, match)
    ]


def _ends_here(text: str, match: re.Match[str]) -> bool:
    if match[0].startswith("\n"):
        next_sign = text[match.end() : match.end() + 1]
        return match[0].count("\n") > 1 or not next_sign.islower()
    before = text[max(0, match.start() - LONGEST_ABBREVIATION) : match.start()]
    short = _SHORT.search(before)
    if match[0] != "." or short is None:
        return True
    goes_on = not text[match.end() :].lstrip()[:1].isupper()
    return not (goes_on or _VOWELS.isdisjoint(short[0].lower()))


def _said_days(tokens: list[Token], rules: ReplyRules, today: date) -> list[Found]:
    """Days that are said by a word, such as the one for the day after today."""
    wording = Wording([each for each in tokens if each.shape != "day"])
    starts = [each.start for each in tokens]
    found: dict[tuple[int, int], Found] = {}
    for words in rules.days:
        day = today + timedelta(days=int(words.name))
        for hit in wording.hits(words.phrases, words.unless):
            first, behind = bisect_left(starts, hit.start), bisect_left(starts, hit.end)
            text = " ".join(each.word for each in tokens[first:behind])
            place = (hit.start, hit.end)
            found[place] = Found(*place, "day", text, days=(day,))
    return list(found.values())
