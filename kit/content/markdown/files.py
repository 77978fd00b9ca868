"""Read a file as text and gather its mistakes; nothing here knows what it says."""

from pathlib import Path

from ...errors import BadCell, Mistake

MOST_BYTES = 250_000
"""More than any page needs. The worst page of this size is read in two seconds."""

MOST_BYTES_OF_WORDS = 500_000
"""More than the page with the words of letters needs, which is mostly lists."""


class Notes:
    """The mistakes of one file, as they are found."""

    def __init__(self, shown: Path) -> None:
        """Begin without mistakes; ``shown`` is the path as they print it."""
        self.shown = shown
        self._found: list[Mistake] = []

    def add(self, mistake: str, at: int, /, **values: object) -> None:
        """Note a mistake on a line, counted from 1."""
        self._found.append(Mistake(mistake, self.shown, at, values))

    def take(self, mistake: Mistake) -> None:
        """Take over a mistake that another reader has found."""
        self._found.append(mistake)

    def add_cell(self, error: BadCell, at: int) -> None:
        """Note that a cell on a line is not in the language of cells."""
        self._found.append(
            Mistake(error.kind, self.shown, at, error.values, error.cell, error.span)
        )

    @property
    def mistakes(self) -> list[Mistake]:
        """Every mistake so far, in the order of the lines."""
        return sorted(self._found, key=lambda each: each.line)


def read_text(path: Path, notes: Notes, *, most: int = MOST_BYTES) -> str | None:
    """Read a file, or note why it is not text.

    Args:
        path: The file.
        notes: Where its mistakes are noted.
        most: How many bytes it may have.
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
