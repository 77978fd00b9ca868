"""What was read from YAML, held to the shape that its file should have."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..errors import ContentMistakes, Mistake
from .documents import Yaml


@contextmanager
def shaped(path: Path) -> Iterator[None]:
    """Turn whatever a file of the wrong shape raises into a mistake of that file."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        values: dict[str, object] = {"reason": error}
        raise ContentMistakes([Mistake("exercise-refused", path, 1, values)]) from error


def mapping(value: Yaml) -> dict[str, Yaml]:
    """Take what was read as a mapping; nothing is an empty one.

    Raises:
        TypeError: It is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return {str(name): each for name, each in value.items()}


def listing(value: Yaml) -> list[Yaml]:
    """Take what was read as a list; nothing is an empty one.

    Raises:
        TypeError: It is something else.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def whole(value: Yaml) -> int:
    """Take what was read as a whole number.

    Raises:
        ValueError: It is something else, or longer than any that is meant.
    """
    text = str(value)
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise ValueError(text)
    return int(text)
