"""Run the checks of a playbook.

A check that names no marketplace must pass at every one.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ...catalogue import say
from ...errors import KitError, Mistake, NoRowFits, NotCovered, RowsOverlap
from ...rules.calendars import Marketplace
from ...rules.decisions import Answer, Decision, FactNeeded, NotApplicable
from ...rules.facts import MARKETPLACE, Known
from ...rules.outcomes import NOT_COVERED
from ...rules.tables import HitPolicy, Table
from ...rules.values import Kind, value_words
from ..pages.check_rows import NOTHING
from ..playbook.playbook import Check, Playbook
from .agreeing import check_agreement

AGGREGATES = {HitPolicy.SUM, HitPolicy.MIN, HitPolicy.MAX}
"""Hit policies without a result where no row fits; a count is 0 there."""


def known_of(playbook: Playbook, check: Check, marketplace: Marketplace) -> Known:
    """Create the facts of a check at a marketplace."""
    facts = {key: value for key, value in check.facts.items() if key != MARKETPLACE}
    return playbook.known(facts, marketplace=marketplace, on=check.on)


def places_of(playbook: Playbook, check: Check) -> list[Marketplace]:
    """List where a check must pass: at the marketplace it names, or at every one."""
    named = check.facts.get(MARKETPLACE)
    every = playbook.reference.marketplaces
    return [every[str(named)]] if named is not None else list(every.values())


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check at one marketplace."""

    check: Check
    """The check."""

    known: Known
    """The case; it has learned what the tables answer."""

    result: Decision | FactNeeded | NotApplicable | None
    """What came out; ``None`` if the page cannot decide it."""

    error: KitError | None
    """Why it cannot."""


def check_result(
    playbook: Playbook, check: Check, marketplace: Marketplace
) -> CheckResult:
    """Decide a check; the result is cached.

    Raises:
        KitError: The case contradicts itself before any table is decided.
    """
    before = _tried_before(playbook)
    place = (id(check), marketplace.id)
    if place not in before:
        known = known_of(playbook, check, marketplace)
        result, error = None, None
        try:
            result = playbook.decide(check.table, known, is_open=True)
        except KitError as refused:
            error = refused
        before[place] = CheckResult(check, known, result, error)
    return before[place]


@lru_cache(maxsize=16)
def _tried_before(playbook: Playbook) -> dict[tuple[int, str], CheckResult]:
    """What was tried of a page; it keeps the checks, so that their ids stay theirs."""
    del playbook
    return {}


Finding = tuple[str, dict[str, object]]
"""A kind of mistake, and the values of the slots of its sentences."""


def try_check(playbook: Playbook, check: Check) -> Iterator[Mistake]:
    """Find where a page decides a check differently from what it states."""
    for marketplace in places_of(playbook, check):
        when = "" if MARKETPLACE in check.facts else f" ({marketplace.id})"
        values: dict[str, object] = {"title": check.title, "when": when}
        differs = list(_run(playbook, check, marketplace))
        for kind, more in differs:
            yield Mistake(kind, playbook.path, check.line, {**values, **more})
        if differs:
            return


def _run(
    playbook: Playbook, check: Check, marketplace: Marketplace
) -> Iterator[Finding]:
    try:
        tried = check_result(playbook, check, marketplace)
        check_agreement(playbook, [check.table], tried.known)
        if tried.result is None:
            raise tried.error or ValueError(check.title)
        yield from list(_unlike(playbook, check, tried.result))
    except NotCovered as error:
        if not check.not_covered:
            yield "check-refused", {"reason": str(error)}
    except (NoRowFits, RowsOverlap) as error:
        # The proof of the table has already found every gap, and overlaps of U.
        if playbook.table(error.table).policy is HitPolicy.ANY:
            yield "check-refused", {"reason": str(error)}
    except KitError as error:
        yield "check-refused", {"reason": str(error)}


def _unlike(
    playbook: Playbook, check: Check, result: Decision | FactNeeded | NotApplicable
) -> Iterator[Finding]:
    """Find where a result differs from what a check states, silence included."""
    if isinstance(result, NotApplicable) is not check.is_silent:
        kind = "check-speaks" if check.is_silent else "check-silent"
        yield kind, {"table": check.table}
    elif not isinstance(result, NotApplicable):
        yield from _differences(playbook, check, result)


def _differences(
    playbook: Playbook, check: Check, result: Decision | FactNeeded
) -> Iterator[Finding]:
    words = playbook.vocabulary()
    if isinstance(result, FactNeeded):
        if not check.asks:
            yield "check-asks", {"fact": words[result.first].name}
        elif result.first != check.asks:
            found = say("mistakes.found-ask", fact=words[result.first].name)
            yield "check-decides", {"fact": words[check.asks].name, "found": found}
        return
    if check.asks and check.asks not in result.missing.values():
        found = _rows_words("found", result)
        yield "check-decides", {"fact": words[check.asks].name, "found": found}
    if check.not_covered and NOT_COVERED not in result.answers.values():
        found = _rows_words("found", result)
        yield "check-covered", {"found": found, "table": check.table}
        return
    for column in result.table.answers:
        wanted = check.answers.get(column.key)
        found_value = result.answers[column.key]
        if wanted is not None and not _is_same(result.table, found_value, wanted):
            yield (
                "check-differs",
                {
                    "answer": column.name,
                    "wanted": _shown(wanted, column.kind),
                    "found": _shown(found_value, column.kind),
                    "gives": _rows_words("gives", result),
                },
            )


def _rows_words(key: str, decision: Decision) -> str:
    """Say which rows decide, or that none does."""
    rows = ", ".join(row.number for row in decision.rows)
    many = "one" if len(decision.rows) == 1 else "several" if rows else "none"
    return say(f"mistakes.{key}-{many}", rows=rows)


def _is_same(table: Table, found: Answer, wanted: Answer) -> bool:
    """Whether a table answers what a check wants; ``C`` lists in no order."""
    if found is None and table.policy in AGGREGATES:
        return wanted == ()
    is_loose = table.policy is HitPolicy.COLLECT
    if is_loose and isinstance(found, tuple) and isinstance(wanted, tuple):
        return Counter(found) == Counter(wanted)
    return found == wanted


def _shown(answer: Answer, kind: Kind) -> str:
    if isinstance(answer, tuple):
        return "; ".join(value_words(each, kind) for each in answer) or NOTHING
    return NOTHING if answer is None else value_words(answer, kind)
