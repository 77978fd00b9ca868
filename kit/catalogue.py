"""Every sentence that a person reads, found by its key.

The sentences stand in ``texts/<language>/<area>.toml``; a key is the area and the
path inside the file, such as ``desk.saved``. This module knows no other module, so
that errors, screens and the command line can all speak through it.
"""

import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

DEFAULT_LANGUAGE = "en"


def say(key: str, /, **values: object) -> str:
    """Say the sentence of a key, its slots filled.

    Args:
        key: Area and path, such as ``"desk.saved"``.
        values: What stands in the ``{slots}`` of the sentence.

    Raises:
        KeyError: The catalogue has no such sentence, or a slot has no value.
    """
    return sentence(key, language()).format(**values)


def language() -> str:
    """The language that the person has chosen, as a two-letter code."""
    return os.environ.get("KIT_LANGUAGE", DEFAULT_LANGUAGE)


def sentence(key: str, language: str) -> str:
    """Find the unfilled sentence of a key; English stands in until it is translated.

    Raises:
        KeyError: No language has it.
    """
    for each in (language, DEFAULT_LANGUAGE):
        found = _sentences(each).get(key)
        if found is not None:
            return found
    raise KeyError(key)


def keys(area: str) -> list[str]:
    """Every key of one area, in the order of its file."""
    return [key for key in _sentences(DEFAULT_LANGUAGE) if key.startswith(f"{area}.")]


@cache
def _sentences(language: str) -> dict[str, str]:
    folder = files("kit") / "texts" / language
    if not folder.is_dir():
        return {}
    found: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            area = file.name.removesuffix(".toml")
            found |= _flat(tomllib.loads(file.read_text(encoding="utf-8")), f"{area}.")
    return found


def _flat(tree: dict[str, Any], prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, branch in tree.items():
        if isinstance(branch, dict):
            found |= _flat(branch, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = str(branch).strip()
    return found
