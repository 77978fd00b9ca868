"""Read the best answers and the likeliest wrong answers of an exercise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import ContentMistakes, Mistake
from ..rules.values import key_of
from .exercises import AnswerTexts, Exercise, answer_text
from .library import Library
from .markdown.files import Notes
from .markdown.yaml_trees import Tree, read_tree

MODEL = "model.yaml"
NEAR_MISS = "near-miss.yaml"


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The likeliest wrong answers, with the exact mark that they must get."""

    answers: AnswerTexts
    """The answers."""

    marks: Mapping[str, int]
    """The percentage of each dimension."""

    percent: int
    """The percentage of the whole exercise."""

    passed: bool
    """Whether the attempt passes."""

    critical: tuple[str, ...]
    """Ids of the cases with a critical error."""

    feedback: Mapping[str, tuple[str, ...]]
    """For each case the rows that the report must name."""


def read_model(library: Library, exercise: Exercise) -> AnswerTexts:
    """Read the best answers of an exercise.

    Raises:
        ContentMistakes: The file has mistakes.
    """
    tree, notes = _read(library, exercise.folder / MODEL)
    answers = _answers(tree)
    if notes.mistakes:
        raise ContentMistakes(notes.mistakes)
    return answers


def read_near_miss(library: Library, exercise: Exercise) -> NearMiss:
    """Read the likeliest wrong answers of an exercise and what they are worth.

    Raises:
        ContentMistakes: The file has mistakes.
    """
    tree, notes = _read(library, exercise.folder / NEAR_MISS)
    near = _near_miss(tree)
    if notes.mistakes:
        raise ContentMistakes(notes.mistakes)
    return near


def misshapen(library: Library, folder: Path) -> Iterator[Mistake]:
    """Find the mistakes in both answer files of a folder, whatever its brief says."""
    for name, read in ((MODEL, _answers), (NEAR_MISS, _near_miss)):
        path = folder / name
        notes = Notes(library.shown(path))
        tree = read_tree(path, notes) if path.is_file() else None
        if tree is not None:
            read(tree)
        yield from notes.mistakes


def _near_miss(tree: Tree) -> NearMiss:
    states = tree.part("states")
    marks, feedback = states.part("marks"), states.may_have("feedback")
    critical = states.may_have("critical")
    return NearMiss(
        answers=_answers(tree),
        marks={name: each.whole() for name, each in marks.parts().items()},
        percent=states.part("percent").whole(),
        passed=states.part("passed").flag(),
        critical=tuple(each.text() for each in critical.items()) if critical else (),
        feedback={
            case: tuple(row.text() for row in rows.items())
            for case, rows in (feedback.parts().items() if feedback else ())
        },
    )


def _answers(tree: Tree) -> dict[str, dict[str, str]]:
    return {
        case: {key_of(name): answer_text(each) for name, each in given.parts().items()}
        for case, given in tree.part("answers").parts().items()
    }


def _read(library: Library, path: Path) -> tuple[Tree, Notes]:
    """Read one of the two files.

    Raises:
        ContentMistakes: It is no YAML, or not there.
    """
    notes = Notes(library.shown(path))
    tree = read_tree(path, notes)
    if tree is None:
        raise ContentMistakes(notes.mistakes)
    return tree, notes
