"""Rehearse every exercise: the best answers get full marks, the near miss its own.

This proves that the marking can tell right from nearly right, before anybody is
marked. What fails is a mistake of the exercise, with its file and what to do.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..content.answersheets import NearMiss, read_model, read_near_miss
from ..content.exercises import AnswerTexts, Exercise, exercise_ids, read_exercise
from ..content.library import Library
from ..errors import ContentMistakes, KitError, Mistake
from .marks import Mark, asked_of, mark_attempt, sheets_of

FULL = 100
NOTHING = "–"


def rehearse(library: Library) -> list[Mistake]:
    """Find every mistake of every exercise of a folder."""
    found: list[Mistake] = []
    for name in exercise_ids(library):
        path = library.shown(library.folder / "exercises" / name / "brief.md")
        try:
            exercise = read_exercise(library, name)
            found += _rehearsed(library, exercise)
        except ContentMistakes as error:
            found += error.mistakes
        except (KitError, KeyError, ValueError) as error:
            found.append(Mistake("exercise-refused", path, 1, {"reason": error}))
    return found


def _rehearsed(library: Library, exercise: Exercise) -> Iterator[Mistake]:
    model_path = library.shown(exercise.folder / "model.yaml")
    model = read_model(library, exercise)
    yield from _unasked(exercise, model, model_path)
    best = mark_attempt(exercise, sheets_of(exercise, model), attempt="model")
    for case in best.cases:
        for verdict in case.verdicts:
            if not verdict.is_right:
                values: dict[str, object] = {
                    "case": case.case.id,
                    "answer": verdict.question.key,
                    "right": verdict.right,
                    "row": verdict.row,
                }
                yield Mistake("model-wrong", model_path, 1, values)
    if best.percent != FULL or not best.passed:
        values = {"percent": best.percent, "pass_mark": exercise.pass_mark}
        yield Mistake("model-falls-short", model_path, 1, values)
    yield from _uncovered(library, exercise, best)
    yield from _never(library, exercise)
    near_path = library.shown(exercise.folder / "near-miss.yaml")
    near = read_near_miss(library, exercise)
    yield from _unasked(exercise, near.answers, near_path)
    sheets = sheets_of(exercise, near.answers)
    mark = mark_attempt(exercise, sheets, attempt="near-miss")
    stated = _in_words(near, near.marks, near.feedback)
    given = _in_words(mark, mark.dimensions, feedback_of(mark))
    for name in dict.fromkeys((*stated, *given)):
        values = {
            "name": name,
            "stated": stated.get(name, NOTHING),
            "found": given.get(name, NOTHING),
        }
        if values["stated"] != values["found"]:
            yield Mistake("near-miss-differs", near_path, 1, values)


def feedback_of(mark: Mark) -> dict[str, tuple[str, ...]]:
    """Say for each case with a wrong answer which rows would have been right."""
    rows = {
        case.case.id: tuple(
            dict.fromkeys(each.row for each in case.verdicts if not each.is_right)
        )
        for case in mark.cases
    }
    return {case: found for case, found in rows.items() if found}


def _in_words(
    whole: NearMiss | Mark,
    marks: Mapping[str, int],
    feedback: Mapping[str, Iterable[str]],
) -> dict[str, str]:
    """Say each value by itself, under the names under which a near miss states it."""
    return {
        "percent": str(whole.percent),
        "passed": str(whole.passed).lower(),
        **{f"marks: {name}": str(percent) for name, percent in marks.items()},
        "critical": ", ".join(sorted(whole.critical)) or NOTHING,
        **{
            f"feedback: {case}": ", ".join(sorted(rows))
            for case, rows in feedback.items()
        },
    }


def _unasked(exercise: Exercise, answers: AnswerTexts, path: Path) -> Iterator[Mistake]:
    asked = asked_of(exercise)
    for case, given in answers.items():
        for name in given:
            if name not in asked.get(case, ()):
                values: dict[str, object] = {"case": case, "answer": name}
                yield Mistake("answer-unasked", path, 1, values)


def _never(library: Library, exercise: Exercise) -> Iterator[Mistake]:
    """Find the critical errors of an answer that no case asks: they fail nobody."""
    asked = {name for names in asked_of(exercise).values() for name in names}
    path = library.shown(exercise.folder / "brief.md")
    for error in exercise.critical:
        if error.answer not in asked:
            yield Mistake("critical-never", path, 1, {"answer": error.answer})


def _uncovered(library: Library, exercise: Exercise, best: Mark) -> Iterator[Mistake]:
    """Compare the rows that the brief promises with those that its cases hit."""
    hit = {verdict.row for case in best.cases for verdict in case.verdicts}
    path = library.shown(exercise.folder / "brief.md")
    for row in exercise.covers:
        if row not in hit:
            yield Mistake("row-uncovered", path, 1, {"row": row})
