"""Mark attempts in this process, without a report and without a record.

The attempts stand ready before anything is counted. None of them is marked twice in a
second or so, and their replies come from a pool of texts: ``known`` has read each text
for each case before, as happens to the messages that many agents send; ``new`` has
read nothing.
"""

from collections.abc import Callable, Iterator
from itertools import cycle, islice

from kit.marking.marks import marks
from kit.marking.marks.marks import Mark

from .attempts import REPLIES, Drawn, drawn, subject, with_reply
from .workers import Work, serve

SEED = 11
ATTEMPTS = 10_000
BATCH = 25
FIRST = 1_000


def _marking() -> Callable[[Drawn], Mark]:
    exercise = subject().exercise
    marker = marks.Marker(exercise)
    return lambda sheets: marker.mark(sheets, attempt="attempt-1")


def known() -> Work:
    """Mark on and on, every reply known."""
    mark = _marking()
    for number in range(REPLIES):
        mark(with_reply(number))
    attempts = cycle(list(drawn(ATTEMPTS, SEED)))
    return lambda: _cases(mark, islice(attempts, BATCH))


def new() -> Work:
    """Mark the first thousand attempts, each time as if nothing had been read."""
    attempts = list(drawn(FIRST, SEED))
    return lambda: _cases(_marking(), iter(attempts))


def _cases(mark: Callable[[Drawn], Mark], attempts: Iterator[Drawn]) -> int:
    return sum(len(mark(sheets).cases) for sheets in attempts)


if __name__ == "__main__":
    serve({"known": known, "new": new}, list)
