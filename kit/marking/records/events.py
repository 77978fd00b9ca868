"""Events: what can happen, one class for each thing that an agent or a supervisor does.

Each is checked in shape and size before it is kept. This module knows no files; where
events lie is said in ``store``, what they add up to in ``progress``.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_serializer,
    model_validator,
)

from ...catalogue import in_one_line, say
from ...errors import BadAnswers
from .answers import (
    MOST_CASES,
    MOST_QUESTIONS,
    AgentId,
    Id,
    MarkRecord,
    Name,
    Percent,
    StrictModel,
    Text,
    first_problem,
    is_device,
    refuse_large,
)

NOTHING_BEFORE = "0" * 64


def _read_moment(value: object) -> object:
    # In a strict model with a wrap validator pydantic takes no text for a datetime.
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(say("marking.shape.not-a-moment")) from None


def _utc(at: datetime) -> datetime:
    if at.utcoffset() != timedelta(0):
        raise ValueError(say("marking.shape.not-utc"))
    return at.astimezone(UTC)


def _written(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _on_every_system(path: str) -> str:
    """Refuse what Windows opens as a device, or under a name without its last dot."""
    for part in path.split("/"):
        if part.endswith(".") or is_device(part):
            raise ValueError(say("marking.shape.reserved-id"))
    return path


def _read_day(value: object) -> object:
    try:
        if isinstance(value, str) and len(value) == len("2024-02-29"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    if isinstance(value, date):
        return value
    raise ValueError(say("marking.shape.not-a-day"))


Moment = Annotated[
    datetime,
    BeforeValidator(_read_moment),
    AfterValidator(_utc),
    PlainSerializer(_written),
]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
ReportPath = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*$", max_length=300
    ),
    AfterValidator(_on_every_system),
]
CaseDay = Annotated[date, BeforeValidator(_read_day)]
CaseAnswers = Annotated[dict[Name, Text], Field(max_length=MOST_QUESTIONS)]


class EventBase(StrictModel):
    """What every event says."""

    version: Literal[1] = 1
    """The edition of this schema."""

    at: Moment
    """When it happened, by the clock of that machine. It may run backwards."""

    agent: AgentId
    """Who did it."""

    previous: Hash = NOTHING_BEFORE
    """The hash of the line before; filled in when the event is written."""

    playbook: Hash | None = None
    """The hash of the playbook's text that it was answered under, where it applies."""

    @model_validator(mode="wrap")
    @classmethod
    def _refused_in_a_sentence(
        cls, values: Any, handler: ModelWrapValidatorHandler[Self]
    ) -> Self:
        try:
            return handler(values)
        except ValidationError as error:
            problem = first_problem(error)
            raise BadAnswers(exercise=_work_of(values), problem=problem) from error


def _work_of(values: Any) -> str:
    fields = values if isinstance(values, dict) else {}
    found = fields.get("work") or fields.get("exercise")
    return in_one_line(found) if isinstance(found, str) else ""


class Started(EventBase):
    """A case was put on the desk."""

    event: Literal["started"] = "started"
    work: Name
    """The lesson or exercise."""
    case: Name


class Looked(EventBase):
    """A panel of the desk was opened."""

    event: Literal["looked"] = "looked"
    work: Name
    case: Name
    panel: Name


class Asked(EventBase):
    """The buyer was asked for a fact, and answered on a later day of the case."""

    event: Literal["asked"] = "asked"
    work: Name
    case: Name
    fact: Name
    day: CaseDay


class Waited(EventBase):
    """A day of a case went by."""

    event: Literal["waited"] = "waited"
    work: Name
    case: Name
    day: CaseDay
    """The day after it, at the marketplace."""


class Answered(EventBase):
    """A question was answered, or its answer taken back (``None``)."""

    event: Literal["answered"] = "answered"
    work: Name
    case: Name
    question: Name
    value: Text | None


class Decided(EventBase):
    """A case was decided in practice, and the agent was told how right it is."""

    event: Literal["decided"] = "decided"
    work: Name
    case: Name
    answers: CaseAnswers
    right: bool
    number: Annotated[int, Field(ge=0)] = 0
    """Which try at the case it was, counted from 1; only the first one was unaided.
    0 in records of earlier versions, which did not say so: they count as they did."""

    @model_serializer(mode="wrap")
    def _as_it_was_written(self, handler: SerializerFunctionWrapHandler) -> Any:
        """Say nothing of a number that an earlier version did not write."""
        said = handler(self)
        if not self.number:
            said.pop("number", None)
        return said


class Shown(EventBase):
    """The right answers of a case were shown before it was decided again."""

    event: Literal["shown"] = "shown"
    work: Name
    case: Name


class HandedIn(EventBase):
    """An attempt at an exercise was handed in."""

    event: Literal["handed-in"] = "handed-in"
    exercise: Id
    attempt: Id
    answers: Annotated[
        dict[Name, CaseAnswers],
        Field(max_length=MOST_CASES),
        AfterValidator(refuse_large),
    ]
    """The answer to each question of each case, where there is one."""


class Marked(EventBase, MarkRecord):
    """An attempt was marked."""

    event: Literal["marked"] = "marked"
    report: ReportPath
    """The page of the report, as a path inside the workspace, with ``/``."""
    criteria: Hash | None = None
    """The hash of all by which it was marked."""
    handed_in: Hash | None = None
    """The hash of the answers that it marks: another machine may have handed in others
    under the same name."""

    @property
    def mark(self) -> MarkRecord:
        """What the attempt is worth."""
        return MarkRecord(**{name: getattr(self, name) for name in _MARK_FIELDS})


class Began(EventBase):
    """An attempt at an exercise was begun."""

    event: Literal["began"] = "began"
    exercise: Id
    attempt: Id
    criteria: Hash
    """The hash of all by which it will be marked: page, cases, weights, rules."""


class Overridden(EventBase):
    """A supervisor has set a mark by hand; it outranks every automatic one."""

    event: Literal["overridden"] = "overridden"
    exercise: Id
    attempt: Id
    by: AgentId
    """The id of the supervisor."""
    percent: Percent
    passed: bool
    reason: Annotated[Text, Field(min_length=1)]


class SignedOff(EventBase):
    """A supervisor has signed off what an agent can do, by a passed attempt."""

    event: Literal["signed-off"] = "signed-off"
    exercise: Id
    attempt: Id
    by: AgentId
    """The id of the supervisor."""
    evidence: Hash
    """The hash of the lines that show it: answers, marks and what overrides them."""


_MARK_FIELDS = tuple(MarkRecord.model_fields)

OfCase = Started | Looked | Asked | Waited | Answered | Decided | Shown
"""What happens to one case on a desk."""

OfAttempt = Began | HandedIn | Marked | Overridden | SignedOff
"""What happens to one attempt at an exercise."""

Event = OfCase | OfAttempt

EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])
"""Reads an event of any sort, by its name."""


def hash_of_answers(answers: Mapping[str, Mapping[str, str]]) -> str:
    """Name the answers of an attempt by what they say."""
    plain = {case: dict(each) for case, each in answers.items()}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()
