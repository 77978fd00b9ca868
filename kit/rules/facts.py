"""The facts of a case: declared, gathered by the agent, or derived from others.

A derived fact follows from others by one of a few forms (``derivations.py``). What
needs more than these forms is gathered by the agent, under a name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ..errors import BadValue, FactsDisagree, NotCovered, UnknownName
from .calendars import (
    Marketplace,
    add_business_days,
    add_days,
    business_days_between,
    first_business_day,
)
from .derivations import EARLIER_OF, FORMS, Derivation, read_derivation
from .limits import Limit, Limits, fill_limits, plain_value
from .numbers import is_whole, whole
from .values import (
    DATE,
    Duration,
    Facts,
    Kind,
    Money,
    Sort,
    Value,
    check_value,
    key_of,
    nearest,
    show_value,
)

TODAY = "today"
MARKETPLACE = "marketplace"
ALWAYS_KNOWN = (TODAY, MARKETPLACE)

__all__ = [
    "ALWAYS_KNOWN",
    "FORMS",
    "MARKETPLACE",
    "TODAY",
    "Counted",
    "Derivation",
    "Fact",
    "Known",
    "Situation",
    "Vocabulary",
    "built_in_facts",
    "find_fact",
    "read_derivation",
    "shift",
]


@dataclass(frozen=True, slots=True)
class Fact:
    """A declared fact: something that can be known of a case."""

    name: str
    """As authors write it, such as ``"accepted on"``."""

    kind: Kind
    """The kind of its values."""

    place: str = ""
    """The panel of the desk where the agent finds it; empty for a derived fact."""

    ask: str = ""
    """The question to ask, or where to look."""

    derivation: Derivation | None = None
    """How it is derived; ``None`` if the agent gathers it."""

    line: int = 0
    """Line of the page that declares it, counted from 1."""

    @property
    def key(self) -> str:
        """Its name, normalised for comparison."""
        return key_of(self.name)


Vocabulary = Mapping[str, Fact]
"""Every declared fact by its key."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A value that was stated and that the kit also computed."""

    fact: Fact
    """The fact that states it, such as the date on a live request."""

    stated: Value
    """The stated value, which takes precedence."""

    counted: Value | None
    """The computed value; ``None`` where something needed for it is missing."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The marketplace and day of a case, and with them the limits in force."""

    marketplace: Marketplace
    """Where it happens."""

    today: date
    """The day of the case, at the marketplace."""

    edition: date
    """The day that selects the values of the limits; most often ``today``."""

    limits: Limits = field(default_factory=Limits)
    """The limits of the playbook."""

    def limit(self, name: str) -> Limit:
        """Find the value of a limit that is in force here.

        Raises:
            UnknownName: There is no such limit.
            NotCovered: It has no value here on this day.
        """
        return self.limits.in_force(name, self.marketplace, self.edition)

    def said(self, text: str) -> str:
        """Fill a text that names limits in braces with the values in force.

        Args:
            text: Words with names in braces.

        Returns:
            The text. A limit without a value here keeps its name.
        """

        def value(name: str) -> str:
            try:
                return str(self.limit(name).value)
            except NotCovered:
                return name

        return fill_limits(text, self.limits, value)

    @property
    def calendar(self) -> str:
        """Id of the calendar of public holidays."""
        return self.marketplace.holidays


class Known:
    """The facts of one case, gathered and derived; derived ones on demand."""

    def __init__(
        self, facts: Facts, vocabulary: Vocabulary, situation: Situation
    ) -> None:
        """Take the gathered facts and check them.

        Args:
            facts: Their values, by name or key; ``None`` for unknown.
            vocabulary: The declared facts.
            situation: The marketplace and day of the case.

        Raises:
            UnknownName: A fact is not declared.
            BadValue: A value is not of the kind of its fact.
            FactsDisagree: A stated day or marketplace differs from the situation's.
        """
        self.situation = situation
        self.vocabulary = vocabulary
        self._stated: dict[str, Value | None] = {
            TODAY: situation.today,
            MARKETPLACE: situation.marketplace.id,
        }
        for name, value in facts.items():
            key, fact = name, vocabulary.get(name)
            if fact is None:
                fact = find_fact(name, vocabulary)
                key = fact.key
            if value is not None:
                self._check(value, fact)
            if key in ALWAYS_KNOWN and value != self._stated[key]:
                raise FactsDisagree(
                    fact=fact.name,
                    stated=show_value(value, fact.kind),
                    derived=show_value(self._stated[key], fact.kind),
                )
            self._stated[key] = value
        self._found: dict[str, Value | None] = {}
        self._learned: set[str] = set()
        self._underived: list[str] = []
        self.decided: dict[object, object] = {}
        """By its table, what was decided with it: learning more changes no decision."""

    def value(self, key: str) -> Value | None:
        """Find the value of a fact; ``None`` while it is unknown.

        Args:
            key: The key of the fact.

        Raises:
            FactsDisagree: It is stated, and the other facts imply another value.
            BadValue: The derived value is not of the kind of the fact.
            NotCovered: A limit that it is derived from has no value here.
        """
        if key in self._found:
            return self._found[key]
        fact = self.vocabulary.get(key)
        stated = self._stated.get(key)
        if fact is None or fact.derivation is None:
            self._found[key] = stated
            return stated
        derived = self._follows(fact, fact.derivation)
        if stated is not None and derived is not None and stated != derived:
            raise FactsDisagree(
                fact=fact.name,
                stated=show_value(stated, fact.kind),
                derived=show_value(derived, fact.kind),
            )
        found = stated if stated is not None else derived
        self._found[key] = found
        if found is None:
            self._underived.append(key)
        return found

    @property
    def stated(self) -> Facts:
        """The gathered facts by key, with the day and the marketplace."""
        found = self._stated.items()
        return {key: value for key, value in found if key not in self._learned}

    def covered_value(self, key: str) -> Value | None:
        """Find the value of a fact, or ``None`` also if a limit behind it has none."""
        try:
            return self.value(key)
        except NotCovered:
            return None

    def learn(self, key: str, value: Value) -> None:
        """Store the answer of one table as a fact for the next tables.

        Facts that could not be derived before are computed again on demand.

        Args:
            key: The key of the answer.
            value: Its value.
        """
        while self._underived:
            self._found.pop(self._underived.pop(), None)
        self._learned.add(key)
        self._stated[key] = self._found[key] = value

    def counted(self, key: str) -> Value | None:
        """Compute a fact without the stated value that takes precedence over it.

        Args:
            key: The key of the fact.

        Returns:
            The computed value; ``None`` where nothing takes precedence, or while
            something needed for it is unknown.

        Raises:
            NotCovered: A limit that it is derived from has no value here.
        """
        fact = self.vocabulary.get(key)
        how = fact.derivation if fact else None
        if fact is None or how is None or how.outranked_by is None:
            return None
        if self.value(key_of(how.outranked_by)) is None:
            return None
        return self._derive(fact, how)

    def counts_behind(self, key: str) -> Iterator[Counted]:
        """Yield the values behind a fact that were both stated and computed."""
        fact = self.vocabulary.get(key)
        if fact is None or fact.derivation is None:
            return
        over = fact.derivation.outranked_by
        stated = self.value(key_of(over)) if over is not None else None
        if over is not None and stated is not None:
            try:
                counted = self.counted(key)
            except NotCovered:
                counted = None
            yield Counted(self.vocabulary[key_of(over)], stated, counted)
            return
        for name in fact.derivation.operands:
            yield from self.counts_behind(key_of(name))

    def unknown_roots(self, key: str) -> Iterator[str]:
        """List the gathered facts that are needed for this one and unknown, as keys."""
        if self.value(key) is not None:
            return
        fact = self.vocabulary.get(key)
        if fact is None or fact.derivation is None:
            yield key
            return
        for name in fact.derivation.operands:
            if key_of(name) in self.vocabulary:
                yield from self.unknown_roots(key_of(name))

    def limits_behind(self, key: str) -> Iterator[Limit]:
        """Yield the limits from which a fact was derived."""
        fact = self.vocabulary.get(key)
        if fact is None or fact.derivation is None:
            return
        over = fact.derivation.outranked_by
        if over is not None and self.value(key_of(over)) is not None:
            return
        for name in fact.derivation.operands:
            if key_of(name) in self.vocabulary:
                yield from self.limits_behind(key_of(name))
            elif self.situation.limits.all_of(name):
                yield self.situation.limit(name)

    def _check(self, value: Value, fact: Fact) -> None:
        """Refuse a value of another kind, or an amount in another currency."""
        check_value(value, fact.kind, fact=fact.name)
        currency = self.situation.marketplace.currency
        if isinstance(value, Money) and value.currency != currency:
            kind = f"{fact.kind} ({currency})"
            raise BadValue(fact=fact.name, value=value, kind=kind)

    def _follows(self, fact: Fact, how: Derivation) -> Value | None:
        """Derive a fact, or return the value that takes precedence."""
        if how.outranked_by is not None:
            first = self.value(key_of(how.outranked_by))
            if first is not None:
                return first
        return self._derive(fact, how)

    def _derive(self, fact: Fact, how: Derivation) -> Value | None:
        first, _ = self._operand(how.first)
        second, unit = self._operand(how.second)
        if first is None or second is None:
            return None
        calendar = how.calendar or self.situation.calendar
        found = _derived(how.form, first, second, how.unit or unit, calendar)
        if how.ends_on_business_day and isinstance(found, date):
            found = first_business_day(found, calendar=calendar)
        if found is None:
            raise BadValue(fact=fact.name, value=how, kind=fact.kind)
        if fact.kind.sort is Sort.WHOLE and isinstance(found, Decimal):
            found = int(found) if found % 1 == 0 else found
        self._check(found, fact)
        return found

    def _operand(self, name: str) -> tuple[Value | None, str]:
        """Return the value of a fact, a limit or a number, with its unit."""
        key = key_of(name)
        if key in self.vocabulary:
            return self.value(key), self.vocabulary[key].kind.unit
        if is_whole(name):
            return whole(name), ""
        value = self.situation.limit(name).value
        return plain_value(value), value.unit if isinstance(value, Duration) else ""


def find_fact(name: str, vocabulary: Vocabulary) -> Fact:
    """Find a declared fact by its name.

    Args:
        name: In any spelling that has the same key.
        vocabulary: The declared facts.

    Raises:
        UnknownName: No fact of this name is declared.
    """
    fact = vocabulary.get(key_of(name))
    if fact is None:
        names = [each.name for each in vocabulary.values()]
        raise UnknownName(sort="fact", name=name, nearest=nearest(name, names))
    return fact


def roots_of(key: str, vocabulary: Vocabulary) -> Iterator[str]:
    """List the gathered or answered facts from which a fact is derived, as keys."""
    fact = vocabulary.get(key)
    if fact is None or fact.derivation is None:
        yield key
        return
    for name in fact.derivation.names:
        yield from roots_of(key_of(name), vocabulary)


def shift(day: date, count: int, *, unit: str, calendar: str) -> date:
    """Move a day by a number of days or business days.

    Args:
        day: The day to start from.
        count: How many units; a negative number goes back.
        unit: ``"days"`` or ``"business days"``.
        calendar: Id of the holiday calendar, for business days.

    Raises:
        DayTooFar: The result is outside the calendar, or the count is too large.
    """
    if unit == "business days":
        return add_business_days(day, count, calendar=calendar)
    return add_days(day, count)


def built_in_facts(marketplaces: tuple[str, ...]) -> tuple[Fact, ...]:
    """Declare the two facts of every case: its day and its marketplace."""
    return (
        Fact(TODAY, DATE, place="request"),
        Fact(MARKETPLACE, Kind(Sort.WORD, marketplaces), place="order"),
    )


def _derived(
    form: str, first: Value, second: Value, unit: str, calendar: str
) -> Value | None:
    """Compute one form; ``None`` if it is not defined for values of these sorts."""
    if isinstance(first, bool) or isinstance(second, bool):
        return None
    if isinstance(first, date) and isinstance(second, date):
        return _from_days(form, first, second, calendar)
    if isinstance(first, date) and isinstance(second, int):
        if form not in {"plus", "minus"} or unit not in {"days", "business days"}:
            return None
        count = second if form == "plus" else -second
        return shift(first, count, unit=unit, calendar=calendar)
    return _from_amounts(form, first, second)


def _from_days(form: str, first: date, second: date, calendar: str) -> Value | None:
    if form == "days from":
        return (second - first).days
    if form == "business days from":
        return business_days_between(first, second, calendar=calendar)
    if form == EARLIER_OF:
        return min(first, second)
    return _compared(form, first >= second, first <= second)


def _compared(form: str, at_least: bool, not_after: bool) -> bool | None:
    return {"is at least": at_least, "is not after": not_after}.get(form)


def _from_amounts(form: str, first: Value, second: Value) -> Value | None:
    if isinstance(first, Money) and isinstance(second, Money):
        if first.currency != second.currency:
            return None
        if form in {"plus", "minus"}:
            sign = 1 if form == "plus" else -1
            return Money(first.minor + sign * second.minor, first.currency)
        return _compared(form, first >= second, first <= second)
    if not isinstance(first, (int, Decimal)) or not isinstance(second, (int, Decimal)):
        return None
    if form in {"plus", "minus"}:
        return first + second if form == "plus" else first - second
    return _compared(form, first >= second, first <= second)
