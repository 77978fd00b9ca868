"""Find numbers of the policy in prose, where they would not change with their limit.

Only the value of a limit is found: “3 business days”, in figures or in words. A number
in a mistake of Watch out is skipped: it is meant to be wrong.
"""

import re
from collections.abc import Iterator

from ...errors import Mistake
from ...rules.limits import Limits
from ...rules.values import Duration
from ..playbook.playbook import Playbook
from ..reference.messages import CODE, ENGLISH

_WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
)
_COUNTS = {word: count for count, word in enumerate(_WORDS, start=1)}
_COUNT = "|".join((r"\d{1,4}", *_WORDS))
_NUMBER = re.compile(
    rf"\b(?P<count>{_COUNT}) (?P<unit>business day|day|hour)s?\b", re.IGNORECASE
)


def numbers_in_words(playbook: Playbook) -> Iterator[Mistake]:
    """Find the values of limits in the prose and the messages of a page."""
    for text, line in _prose(playbook):
        for words, names in limits_said(text, playbook.limits):
            values: dict[str, object] = {"words": words, "names": names}
            yield Mistake("number-in-words", playbook.path, line, values)


def limits_said(text: str, limits: Limits) -> Iterator[tuple[str, str]]:
    """Find each number of units that is the value of a limit.

    Returns:
        The words, and the names of the limits that have this value.
    """
    for found in _NUMBER.finditer(CODE.sub("", text)):
        count = found["count"].lower()
        number = _COUNTS.get(count) or int(count)
        duration = Duration(number, f"{found['unit'].lower()}s")
        names = dict.fromkeys(row.name for row in limits.rows if row.value == duration)
        if names:
            yield found[0], ", ".join(f"{{{name}}}" for name in names)


def _prose(playbook: Playbook) -> Iterator[tuple[str, int]]:
    yield playbook.use_when, 1
    for table in playbook.tables:
        yield from ((row.because, row.line) for row in table.rows)
    yield from ((slip.why, slip.line) for slip in playbook.typical_mistakes)
    for message in playbook.messages:
        is_own = message not in playbook.reference.messages
        if is_own and message.language.startswith(ENGLISH):
            yield message.text, message.line
