"""The sheet of a case: all that an agent did with it by one decision.

Records and authors write a sheet as texts by name; only this module reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ...rules.values import read_day

LOOKED, ASKED, DAY, SURE, REPLY = "looked", "asked", "day", "sure", "reply"
SENT = "sent-on"
"""The day on which a decision was sent, where it corrects one of an earlier day. With
a hyphen, so that no answer of a page can have the same key."""

WRITTEN = (SURE, REPLY)
"""What of a sheet is answered like a question; the rest follows from other deeds."""

NO_REPLY = "none"
MOST_LISTS = 1024
"""How many lists are remembered: agents open the same panels again and again."""

_NO_ANSWERS = frozenset({LOOKED, ASKED, DAY, SENT})

SheetTexts = Mapping[str, str | None]
"""A sheet as it is written: the answer to each question by its key, and ``looked``,
``asked``, ``day``, ``sent-on``, ``sure`` and ``reply``."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that an agent did with one case."""

    answers: Mapping[str, str]
    """The answer to each question by its key; ``sure`` and ``reply``, too."""

    looked: tuple[str, ...] = ()
    """The panels that were opened."""

    asked: tuple[str, ...] = ()
    """Keys of the facts for which the buyer was asked."""

    day: date | None = None
    """The day by which it is judged; ``None`` where none is named."""

    sent: date | None = None
    """The day on which it was sent, where that is a later one."""

    @classmethod
    def read(cls, texts: SheetTexts) -> "Sheet":
        """Read a sheet from its texts; a day that is none is before all days."""
        day, sent = texts.get(DAY), texts.get(SENT)
        return cls(
            {
                name: text
                for name, text in texts.items()
                if text is not None and name not in _NO_ANSWERS
            },
            _listed(texts.get(LOOKED) or ""),
            _listed(texts.get(ASKED) or ""),
            None if day is None else _day(day),
            _day(sent) if sent else None,
        )

    @property
    def texts(self) -> dict[str, str]:
        """The sheet as it is written to records."""
        lists = {LOOKED: ", ".join(self.looked), ASKED: ", ".join(self.asked)}
        days = {DAY: self.day, SENT: self.sent}
        return {
            **self.answers,
            **{name: text for name, text in lists.items() if text},
            **{name: day.isoformat() for name, day in days.items() if day},
        }

    @property
    def reply(self) -> str:
        """What was written; empty for nothing, ``none`` if nothing is to be sent."""
        return self.answers.get(REPLY, "")


@lru_cache(maxsize=MOST_LISTS)
def _listed(text: str) -> tuple[str, ...]:
    return tuple([each.strip() for each in text.split(",") if each.strip()])


def _day(text: str) -> date:
    try:
        return read_day(text)
    except ValueError:
        return date.min
