"""What a condition of a sentence governs: the clause before it, or what comes after."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ...rules.phrases import Token
from .commas import is_strong

LONGEST_OF_A_LIST = 2
"""In words: what stands between two commas and is one more thing of a list."""

Parts = Sequence[Sequence[Token]]
"""The clauses of one sentence."""


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a letter at which words begin that tell how clauses depend."""

    text: str
    """The letter."""

    only: frozenset[int]
    """Conditions that name the only case: *only once*."""

    joins: frozenset[int]
    """Words that join: *and*."""

    verbs: frozenset[int]
    """Verbs that condition where they open a sentence: *should it come back*."""

    ends: frozenset[int]
    """Words behind which a clause holds in any case: *so we*."""

    openings: frozenset[int]
    """Words with which a sentence opens before it says anything: *of course*."""

    additions: frozenset[int]
    """Words that add to the clause before: *with the postage*."""

    def governed(self, parts: Parts, conditions: AbstractSet[int]) -> list[bool]:
        """Tell which clauses of a sentence hold only if a condition does.

        A condition that opens its sentence, or follows a word that joins, governs what
        comes after it; any other one governs what is before it: the clause next
        to it, or all of them where it is the only case in which they hold. Behind a
        greeting or *of course* it governs both.

        Args:
            parts: The clauses.
            conditions: The places at which conditions begin.
        """
        is_condition = [part[0].start in conditions for part in parts]
        found = [False] * len(parts)
        for place in (i for i, each in enumerate(is_condition) if each):
            is_only = parts[place][0].start in self.only
            begins = not place or (not is_only and self._begins(parts, place))
            if not begins:
                first = 0 if is_only else place - 1
                while first and parts[first][0].start in self.additions:
                    first -= 1
                found[first:place] = [True] * (place - first)
            if begins or self._opens(parts[:place]):
                for other in range(place + 1, len(parts)):
                    if is_condition[other] or parts[other][0].start in self.ends:
                        break
                    found[other] = True
        return found

    def verb_first(self, parts: Parts) -> set[int]:
        """Find clauses that open with a verb and so condition: *should it come, …*.

        Only where one opens its sentence or follows a word that joins, and another
        clause follows that is not joined.

        Args:
            parts: The clauses of a sentence.

        Returns:
            The places at which they begin.
        """
        found = set()
        for place, part in enumerate(parts[:-1]):
            opens = self._begins(parts, place) or (
                place == 1 and self._opens(parts[:1])
            )
            follows = any(
                each[0].start not in self.joins for each in parts[place + 1 :]
            )
            if opens and len(part) > 1 and part[0].start in self.verbs and follows:
                found.add(part[0].start)
        return found

    def _begins(self, parts: Parts, place: int) -> bool:
        """Whether nothing that says something stands before a clause."""
        before = parts[place - 1] if place else ()
        return (
            not before
            or (len(before) == 1 and before[0].start in self.joins)
            or is_strong(self.text, before[-1].end, parts[place][0].start)
        )

    def _opens(self, parts: Parts) -> bool:
        """Whether only a greeting stands before it, or *of course*, or a thank-you."""
        return all(
            each[0].start in self.openings or len(each) <= LONGEST_OF_A_LIST
            for each in parts
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A clause while the letter is split."""

    tokens: tuple[Token, ...]
    depends: bool
    asks: bool
    opens: bool = False


def is_listed(parts: Sequence[Part], number: int, alternatives: set[int]) -> bool:
    """Whether a part is one more thing of a list that ends with *or …*."""
    for part in parts[number:]:
        if part.opens or len(part.tokens) > LONGEST_OF_A_LIST:
            return not part.opens and part.tokens[0].start in alternatives
    return False
