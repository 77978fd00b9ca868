"""How well replies are checked: precision and recall, for each rule and in all.

``tests/replies`` holds replies as agents write them, each with the case that it answers
and the rules that it breaks. One half was written before any of it was checked and is
never used to improve a rule: its numbers are the ones to believe.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kit.content.cases import PracticeCase
from kit.content.library import Library
from kit.content.markdown.documents import read_document
from kit.practice.letters.letter_check import (
    ADVICE,
    WRONG,
    check_reply,
    reply_context_of,
)

from .letters import measure_letters
from .report import Line, Reading
from .sentences import measure_sentences

ROOT = Path(__file__).parents[1]
REPLIES = ROOT / "tests" / "replies"
HALVES = ("tuned", "held-out")
NO_RULE = "none"
LETTER_RULES = frozenset(
    {
        "claim",
        "claim-missing",
        "not-read",
        "hollow",
        "stranger",
        "place",
        "other-item",
        "sense",
        "note-to-buyer",
        "unsure",
        "takes-back",
        "last-word",
        "far-off",
        "not-true",
        "told-day",
        "day-count",
        "not-said",
        "reason-change",
        "impersonation",
        "capitals",
    }
)
"""What ``letters.py`` measures: whether a letter says what was decided, and who it is
from."""

PRECISION, RECALL = 0.90, 0.85
"""What shall hold for replies that nobody has improved a rule by."""

CHECK_MS = 50
"""How long an agent may wait for the check of a reply, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One reply of the test set."""

    id: str
    """Its number."""

    half: str
    """``tuned`` or ``held-out``."""

    language: str
    """The language of the case."""

    case: PracticeCase
    """The case that it answers."""

    breaks: frozenset[str]
    """The rules that a person says it breaks."""

    text: str
    """What the agent wrote."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a rule was right."""

    right: int
    """Found, and broken."""

    false: int
    """Found, and not broken."""

    missed: int
    """Broken, and not found."""

    @property
    def precision(self) -> float:
        """The share of what was found that was there."""
        return self.right / (self.right + self.false) if self.right else 0.0

    @property
    def recall(self) -> float:
        """The share of what was there that was found."""
        return self.right / (self.right + self.missed) if self.right else 0.0


def marked_replies() -> tuple[Marked, ...]:
    """Read the test set."""
    library = Library(ROOT)
    cases = {case.id: case for page in library.ids for case in library.cases(page)}
    return tuple(
        each for path in sorted(REPLIES.glob("*.md")) for each in _read(path, cases)
    )


def _read(path: Path, cases: dict[str, PracticeCase]) -> Iterator[Marked]:
    document, mistakes = read_document(path, path.relative_to(ROOT), front="none")
    assert document is not None, mistakes
    half, _, language = path.stem.rpartition("-")
    for section in document.sections:
        number, case, rules = section.title.split(" · ")
        broken = frozenset(rules.split(", ")) - {NO_RULE}
        (quote,) = section.quotes
        yield Marked(number, half, language, cases[case], broken, quote.text)


@cache
def checked_replies() -> tuple[tuple[Marked, frozenset[str]], ...]:
    """Check every reply; each with the rules that were found."""
    rules = Library(ROOT).reply_rules
    assert rules is not None
    return tuple(
        (
            each,
            frozenset(
                finding.rule
                for finding in check_reply(
                    each.text, reply_context_of(each.case), rules
                )
                if finding.rule not in LETTER_RULES
            ),
        )
        for each in marked_replies()
    )


def tally_of(half: str, rules: frozenset[str] = frozenset()) -> Tally:
    """Count some rules in one half; all rules where none are named."""
    counted: Counter[str] = Counter()
    for reply, found in checked_replies():
        if reply.half != half:
            continue
        broken, said = reply.breaks, found
        if rules:
            broken, said = broken & rules, said & rules
        counted["right"] += len(broken & said)
        counted["false"] += len(said - broken)
        counted["missed"] += len(broken - said)
    return Tally(counted["right"], counted["false"], counted["missed"])


def rules_that_say(severity: str) -> frozenset[str]:
    """The rules of replies that say ``wrong``, or those that only advise."""
    rules = Library(ROOT).reply_rules
    assert rules is not None
    return frozenset(
        rule.id
        for rule in rules.rules
        if rule.severity == severity and not rule.looks_at.startswith("note")
    )


def measure_replies(rounds: int, tell: Callable[[str], None]) -> Iterator[Line]:
    """Measure how good and how fast the check is; the table of rules is told."""
    tell(table_of_rules())
    yield from measure_letters()
    yield from measure_sentences()
    held_out = tally_of("held-out")
    includes = "replies that were written before any was checked, all rules"
    yield Line(
        "Replies held out: precision",
        "of 1",
        [Reading(held_out.precision)],
        f"{includes}: how much of what is found is there",
        PRECISION,
    )
    yield Line(
        "Replies held out: recall",
        "of 1",
        [Reading(held_out.recall)],
        f"{includes}: how much of what is there is found",
        RECALL,
    )
    yield Line(
        "One reply checked",
        "ms",
        [_one_round() for _ in range(rounds)],
        "the mean of all replies of the test set: reading, language, all rules",
        CHECK_MS,
        at_most=True,
    )


def _one_round() -> Reading:
    """Check every reply once more, in milliseconds for each."""
    rules = Library(ROOT).reply_rules
    assert rules is not None
    work = [(each.text, reply_context_of(each.case)) for each in marked_replies()]
    wall, cpu = time.perf_counter(), time.process_time()
    for text, context in work:
        check_reply(text, context, rules)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Reading(wall / len(work) * 1000, cpu / len(work) * 1000)


def table_of_rules() -> str:
    """Write the table of all rules, both halves side by side."""
    rules = Library(ROOT).reply_rules
    assert rules is not None
    of_replies = [
        rule.id
        for rule in rules.rules
        if not rule.looks_at.startswith("note") and rule.id not in LETTER_RULES
    ]
    parts = ("right", "false", "missed", "precision", "recall")
    head = ("Rule", *(f"{half}: {part}" for half in HALVES for part in parts))
    rows = [
        head,
        *(_row(rule, frozenset({rule})) for rule in of_replies),
        _row("rules that mark", rules_that_say(WRONG)),
        _row("rules that advise", rules_that_say(ADVICE)),
        _row("all rules", frozenset()),
    ]
    counts = [
        f"{sum(reply.half == half for reply, _ in checked_replies())} {half}"
        for half in HALVES
    ]
    return f"{_drawn(rows)}\n\nReplies: {', '.join(counts)}.\n"


def _row(title: str, rules: frozenset[str]) -> tuple[str, ...]:
    cells = [title]
    for half in HALVES:
        tally = tally_of(half, rules)
        cells += [str(tally.right), str(tally.false), str(tally.missed)]
        cells += _shares(tally)
    return tuple(cells)


def _shares(tally: Tally) -> tuple[str, str]:
    if tally.right + tally.false + tally.missed == 0:
        return "–", "–"
    return f"{tally.precision:.2f}", f"{tally.recall:.2f}"


def _drawn(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
