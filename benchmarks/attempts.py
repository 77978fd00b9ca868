"""Attempts at one exercise that vary: answers, panels and replies, drawn with a seed.

They are what ours is asked to mark, and from them come the notebooks of the peers.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from kit.content.answer_sheets import read_model, read_near_miss
from kit.content.cases import PracticeCase
from kit.content.exercises import Exercise, read_exercise
from kit.content.library import Library
from kit.content.markdown.documents import read_document
from kit.marking.marks.marks import sheets_of
from kit.practice.case.panels import panels_of
from kit.practice.case.questions import Question, questions_of

ROOT = Path(__file__).parents[1]
EXERCISE = "inr-request"
CONFIDENCES = ("sure", "fairly", "guessing")
FAR_DAYS = 3
NONE = "none"
"""The answer to a question for a day where no day is due."""

SYLLABLES = ("ba", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti")
"""Of them are the names below replies: more than twenty thousand."""

REPLIES = 200
"""How many texts there are to draw replies from."""

Drawn = dict[str, dict[str, str]]
"""For each case all that was done with it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The exercise, and all from which an attempt is drawn."""

    exercise: Exercise
    """The exercise."""

    model: Mapping[str, Mapping[str, str]]
    """For each case the best answers, the reply written out."""

    near_miss: Mapping[str, Mapping[str, str]]
    """For each case the likeliest wrong ones, the same way."""

    replies: tuple[str, ...]
    """Texts that are written to buyers, right and wrong, for any case."""


@cache
def subject() -> Subject:
    """Read the exercise with its two sheets, and the replies."""
    library = Library(ROOT)
    exercise = read_exercise(library, EXERCISE)
    near = read_near_miss(library, exercise).answers
    model, near_miss = (
        {
            case: {name: value for name, value in sheet.items() if value is not None}
            for case, sheet in sheets_of(exercise, texts).items()
        }
        for texts in (read_model(library, exercise), near)
    )
    written = [
        each["reply"] for sheets in (model, near_miss) for each in sheets.values()
    ]
    texts = tuple(dict.fromkeys((*written, *_marked_replies())))[:REPLIES]
    assert len(texts) == REPLIES
    return Subject(exercise, model, near_miss, texts)


def _marked_replies() -> Iterator[str]:
    for path in sorted((ROOT / "tests" / "replies").glob("*.md")):
        document, mistakes = read_document(path, path.relative_to(ROOT), front="none")
        assert document is not None, mistakes
        for section in document.sections:
            yield section.quotes[0].text


def drawn(count: int, seed: int, *, signed: bool = False) -> Iterator[Drawn]:
    """Draw attempts; the same seed gives the same attempts.

    Args:
        count: How many.
        seed: Of the numbers that are drawn.
        signed: Whether a name stands below each reply, so that hardly two are the same
            and none is remembered from another attempt.
    """
    dice = random.Random(seed)
    of = subject()
    asked = {case.id: (questions_of(case), _panels(case)) for case in of.exercise.cases}
    for _ in range(count):
        sheets = {case: _sheet(dice, of, case, *each) for case, each in asked.items()}
        for sheet in sheets.values() if signed else ():
            sheet["reply"] += f"\n{_name(dice)}"
        yield sheets


def with_reply(number: int) -> Drawn:
    """Give the best answers with one and the same reply in all cases."""
    of = subject()
    return {
        case: {**sheet, "reply": of.replies[number]} for case, sheet in of.model.items()
    }


def _panels(case: PracticeCase) -> tuple[str, ...]:
    return tuple(panel.name for panel in panels_of(case))


def _name(dice: random.Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=4)).capitalize()


def _sheet(
    dice: random.Random,
    of: Subject,
    case: str,
    questions: Sequence[Question],
    panels: Sequence[str],
) -> dict[str, str]:
    """Three answers of five are right, one is the likely slip, one is any other."""
    sheet = {
        each.key: _pick(
            dice,
            of.model[case][each.key],
            of.near_miss[case][each.key],
            _anything(dice, each, of.model[case][each.key]),
        )
        for each in questions
    }
    some = dice.sample(panels, dice.randint(1, len(panels)))
    sheet["looked"] = _pick(
        dice, of.model[case]["looked"], of.near_miss[case]["looked"], ", ".join(some)
    )
    return sheet | {"sure": dice.choice(CONFIDENCES), "reply": dice.choice(of.replies)}


def _pick(dice: random.Random, right: str, slip: str, other: str) -> str:
    return dice.choice((right, right, right, slip, other))


def _anything(dice: random.Random, question: Question, right: str) -> str:
    if not question.is_day:
        return dice.choice(question.choices).value
    if right == NONE:
        return right
    away = timedelta(days=dice.randint(-FAR_DAYS, FAR_DAYS))
    return (date.fromisoformat(right) + away).isoformat()
