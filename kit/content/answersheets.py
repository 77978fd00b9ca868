"""Best answers and likeliest wrong answers of an exercise, as an author writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import ContentMistakes
from ..rules.values import key_of
from .documents import Yaml, read_yaml
from .exercises import AnswerTexts, Exercise, answer_text
from .library import Library
from .yamltrees import listing, mapping, shaped, whole


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The likeliest wrong answers, and exactly what they are worth."""

    answers: AnswerTexts
    """What was answered."""

    marks: Mapping[str, int]
    """Percent of each dimension."""

    percent: int
    """Percent of the whole."""

    passed: bool
    """Whether it passes."""

    critical: tuple[str, ...]
    """Ids of the cases with a critical error."""

    feedback: Mapping[str, tuple[str, ...]]
    """For each case the rows that the report must name."""


def read_model(library: Library, exercise: Exercise) -> AnswerTexts:
    """Read the best answers of an exercise.

    Raises:
        ContentMistakes: The file has mistakes.
    """
    path = exercise.folder / "model.yaml"
    with shaped(library.shown(path)):
        return _answers(_yaml(library, path).get("answers"))


def read_near_miss(library: Library, exercise: Exercise) -> NearMiss:
    """Read the likeliest wrong answers of an exercise and what they are worth.

    Raises:
        ContentMistakes: The file has mistakes.
    """
    path = exercise.folder / "near-miss.yaml"
    with shaped(library.shown(path)):
        return _near_miss(_yaml(library, path))


def _near_miss(tree: Mapping[str, Yaml]) -> NearMiss:
    states = mapping(tree.get("states"))
    marks = {name: whole(each) for name, each in mapping(states["marks"]).items()}
    feedback = {
        case: tuple(map(str, listing(rows)))
        for case, rows in mapping(states.get("feedback")).items()
    }
    return NearMiss(
        answers=_answers(tree.get("answers")),
        marks=marks,
        percent=whole(states["percent"]),
        passed=states["passed"] is True,
        critical=tuple(map(str, listing(states.get("critical")))),
        feedback=feedback,
    )


def _answers(value: Yaml) -> dict[str, dict[str, str]]:
    return {
        case: {
            key_of(name): answer_text(answer) for name, answer in mapping(each).items()
        }
        for case, each in mapping(value).items()
    }


def _yaml(library: Library, path: Path) -> dict[str, Yaml]:
    tree, mistakes = read_yaml(path, library.shown(path))
    if mistakes:
        raise ContentMistakes(mistakes)
    return mapping(tree)
