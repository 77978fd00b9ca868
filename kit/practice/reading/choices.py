"""The places of a letter at which its reader can choose between several things."""

import re
from collections.abc import Iterable, Iterator

from ...rules.phrases import Hit

Stretch = tuple[int, int]
"""Where something begins and ends in a text, counted in characters from 0."""

_COLON = re.compile(r"[^:\n.!?]{0,60}:")
"""A colon, and what may stand between it and the words of the choice."""

_LISTED = re.compile(
    r"\s*\n(?:[ \t]{0,3}(?:[-*•–]|\(?\w{1,2}[.)])[ \t][^\n]*(?:\n|$))+"
)
"""The lines of a list behind a colon, up to the first that is no item."""

_REST = re.compile(r"[^\n.!?]+")
"""What follows a colon in the same sentence."""


def choices_in(text: str, offers: Iterable[Hit]) -> Iterator[Stretch]:
    """Find what is only offered: a list, or the rest of a sentence, behind a colon.

    *You choose: we refund it, or we send a new one* promises neither of the two.

    Args:
        text: The letter.
        offers: Where it says that its reader can choose.
    """
    for offer in offers:
        colon = _COLON.match(text, offer.end)
        if colon is None:
            continue
        found = _LISTED.match(text, colon.end()) or _REST.match(text, colon.end())
        if found is not None:
            yield found.span()
