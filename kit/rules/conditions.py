"""Parse the cells of inputs, a small closed language such as ``<= 30``.

A cell is parsed once into a union of intervals, or the negation of one, in which a
limit may stand for a value. For a given day it becomes a region (``regions.py``). The
spelling of the DMN standard (version 1.5, unary tests) is accepted as well.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce

from ..errors import BadCell
from .limits import Amount, Limits, unit_of
from .regions import (
    EVERYWHERE,
    NOWHERE,
    Cut,
    IntervalSet,
    after,
    before,
    between,
    domain_of,
)
from .values import Kind, Money, Sort, Value, bounds_of, nearest, read_value

_TOKEN = re.compile(
    r"""(?P<text>"[^"]*")|(?P<order><=|>=|<|>|=)|(?P<range>\.\.)|(?P<comma>,)
      |(?P<bracket>[][()])|(?P<at>@)|(?P<word>(?:(?!\.\.)[^][(),"<>=@])+)
      |(?P<stray>.)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class LimitRef:
    """A limit used as an end of an interval."""

    limit: str
    """The name of the limit, as its table writes it."""


Endpoint = Value | LimitRef


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval of values; a single value has the same end twice."""

    low: Endpoint | None
    """The lower end; ``None`` for no end."""

    low_included: bool
    """Whether the lower end itself belongs to it."""

    high: Endpoint | None
    """The upper end; ``None`` for no end."""

    high_included: bool
    """Whether the upper end itself belongs to it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The condition of a row on one fact."""

    text: str
    """As the author wrote it."""

    negated: bool
    """Whether everything *but* the intervals fits."""

    intervals: tuple[Interval, ...]
    """The intervals that fit, or that do not if it is negated."""

    @property
    def is_any(self) -> bool:
        """Whether every value fits, known or unknown."""
        return self.negated and not self.intervals

    @property
    def limits(self) -> tuple[str, ...]:
        """The names of the limits in it, each once."""
        ends = [end for each in self.intervals for end in (each.low, each.high)]
        return tuple({end.limit: None for end in ends if isinstance(end, LimitRef)})

    def region(
        self, kind: Kind, values: Mapping[str, Value], *, currency: str
    ) -> IntervalSet:
        """Convert the cell to a region of the scale of its fact.

        Args:
            kind: The kind of its fact.
            values: The value in force of each limit that it names, by name.
            currency: ISO 4217 code of amounts.
        """
        domain = domain_of(kind, currency)
        if self.is_any:
            return domain
        intervals = (_interval_set_of(each, kind, values) for each in self.intervals)
        found = reduce(IntervalSet.__or__, intervals, NOWHERE)
        return (~found if self.negated else found) & domain


ANY = Cell("any", negated=True, intervals=())


def read_cell(text: str, kind: Kind, *, fact: str, limits: Limits) -> Cell:
    """Parse one cell of an input.

    Args:
        text: As the author wrote it.
        kind: The kind of the fact of its column.
        fact: The name of that fact, for messages.
        limits: The limits that it may name.

    Raises:
        BadCell: It is not in the language; ``span`` marks the characters at fault.
    """
    if text in {"any", "-"}:
        return Cell(text, negated=True, intervals=())
    if kind.sort is Sort.TEXT:
        raise BadCell("cell-text-fact", text, (0, len(text)), fact=fact)
    return _Reader(text, kind, fact, limits).cell()


def _interval_set_of(
    interval: Interval, kind: Kind, values: Mapping[str, Value]
) -> IntervalSet:
    def cut(end: Endpoint | None, side: Callable[[Value, Kind], Cut]) -> Cut | None:
        if end is None:
            return None
        return side(values[end.limit] if isinstance(end, LimitRef) else end, kind)

    low = cut(interval.low, before if interval.low_included else after)
    high = cut(interval.high, after if interval.high_included else before)
    return EVERYWHERE if low is None and high is None else between(low, high)


class _Reader:
    """A recursive-descent parser: each method reads one rule of the grammar."""

    def __init__(self, text: str, kind: Kind, fact: str, limits: Limits) -> None:
        self.text, self.kind, self.fact, self.limits = text, kind, fact, limits
        self.tokens = [
            match for match in _TOKEN.finditer(text) if match.group().strip()
        ]
        self.next = 0

    def cell(self) -> Cell:
        """``cell = ["not"] tests | "not" "(" tests ")"``.

        A bracket after ``not`` and a blank may also begin an interval, as it would
        without the ``not``: ``not (3..15)``.
        """
        negated = self._takes_not()
        bracketed = negated and not self._is_interval() and self._takes("bracket", "(")
        intervals = self._tests()
        if bracketed and not self._takes("bracket", ")"):
            raise self._broken("“)”")
        if self.next < len(self.tokens):
            raise self._broken("“,”")
        return Cell(self.text, negated, tuple(intervals))

    def _tests(self) -> list[Interval]:
        """``tests = test {"," test}``."""
        found = [self._test()]
        while self._takes("comma"):
            found.append(self._test())
        return found

    def _test(self) -> Interval:
        """``test = order end | interval | end [".." end]``."""
        order = self._take("order")
        if order:
            return self._compared(order)
        bracket = self._take("bracket")
        low = self._end()
        if not bracket and not self._takes("range"):
            return Interval(low, True, low, True)
        return self._interval(bracket, low)

    def _compared(self, order: str) -> Interval:
        """``order = "<" | "<=" | ">" | ">=" | "="``."""
        if order == "=":
            end = self._end()
            return Interval(end, True, end, True)
        self._needs_order()
        end = self._end()
        included = order.endswith("=")
        if order.startswith("<"):
            return Interval(None, True, end, included)
        return Interval(end, included, None, True)

    def _interval(self, bracket: str, low: Endpoint) -> Interval:
        """``interval = ("[" | "(" | "]") end ".." end ("]" | ")" | "[")``."""
        self._needs_order()
        if bracket and not self._takes("range"):
            raise self._broken("“..”")
        high = self._end()
        closing = self._take("bracket") if bracket else "]"
        if not closing:
            raise self._broken("“]” or “)”")
        if bracket == ")" or closing == "(":
            raise self._broken("“[”, “(” or “]”")
        self._rises(low, high)
        return Interval(low, bracket in {"", "["}, high, closing == "]")

    def _end(self) -> Endpoint:
        """``end = value | limit | text | "@" text | "date" "(" text ")"``."""
        if self._takes("at"):
            return self._value(self._take("text").strip('"'))
        quoted = self._take("text")
        if quoted:
            return self._value(quoted.strip('"'))
        word = self._take("word")
        if word == "date" and self._takes("bracket", "("):
            value = self._value(self._take("text").strip('"'))
            if not self._takes("bracket", ")"):
                raise self._broken("“)”")
            return value
        if not word:
            raise self._broken("a value or the name of a limit")
        return self._value_or_limit(word)

    def _value(self, text: str) -> Value:
        try:
            return read_value(text, self.kind)
        except ValueError:
            raise self._unknown(text) from None

    def _value_or_limit(self, word: str) -> Endpoint:
        try:
            return read_value(word, self.kind)
        except ValueError:
            rows = self.limits.all_of(word)
        if not rows:
            raise self._unknown(word)
        for row in rows:
            if not fits_kind(row.value, self.kind):
                raise BadCell(
                    "cell-unit",
                    self.text,
                    self._span(),
                    limit=row.name,
                    value=row.value,
                    fact=self.fact,
                    kind=self.kind,
                )
        return LimitRef(rows[0].name)

    def _unknown(self, word: str) -> BadCell:
        known = (*self.kind.words, *self.limits.names)
        return BadCell(
            "cell-unknown-word",
            self.text,
            self._span(),
            word=word,
            fact=self.fact,
            kind=self.kind,
            nearest=nearest(word, known) or bounds_of(word),
        )

    def _needs_order(self) -> None:
        if not self.kind.is_ordered:
            raise BadCell("cell-not-ordered", self.text, self._span(), fact=self.fact)

    def _rises(self, low: Endpoint, high: Endpoint) -> None:
        if isinstance(low, LimitRef) or isinstance(high, LimitRef):
            return
        if before(high, self.kind) < before(low, self.kind):  # type: ignore[operator]
            raise BadCell(
                "cell-reversed", self.text, (0, len(self.text)), cell=self.text
            )

    def _takes_not(self) -> bool:
        """Take a leading ``not``, also where the word after it is one token with it."""
        if not self.tokens or self.tokens[0]["word"] is None:
            return False
        word = self.tokens[0].group()
        if word.strip() == "not":
            self.next = 1
            return True
        if not word.startswith("not "):
            return False
        start = self.tokens[0].start() + len("not ")
        self.tokens[0:1] = [
            match
            for match in _TOKEN.finditer(self.text, start)
            if match.group().strip()
        ][:1]
        return True

    def _is_interval(self) -> bool:
        """Whether the bracket after ``not`` begins an interval, and no list of tests.

        Without a blank, ``not(3..15)`` is the standard's list of one test; that the
        closing bracket is no ``)`` makes it an interval all the same.
        """
        found = [
            next(name for name, text in each.groupdict().items() if text is not None)
            for each in self.tokens[self.next : self.next + 6]
        ]
        shape = ["bracket", "word", "range", "word", "bracket"]
        if found[:5] != shape or found[5:] not in ([], ["comma"]):
            return False
        closing = self.tokens[self.next + 4].group()
        before = self.text[: self.tokens[self.next].start()]
        return closing != ")" or before.endswith(" ")

    def _take(self, group: str) -> str:
        if self.next < len(self.tokens) and self.tokens[self.next][group] is not None:
            self.next += 1
            return self.tokens[self.next - 1].group().strip()
        return ""

    def _takes(self, group: str, text: str = "") -> bool:
        if self.next >= len(self.tokens) or self.tokens[self.next][group] is None:
            return False
        if text and self.tokens[self.next].group() != text:
            return False
        self.next += 1
        return True

    def _span(self) -> tuple[int, int]:
        if not self.tokens:
            return (0, len(self.text))
        token = self.tokens[max(min(self.next, len(self.tokens)) - 1, 0)]
        blanks = len(token.group()) - len(token.group().lstrip())
        return (token.start() + blanks, token.end())

    def _broken(self, expected: str) -> BadCell:
        at = self.tokens[self.next].start() if self.next < len(self.tokens) else None
        start = len(self.text) if at is None else at
        return BadCell(
            "cell-syntax",
            self.text,
            (start, start + 1),
            cell=self.text,
            expected=expected,
        )


def fits_kind(amount: Amount, kind: Kind) -> bool:
    """Tell whether the value of a limit can be compared with values of a kind."""
    if isinstance(amount, Money):
        return kind.sort is Sort.MONEY
    if isinstance(amount, date):
        return kind.sort in {Sort.DATE, Sort.DAY}
    if kind.sort is Sort.WHOLE and isinstance(amount, Decimal) and amount % 1:
        return False
    counts = kind.sort in {Sort.WHOLE, Sort.NUMBER}
    return counts and unit_of(amount) == kind.unit
