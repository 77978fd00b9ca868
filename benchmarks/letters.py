"""How well letters are judged: contradicting, hollow and rule-breaking ones, and good.

``tests/replies/blind`` holds letters by people who knew the cases and their right
decisions, and had seen neither the rules nor the messages of the pages. Most may be
used to improve the rules. Two sets are only counted: ``held-out``, whose numbers were
looked at while rules changed, and the newest letters, ``unread``, whose numbers count.
As soon as their numbers were looked at, they are held out, and others take their place.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from kit.content.library import Library
from kit.content.markdown.documents import Section, read_document
from kit.practice.letters.letter_check import (
    WRONG,
    check_reply,
    is_praised,
    reply_context_of,
)

from .report import Line, Reading

ROOT = Path(__file__).parents[1]
BLIND = ROOT / "tests" / "replies" / "blind"
GOOD, CONTRADICTING, HOLLOW, RULE_BREAKING = (
    "good",
    "contradicting",
    "hollow",
    "rule-breaking",
)
BAD = (CONTRADICTING, HOLLOW, RULE_BREAKING)

GOALS = {
    "good without wrong": 0.95,
    "good praised": 0.80,
    "contradicting caught": 0.80,
    "hollow caught": 0.95,
    "rule-breaking caught": 0.90,
    "bad not praised": 0.97,
}
"""The smallest share of each that shall hold for letters that nobody has read."""


@cache
def shares_of(name: str, every: int = 1) -> dict[str, float]:
    """Judge the letters of a set.

    Args:
        name: ``tuned``, ``held-out`` or ``unread``.
        every: The step: 4 judges every fourth letter.

    Returns:
        The shares named in ``GOALS``, from 0 to 1.
    """
    library = Library(ROOT)
    rules = library.reply_rules
    assert rules is not None
    cases = {case.id: case for page in library.ids for case in library.cases(page)}
    count: Counter[str] = Counter()
    for section in islice(letters_of(name), 0, None, every):
        _, case, kind = section.title.split(" · ")
        (quote,) = section.quotes
        found = check_reply(quote.text, reply_context_of(cases[case]), rules)
        is_wrong = any(each.severity == WRONG for each in found)
        count[kind] += 1
        count[f"{kind} wrong"] += is_wrong
        count[f"{kind} praised"] += is_praised(found)
    bad = sum(count[kind] for kind in BAD)
    praised = sum(count[f"{kind} praised"] for kind in BAD)
    return {
        "good without wrong": 1 - count[f"{GOOD} wrong"] / count[GOOD],
        "good praised": count[f"{GOOD} praised"] / count[GOOD],
        **{f"{kind} caught": count[f"{kind} wrong"] / count[kind] for kind in BAD},
        "bad not praised": 1 - praised / bad,
    }


def letters_of(name: str) -> Iterator[Section]:
    """Read the letters of a set, a section for each."""
    for path in sorted(BLIND.glob(f"{name}*.md")):
        page, mistakes = read_document(path, Path(path.name), front="none")
        assert page is not None, mistakes
        yield from page.sections


def measure_letters() -> Iterator[Line]:
    """Measure the letters that nobody tunes by, each share against its goal."""
    for letters in ("held-out", "unread"):
        if not any(letters_of(letters)):
            continue
        shares = shares_of(letters)
        for name, goal in GOALS.items():
            yield Line(
                f"Letters {letters}: {name}",
                "of 1",
                [Reading(shares[name])],
                "letters written blind, over all pages, in English and German",
                goal,
            )
