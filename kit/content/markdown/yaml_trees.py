"""Check the form of YAML data while reading it.

A value of another form is noted with its line and read as empty, so that an author
sees all mistakes of a file at once.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...catalogue import say
from ...errors import Mistake
from ...rules.values import key_of
from .documents import read_document
from .files import Notes
from .yamls import Places, Yaml, read_placed_yaml

_WHOLE = re.compile(r"-?[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Tree:
    """A value of a YAML file, with everything below it."""

    value: Yaml
    """The value."""

    at: tuple[str | int, ...]
    """The names and numbers that lead to it."""

    places: Places
    """The line of each value of the file."""

    notes: Notes
    """Where mistakes go."""

    @property
    def name(self) -> str:
        """How a person names it: ``states: marks``."""
        return ": ".join(
            str(each + 1) if isinstance(each, int) else each for each in self.at
        )

    @property
    def line(self) -> int:
        """Its line, counted from 1."""
        return place_of(self.places, self.at)

    def note(self, kind: str, /, **values: object) -> None:
        """Note a mistake at its line."""
        new = Mistake(kind, self.notes.shown, self.line, values)
        if new not in self.notes.mistakes:
            self.notes.add(kind, self.line, **values)

    def part(self, name: str) -> "Tree":
        """Return the value of a name; a missing one is noted."""
        found = self.may_have(name)
        if found is None:
            missing = Tree(None, (*self.at, name), self.places, self.notes)
            is_there = not self.at or self.at in self.places
            if is_there and (self.value is None or isinstance(self.value, Mapping)):
                self.note("yaml-lacks", name=missing.name)
            return missing
        return found

    def may_have(self, name: str) -> "Tree | None":
        """Return the value of a name that may be missing."""
        return self.parts().get(name)

    def parts(self) -> dict[str, "Tree"]:
        """Return all values by name; an empty value has none."""
        if not isinstance(self.value, Mapping):
            self._refuse("names")
            return {}
        return {name: self._inner(name, each) for name, each in self.value.items()}

    def items(self) -> Iterator["Tree"]:
        """Return the items of a list; an empty value has none."""
        if not isinstance(self.value, list):
            self._refuse("list")
            return
        for number, each in enumerate(self.value):
            yield self._inner(number, each)

    def whole(self, *, lowest: int | None = None, highest: int | None = None) -> int:
        """Return a whole number within bounds; 0 and a note if it is none."""
        text = "" if isinstance(self.value, bool | float) else str(self.value)
        number = int(text) if _WHOLE.fullmatch(text) else None
        if number is None:
            self._refuse("whole")
            return 0
        low = number if lowest is None else lowest
        high = number if highest is None else highest
        if not low <= number <= high:
            self.note(
                "yaml-beyond", name=self.name, value=number, low=lowest, high=highest
            )
        return number

    def text(self) -> str:
        """Return text, as an author writes it in a table."""
        if self.value is None or isinstance(self.value, list | Mapping):
            self._refuse("text")
            return ""
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        return str(self.value)

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            self._refuse("flag")
        return self.value is True

    def _inner(self, name: str | int, value: Yaml) -> "Tree":
        return Tree(value, (*self.at, name), self.places, self.notes)

    def _refuse(self, wanted: str) -> None:
        """Note that it is of another shape; what is missing was noted before."""
        if self.value is None and self.at not in self.places:
            return
        if self.value is None and wanted in {"names", "list"}:
            return
        self.note("yaml-shape", name=self.name, wanted=say(f"mistakes.want-{wanted}"))


def read_tree(path: Path, notes: Notes) -> Tree | None:
    """Read a YAML file as a tree; ``None`` if it cannot be read at all.

    Args:
        path: Where the file is.
        notes: Where mistakes are collected.
    """
    value, places, mistakes = read_placed_yaml(path, notes.shown)
    for each in mistakes:
        notes.add(each.kind, each.line, **each.values)
    return None if mistakes else Tree(value, (), places, notes)


def place_of(places: Places, at: tuple[str | int, ...]) -> int:
    """Return the line of a value, or of the nearest parent that is in the file."""
    return next(
        (places[at[:end]] for end in range(len(at), -1, -1) if at[:end] in places), 1
    )


def line_in(path: Path, *names: str) -> int:
    """Return the line of a value in a file, or of its nearest parent.

    Args:
        path: A YAML file, or a page with front matter.
        names: What leads to the value; a name finds an item of a list by its text.
    """
    if path.suffix == ".md":
        document, _ = read_document(path, path)
        tree: Yaml = dict(document.front) if document else None
        places = document.front_places if document else {}
    else:
        tree, places, _ = read_placed_yaml(path, path)
    at: tuple[str | int, ...] = ()
    for name in names:
        found = _inside(tree, key_of(name))
        if found is None:
            break
        at, tree = (*at, found[0]), found[1]
    return place_of(places, at)


def _inside(tree: Yaml, key: str) -> tuple[str | int, Yaml] | None:
    if isinstance(tree, Mapping):
        return next((each for each in tree.items() if key_of(each[0]) == key), None)
    if isinstance(tree, list):
        return next((each for each in enumerate(tree) if key in _texts(each[1])), None)
    return None


def _texts(value: Yaml) -> Iterator[str]:
    """What an item of a list is found by: its text, or the texts that stand in it."""
    if isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each)
    else:
        yield key_of(str(value))
