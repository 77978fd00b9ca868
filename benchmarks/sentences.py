"""How many plain contradictions are found in letters that are right but for them.

``tests/replies/sentences`` holds single sentences by people who knew the cases and
their right decisions, and neither the rules nor the letters: *bad* ones, each of which
makes a right letter wrong, and *ok* ones, which do not. Each is put before the last
paragraph of a letter that was written blind and is praised.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from kit.content.library import Library
from kit.practice.letters.letter_check import (
    WRONG,
    check_reply,
    is_praised,
    reply_context_of,
)

from .letters import GOOD, letters_of
from .report import Line, Reading

ROOT = Path(__file__).parents[1]
SENTENCES = ROOT / "tests" / "replies" / "sentences"
BETWEEN, PARAGRAPH = " | ", "\n\n"
BAD, OK = "bad", "ok"
FEWEST_PARTS = 3

GOALS = {"plain contradictions caught": 0.80, "harmless sentences without wrong": 0.98}
"""The smallest share of each that shall hold."""


@cache
def right_letters() -> dict[str, str]:
    """A praised letter for each case, by the case's id."""
    library = Library(ROOT)
    rules = library.reply_rules
    assert rules is not None
    cases = {case.id: case for page in library.ids for case in library.cases(page)}
    found: dict[str, str] = {}
    for section in letters_of("tuned"):
        _, case, kind = section.title.split(" · ")
        text = section.quotes[0].text
        if kind == GOOD and case not in found:
            findings = check_reply(text, reply_context_of(cases[case]), rules)
            if is_praised(findings):
                found[case] = text
    return found


def sentence_shares(name: str, every: int = 1) -> dict[str, float]:
    """Judge right letters with one more sentence.

    Args:
        name: ``tuned`` or ``held-out``.
        every: The step: 3 judges every third sentence.

    Returns:
        The shares named in ``GOALS``, from 0 to 1.
    """
    library = Library(ROOT)
    rules = library.reply_rules
    assert rules is not None
    cases = {case.id: case for page in library.ids for case in library.cases(page)}
    letters, count = right_letters(), Counter[str]()
    lines = (SENTENCES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    for line in lines[::every]:
        case, kind, words = line.split(BETWEEN, FEWEST_PARTS - 1)
        if case in letters:
            text = _with(letters[case], words)
            found = check_reply(text, reply_context_of(cases[case]), rules)
            count[kind] += 1
            count[f"{kind} wrong"] += any(each.severity == WRONG for each in found)
    caught, harmless = GOALS
    return {
        caught: count[f"{BAD} wrong"] / count[BAD],
        harmless: 1 - count[f"{OK} wrong"] / count[OK],
    }


def _with(letter: str, words: str) -> str:
    """Put a sentence before the last paragraph of a letter."""
    parts = letter.rstrip().split(PARAGRAPH)
    if len(parts) < FEWEST_PARTS:
        return f"{letter.rstrip()}\n{words}"
    return PARAGRAPH.join([*parts[:-1], words, parts[-1]])


def measure_sentences() -> Iterator[Line]:
    """Measure the sentences that nobody tunes by, each share against its goal."""
    if not (SENTENCES / "held-out.txt").exists():
        return
    shares = sentence_shares("held-out")
    for name, goal in GOALS.items():
        yield Line(
            f"Sentences: {name}",
            "of 1",
            [Reading(shares[name])],
            "one plain sentence in a right letter, in English and German",
            goal,
        )
