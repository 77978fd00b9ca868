"""Add the journey of the parcel and the buyer's message to a solved case."""

from collections.abc import Mapping, Sequence
from datetime import date

from ...catalogue import say
from ...content.cases import Scan
from ...content.consistency import message_fits
from ...content.pages.messages_sent import SLOT
from ...content.reference.messages import ENGLISH, language_base
from ...content.stories.story_model import OpeningText
from ...rules.facts import Known
from ...rules.tables import bits_of, grid_of
from ...rules.values import Money, Value, key_of, show_value
from ..wording import money_words, spoken_day
from .problems import Problem
from .seeded_random import SeededRandom


def narrate_journey(
    problem: Problem, words: Mapping[str, int], known: Known, rng: SeededRandom
) -> tuple[Scan, ...]:
    """Tell what happened on the way, as far as it is known on the day of the case.

    Args:
        problem: Where the case plays.
        words: What each fact that is a word turned out to be, as bits.
        known: The case.
        rng: What chance decides.
    """
    scans = []
    for when, step in problem.steps:
        first, last = (known.value(key) for key in step.days)
        fits = all(words.get(key, 0) & some for key, some in when.items())
        if not fits or not isinstance(first, date) or not isinstance(last, date):
            continue
        day = _between(first, last, step.not_before, rng)
        where, what = rng.choice(step.where), rng.choice(step.what)
        if day is None or day > known.situation.today:
            continue
        texts = [_filled(each, known, ENGLISH, problem) for each in (where, what)]
        if None not in texts:
            scans.append(Scan(day, *map(str, texts)))
    return tuple(sorted(scans, key=lambda scan: scan.day))


def narrate_opening(problem: Problem, known: Known, rng: SeededRandom) -> str | None:
    """Tell what the buyer writes; ``None`` if no words of the scene fit.

    Raises:
        NotCovered: An opening asks about a limit that has no value here.
    """
    language = language_base(problem.place.language)
    constraints = problem.stories.case_vocabulary.constraints
    fitting = _fitting(problem, known)
    opening_texts: list[OpeningText] = []
    for opening in fitting:
        opening_texts += problem.scene.opening_texts.get((opening, language), ())
    for option in rng.shuffled(opening_texts):
        text = _filled_opening(option, known, problem)
        if text is not None and message_fits(text, known, constraints):
            return text
    return None


def _fitting(problem: Problem, known: Known) -> Sequence[str]:
    """Find the openings that fit a case."""
    grid = grid_of(problem.scene.openings, known.situation)
    rows = grid.all_rows
    for column, scale in zip(grid.table.inputs, grid.scales, strict=True):
        value = known.value(column.key)
        rows &= scale.unasked if value is None else scale.rows_at(value)
    return [grid.table.rows[place].number for place in bits_of(rows)]


def _filled_opening(opening: OpeningText, known: Known, problem: Problem) -> str | None:
    """Fill an opening; ``None`` if a slot of it is not known."""
    words = _filled(opening.words, known, problem.place.language, problem)
    if words is None or not opening.meaning:
        return words
    meaning = _filled(opening.meaning, known, ENGLISH, problem)
    if meaning is None:
        return None
    return f"{words}\n{say('practice.meaning', words=meaning)}"


def _between(
    first: date, last: date, not_before: int, rng: SeededRandom
) -> date | None:
    """Draw a day between two others; on the way, so neither of them if it can be."""
    if first == last:
        return first
    low, high = first.toordinal() + max(1, not_before), last.toordinal() - 1
    return date.fromordinal(rng.integer(low, high)) if low <= high else None


def _filled(text: str, known: Known, language: str, problem: Problem) -> str | None:
    if "{" not in text:
        return text
    found: dict[str, str] = {}
    for slot in SLOT.findall(text):
        value = known.value(key_of(slot))
        if value is None:
            return None
        found[slot] = _slot_text(slot, value, known, language, problem)
    return SLOT.sub(lambda match: found[match[1]], text)


def _slot_text(
    slot: str, value: Value, known: Known, language: str, problem: Problem
) -> str:
    """Say a fact as somebody writes it; a capital slot begins a sentence."""
    if isinstance(value, date):
        return spoken_day(value, language, problem.place.holidays)
    if isinstance(value, Money):
        return money_words(value, language)
    fact = known.vocabulary[key_of(slot)]
    text = show_value(value, fact.kind)
    return text[:1].upper() + text[1:] if slot[:1].isupper() else text
