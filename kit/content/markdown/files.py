"""Read a file as text, and collect the mistakes found in it."""

from pathlib import Path

from ...errors import BadCell, Mistake

MOST_BYTES = 250_000
"""The size limit of a page. The slowest page of this size is read in two seconds."""

MOST_BYTES_OF_WORDS = 500_000
"""The size limit of the page of word lists, which are quick to read."""


class Notes:
    """Collects the mistakes of one file."""

    def __init__(self, shown: Path) -> None:
        """Start without mistakes; ``shown`` is the path for messages."""
        self.shown = shown
        self._found: list[Mistake] = []

    def add(self, mistake: str, at: int, /, **values: object) -> None:
        """Note a mistake on a line, counted from 1."""
        self._found.append(Mistake(mistake, self.shown, at, values))

    def take(self, mistake: Mistake) -> None:
        """Add a mistake that another reader has found."""
        self._found.append(mistake)

    def add_cell(self, error: BadCell, at: int) -> None:
        """Add the mistake of a cell that could not be parsed."""
        self._found.append(
            Mistake(error.kind, self.shown, at, error.values, error.cell, error.span)
        )

    @property
    def mistakes(self) -> list[Mistake]:
        """Every mistake so far, in the order of the lines."""
        return sorted(self._found, key=lambda each: each.line)


def read_text(path: Path, notes: Notes, *, most: int = MOST_BYTES) -> str | None:
    """Read a file as UTF-8 text, or note why it cannot be read.

    Args:
        path: The file.
        notes: Where its mistakes are collected.
        most: The largest size in bytes.

    Returns:
        The text; ``None`` if it cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        notes.add("file-closed", 1, reason=error.strerror)
        return None
    if len(data) > most:
        notes.add("file-too-large", 1, size=most // 1000)
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        notes.add("file-not-utf8", line)
        return None
