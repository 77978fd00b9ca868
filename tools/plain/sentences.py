"""Take a passage apart into sentences, and a sentence into words."""

import re

from .passages import Passage

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SOURCES = re.compile(r"\s*\[[A-Za-z0-9][\w, -]*\]\s*$")
_CODE = re.compile(r"`[^`]*`")
_SLOT = re.compile(r"\{\{?[^{}]*\}\}?")
_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|\"[^\"]*\"")
_MARKS = re.compile(r"\*+|^#+ ")
_COMMAND = re.compile(r"(?<!\w)(?:--[\w-]+|kit [a-z]+|pip install \S+)(?!\w)")
_END = re.compile(r"(?<=[.!?…])[)”\"]?\s+(?=[“\"(A-Z0-9ÄÖÜ]|eBay)|\n+")
_SPACE = re.compile(r" ([.,;:!?)])")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")

STAND_IN = " X "
"""What takes the place of a slot, a name in code or a quotation."""


def sentences(passage: Passage) -> list[str]:
    """Split a passage into its sentences, without Markdown and with slots filled.

    Args:
        passage: The passage.

    Returns:
        Its sentences. What is quoted is one short word: it is somebody else's, or the
        name of a page or a button, which is read where that name is given.
    """
    text = passage.text.replace("’", "'")
    text = _SOURCES.sub("", text)
    text = _LINK.sub(r"\1", text)
    for part in (_CODE, _SLOT, _QUOTED, _COMMAND):
        text = part.sub(STAND_IN, text)
    text = _MARKS.sub("", text)
    text = _SPACE.sub(r"\1", re.sub(r"[ \t]+", " ", text))
    return [each.strip() for each in _END.split(text) if each and each.strip()]


def words(sentence: str) -> list[str]:
    """List the words of a sentence as they are written.

    Args:
        sentence: One sentence, as ``sentences`` gives it.
    """
    return _WORD.findall(sentence)


def words_to_check(sentence: str) -> list[str]:
    """List the words of which the level counts, in small letters.

    A word in capitals is a code, and one with a capital inside a sentence is a name.

    Args:
        sentence: One sentence, as ``sentences`` gives it.
    """
    found = []
    for match in _WORD.finditer(sentence):
        word = match[0]
        inside = match.start() > 0 and not re.match(
            r".*[:;·(✓✗] ?$", sentence[: match.start()]
        )
        if not (word.isupper() or (inside and word[0].isupper())):
            found.append(word.lower())
    return found
