"""Hold sentences and pages against the bounds of plain language."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from .levels import is_hard, syllables
from .passages import Passage
from .sentences import sentences, words, words_to_check
from .turns import find_turns

MOST_WORDS = 25
"""In one sentence. More than this, and a reader at B1 begins again."""

MOST_LONG_WORDS = 4
"""Words of three syllables or more in one sentence."""

LONG = 3
"""Syllables from which on a word is long."""

LEAST_EASE = 70.0
"""Flesch reading ease of a whole page; 70 and above is "fairly easy"."""

SHORTEST_PAGE = 10
"""Sentences. The ease of a shorter page says little."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence that is not plain."""

    path: Path
    """The file."""

    line: int
    """Its line, counted from 1."""

    sentence: str
    """The sentence, without Markdown."""

    problem: str
    """What is wrong, and the plain form if there is one."""

    def __str__(self) -> str:
        """Say it as ``path:line: problem`` with the sentence below."""
        return f"{self.path}:{self.line}: {self.problem}\n    {self.sentence}"


def check(passages: Iterable[Passage]) -> list[Finding]:
    """Check passages, sentence by sentence and page by page.

    Args:
        passages: What people read, file by file.

    Returns:
        Every finding, in the order of the passages; those of a page come last.
    """
    found: list[Finding] = []
    for path, page in groupby(passages, key=lambda each: each.path):
        english: list[str] = []
        for passage in page:
            for sentence in sentences(passage):
                found += check_sentence(sentence, passage)
                if passage.language == "en":
                    english.append(sentence)
        found += _check_page(path, english)
    return found


def check_sentence(sentence: str, passage: Passage) -> Iterator[Finding]:
    """Check one sentence. German is held against the list of turns alone.

    Args:
        sentence: The sentence, as ``sentences`` gives it.
        passage: Where it comes from.

    Yields:
        What is wrong with it.
    """

    def finding(problem: str) -> Finding:
        return Finding(passage.path, passage.line, sentence, problem)

    for said, plain in find_turns(sentence, passage.language):
        yield finding(f"“{said}” is not used here. Plain: {plain}")
    if passage.language != "en":
        return
    count = len(words(sentence))
    if count > MOST_WORDS:
        yield finding(f"{count} words; at most {MOST_WORDS}. Make two sentences.")
    checked = words_to_check(sentence)
    long = [each for each in checked if syllables(each) >= LONG]
    if len(long) > MOST_LONG_WORDS:
        listed = ", ".join(long)
        yield finding(
            f"{len(long)} long words; at most {MOST_LONG_WORDS}. Say it with "
            f"shorter ones: {listed}"
        )
    for word in dict.fromkeys(checked):
        if is_hard(word):
            yield finding(
                f"“{word}” is above level B1. Take a simpler word; a term of the "
                "trade goes into tools/plain/words.toml."
            )


def _check_page(path: Path, english: list[str]) -> Iterator[Finding]:
    if len(english) < SHORTEST_PAGE:
        return
    ease = reading_ease(english)
    if ease < LEAST_EASE:
        yield Finding(
            path,
            1,
            "the whole page",
            f"reading ease {ease:.0f}; at least {LEAST_EASE:.0f}. Shorter sentences "
            "and shorter words.",
        )


def reading_ease(page: Sequence[str]) -> float:
    """Measure how easy a page is, by the formula of Flesch for English.

    Args:
        page: Its sentences.

    Returns:
        About 100 for very easy pages, 60 to 70 for plain English, less for harder ones.
    """
    every = [word for sentence in page for word in words(sentence)]
    length = len(every) / len(page)
    return 206.835 - 1.015 * length - 84.6 * sum(map(syllables, every)) / len(every)
