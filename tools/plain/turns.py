"""The turns of phrase that are not used here, each with its plain form."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("turns.toml")


@dataclass(frozen=True, slots=True)
class Turn:
    """One entry of ``turns.toml``."""

    language: str
    """Two letters."""

    says: re.Pattern[str]
    """What is not used."""

    unless: re.Pattern[str] | None
    """Where the same words are used and plain."""

    statements_only: bool
    """Whether a question may say so."""

    plain: str
    """What is written in its place."""


def find_turns(sentence: str, language: str) -> Iterator[tuple[str, str]]:
    """Find the turns in a sentence.

    Args:
        sentence: One sentence without Markdown.
        language: Two letters.

    Yields:
        The words of the turn, and the plain form.
    """
    for turn in turns():
        if turn.language != language:
            continue
        if turn.statements_only and sentence.rstrip().endswith("?"):
            continue
        allowed = list(turn.unless.finditer(sentence)) if turn.unless else []
        for found in turn.says.finditer(sentence):
            if not any(
                each.start() <= found.start() and found.end() <= each.end()
                for each in allowed
            ):
                yield found[0].strip(), turn.plain


@cache
def turns() -> tuple[Turn, ...]:
    """Read ``turns.toml``."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))["turn"]
    return tuple(
        Turn(
            language=each.get("language", "en"),
            says=pattern(each["says"]),
            unless=pattern(each["unless"]) if "unless" in each else None,
            statements_only=each.get("statements_only", False),
            plain=each["plain"],
        )
        for each in entries
    )


def pattern(phrases: list[str]) -> re.Pattern[str]:
    """Make one expression of phrases.

    Args:
        phrases: Words, with ``*`` for any letters, ``a/b`` for one of two, ``…`` for
            up to six words and ``^`` for the start of a sentence.
    """
    return re.compile("|".join(map(_one, phrases)), re.IGNORECASE)


def _one(phrase: str) -> str:
    at_start = phrase.startswith("^")
    parts = []
    for token in phrase.removeprefix("^").split():
        if token == "…":
            parts.append(r"(?:\S+\s+){0,6}?")
            continue
        choices = (
            re.escape(each).replace(r"\*", r"[\w']*") for each in token.split("/")
        )
        parts.append(f"(?:{'|'.join(choices)})\\s+")
    joined = "".join(parts).removesuffix(r"\s+")
    start = r"^\W*" if at_start else r"(?<![\w-])"
    return f"{start}{joined}(?![\\w-])"
