"""Articles: in brackets a German letter names a thing without its article."""

import re

from ..catalogue import sentence
from ..content.reference.messages import language_base

_ADJECTIVES = re.compile(r"(?:[a-zäöüß]+,? )+")


def in_its_place(slot: re.Match[str], words: str, language: str) -> str:
    """Say what fills a slot as the place of the slot asks for it.

    A slot in brackets is a label, as in “Ihre Bestellung 12 (Wasserkessel)”, so the
    languages whose labels have no article leave it out there.

    Args:
        slot: Where the slot stands in its text.
        words: What fills it.
        language: BCP 47 tag of the text.

    Returns:
        The words, or the words without their article.
    """
    before = slot.string[: slot.start()]
    is_label = before.rfind("(") > before.rfind(")")
    return without_article(words, language) if is_label else words


def without_article(words: str, language: str) -> str:
    """Leave out the article with which words begin, and adapt the adjectives.

    Args:
        words: A thing as cases name it, such as ``der blaue Kessel``.
        language: BCP 47 tag of the words.

    Returns:
        The words as a label, such as ``blauer Kessel``.
    """
    article, _, rest = words.partition(" ")
    dropped = sentence("articles.dropped", language_base(language))
    for form in dropped.split(";"):
        own, *endings = form.split() or [""]
        if own == article and rest:
            return _adapted(rest, *endings) if endings else rest
    return words


def _adapted(rest: str, ending: str, changed: str) -> str:
    """Give the adjectives in front of a noun the ending that they have alone."""
    adjectives = _ADJECTIVES.match(rest)
    if adjectives is None:
        return rest
    head = re.sub(rf"{ending}\b", changed, adjectives[0])
    return head + rest[adjectives.end() :]
