"""Constraints on the facts of a case, and the conditions under which they apply.

An *implication*, a *day distance* and an *amount ratio* tell the generator how to make
a case. A *constraint* is one of them with a sentence that says why a case without it
could not be real; it can also be about a scan of the journey or about words of the
buyer.
"""

import re
from dataclasses import dataclass
from typing import Literal

from ...rules.conditions import Cell
from ...rules.values import Kind


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A condition on one fact."""

    fact: str
    """Its key."""

    kind: Kind
    """What it can be."""

    cell: Cell
    """Which of its values fit."""


When = tuple[Condition, ...]
"""All conditions have to fit; an empty tuple always fits."""


@dataclass(frozen=True, slots=True, eq=False)
class Implication:
    """An implication between two facts: if one has this value, the other must fit."""

    when: Condition
    """The condition."""

    then: Condition | None
    """The consequence; ``None`` if the other fact must be unknown."""

    unknown: str = ""
    """Key of the fact that must be unknown then."""


@dataclass(frozen=True, slots=True, eq=False)
class DayDistance:
    """The number of days between two dates."""

    when: When
    """For which cases it holds."""

    earlier: str
    """Key of the one date."""

    later: str
    """Key of the other."""

    days: Cell
    """How many days the second is after the first."""


@dataclass(frozen=True, slots=True, eq=False)
class AmountRatio:
    """The size of an amount as a percentage of another."""

    when: When
    """For which cases it holds."""

    amount: str
    """Key of the amount."""

    of: str
    """Key of the other amount."""

    percent: Cell
    """How many percent."""


Sign = Literal["on", "not before", "not after"]
"""How the day of a scan lies to a date."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words that a text can have."""

    texts: tuple[str, ...]
    """What is looked for: any of these; none of them means every text."""

    negated: bool = False
    """Whether a text without all of them fits."""

    def found_in(self, text: str) -> bool:
        """Tell whether a text fits."""
        if not self.texts:
            return True
        words = "|".join(re.escape(each).replace(r"\*", r"\w*") for each in self.texts)
        found = re.search(rf"(?<!\w)(?:{words})(?!\w)", text, re.IGNORECASE)
        return (found is None) is self.negated


@dataclass(frozen=True, slots=True)
class ScanDay:
    """On which day a scan must be."""

    sign: Sign
    """How it compares with the date."""

    date: str
    """Key of the date."""


@dataclass(frozen=True, slots=True, eq=False)
class Constraint:
    """Something that is true in every real case, with the reason."""

    why: str
    """The sentence that states it."""

    line: int
    """The line of its row, counted from 1."""

    when: When = ()
    """Where it counts; a fact that a case does not have fits no condition."""

    message: Phrases | None = None
    """It applies only if the buyer writes this."""

    scan: Phrases | None = None
    """It counts for each scan like this; or, with ``needs_scan``, there is one."""

    needs_scan: bool = False
    """Whether a journey must have such a scan."""

    day: ScanDay | None = None
    """On which day the scan must be."""

    then: Condition | DayDistance | AmountRatio | None = None
    """What must fit then, as far as the case has these facts."""

    unknown: str = ""
    """Key of the fact that the case must not have then."""
