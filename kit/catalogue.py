"""The texts of the user interface, found by key and filled with values.

The texts are in ``texts/<language>/<area>.toml``; a key is the area and the path
inside the file, such as ``desk.saved``. This module imports no other module of the
kit, so that errors, screens and the command line can all use it.
"""

import os
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

DEFAULT_LANGUAGE = "en"
LONGEST_SENTENCE = 4000
LONGEST_WORDS = 200

_JOINERS = "\u200c\u200d"
"""Invisible characters that emoji and some scripts need."""


def say(key: str, /, **values: object) -> str:
    """Return a text of the catalogue with its slots filled.

    Args:
        key: Area and path, such as ``"desk.saved"``.
        values: The values of the ``{slots}``.

    Raises:
        KeyError: The catalogue has no such text, or a slot has no value.
    """
    return sentence(key, language()).format(**values)


def in_one_line(text: str, *, longest: int = LONGEST_WORDS) -> str:
    """Make a text from outside safe to print in a sentence on any terminal.

    Args:
        text: The text.
        longest: How many characters to keep; a longer text ends with dots.

    Returns:
        One line. Invisible characters are written as their code.
    """
    seen = text[: longest + 1]
    if not seen.isprintable():
        seen = "".join(map(_seen, seen))
    return seen if len(seen) <= longest else f"{seen[: longest - 1]}…"


def _seen(character: str) -> str:
    is_space = unicodedata.category(character) == "Zs"
    if is_space or character in _JOINERS or character.isprintable():
        return character
    return character.encode("unicode_escape").decode()


def language() -> str:
    """Return the language of the interface: the chosen one if it has texts."""
    return _best(os.environ.get("KIT_LANGUAGE", ""))


def best_language(chosen: str, known: Iterable[str]) -> str:
    """Find the available language that is closest to the chosen one.

    Args:
        chosen: As people and systems write it: ``zh-CN``, ``zh_CN.UTF-8``, ``ZH``.
        known: The languages with texts.

    Returns:
        One of the known ones, ``zh`` for ``zh-CN``; else English.
    """
    names = {name.casefold(): name for name in known}
    tag = re.split("[.@]", chosen.strip())[0].replace("_", "-").casefold()
    while tag and tag not in names:
        tag = tag.rpartition("-")[0]
    return names.get(tag, DEFAULT_LANGUAGE)


@cache
def _best(chosen: str) -> str:
    folders = (files("kit") / "texts").iterdir()
    return best_language(chosen, [each.name for each in folders if each.is_dir()])


def sentence(key: str, language: str) -> str:
    """Return the text of a key with its slots; in English if it is not translated.

    Raises:
        KeyError: No language has it.
    """
    for each in (language, DEFAULT_LANGUAGE):
        found = _sentences(each, _area(key)).get(key)
        if found is not None:
            return found
    raise KeyError(key)


def keys(area: str) -> list[str]:
    """List every key of one area, in the order of its file."""
    return list(_sentences(DEFAULT_LANGUAGE, area))


def _area(key: str) -> str:
    return key.partition(".")[0]


@cache
def _sentences(language: str, area: str) -> dict[str, str]:
    """Load one area only: a short command needs few of the texts."""
    file = files("kit") / "texts" / language / f"{area}.toml"
    if not file.is_file():
        return {}
    return _flat(tomllib.loads(file.read_text(encoding="utf-8")), f"{area}.")


def _flat(tree: dict[str, Any], prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, branch in tree.items():
        if isinstance(branch, dict):
            found |= _flat(branch, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = str(branch).strip()
    return found
