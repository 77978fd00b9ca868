"""Generate practice cases: solve the tables of a playbook, then add words.

The same target and the same seed give the same case, to the byte and everywhere. A case
is handed out only if the playbook itself decides it as the target wants.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from threading import Lock

from ...content.cases import PracticeCase
from ...content.consistency import contradictions_of
from ...content.playbook.playbook import Playbook
from ...content.stories.scene_facts import slots_of
from ...content.stories.story_model import Stories
from ...errors import BadValue, FactsDisagree, NoCaseMade, NotCovered
from ...rules.decisions import Decision, FactNeeded
from ...rules.facts import Known
from ...rules.limits import plain_value
from ...rules.outcomes import NO_DAY, NOT_COVERED
from ...rules.values import Facts, Sort, Value, show_value
from .filling import fill, is_beside
from .int_sets import number_of
from .narration import narrate_journey, narrate_opening
from .problems import Domains, Problem
from .seeded_random import SeededRandom
from .solving import choose, problems_of
from .targets import Target, targets_with_words

MOST_TRIES = 120
"""How often a case is begun anew before its target counts as missed."""

_LATEST = 70
_LETTERS = 10


def generate_case(target: Target, seed: int, stories: Stories) -> PracticeCase:
    """Make the case of a target and a seed.

    Args:
        target: What it is about, one of ``targets_with_words(stories)``.
        seed: Any number; another one gives another case.
        stories: How cases of the playbook are told.

    Raises:
        NoCaseMade: The tables rule it out, or the stories do not reach it.
    """
    problems = problems_of(stories, target)
    rng = SeededRandom(f"{target.id}/{seed}")
    for _ in range(MOST_TRIES if problems else 0):
        problem = _random_problem(problems, rng)
        domains = choose(problem, target, rng)
        filled = fill(problem, domains, target, rng) if domains else None
        if domains is None or filled is None:
            continue
        case = _narrated(problem, domains, filled, target, rng)
        if case is not None:
            return replace(case, id=name_of(target, seed))
    raise NoCaseMade(aim=target.id, playbook=stories.playbook.id)


def generate_cases(
    stories: Stories, seed: int, *, count: int
) -> Iterator[PracticeCase]:
    """Make some cases of a playbook, about as many different things as there are."""
    for number in range(count):
        case = case_at(stories, seed, number)
        if case is None:
            return
        yield case


def case_at(stories: Stories, seed: int, number: int) -> PracticeCase | None:
    """Make one of an endless series of cases; ``None`` where the stories tell of none.

    Args:
        stories: How cases of the playbook are told.
        seed: Any number; another one gives another series.
        number: Its place in the series, counted from 0.
    """
    series = _series(stories, seed)
    round_number, place = series.place_of(number)
    # Where chance tells no case of a target, the next one takes its place.
    for target in series.since(place):
        try:
            return generate_case(target, seed + round_number, stories)
        except NoCaseMade:
            continue
    return None


@dataclass(slots=True)
class _Series:
    """Every target that a case can be about, in the order of a seed.

    Whether the tables rule a target out is found no sooner than somebody gets there: an
    agent waits for the next case, not for all of them.
    """

    stories: Stories
    rest: Iterator[Target]
    found: list[Target] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    """Held while the next target is looked for: two threads keep one order."""

    def place_of(self, number: int) -> tuple[int, int]:
        """In which round a number comes, and at which place."""
        if self._reaches(number):
            return 0, number
        return divmod(number, len(self.found)) if self.found else (0, 0)

    def since(self, place: int) -> Iterator[Target]:
        """The targets from a place on, once around."""
        at = place
        while self._reaches(at):
            yield self.found[at]
            at += 1
        yield from self.found[:place]

    def _reaches(self, place: int) -> bool:
        while len(self.found) <= place:
            with self.lock:
                target = next(self.rest, None)
                if target is None:
                    return len(self.found) > place
                if problems_of(self.stories, target):
                    self.found.append(target)
        return True


@lru_cache(maxsize=256)
def _series(stories: Stories, seed: int) -> _Series:
    targets = SeededRandom(f"{stories.playbook.id}/{seed}").shuffled(
        targets_with_words(stories)
    )
    return _Series(stories, iter(targets))


def case_data(case: PracticeCase) -> dict[str, object]:
    """Everything of a case as plain data."""
    facts = case.playbook.reference.facts
    return {
        "id": case.id,
        "playbook": case.playbook.id,
        "decisions": [table.name for table in case.tables()],
        "marketplace": case.marketplace.id,
        "on": case.on.isoformat(),
        "message": case.message,
        "facts": {
            facts[key].name: show_value(value, facts[key].kind)
            for key, value in sorted(case.facts.items())
        },
        "journey": [
            {"day": scan.day.isoformat(), "where": scan.where, "what": scan.what}
            for scan in case.journey
        ],
    }


def case_bytes(case: PracticeCase) -> bytes:
    """A case in its one canonical spelling: equal bytes are equal cases."""
    text = json.dumps(case_data(case), ensure_ascii=False, sort_keys=True)
    return text.encode("utf-8")


def name_of(target: Target, seed: int) -> str:
    """Name a case: always the same, and without a word of what it is about."""
    digest = sha256(f"{target.id}/{seed}".encode()).hexdigest()
    return f"{target.playbook}-{digest[:_LETTERS]}"


def _random_problem(problems: Sequence[Problem], rng: SeededRandom) -> Problem:
    """Draw a problem, most often one of the latest edition."""
    if rng.chance(_LATEST):
        latest = max(problem.until for problem in problems)
        problems = [each for each in problems if each.until == latest]
    return rng.choice(problems)


def _narrated(
    problem: Problem,
    domains: Domains,
    filled: tuple[Facts, date],
    target: Target,
    rng: SeededRandom,
) -> PracticeCase | None:
    """Tell a solved case, if the playbook decides it as the target wants."""
    facts, day = filled
    playbook = problem.stories.playbook
    named = problem.scene.decisions_at(problem.place.id)
    case = PracticeCase(
        id=target.playbook,
        playbook=playbook,
        decisions=named or tuple(table.name for table in playbook.tables),
        message="",
        marketplace=problem.place,
        on=day,
        facts=facts,
        journey=(),
        line=0,
        by_gates=not named,
    )
    known = case.known()
    try:
        results = tuple(case.try_tables(known))
        decisions = [each for each in results if isinstance(each, Decision)]
        if any(isinstance(each, FactNeeded) for each in results):
            return None
        if not _meets(target, decisions, known):
            return None
        if not _are_sayable(decisions, known, playbook):
            return None
        if not _can_be_in_time(decisions, day, playbook):
            return None
    except (BadValue, FactsDisagree, NotCovered):
        return None
    message = narrate_opening(problem, known, rng)
    journey = narrate_journey(problem, domains.words, known, rng)
    told = replace(case, message=message or "", journey=journey)
    could_be_real = not contradictions_of(
        told, problem.stories.case_vocabulary.constraints
    )
    return told if message is not None and could_be_real else None


def _meets(target: Target, decisions: Sequence[Decision], known: Known) -> bool:
    """Whether a case is what a target wants."""
    decision = next(
        (each for each in decisions if each.table.name == target.table), None
    )
    if decision is None:
        return False
    if (target.row in {row.number for row in decision.rows}) is (target.side == "out"):
        return False
    if target.number is not None:
        value = known.value(target.question)
        if value is None or number_of(value) != target.number:
            return False
    if target.beside:
        day = known.value(target.anchor)
        calendar = known.situation.calendar
        if not isinstance(day, date):
            return False
        return is_beside(day.toordinal(), calendar, target.beside)
    return True


def _named_by_slot(slot: str, known: Known) -> Value | None:
    """Find what a slot of a message stands for: a fact, or a limit."""
    if slot in known.vocabulary:
        return known.value(slot)
    if known.situation.limits.all_of(slot):
        return plain_value(known.situation.limit(slot).value)
    return None


def _can_be_in_time(
    decisions: Sequence[Decision], today: date, playbook: Playbook
) -> bool:
    """Whether no due day is over: nobody could decide such a case in time."""
    answers = playbook.reference.answers
    return not any(
        isinstance(value, date) and value < today and answers[key].is_due
        for decision in decisions
        for key, value in decision.answers.items()
        if key in answers
    )


def _are_sayable(
    decisions: Sequence[Decision], known: Known, playbook: Playbook
) -> bool:
    """Whether every answer can be told and every slot of the messages filled."""
    if any(each.missing for each in decisions):
        return False
    said = {key: value for each in decisions for key, value in each.answers.items()}
    for decision in decisions:
        for column in decision.table.answers:
            if column.kind.sort is not Sort.MESSAGE:
                continue
            for slot in slots_of(playbook, str(decision.answers[column.key])):
                value = decision.answers.get(slot, said.get(slot))
                if value is None:
                    value = _named_by_slot(slot, known)
                if value in {None, NOT_COVERED, NO_DAY}:
                    return False
    return True
