"""The shape of what comes in from outside: ids, names, texts, answers and marks.

Everything is limited in size and refused with a sentence. This module says only
whether answers have the agreed shape; what they are worth is said in ``marks``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from ...catalogue import in_one_line, keys, say
from ...errors import BadAnswers

LONGEST_AGENT_ID = 40
LONGEST_ID = 80
LONGEST_NAME = 120
LONGEST_TEXT = 4000
MOST_CASES = 200
MOST_QUESTIONS = 50
LARGEST_KILOBYTES = 64

# Windows opens a device, not a file, under these names, whatever their ending.
_DEVICES = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")

# All of Unicode's control characters but newline and tab, as one search: to ask for
# each character took 8 of 10 parts of the time of reading records.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_ANSWERS: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


def _short_id(text: str, longest: int) -> str:
    if len(text) > longest or not _ID.fullmatch(text):
        raise ValueError(say("marking.shape.bad-id", most=longest))
    if is_device(text):
        raise ValueError(say("marking.shape.reserved-id"))
    return text


def is_device(name: str) -> bool:
    """Whether Windows would open a device instead of a file of this name."""
    return _DEVICES.fullmatch(name.partition(".")[0]) is not None


def _agent_id(text: str) -> str:
    return _short_id(text, LONGEST_AGENT_ID)


def _id(text: str) -> str:
    return _short_id(text, LONGEST_ID)


def _name(text: str) -> str:
    fits = 0 < len(text) <= LONGEST_NAME and text == text.strip()
    if not fits or not text.isprintable():
        raise ValueError(say("marking.shape.bad-name", most=LONGEST_NAME))
    return text


def _text(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError(say("marking.shape.control"))
    return text


def refuse_large(answers: dict[str, Any]) -> dict[str, Any]:
    """Refuse more than papermill can carry in a parameter, counted as compact JSON.

    Raises:
        ValueError: They are larger than 64 kB, with the sentence to show.
    """
    # Measured 2026-11: a parameter of 1 MB costs 2.6 s, one of 10 MB costs 34 s.
    if len(_ANSWERS.dump_json(answers)) > LARGEST_KILOBYTES * 1024:
        raise ValueError(say("marking.shape.too-many-bytes", most=LARGEST_KILOBYTES))
    return answers


AgentId = Annotated[str, AfterValidator(_agent_id)]
"""The id of an agent, which is also the name of a file."""

Id = Annotated[str, AfterValidator(_id)]
"""The id of an exercise or an attempt, which is also part of a path."""

Name = Annotated[str, AfterValidator(_name)]
"""The name of a case, a question, a panel or a dimension; never part of a path."""

Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_text)]
"""What an agent chose or wrote: any script, several lines, no control characters."""

Percent = Annotated[int, Field(ge=0, le=100)]


def is_agent(text: str) -> bool:
    """Whether a text can be the id of an agent."""
    try:
        _agent_id(text)
    except ValueError:
        return False
    return True


class StrictModel(BaseModel):
    """Data from outside: nothing converted, nothing added, nothing changed later."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class MarkRecord(StrictModel):
    """What an attempt is worth, as it travels from a notebook to the records."""

    exercise: Id
    """The exercise."""

    attempt: Id
    """The attempt at it."""

    percent: Percent
    """The whole mark."""

    passed: bool
    """Whether that is enough, critical errors considered."""

    dimensions: dict[Name, Percent] = Field(max_length=MOST_QUESTIONS)
    """The mark of each dimension (policy, deadline, …), in percent of its own."""

    critical: list[Text] = Field(max_length=MOST_CASES)
    """The critical errors, a sentence each."""


class HandedInAnswers(StrictModel):
    """The answers of one attempt, as they travel to the notebook that marks them."""

    exercise: Id
    """The exercise."""

    attempt: Id
    """The attempt at it."""

    answers: Annotated[
        dict[
            Name, Annotated[dict[Name, Text | None], Field(max_length=MOST_QUESTIONS)]
        ],
        Field(max_length=MOST_CASES),
        AfterValidator(refuse_large),
    ]
    """The answer to each question of each case; ``None`` is not answered."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one attempt: every question of every case, in the asked order."""

    exercise: str
    """The exercise."""

    attempt: str
    """The attempt at it."""

    by_case: Mapping[str, Mapping[str, str | None]]
    """For each case and question the answer; ``None`` where nothing was answered."""


def validate_answers(
    exercise: str, asked: Mapping[str, Sequence[str]], raw: object
) -> Answers:
    """Hold what was handed in against what the exercise asks.

    Args:
        exercise: The exercise that is marked.
        asked: The questions of each case.
        raw: ``{"exercise": …, "attempt": …, "answers": {case: {question: text}}}``.

    Raises:
        BadAnswers: They have another shape, belong to another exercise, or answer
            what was not asked. A missing answer is no error.
    """
    try:
        handed_in = HandedInAnswers.model_validate(raw)
    except ValidationError as error:
        raise BadAnswers(exercise=exercise, problem=first_problem(error)) from error

    problem = _unasked(exercise, asked, handed_in)
    if problem:
        raise BadAnswers(exercise=exercise, problem=problem)

    return Answers(
        exercise,
        handed_in.attempt,
        {
            case: {
                question: _answer(handed_in.answers.get(case, {}).get(question))
                for question in questions
            }
            for case, questions in asked.items()
        },
    )


def _answer(text: str | None) -> str | None:
    return text if text and text.strip() else None


def _unasked(
    exercise: str, asked: Mapping[str, Sequence[str]], handed_in: HandedInAnswers
) -> str:
    if handed_in.exercise != exercise:
        return say("marking.answers.other-exercise", other=handed_in.exercise)
    for case, answers in handed_in.answers.items():
        if case not in asked:
            return say("marking.answers.unknown-case", case=case)
        for question in answers:
            if question not in asked[case]:
                return say(
                    "marking.answers.unknown-question", case=case, question=question
                )
    return ""


def clean_text(typed: str) -> str:
    """Make what a person typed or pasted fit to be kept, and lose no word of it.

    Line ends become newlines, control characters spaces, half an emoji U+FFFD.
    """
    whole = typed.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = whole.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(" ", lines)


def first_problem(error: ValidationError) -> str:
    """Say the first thing that is wrong, and where, as a sentence for a person."""
    first = error.errors(include_url=False, include_input=False)[0]
    steps = [str(step) for step in first["loc"] if step != "[key]"]
    place = " › ".join(in_one_line(step, longest=LONGEST_ID) for step in steps)
    values = first.get("ctx", {})
    key = f"marking.shape.{first['type'].replace('_', '-')}"
    if "error" in values:
        problem = str(values["error"])
    elif key in keys("marking"):
        problem = say(key, **values)
    else:
        problem = say("marking.shape.other", detail=first["msg"])
    if not place:
        return say("marking.shape.whole", problem=problem)
    return say("marking.shape.at", place=place, problem=problem)
