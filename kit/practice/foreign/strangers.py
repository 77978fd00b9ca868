"""People whom a letter names and who are not in its case."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...content.letters.claims import TITLE
from ...content.letters.reply_rules import ReplyRule
from ..reading.findings import Finding, Reply

_WORD = re.compile(r"[^\W\d_][\w-]*")
_NAME = re.compile(
    r"(?:\w{1,3}\.?|\w+)[ \u00a0]"  # The title: Mr. Hall, but not "a Frau. We".
    r"(?:(?:Dr|Prof|med|von|van|de|der)\.?[ \u00a0])*"
    r"(?P<name>[^\W\d_][\w-]*(?:[ \u00a0][^\W\d_][\w-]*){0,2})"
)
"""A title and up to three words behind it, of which only those with a capital count."""


class TextSpan(NamedTuple):
    """A range of characters in a text."""

    start: int
    end: int


def unknown_people(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Find people with a title, such as *Mrs Hall*, of whom the case does not know.

    It is somebody else's business, or the letter is addressed to the wrong person.
    """
    text = reply.reading.text
    titles = [each for each in reply.claims.starts_of(TITLE) if text[each].isupper()]
    if not titles:
        return
    known = {
        word.casefold()
        for word in _words_of([*reply.context.own_words, reply.buyers.text])
        if word[0].isupper()
    }
    for start in sorted(titles):
        match = _NAME.match(text, start)
        name = list(_name(text, match, reply.claims.little_words)) if match else []
        words = {text[each.start : each.end].casefold() for each in name}
        if name and not known & {*words, *(word.removesuffix("s") for word in words)}:
            place = TextSpan(name[0].start, name[-1].end)
            yield reply.finding(rule, place, text[place.start : place.end])


def _words_of(texts: Iterable[str]) -> Iterator[str]:
    for each in texts:
        yield from _WORD.findall(each)


def _name(
    text: str, match: re.Match[str], little: frozenset[str]
) -> Iterator[TextSpan]:
    """The words of a name: up to one without a capital, or one of every sentence."""
    for word in _WORD.finditer(text, match.start("name"), match.end("name")):
        if not word[0][0].isupper() or word[0].casefold() in little:
            return
        yield TextSpan(word.start(), word.end())
