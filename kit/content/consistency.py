"""Find contradictions in a case: facts that cannot be true together.

The constraints of the trade are in ``reference/stories.md``. This module checks a
case against them, and against what holds in every trade: a journey runs forward in
time, ends by the day of the case, and happens at places.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import ceil, floor
from pathlib import Path

from ..catalogue import say
from ..errors import KitError, Mistake
from ..rules.conditions import Cell, Interval
from ..rules.facts import Known
from ..rules.regions import IntervalSet
from ..rules.values import Kind, Money, Sort, Value, key_of, point_of, show_value
from .cases import PracticeCase, Scan
from .markdown.lookups import UNKNOWN
from .reference.reference import Reference
from .stories.constraints import (
    AmountRatio,
    Condition,
    Constraint,
    DayDistance,
    ScanDay,
)

_WHOLE = Kind(Sort.WHOLE)
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A statement of a case that contradicts the rest of it."""

    why: str
    """The sentence of the constraint that the case breaks."""

    detail: str
    """The facts, the scan or the words that contradict."""

    line: int = 0
    """The line of the constraint, counted from 1; 0 for those of every trade."""


def contradictions_of(
    case: PracticeCase, constraints: Sequence[Constraint]
) -> tuple[Contradiction, ...]:
    """Find every contradiction of a case.

    Args:
        case: The case.
        constraints: What is true in every case of its trade.

    Returns:
        The contradictions: first those of the journey, then those of the trade in
        the order of its page.
    """
    known = case.known()
    broken = [
        Contradiction(each.why, detail, each.line)
        for each in constraints
        for detail in _broken(each, case, known)
    ]
    return (*_journey(case), *broken)


def contradicting_cases(
    cases: Sequence[PracticeCase], constraints: Sequence[Constraint], shown: Path
) -> Iterator[Mistake]:
    """Find the contradictions of the cases of one file, as mistakes of their author.

    Args:
        cases: The cases.
        constraints: What is true in every case of their trade.
        shown: The path of the file as mistakes print it.
    """
    for case in cases:
        for each in contradictions_of(case, constraints):
            values: dict[str, object] = {
                "id": case.id,
                "why": each.why,
                "detail": each.detail,
            }
            yield Mistake("case-contradicts", shown, case.line, values)


def message_fits(text: str, known: Known, constraints: Sequence[Constraint]) -> bool:
    """Tell whether a buyer's words can be true in a case.

    Args:
        text: The words.
        known: The facts of the case.
        constraints: What is true in every case of its trade.
    """
    return not any(
        _unmet(each, known)
        for each in constraints
        if each.message is not None and each.message.found_in(text)
    )


def _journey(case: PracticeCase) -> Iterator[Contradiction]:
    """Find impossible steps of a journey."""
    panels = _panels(case.playbook.reference)
    before: date | None = None
    told: set[Scan] = set()
    for scan in case.journey:
        shown = _scan_words(scan)
        if scan.day > case.on:
            yield Contradiction(say("practice.consistency.later"), shown)
        if before is not None and scan.day < before:
            yield Contradiction(say("practice.consistency.order"), shown)
        if key_of(scan.where) in panels:
            yield Contradiction(say("practice.consistency.place"), shown)
        if case.journey.count(scan) > 1 and scan not in told:
            yield Contradiction(say("practice.consistency.twice"), shown)
        told.add(scan)
        before = scan.day


@lru_cache(maxsize=16)
def _panels_of(places: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(key_of, places))


def _panels(reference: Reference) -> frozenset[str]:
    """List every name that is a panel of the desk, and so cannot be a place."""
    return _panels_of(tuple(fact.place for fact in reference.facts.values()))


def _broken(each: Constraint, case: PracticeCase, known: Known) -> Iterator[str]:
    """Explain how a case violates a constraint; empty if it satisfies it."""
    if not all(_fits(one, known) for one in each.when):
        return
    if each.message is not None:
        if each.message.found_in(case.message) and (found := _unmet(each, known)):
            yield found
    elif each.scan is None:
        if found := _unmet(each, known):
            yield found
    elif each.needs_scan:
        if case.journey and not any(
            _is_wanted(each, one, known) for one in case.journey
        ):
            yield _fact_words(known, each.when[0].fact)
    else:
        yield from _wrong_scans(each, case, known)


def _wrong_scans(each: Constraint, case: PracticeCase, known: Known) -> Iterator[str]:
    for scan in case.journey:
        if each.scan is None or not each.scan.found_in(_scan_text(scan)):
            continue
        if each.day is not None and not _is_on_day(scan, each.day, known):
            yield f"{_scan_words(scan)}; {_fact_words(known, each.day.date)}"
        if found := _unmet(each, known):
            yield f"{_scan_words(scan)}; {found}"


def _is_wanted(each: Constraint, scan: Scan, known: Known) -> bool:
    """Whether a scan is the one that a case must have."""
    if each.scan is None or not each.scan.found_in(_scan_text(scan)):
        return False
    return each.day is None or _is_on_day(scan, each.day, known)


def _is_on_day(scan: Scan, wanted: ScanDay, known: Known) -> bool:
    """Whether a scan lies as it must to a date; if nobody knows the date, it does."""
    day = _value(wanted.date, known)
    if not isinstance(day, date):
        return True
    if wanted.sign == "not before":
        return scan.day >= day
    if wanted.sign == "not after":
        return scan.day <= day
    return scan.day == day


def _unmet(each: Constraint, known: Known) -> str:
    """List the facts that violate a constraint; empty if they satisfy it."""
    leads = [one.fact for one in each.when]
    if each.unknown:
        return (
            _facts_in_words(known, leads, each.unknown)
            if _has(each.unknown, known)
            else ""
        )
    then = each.then
    if isinstance(then, Condition):
        found = _value(then.fact, known)
        is_met = found is None or _fits(then, known)
        return "" if is_met else _facts_in_words(known, leads, then.fact)
    if isinstance(then, DayDistance):
        is_met = _is_apart(then, known)
        return "" if is_met else _facts_in_words(known, leads, then.earlier, then.later)
    if isinstance(then, AmountRatio):
        return (
            ""
            if _is_share(then, known)
            else _facts_in_words(known, leads, then.amount, then.of)
        )
    return ""


def _is_apart(then: DayDistance, known: Known) -> bool:
    first, second = _value(then.earlier, known), _value(then.later, known)
    if not isinstance(first, date) or not isinstance(second, date):
        return True
    return _region(then.days, _WHOLE, "").has((second - first).days)


def _is_share(then: AmountRatio, known: Known) -> bool:
    amount, of = _value(then.amount, known), _value(then.of, known)
    if not isinstance(amount, Money) or not isinstance(of, Money) or not of.minor:
        return True
    is_in = any(_is_within(amount, of, each) for each in then.percent.intervals)
    return is_in is not then.percent.negated


def _is_within(amount: Money, of: Money, percents: Interval) -> bool:
    """Tell whether an amount is a share of another one, to the cent.

    Only where the share is not a whole number of cents, the cent below and the cent
    above are both accepted, for rounding down and up.
    """
    low, high = percents.low, percents.high
    if isinstance(low, int | Decimal):
        share = Decimal(low) * of.minor / _HUNDRED
        least = floor(share) if percents.low_included else floor(share) + 1
        if amount.minor < least:
            return False
    if isinstance(high, int | Decimal):
        share = Decimal(high) * of.minor / _HUNDRED
        most = ceil(share) if percents.high_included else ceil(share) - 1
        return amount.minor <= most
    return True


def _fits(condition: Condition, known: Known) -> bool:
    """Tell whether a case has a fact with a value that the condition accepts."""
    value = _value(condition.fact, known)
    if value is None:
        return False
    if condition.cell.is_any:
        return True
    currency = known.situation.marketplace.currency
    region = _region(condition.cell, condition.kind, currency)
    return region.has(point_of(value, condition.kind))


@lru_cache(maxsize=4096)
def _region(cell: Cell, kind: Kind, currency: str) -> IntervalSet:
    return cell.region(kind, {}, currency=currency)


def _has(key: str, known: Known) -> bool:
    return known.stated.get(key) is not None


def _value(key: str, known: Known) -> Value | None:
    """Return the value of a fact; ``None`` if unknown or not covered."""
    if key not in known.vocabulary:
        return None
    try:
        return known.value(key)
    except KitError:
        return None


def _facts_in_words(known: Known, leads: Sequence[str], *others: str) -> str:
    return "; ".join(_fact_words(known, each) for each in (*leads, *others))


def _fact_words(known: Known, key: str) -> str:
    """Format a fact as its page writes it, such as ``tracking: none``."""
    fact = known.vocabulary[key]
    value = _value(key, known)
    shown = UNKNOWN if value is None else show_value(value, fact.kind)
    return say("practice.consistency.fact", name=fact.name, value=shown)


def _scan_text(scan: Scan) -> str:
    return f"{scan.where}: {scan.what}"


def _scan_words(scan: Scan) -> str:
    return f"{scan.day.isoformat()} {_scan_text(scan)}"
