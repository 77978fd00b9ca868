"""Read a safe subset of YAML, without its surprises.

References, tags and repeated names are refused, because they hide what a file says.
Only ``true``, ``false``, ``null``, decimal numbers and days are more than text, so
``yes``, ``no`` and ``on`` stay words. This is the only module that imports PyYAML.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TypeAlias

import yaml

from ...errors import Mistake
from .files import Notes, read_text

Yaml: TypeAlias = (
    "str | int | float | bool | date | list[Yaml] | dict[str, Yaml] | None"
)

Places: TypeAlias = Mapping[tuple[str | int, ...], int]
"""The line of every value, by the names and numbers that lead to it."""

MOST_NESTED = 20

_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def read_yaml(path: Path, shown: Path) -> tuple[Yaml, list[Mistake]]:
    """Read a YAML file.

    Args:
        path: Where the file is.
        shown: The path for messages.

    Returns:
        The content and no mistakes, or nothing and the mistakes. Every name is text.
    """
    value, _, mistakes = read_placed_yaml(path, shown)
    return value, mistakes


def read_placed_yaml(path: Path, shown: Path) -> tuple[Yaml, Places, list[Mistake]]:
    """Read a YAML file with the line of each value.

    The arguments are those of ``read_yaml``.
    """
    notes = Notes(shown)
    text = read_text(path, notes)
    node = None if text is None else _compose(text, 1, notes)
    value = None if node is None else _value(node, 1, notes)
    if node is None or notes.mistakes:
        return None, {}, notes.mistakes
    return value, dict(_places(node, 1)), []


def parse_names(text: str, first: int, notes: Notes) -> tuple[dict[str, Yaml], Places]:
    """Parse lines of ``name: value``, each name with a value.

    Args:
        text: The YAML, which starts on line ``first`` of its file.
        first: A line of the file, counted from 1.
        notes: Where mistakes are collected.

    Returns:
        The values by name, and the line of each name and of the values below it.
    """
    before = len(notes.mistakes)
    node = _compose(text, first, notes)
    if not isinstance(node, yaml.MappingNode):
        if len(notes.mistakes) == before:
            notes.add("front-not-names", first)
        return {}, {}
    values = _mapping(node, first, notes)
    places = dict(_places(node, first))
    for name in [name for name, value in values.items() if value is None]:
        notes.add("front-empty", places[name,], name=name)
        del values[name]
    return values, {at: line for at, line in places.items() if at and at[0] in values}


class _Refused(Exception):
    """YAML outside the subset."""

    def __init__(self, kind: str, line: int) -> None:
        super().__init__(kind)
        self.kind = kind
        self.line = line


class _Loader(yaml.BaseLoader):
    """Composes plain nodes: no references, no tags, no deep nesting."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise _Refused("yaml-alias", line)
        if event.tag:
            raise _Refused("yaml-tag", line)
        if self._depth >= MOST_NESTED:
            raise _Refused("yaml-deep", line)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def _compose(text: str, first: int, notes: Notes) -> yaml.Node | None:
    try:
        return _Loader(text).get_single_node()
    except _Refused as error:
        notes.add(error.kind, first + error.line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first + (mark.line if mark else 0)
        notes.add("yaml-broken", line, problem=error.problem or error.context)
    except yaml.reader.ReaderError as error:
        notes.add("yaml-character", first + text.count("\n", 0, error.position))
    except (ValueError, OverflowError):
        # PyYAML 6.0 lets these out for escapes such as "\UFFFFFFFF".
        notes.add("yaml-character", first)
    return None


def _value(node: yaml.Node, first: int, notes: Notes) -> Yaml:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, first, notes)
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, first, notes) for each in node.value]
    text = _plain(node, first, notes)
    try:
        return text if _is_quoted(node) else _scalar(text)
    except ValueError:
        notes.add("yaml-day", first + node.start_mark.line, value=text)
        return text


def _places(
    node: yaml.Node, first: int, here: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Return the line of each value; of a repeated name the first one."""
    if not here:
        yield (), first + node.start_mark.line
    inner: list[tuple[str | int, yaml.Node, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        inner = [(str(n.value), n, each) for n, each in reversed(node.value)]
    elif isinstance(node, yaml.SequenceNode):
        inner = [(number, each, each) for number, each in enumerate(node.value)]
    for name, start, each in inner:
        yield (*here, name), first + start.start_mark.line
        yield from _places(each, first, (*here, name))


def _plain(node: yaml.Node, first: int, notes: Notes) -> str:
    """Take a text as it stands; by an escape it may hold what no file can."""
    text = str(node.value)
    if _NO_TEXT.search(text):
        notes.add("yaml-character", first + node.start_mark.line)
    return text


def _is_quoted(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style is not None


def _mapping(node: yaml.MappingNode, first: int, notes: Notes) -> dict[str, Yaml]:
    found: dict[str, Yaml] = {}
    for name, each in node.value:
        line = first + name.start_mark.line
        value = _value(each, first, notes)
        if not isinstance(name, yaml.ScalarNode):
            notes.add("yaml-name", line)
        elif _plain(name, first, notes) in found:
            notes.add("yaml-twice", line, name=name.value)
        else:
            found[name.value] = value
    return found


def _scalar(text: str) -> Yaml:
    """Convert a word without quotation marks.

    YAML 1.1 would read ``no`` as false, ``12:30`` as 750 and ``010`` as 8.

    Raises:
        ValueError: It looks like a day, but the calendar has no such day.
    """
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):
        return int(text)
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}", text):
        return float(text)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return date.fromisoformat(text)
    return text
