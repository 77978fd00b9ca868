"""Read what the reference pages say of the company's own desk.

To whom an agent hands over what a role may not do alone, and the time zone of the
desk. Both sections are optional.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...rules.limits import Limits
from ...rules.values import key_of, nearest
from ..markdown.documents import Document, Section
from ..markdown.files import Notes
from ..markdown.keyed_tables import Line, lines_of, section_named
from ..markdown.lookups import has_zone, is_first_use


@dataclass(frozen=True, slots=True)
class AuthorityLimit:
    """The amount up to which a role may take some actions alone."""

    role: str
    """The role."""

    actions: tuple[str, ...]
    """Ids of the actions."""

    amount: str
    """Key of the fact that is compared with the limit."""

    limit: str
    """Name of the limit."""

    limits: Limits
    """The limits of the page, with all their values."""


HAND_OVER = "Hand over"
OUR_DESK = "Our desk"
KEEP_IN_MIND = "Keep in mind"
DESK = ("Desk", "Time zone")
HOLIDAYS = "Holidays"


def hand_over_in(
    page: Document | None,
    roles_of: Mapping[str, str],
    ranks: Sequence[str],
    notes: Notes,
) -> dict[str, str]:
    """Read by which action each role hands over what it may not do alone.

    Args:
        page: The page of the actions.
        roles_of: The lowest role that may take each action alone, by its id.
        ranks: Every role, from the lowest.
        notes: Where mistakes are collected.

    Returns:
        The id of an action by the role.
    """
    found: dict[str, str] = {}
    for row in _lines(page, HAND_OVER, ("Role", "Action"), notes):
        role, action = row["role"], row["action"]
        if role not in ranks:
            notes.add(
                "word-unknown",
                row.number,
                column="Role",
                word=role,
                words=", ".join(ranks),
            )
        elif action not in roles_of:
            close = nearest(action, roles_of)
            notes.add("action-unknown", row.number, name=action, nearest=close)
        elif not _may(role, roles_of[action], ranks):
            needs = roles_of[action]
            notes.add("hand-over-role", row.number, action=action, role=role, by=needs)
        elif is_first_use(role, found, row.number, notes):
            found[role] = action
    return found


def desk_in(page: Document | None, notes: Notes) -> tuple[str, str]:
    """Read the time zone and the holiday calendar of the desk; empty if not given.

    A page of an earlier version has no column of holidays, and can still be read.
    """
    zone = calendar = ""
    rows = _lines(page, OUR_DESK, _desk_columns(page), notes)
    for number, row in enumerate(rows):
        if number:
            notes.add("desk-twice", row.number, name=row["desk"])
        elif has_zone(row["time zone"]):
            zone = row["time zone"]
            calendar = row.cells.get(key_of(HOLIDAYS), "")
        else:
            notes.add("zone-unknown", row.number, zone=row["time zone"])
    return zone, calendar


def desk_calendar_line(page: Document | None) -> tuple[str, int]:
    """Find the text of the desk's holiday calendar, with its line."""
    rows = list(_lines(page, OUR_DESK, _desk_columns(page), Notes(Path())))
    if len(rows) != 1:
        return "", 0
    return rows[0].cells.get(key_of(HOLIDAYS), ""), rows[0].number


def _desk_columns(page: Document | None) -> tuple[str, ...]:
    section = section_named(page, OUR_DESK) if page is not None else None
    tables = section.tables if section is not None else ()
    is_old = any(len(table.header) == len(DESK) for table in tables)
    return DESK if is_old else (*DESK, HOLIDAYS)


def keep_in_mind_in(page: Document | None, notes: Notes) -> str:
    """Read the sentence that is shown below every decision; empty if there is none."""
    section = section_named(page, KEEP_IN_MIND) if page is not None else None
    if section is None:
        return ""
    if not section.paragraphs:
        notes.add("section-empty", section.line, title=section.title)
    return " ".join(each.text for each in section.paragraphs)


def is_of_desk(section: Section) -> bool:
    """Tell whether a section is about the desk, and not a list of the page."""
    return key_of(section.title) in {key_of(HAND_OVER), key_of(OUR_DESK)}


def _lines(
    page: Document | None, title: str, columns: tuple[str, ...], notes: Notes
) -> Iterator[Line]:
    section = section_named(page, title) if page is not None else None
    if section is not None:
        yield from lines_of(section.tables, columns, at=section.line, notes=notes)


def _may(role: str, lowest: str, ranks: Sequence[str]) -> bool:
    return lowest in ranks and ranks.index(role) >= ranks.index(lowest)
