"""People whom a letter names and who are not in its case."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..content.claims import TITLE
from ..content.replyrules import ReplyRule
from .findings import Finding, Reply

_NAME = re.compile(
    r"\.?[ \u00a0](?P<name>[^\W\d_][\w'’-]*(?:[ .]+[^\W\d_][\w'’-]*){0,2})"
)
"""What follows a title: up to three words, of which only those with a capital count."""

_WORD = re.compile(r"[^\W\d_][\w-]*")


class _Name(NamedTuple):
    start: int
    end: int


def strangers(reply: Reply, rule: ReplyRule) -> Iterator[Finding]:
    """Find people with a title, such as *Mrs Hall*, of whom the case does not know.

    It is somebody else's business, or the letter is addressed to the wrong person.
    """
    text = reply.reading.text
    known = {
        word.casefold()
        for each in (reply.buyers.text, *reply.occasion.own_words)
        for word in _WORD.findall(each)
    }
    for end in reply.claims.ends_of(TITLE):
        match = _NAME.match(text, end) if _is_title(text, end) else None
        names = _capitals(match["name"]) if match else []
        if match and names and not any(_is_known(each, known) for each in names):
            start = match.start("name")
            stop = start + match["name"].index(names[-1]) + len(names[-1])
            yield reply.finding(rule, _Name(start, stop), text[start:stop])


def _is_title(text: str, end: int) -> bool:
    """Whether a word is written as a title: *Mr. Hall*, but not *you miss Rome*."""
    word = text[:end].rsplit(None, 1)[-1]
    ends_sentence = text.startswith(".", end) and len(word) > len("Mrs")
    return word[0].isupper() and not ends_sentence


def _capitals(words: str) -> list[str]:
    """The words of a name, up to the first one without a capital."""
    found = []
    for word in _WORD.findall(words):
        if not word[0].isupper():
            break
        found.append(word)
    return found


def _is_known(word: str, known: set[str]) -> bool:
    folded = word.casefold()
    return folded in known or folded.removesuffix("s") in known
