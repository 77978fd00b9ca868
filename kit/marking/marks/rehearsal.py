"""Rehearse every exercise: the best answers get full marks, the near miss its own.

This proves that the marking can tell right from nearly right, before anybody is
marked. What fails is a mistake of the exercise, with its file and what to do.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ...content.answer_sheets import (
    MODEL,
    NEAR_MISS,
    NearMiss,
    misshapen,
    read_model,
    read_near_miss,
)
from ...content.exercise_files import check_exercise, missing_files
from ...content.exercises import BRIEF, AnswerTexts, Exercise, read_exercise
from ...content.library import Library
from ...content.markdown.yaml_trees import line_in
from ...errors import ContentMistakes, KitError, Mistake
from ...practice.case.sheets import SheetTexts
from ...rules.values import nearest
from .marks import REPLY, Mark, asked_of, mark_attempt, sheets_of

FULL = 100
NOTHING = "–"


def rehearse(library: Library, folder: Path) -> list[Mistake]:
    """Find every mistake of the exercise in one folder."""
    return list(_mistakes_of(library, folder))


def _mistakes_of(library: Library, folder: Path) -> Iterator[Mistake]:
    lacking = list(missing_files(library, folder))
    yield from lacking
    names = {each.path.name for each in lacking}
    if BRIEF in names:
        yield from misshapen(library, folder)
        return
    try:
        exercise = read_exercise(library, folder.name)
    except ContentMistakes as error:
        yield from (each for each in error.mistakes if each.path.name not in names)
        yield from misshapen(library, folder)
        return
    found = list(check_exercise(library, exercise))
    try:
        sheets = read_model(library, exercise), read_near_miss(library, exercise)
    except ContentMistakes:
        yield from (*found, *misshapen(library, folder))
        return
    yield from found
    if exercise.cases and not found:
        yield from _rehearsal_mistakes(library, exercise, *sheets)


def _rehearsal_mistakes(
    library: Library, exercise: Exercise, model: AnswerTexts, near: NearMiss
) -> Iterator[Mistake]:
    """Rehearse an exercise; what cannot be marked at all is a mistake of it."""
    try:
        yield from _rehearsed(library, exercise, model, near)
    except (KitError, KeyError, ValueError) as error:
        path = library.shown(exercise.folder / BRIEF)
        yield Mistake("exercise-refused", path, 1, {"reason": error})


def _rehearsed(
    library: Library, exercise: Exercise, model: AnswerTexts, near: NearMiss
) -> Iterator[Mistake]:
    """Mark the best answers and the likeliest wrong ones.

    What rests on a mistake is not blamed for it: a sum is compared only if all that
    it is made of is right.
    """
    path = exercise.folder / MODEL
    found = list(_unasked(library, exercise, model, path))
    sheets = dict(_sheets(library, exercise, model, path, found))
    best = mark_attempt(exercise, sheets, attempt="model")
    found += _wrong(library, best, path)
    if not exercise.playbook.is_ready:
        yield from found
        values: dict[str, object] = {"playbook": exercise.playbook.id}
        brief = library.shown(exercise.folder / BRIEF)
        yield Mistake("exercise-draft", brief, 1, values, is_todo=True)
        return
    if not found:
        found += _short(library, exercise, best)
    found += _uncovered(library, exercise, best)
    never = list(_never(library, exercise))
    yield from (*found, *never)
    if not never:
        yield from _near(library, exercise, near)


def _short(library: Library, exercise: Exercise, best: Mark) -> Iterator[Mistake]:
    """Find out whether the best answers get less than all, or do not pass."""
    if best.percent != FULL or not best.passed:
        path = exercise.folder / BRIEF
        values: dict[str, object] = {
            "percent": best.percent,
            "pass_mark": exercise.pass_mark,
        }
        line = line_in(path, "pass_mark")
        yield Mistake("model-falls-short", library.shown(path), line, values)


def _wrong(library: Library, best: Mark, path: Path) -> Iterator[Mistake]:
    """Find the best answers that the playbook does not give."""
    for case in best.cases:
        for verdict in case.verdicts:
            if not verdict.is_right:
                values: dict[str, object] = {
                    "case": case.case.id,
                    "answer": verdict.question.key,
                    "right": verdict.right,
                    "row": verdict.row,
                }
                line = line_in(path, "answers", case.case.id, verdict.question.key)
                yield Mistake("model-wrong", library.shown(path), line, values)


def _near(library: Library, exercise: Exercise, near: NearMiss) -> Iterator[Mistake]:
    """Compare what the near miss states with what the marking gives."""
    path = exercise.folder / NEAR_MISS
    found = list(_unasked(library, exercise, near.answers, path))
    sheets = dict(_sheets(library, exercise, near.answers, path, found))
    if found:
        yield from found
        return
    mark = mark_attempt(exercise, sheets, attempt="near-miss")
    stated = _in_words(near, near.marks, near.feedback)
    given = _in_words(mark, mark.dimensions, feedback_of(mark))
    for name in dict.fromkeys((*stated, *given)):
        values: dict[str, object] = {
            "name": name,
            "stated": stated.get(name, NOTHING),
            "found": given.get(name, NOTHING),
        }
        if values["stated"] != values["found"]:
            line = line_in(path, "states", *name.split(": "))
            yield Mistake("near-miss-differs", library.shown(path), line, values)


def _sheets(
    library: Library,
    exercise: Exercise,
    answers: AnswerTexts,
    path: Path,
    found: list[Mistake],
) -> Iterator[tuple[str, SheetTexts]]:
    """Take the answers of a file as work of an agent.

    A reply that cannot be written out is left out, and put with what was found.
    """
    for case, given in answers.items():
        try:
            yield from sheets_of(exercise, {case: given}).items()
        except KitError as error:
            line = line_in(path, "answers", case, REPLY)
            values: dict[str, object] = {"reason": error}
            found.append(Mistake("exercise-refused", library.shown(path), line, values))
            yield case, {name: each for name, each in given.items() if name != REPLY}


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


def _unasked(
    library: Library, exercise: Exercise, answers: AnswerTexts, path: Path
) -> Iterator[Mistake]:
    """Find answers to cases, and to questions, that the exercise does not ask."""
    asked = asked_of(exercise)
    for case, given in answers.items():
        if case not in asked:
            line = line_in(path, "answers", case)
            values: dict[str, object] = {"case": case, "nearest": nearest(case, asked)}
            yield Mistake("case-unasked", library.shown(path), line, values)
            continue
        for name in given:
            if name not in asked[case]:
                values = {"case": case, "answer": name}
                line = line_in(path, "answers", case, name)
                yield Mistake("answer-unasked", library.shown(path), line, values)


def _never(library: Library, exercise: Exercise) -> Iterator[Mistake]:
    """Find the critical errors of an answer that no case asks: they fail nobody."""
    asked = {name for names in asked_of(exercise).values() for name in names}
    path = exercise.folder / BRIEF
    for error in exercise.critical:
        if error.answer not in asked:
            values: dict[str, object] = {
                "answer": error.answer,
                "nearest": nearest(error.answer, asked),
            }
            line = line_in(path, "critical", error.answer)
            yield Mistake("critical-never", library.shown(path), line, values)


def _uncovered(library: Library, exercise: Exercise, best: Mark) -> Iterator[Mistake]:
    """Compare the rows that the brief promises with those that its cases hit."""
    hit = {verdict.row for case in best.cases for verdict in case.verdicts}
    path = exercise.folder / BRIEF
    for row in exercise.covers:
        if row not in hit:
            line = line_in(path, "covers", row)
            yield Mistake("row-uncovered", library.shown(path), line, {"row": row})
