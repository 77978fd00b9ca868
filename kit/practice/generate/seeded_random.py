"""Dice: chance that falls the same way everywhere, for ever.

Of Python's generator only ``random()`` is promised to give the same numbers for the
same seed in every version and on every machine, so nothing else of it is used.
"""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

_PERCENT = 100


class Dice:
    """A row of numbers that follows from a seed alone."""

    def __init__(self, seed: str) -> None:
        """Begin the row of this seed."""
        self._next = Random(seed).random
        self.shuffled_so_far = 0
        """How many numbers of the row have gone into orders."""

    def number(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return low + int(self._next() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of several, at least one."""
        return options[int(self._next() * len(options))]

    def comes_up(self, percent: int) -> bool:
        """Draw yes in so many of a hundred throws."""
        return self._next() * _PERCENT < percent

    def shuffled(self, options: Sequence[T]) -> Sequence[T]:
        """Put several in a drawn order."""
        left = list(options)
        self.shuffled_so_far += max(0, len(left) - 1)
        for last in range(len(left) - 1, 0, -1):
            other = int(self._next() * (last + 1))
            left[last], left[other] = left[other], left[last]
        return left

    def skip(self, count: int) -> None:
        """Leave out the numbers of orders that nobody needs any more."""
        self.shuffled_so_far += count
        for _ in range(count):
            self._next()
