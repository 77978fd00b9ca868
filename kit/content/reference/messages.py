"""Messages: texts to send, in one or more languages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

ENGLISH = "en"
CODE = re.compile(r"(`[^`]*`)")
"""Matches text between backticks; a split by it has that at odd indexes."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a page or of the shared ones, in one language."""

    id: str
    """Kebab-case name, as tables write it."""

    language: str
    """BCP 47 tag: two letters, such as ``"en"``, or a variant, such as ``"en-US"``."""

    text: str
    """The words, with ``{slots}``."""

    slots: tuple[str, ...]
    """Keys of the facts, answers and limits that fill it."""

    line: int
    """The line of its quotation, counted from 1."""


def language_base(tag: str) -> str:
    """The language of a tag without its variant: ``en`` of ``en-US``."""
    return tag.partition("-")[0]


def best_of(messages: Sequence[Message], language: str) -> Message | None:
    """Choose among the languages of one message.

    Args:
        messages: The same message in every language that it has.
        language: The tag of the language that is wanted; its own variant is taken
            first, then the language, then English.
    """
    found = {each.language: each for each in messages}
    wanted = (language, language_base(language), ENGLISH)
    return next((found[each] for each in wanted if each in found), None)
