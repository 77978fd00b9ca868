"""Choose a value for each fact from the domains that the search has left.

Words are decided already. Here come the days, which lean on one another, the amounts,
the plain numbers, and the names and places that fit them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from ...rules.calendars import is_holiday
from ...rules.derivations import EARLIER_OF
from ...rules.facts import TODAY, Derivation
from ...rules.limits import plain_value
from ...rules.numbers import is_whole, whole
from ...rules.values import Duration, Facts, Sort, Value, key_of
from .era_editions import MOST_DAYS
from .int_sets import FAR, IntRange, intersection, number_of, value_of
from .interval_domains import (
    ZERO,
    BusinessDayCounts,
    BusinessDays,
    Difference,
    IntervalDomains,
    Link,
    NextBusinessDay,
    SumOfBusinessDays,
    business_day_counts,
)
from .problems import DistanceRule, Domains, PoolChoice, Problem
from .seeded_random import SeededRandom
from .targets import BUSINESS_DAYS, Beside, Target

LATER = 400
"""How many days after the last day of a case a promised day can lie."""

_FRIDAY, _SATURDAY, _MONDAY = 4, 5, 0
_ENDINGS = (99, 50, 0, 95, 90)
_HUNDRED = 100
_TRIES = 3


def fill(
    problem: Problem, domains: Domains, target: Target, rng: SeededRandom
) -> tuple[Facts, date] | None:
    """Find a value for every fact, and the day; ``None`` if it does not come out."""
    filler = _Filler(problem, domains, target, rng)
    return filler.facts() if filler.solve() else None


class _Filler:
    """One case while its numbers and names are being found."""

    def __init__(
        self, problem: Problem, domains: Domains, target: Target, rng: SeededRandom
    ) -> None:
        self.problem, self.domains, self.target, self.rng = (
            problem,
            domains,
            target,
            rng,
        )
        self.kinds = problem.stories.playbook.reference.facts
        self.absent = {
            each.other
            for each in problem.implications
            if not each.words
            and each.counts is None
            and not domains.words.get(each.fact, 0) & ~each.inside
        }
        self.intervals = IntervalDomains()
        self.texts: dict[str, str] = {}

    def solve(self) -> bool:
        """Find everything, step by step; whether each step came out."""
        return (
            self._has_room()
            and self._plain_numbers()
            and self._apply_distance_rules()
            and self._derived()
            and self.intervals.propagate()
            and all(map(self._pool, self.problem.pools))
            and self._numbers(Sort.MONEY)
            and self._beside()
            and self._fix(TODAY, self._day)
            and self._numbers(Sort.DATE)
        )

    def facts(self) -> tuple[Facts, date]:
        """Put the found values together, in the order of the folder."""
        found: dict[str, Value | None] = {}
        for key in self.problem.facts:
            if key in self.absent:
                continue
            value = self._value(key)
            if value is not None:
                found[key] = value
        return found, date.fromordinal(self.intervals.low[TODAY])

    def _value(self, key: str) -> Value | None:
        kind = self.kinds[key].kind
        if kind.is_ordered:
            return value_of(self.intervals.low[key], kind, self.problem.place.currency)
        if kind.sort is Sort.TEXT:
            return self.texts.get(key)
        place = self.domains.words[key].bit_length() - 1
        return bool(place) if kind.sort is Sort.YES_NO else kind.words[place]

    def _has_room(self) -> bool:
        """Give every number the room in which it can lie at all."""
        days = (self.problem.first, self.problem.last + LATER)
        for key, sort in self.problem.counted:
            if key in self.absent:
                continue
            room = self.domains.counts[key]
            if sort is Sort.DATE:
                room = intersection(room, (days,))
            if not room:
                return False
            self.intervals.add(key, self.rng.choice(room))
        today = intersection(
            self.domains.counts.get(TODAY, ((-FAR, FAR),)),
            ((self.problem.first, self.problem.last),),
        )
        if not today:
            return False
        low, high = self.rng.choice(today)
        if self.problem.edition_by == TODAY:
            low = max(low, high - MOST_DAYS)
        self.intervals.add(TODAY, (low, high))
        return True

    def _plain_numbers(self) -> bool:
        """Draw what is neither day nor amount: others may count with it."""
        return self._numbers(Sort.WHOLE) and self._numbers(Sort.NUMBER)

    def _apply_distance_rules(self) -> bool:
        for rule in self.problem.distance_rules:
            if rule.first not in self.intervals or rule.second not in self.intervals:
                continue
            if self._is_border_between(rule):
                continue
            if all(
                self.domains.words.get(key, 0) & some for key, some in rule.when.items()
            ):
                self.intervals.link(self.rng.choice(rule.links))
        return True

    def _is_border_between(self, rule: DistanceRule) -> bool:
        """Whether the target is just where one of the two reaches the other."""
        fact = self.kinds.get(self.target.question)
        how = fact.derivation if fact else None
        if how is None or self.target.number is not None:
            return False
        return {key_of(how.first), key_of(how.second)} == {rule.first, rule.second}

    def _derived(self) -> bool:
        return all(self._link(key, how) for key, how in self.problem.derived)

    def _link(self, key: str, how: Derivation) -> bool:
        """Tie the facts together from which another one follows."""
        if how.form in {"plus", "minus"} or self._outranking(how):
            return self._place(key)
        if how.form == EARLIER_OF:  # it follows: no table asks how it compares
            return True
        first, second = self._operand(how.first), self._operand(how.second)
        if first is None or second is None:
            return True
        wanted = self._wanted(key, how)
        if wanted is None:
            return True
        one, other = first, second
        if how.form == "is at least":
            one, other = second, first
        low, high = (each + one[1] - other[1] for each in wanted)
        if how.form == "business days from":
            counts = self._counts(how)
            self.intervals.link(BusinessDays(one[0], other[0], low, high, counts))
        else:
            self.intervals.link(Difference(one[0], other[0], low, high))
        return True

    def _wanted(self, key: str, how: Derivation) -> IntRange | None:
        """How far apart two facts have to be; ``None`` where it does not matter."""
        if not how.form.startswith("is "):
            return self.rng.choice(self.domains.counts[key])
        some = self.domains.words[key]
        if some & (some - 1):
            return None
        is_yes = some == 1 << 1
        is_close = self.target.question == key and self.target.number is None
        if is_yes:
            return (0, 0) if is_close else (0, FAR)
        return (-1, -1) if is_close else (-FAR, -1)

    def _place(self, key: str) -> bool:
        """Put a day or an amount that is counted from another one where it is asked."""
        found = self._operand(key)
        ranges = self.domains.counts.get(key)
        if found is None or ranges is None or ranges == ((-FAR, FAR),):
            return True
        low, high = self.rng.choice(ranges)
        self.intervals.link(Difference(ZERO, found[0], low - found[1], high - found[1]))
        return True

    def _operand(self, name: str) -> tuple[str, int] | None:
        """Find a fact or a limit as a number and what is added to it."""
        key = key_of(name)
        fact = self.kinds.get(key)
        if fact is None:
            return ZERO, self._constant(name)[0]
        if fact.derivation is None:
            return (key, 0) if key in self.intervals else None
        if over := self._outranking(fact.derivation):
            return over, 0
        if fact.derivation.form not in {"plus", "minus"}:
            return None
        return self._moved(key, fact.derivation)

    def _outranking(self, how: Derivation) -> str:
        """The key of what is taken instead of the count, if the case has it."""
        over = key_of(how.outranked_by or "")
        return over if over in self.intervals else ""

    def _moved(self, key: str, how: Derivation) -> tuple[str, int] | None:
        base = self._operand(how.first)
        count, unit = self._constant(how.second)
        if base is None:
            return None
        count = count if how.form == "plus" else -count
        counts_business_days = (how.unit or unit) == BUSINESS_DAYS
        if not counts_business_days and not how.ends_on_business_day:
            return base[0], base[1] + count
        if counts_business_days and not count and not how.ends_on_business_day:
            return base
        if key in self.intervals:
            return key, 0
        counts = self._counts(how)
        self.intervals.add(key, (self.problem.first, self.problem.last + LATER))
        if counts_business_days and count:
            link: Link = SumOfBusinessDays(base[0], key, base[1], count, counts)
        else:
            link = NextBusinessDay(base[0], key, base[1] + count, counts)
        self.intervals.link(link)
        return key, 0

    def _constant(self, name: str) -> tuple[int, str]:
        """Find a number that stays what it is, and its unit."""
        key = key_of(name)
        if key in self.kinds:
            if key in self.intervals and not self.intervals.is_fixed(key):
                self._fix(key, self._any)
            return self.intervals.low.get(key, 0), self.kinds[key].kind.unit
        if is_whole(name):
            return whole(name), ""
        value = self.problem.situation.limit(name).value
        unit = value.unit if isinstance(value, Duration) else ""
        return number_of(plain_value(value)), unit

    def _counts(self, how: Derivation) -> BusinessDayCounts:
        """The business days of the calendar in which a fact is counted."""
        problem = self.problem
        calendar = how.calendar or problem.place.holidays
        return business_day_counts(calendar, problem.first, problem.last + LATER)

    def _pool(self, rows: tuple[PoolChoice, ...]) -> bool:
        """Draw a row of words that fits, and leave numbers only what fits it."""
        given = (
            [key for key in rows[0].words if self._is_known_here(key)] if rows else []
        )
        if not given:
            return True
        fitting = [each for each in rows if self._fits(each.when)]
        if not fitting:
            return False
        row = self.rng.choice(fitting)
        for key, ranges in row.when.counts.items():
            if key in self.absent:
                continue  # What the case does not have, it cannot contradict.
            room = intersection(
                ranges, ((self.intervals.low[key], self.intervals.high[key]),)
            )
            if not room or not self.intervals.restrict(key, self.rng.choice(room)):
                return False
        for key in given:
            self.texts[key] = self._digits(self.rng.choice(row.words[key]))
        return True

    def _is_known_here(self, key: str) -> bool:
        return key in self.problem.facts and key not in self.absent

    def _fits(self, when: Domains) -> bool:
        """Whether a row is for this case; what the case lacks cannot contradict it."""
        for key, some in when.words.items():
            if key not in self.absent and not self.domains.words[key] & some:
                return False
        return all(
            key in self.absent
            or (
                key in self.intervals
                and intersection(
                    ranges, ((self.intervals.low[key], self.intervals.high[key]),)
                )
            )
            for key, ranges in when.counts.items()
        )

    def _digits(self, text: str) -> str:
        return "".join(
            str(self.rng.integer(0, 9)) if each == "#" else each for each in text
        )

    def _numbers(self, sort: Sort) -> bool:
        """Draw every number of a sort."""
        draw = self._price if sort is Sort.MONEY else self._any
        return all(
            self._fix(key, draw)
            for key, counted in self.problem.counted
            if counted is sort and key in self.intervals
        )

    def _fix(self, key: str, draw: Callable[[int, int], int]) -> bool:
        low, high = self.intervals.low[key], self.intervals.high[key]
        if low == high:
            return True
        if high >= FAR:
            return False  # Nothing says where it ends, so nothing can be drawn.
        number = draw(low, high)
        return self.intervals.restrict(key, (number, number))

    def _any(self, low: int, high: int) -> int:
        return self.rng.integer(low, high)

    def _price(self, low: int, high: int) -> int:
        """Draw an amount that could stand on a price tag, if there is one."""
        whole = self.rng.integer(low, high) // _HUNDRED * _HUNDRED
        for ending in (self.rng.choice(_ENDINGS), *_ENDINGS):
            if low <= whole + ending <= high:
                return whole + ending
        return self.rng.integer(low, high)

    def _day(self, low: int, high: int) -> int:
        """Draw the day of the case: a working day, if it may be one."""
        found = low
        for _ in range(_TRIES):
            found = self.rng.integer(low, high)
            if _weekday(found) < _SATURDAY:
                break
        return found

    def _beside(self) -> bool:
        """Draw a day beside a weekend or a holiday, if the target wants one."""
        key = self.target.anchor
        if not key:
            return True
        if key not in self.intervals:
            return False
        problem = self.problem
        days = days_beside(
            problem.place.holidays, problem.first, problem.last, self.target.beside
        )
        first = bisect_left(days, self.intervals.low[key])
        last = bisect_right(days, self.intervals.high[key])
        if first == last:
            return False
        day = self.rng.choice(days[first:last])
        return self.intervals.restrict(key, (day, day))


@lru_cache(maxsize=64)
def days_beside(
    calendar: str, first: int, last: int, beside: Beside
) -> tuple[int, ...]:
    """Find every day of some years that stands beside a weekend or a holiday."""
    return tuple(
        day for day in range(first, last + 1) if is_beside(day, calendar, beside)
    )


def is_beside(day: int, calendar: str, beside: Beside) -> bool:
    """Whether a day stands beside a weekend or a public holiday, as it is wanted."""
    if beside == "friday":
        return _weekday(day) == _FRIDAY
    if beside == "monday":
        return _weekday(day) == _MONDAY
    other = day + 1 if beside == "holiday-eve" else day - 1
    return _weekday(other) < _SATURDAY and is_holiday(date.fromordinal(other), calendar)


def _weekday(day: int) -> int:
    return (day + 6) % 7
