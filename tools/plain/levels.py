"""Say which words are above level B1, and how many syllables a word has.

How often a word is used is the measure: words that a reader at B1 has met are used at
least four times in a million words. ``words.toml`` names those that readers learn here
because the trade, eBay's screens or this product need them.
"""

import tomllib
from functools import cache
from pathlib import Path

from pyphen import Pyphen
from wordfreq import zipf_frequency

FILE = Path(__file__).with_name("words.toml")

LEAST_FREQUENCY = 3.6
"""On the Zipf scale: the logarithm of uses in a thousand million words."""

_ENDINGS = (
    ("ies", "y"),
    ("ied", "y"),
    ("es", ""),
    ("s", ""),
    ("ed", ""),
    ("ed", "e"),
    ("d", ""),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
    ("er", ""),
    ("est", ""),
)
_SYLLABLES = Pyphen(lang="en_US")


def is_hard(word: str) -> bool:
    """Whether a word is above B1 and not one that is learned here.

    Args:
        word: One word in small letters.
    """
    forms = _forms(word)
    return not (forms & allowed_words()) and not any(map(_is_common, forms))


def syllables(word: str) -> int:
    """Count the syllables of a word, by where it may be hyphenated.

    Args:
        word: One word.
    """
    return len(_SYLLABLES.positions(word)) + 1


@cache
def allowed_words() -> frozenset[str]:
    """The words of ``words.toml``, each also in its other forms."""
    groups = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return frozenset(word for group in groups.values() for word in group)


def _forms(word: str) -> set[str]:
    """The word, and what may be its base: “refunded” of “refund”."""
    plain = word.removesuffix("'s").removesuffix("'")
    bases = {
        f"{plain.removesuffix(ending)}{instead}"
        for ending, instead in _ENDINGS
        if plain.endswith(ending) and len(plain) > len(ending) + 2
    }
    doubled = {each[:-1] for each in bases if each[-1:] == each[-2:-1] != ""}
    return {plain} | bases | doubled


@cache
def _is_common(word: str) -> bool:
    return zipf_frequency(word, "en") >= LEAST_FREQUENCY
