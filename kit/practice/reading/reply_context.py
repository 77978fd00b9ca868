"""The context of a reply: what of a case the text of a letter must agree with.

It knows the facts, what was decided, and the days that may be named; not what a text
says, nor by which rules it is checked.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from ...content.cases import PracticeCase
from ...content.letters.reply_rules import Mention
from ...content.letters.whens import When
from ...content.playbook.derived_facts import derived_facts
from ...content.playbook.playbook import Playbook
from ...content.reference.messages import language_base
from ...errors import KitError, NotCovered
from ...rules.decisions import Decision
from ...rules.facts import Known
from ...rules.values import Duration, Money, Sort, Value


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """What of a case a reply to it must agree with."""

    language: str
    """The language in which the buyer is answered, without its variant."""

    message: str
    """What the buyer wrote."""

    today: date
    """The day of the case, at the marketplace."""

    action: str
    """The id of the action that was decided; empty if none was."""

    values: Mapping[str, tuple[Value, ...]]
    """Every fact and decided answer that is known, by its key."""

    answers: frozenset[str]
    """The keys of those that were decided."""

    journey: frozenset[date]
    """The days of the parcel's journey."""

    due: frozenset[str]
    """The keys of the answers that are last days: an earlier day is in time, too."""

    rests_on: Mapping[str, Value]
    """The facts for which the deciding rows asked, by their key."""

    texts: str = ""
    """All texts of the case but the buyer's, small: facts, messages, journey."""

    passed: frozenset[str] = frozenset()
    """The towns in which the parcel has been, and is not any more."""

    last_town: str = ""
    """The last town of its journey; empty if there is none."""

    town_days: Mapping[str, frozenset[date]] = field(default_factory=dict)
    """The days on which the parcel was scanned in each town of its journey."""

    day_counts: frozenset[int] = frozenset()
    """The numbers of days and business days that may be told."""

    promised_counts: frozenset[int] = frozenset()
    """The numbers of business days within which messages of the page promise."""

    def amounts_of(self, mentions: Iterable[Mention]) -> tuple[Money, ...]:
        """The amounts among some facts and answers."""
        return tuple(each for each in self._of(mentions) if isinstance(each, Money))

    def days_of(self, mentions: Iterable[Mention]) -> tuple[date, ...]:
        """The days among some facts and answers."""
        return tuple(each for each in self._of(mentions) if isinstance(each, date))

    def is_one(self, when: Iterable[When]) -> bool:
        """Whether all conditions hold of a row that counts only in some cases."""
        return all(each.holds(self.values) for each in when)

    @property
    def own_words(self) -> tuple[str, ...]:
        """Texts of the case, such as the id of its order, as they stand in a reply."""
        texts = (each for values in self.values.values() for each in values)
        return tuple(each for each in texts if isinstance(each, str))

    def _of(self, mentions: Iterable[Mention]) -> Iterator[Value]:
        for mention in mentions:
            yield from self.values.get(mention.key, ())


def reply_context_of(
    case: PracticeCase,
    *,
    answers: Mapping[str, Value] | None = None,
    language: str | None = None,
) -> ReplyContext:
    """Build the context of replies to a practice case.

    Args:
        case: The case.
        answers: What was decided, by the key of each answer; if none are given, what
            the playbook decides.
        language: The language of the reply, if not that of the marketplace.

    Raises:
        KitError: The playbook cannot decide the case; reading it has ruled this out.
    """
    decisions = case.decide() if answers is None else ()
    decided = _decided(decisions)
    decided |= {key: (value,) for key, value in (answers or {}).items()}
    values: dict[str, tuple[Value, ...]] = {
        key: (value,) for key, value in case.facts.items() if value is not None
    }
    return ReplyContext(
        language=language_base(language or case.marketplace.language),
        message=case.message,
        today=case.on,
        action=_action(case, decided),
        values=values
        | _limits_said(case, case.known())
        | _derived(case, case.known())
        | decided,
        answers=frozenset(decided),
        journey=frozenset(scan.day for scan in case.journey),
        due=_due(case),
        rests_on=dict(_rests_on(decisions)),
        texts=" ".join(_texts(case)).casefold(),
        passed=_passed(case),
        last_town=next(iter(_towns(case)[-1:]), ""),
        town_days=_town_days(case),
        day_counts=frozenset(_day_counts(case)),
        promised_counts=frozenset(_promised_counts(case)),
    )


def _town_days(case: PracticeCase) -> dict[str, frozenset[date]]:
    days: dict[str, frozenset[date]] = {}
    for town, day in _scans(case):
        days[town] = days.get(town, frozenset()) | {day}
    return days


def _day_counts(case: PracticeCase) -> Iterator[int]:
    """The whole numbers of its facts, and of the limits of its page."""
    for value in case.facts.values():
        if isinstance(value, int) and not isinstance(value, bool):
            yield value
    yield from _counts_of(case, case.known().situation.limits.names)


def _promised_counts(case: PracticeCase) -> Iterator[int]:
    """The numbers of the limits that messages of the page name."""
    slots = {slot for each in case.playbook.messages for slot in each.slots}
    yield from _counts_of(case, slots)


def _counts_of(case: PracticeCase, names: Iterable[str]) -> Iterator[int]:
    """The numbers of the limits among some names, as they are in force."""
    situation = case.known().situation
    for name in names:
        if situation.limits.all_of(name):
            with suppress(NotCovered):
                value = situation.limit(name).value
                if isinstance(value, Duration):
                    yield value.count


def _passed(case: PracticeCase) -> frozenset[str]:
    """The towns of a journey before its last one.

    One that the buyer or a fact of the case names may be where the buyer lives.
    """
    towns = _towns(case)
    others = " ".join((case.message, *map(str, case.facts.values())))
    return frozenset(
        each for each in towns[:-1] if each != towns[-1] and each not in others
    )


def _towns(case: PracticeCase) -> list[str]:
    return [town for town, _ in _scans(case)]


def _scans(case: PracticeCase) -> Iterator[tuple[str, date]]:
    """The towns of a journey: each has a capital, *eBay* and *our warehouse* none."""
    for each in case.journey:
        town = each.where.split(",")[0]
        if town[:1].isupper():
            yield town, each.day


def _due(case: PracticeCase) -> frozenset[str]:
    if case.exact_days:
        return frozenset()
    answers = case.playbook.reference.answers
    return frozenset(key for key, each in answers.items() if each.is_due)


def _derived(case: PracticeCase, known: Known) -> dict[str, tuple[Value, ...]]:
    """Days and amounts that the page derives; a limit may not cover the day.

    What only other pages derive has no place in a reply: any day would be the day of
    something.
    """
    found: dict[str, tuple[Value, ...]] = {}
    for key in _behind(case.playbook):
        if case.playbook.reference.facts[key].kind.sort not in {Sort.DATE, Sort.MONEY}:
            continue
        try:
            value = known.value(key)
        except KitError:
            continue
        if value is not None:
            found[key] = (value,)
    return found


@lru_cache(maxsize=64)
def _behind(playbook: Playbook) -> tuple[str, ...]:
    """The derived facts behind a page's tables and messages, in the order of facts."""
    behind = {
        fact.key
        for each in playbook.tables
        for fact, _ in derived_facts(playbook, each)
    }
    return tuple(key for key in playbook.reference.facts if key in behind)


def _limits_said(case: PracticeCase, known: Known) -> dict[str, tuple[Value, ...]]:
    """Amounts and days of the limits that messages of the page name."""
    found: dict[str, tuple[Value, ...]] = {}
    slots = {slot for each in case.playbook.messages for slot in each.slots}
    for slot in sorted(slots):
        if known.situation.limits.all_of(slot):
            with suppress(NotCovered):
                value = known.situation.limit(slot).value
                if not isinstance(value, Duration):
                    found[slot] = (value,)
    return found


def _decided(decisions: Iterable[Decision]) -> dict[str, tuple[Value, ...]]:
    """Every answer; two tables may answer the same, such as the day that closes."""
    found: dict[str, tuple[Value, ...]] = {}
    for decision in decisions:
        for key, answer in decision.answers.items():
            if answer is not None and not isinstance(answer, tuple):
                found[key] = (*found.get(key, ()), answer)
    return found


def _action(case: PracticeCase, decided: Mapping[str, tuple[Value, ...]]) -> str:
    kinds = case.playbook.reference.answers
    for key, values in decided.items():
        if kinds[key].kind.sort is Sort.ACTION:
            return str(values[-1])
    return ""


def _texts(case: PracticeCase) -> Iterator[str]:
    yield from (f"{scan.where} {scan.what}" for scan in case.journey)
    yield from (each for each in case.facts.values() if isinstance(each, str))
    yield _templates(case.playbook)


@lru_cache(maxsize=64)
def _templates(playbook: Playbook) -> str:
    """The messages of a page: what stands in them may be written, such as addresses."""
    return " ".join(each.text for each in playbook.messages)


def _rests_on(decisions: Iterable[Decision]) -> Iterator[tuple[str, Value]]:
    for decision in decisions:
        for row in decision.rows:
            asked = zip(
                decision.table.inputs, row.conditions, decision.facts, strict=True
            )
            for column, cell, value in asked:
                if not cell.is_any and value is not None:
                    yield column.key, value
