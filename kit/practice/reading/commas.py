"""Signs of a letter: where a clause can end, and where somebody else is quoted."""

import re
from collections.abc import Container, Iterable, Iterator

ENDS = frozenset(",;:()–—\n")
STRONG_ENDS = frozenset(";:()–—\n")
"""After one of them a condition governs what follows it."""

SHORTEST_OWN = 4
NEAR_AN_ID, NEAR_A_DAY = 14, 6
"""In characters: how far before it its comma can stand, as in *, order 12-345*."""

QUOTES = {"“": "”", '"': '"', "„": '“”"', "«": "»"}
_OPENS = re.compile("[" + "".join(QUOTES) + "]")
LONGEST_QUOTE = 60
"""In characters: what somebody else has said, or a button, and no claim."""


def ends_clause(text: str, start: int, end: int, no_ends: Container[int]) -> bool:
    """Whether a clause ends between two words.

    Args:
        text: The letter.
        start: One past the place of the first word.
        end: The place of the second one.
        no_ends: The places of signs that end none.
    """
    between = text[start:end]
    return " - " in between or any(
        sign in ENDS and start + place not in no_ends
        for place, sign in enumerate(between)
    )


def is_strong(text: str, start: int, end: int) -> bool:
    """Whether a condition behind the end of a clause governs only what follows it.

    Args:
        text: The letter.
        start: One past the place of the last word before the condition.
        end: The place of its first word.
    """
    between = text[start:end]
    return " - " in between or any(sign in STRONG_ENDS for sign in between)


def commas_of(text: str, own: Iterable[str], near: int) -> Iterator[int]:
    """Find the commas and brackets that end no clause: those of texts of the case.

    Args:
        text: The letter.
        own: The texts of the case, such as its item; those put in between commas or
            brackets count with them.
        near: How far before a text, in characters, its comma can stand.
    """
    lower = _lower(text)
    for words in own:
        if not _is_free_text(words):
            continue
        start = lower.find(_lower(words))
        while start >= 0:
            end = start + len(words)
            yield from range(start, end)
            opens = max(text.rfind(sign, max(0, start - near), start) for sign in ",(")
            if opens >= 0 and text[end : end + 1] in {",", ")"}:
                yield from (opens, end)
            start = lower.find(_lower(words), end)


def _is_free_text(words: str) -> bool:
    """Whether it is an id, a name or an address, and not a word such as *bank*."""
    return len(words) >= SHORTEST_OWN and any(
        each.isdigit() or each.isspace() for each in words
    )


def quotes(text: str) -> Iterator[tuple[int, int]]:
    """Find where somebody else is quoted, or a button is named.

    Args:
        text: The letter.
    """
    place = 0
    while opening := _OPENS.search(text, place):
        place = opening.start()
        ends = [
            end
            for sign in QUOTES[opening[0]]
            if (end := text.find(sign, place + 1, place + 1 + LONGEST_QUOTE)) > place
        ]
        if ends and text[max(0, place - 1) : place].strip() in {"", "("}:
            yield place, min(ends)
            place = min(ends)
        place += 1


def _lower(text: str) -> str:
    """A text in small letters, each in its place: a capital İ would become two."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := each.lower()) == 1 else each for each in text)
