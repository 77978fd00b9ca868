"""Lists of words by which something is said, as an author writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...rules.phrases import Phrases
from ...rules.values import key_of

ANY = "any"
"""Of a list whose words are the same in every language."""


@dataclass(frozen=True, slots=True)
class WordList:
    """Words by which something is said, in one language."""

    name: str
    """Key of the rule, statement or question, or a number of days."""

    language: str
    """Two letters, or ``any``."""

    phrases: Phrases
    """The words."""

    unless: Phrases
    """What makes them harmless in the same sentence."""

    line: int
    """The line of the page, counted from 1."""


class WordLists(tuple[WordList, ...]):
    """Lists of words, found by what they say."""

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[WordList]]:
        found: dict[str, list[WordList]] = {}
        for each in self:
            found.setdefault(key_of(each.name), []).append(each)
        return found

    def named(self, name: str) -> Sequence[WordList]:
        """The lists of one rule, statement or question, in the order of the page."""
        return self._by_name.get(key_of(name), ())


NO_WORDS = WordLists()
"""Where a page says nothing."""
