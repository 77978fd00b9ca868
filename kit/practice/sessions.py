"""A session: one agent at one case, as a plain object without a screen.

It holds what was opened and answered, and tells every deed to whoever keeps them. A
screen renders it; after a restart it is made again from the deeds that were kept.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..content.cases import PracticeCase, Scan
from ..rules.facts import Fact
from ..rules.values import show_value
from .questions import Question, Verdict, judge, questions_of

PANEL_ORDER = (
    "order",
    "tracking",
    "request",
    "messages",
    "photos",
    "listing",
    "stock",
    "account",
)
JOURNEY_PANEL = "tracking"


@dataclass(frozen=True, slots=True)
class Looked:
    """A panel was opened."""

    panel: str
    """Its name."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question was answered, or an answer taken back."""

    question: str
    """Key of the question."""

    value: str | None
    """The answer as an author writes it; ``None`` if it was taken back."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The case was decided in practice."""

    answers: Mapping[str, str]
    """Every answer by the key of its question."""

    right: bool
    """Whether all of it is what the playbook says."""


@dataclass(frozen=True, slots=True)
class Restarted:
    """The case was laid on the desk again, with nothing answered."""


Deed = Looked | Answered | Decided | Restarted
"""What an agent does at a desk."""

Keeper = Callable[[Deed], None]
"""Whoever keeps deeds; it returns when the deed is safe."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One place to look at, such as the order, the tracking page or the request."""

    name: str
    """Its name, as facts name their place."""

    lines: tuple[tuple[Fact, str], ...]
    """Each fact that stands there, with its value as an author writes it."""

    journey: tuple[Scan, ...] = ()
    """The parcel's journey, on the panel of the tracking."""


@dataclass
class Session:
    """One agent at one case."""

    case: PracticeCase
    """The case."""

    keep: Keeper
    """Where deeds go."""

    looked: list[str] = field(default_factory=list)
    """The panels that are open, in the order of opening."""

    answers: dict[str, str] = field(default_factory=dict)
    """The answers so far, by the key of their question."""

    is_decided: bool = False
    """Whether the answers were checked as they stand; a new answer takes it back."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the case asks."""
        return questions_of(self.case)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What has no answer yet."""
        return tuple(each for each in self.questions if each.key not in self.answers)

    def look(self, panel: str) -> None:
        """Open a panel; opening it again changes nothing."""
        if panel not in self.looked:
            self.keep(Looked(panel))
            self.looked.append(panel)

    def answer(self, question: str, value: str | None) -> None:
        """Answer a question, or take an answer back."""
        if self.answers.get(question) == value:
            return
        self.keep(Answered(question, value))
        self.is_decided = False
        if value is None:
            self.answers.pop(question, None)
        else:
            self.answers[question] = value

    def decide(self) -> tuple[Verdict, ...]:
        """Check the whole decision; a wrong one can be taken up again."""
        verdicts = self.verdicts()
        right = all(each.is_right for each in verdicts)
        self.keep(Decided(dict(self.answers), right))
        self.is_decided = True
        return verdicts

    def verdicts(self) -> tuple[Verdict, ...]:
        """Compare the answers so far with the playbook, and keep nothing."""
        return judge(self.case, self.answers)

    def restart(self) -> None:
        """Lay the case on the desk again."""
        self.keep(Restarted())
        self.looked.clear()
        self.answers.clear()
        self.is_decided = False


def panels_of(case: PracticeCase) -> tuple[Panel, ...]:
    """Every panel on which the case has something to see."""
    facts = case.playbook.reference.facts
    by_place: dict[str, list[tuple[Fact, str]]] = {}
    for key, value in case.facts.items():
        fact = facts[key]
        by_place.setdefault(fact.place, []).append((fact, show_value(value, fact.kind)))
    return tuple(
        Panel(
            name,
            tuple(by_place[name]),
            case.journey if name == JOURNEY_PANEL else (),
        )
        for name in _ordered(by_place)
    )


def _ordered(places: Iterable[str]) -> list[str]:
    ranks = {name: rank for rank, name in enumerate(PANEL_ORDER)}
    return sorted(places, key=lambda name: (ranks.get(name, len(ranks)), name))
