"""A random number generator with the same numbers on every machine and Python version.

Of Python's generator only ``random()`` is guaranteed to be stable for a seed, so
nothing else of it is used.
"""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

_PERCENT = 100


class SeededRandom:
    """A random number generator that depends on its seed alone."""

    def __init__(self, seed: str) -> None:
        """Seed the generator."""
        self._next = Random(seed).random
        self.shuffle_draws = 0
        """How many random numbers ``shuffled`` has used so far."""

    def integer(self, low: int, high: int) -> int:
        """Draw an integer; both ends are included."""
        return low + int(self._next() * (high - low + 1))

    def choice(self, options: Sequence[T]) -> T:
        """Draw one item of a non-empty sequence."""
        return options[int(self._next() * len(options))]

    def chance(self, percent: int) -> bool:
        """Draw true with a probability in percent."""
        return self._next() * _PERCENT < percent

    def shuffled(self, options: Sequence[T]) -> Sequence[T]:
        """Return the items in random order."""
        left = list(options)
        self.shuffle_draws += max(0, len(left) - 1)
        for last in range(len(left) - 1, 0, -1):
            other = int(self._next() * (last + 1))
            left[last], left[other] = left[other], left[last]
        return left

    def discard(self, count: int) -> None:
        """Skip random numbers that a shuffle would have used."""
        self.shuffle_draws += count
        for _ in range(count):
            self._next()
