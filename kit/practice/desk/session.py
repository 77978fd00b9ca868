"""The state of one agent working on one case, without any user interface.

A session holds how far its case is. It sends every event to ``keep``, which stores it,
and notifies its subscribers, which render it. What an event changes is told by
``casework`` alone, here as in records, so a desk is restored as it was left.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from ...content.cases import PracticeCase
from ...content.letters.reply_rules import ReplyRules
from ...rules.values import Value
from ..case.casework import CaseProgress, after
from ..case.deeds import (
    Answer,
    Ask,
    Decide,
    Deed,
    DeedSink,
    Look,
    Restart,
    ShowAnswers,
    Wait,
)
from ..case.evidence import seen_facts
from ..case.panels import Panel, panels_of
from ..case.questions import Question, can_answer, questions_of
from ..case.review import Review, asks_reply, review_of
from ..case.sheets import REPLY, SURE, WRITTEN, Sheet
from .buyer_talk import Move, TalkProgress
from .rounds import CaseHistory, case_history

MOST_SUBSCRIBERS = 4
"""How many subscribers a session has at most; closed tabs do not unsubscribe."""

_TOMORROW = timedelta(days=1)


@dataclass
class Session:
    """One agent at one case."""

    case: PracticeCase
    """The case, as it arrived."""

    keep: DeedSink
    """Stores events; called before the state changes."""

    rules: ReplyRules | None = None
    """How replies are checked; ``None`` where the folder has no such rules."""

    progress: CaseProgress = field(default_factory=CaseProgress)
    """How far the case is."""

    is_exam: bool = False
    """Whether nothing may be told that is a question."""

    is_closed: bool = False
    """Whether it was handed in, so that nothing can be done any more."""

    subscribers: list[Callable[[], None]] = field(default_factory=list, compare=False)
    """Called after every change, such as by the desks in two tabs."""

    _history: CaseHistory | None = field(default=None, compare=False, repr=False)

    @property
    def answers(self) -> Mapping[str, str]:
        """The answers so far, by the key of their question; ``sure`` and ``reply``."""
        return self.progress.answers

    @property
    def looked(self) -> tuple[str, ...]:
        """The panels that are open, in the order of opening."""
        return self.progress.looked

    @property
    def asked(self) -> tuple[str, ...]:
        """Keys of the facts for which the buyer was asked."""
        return self.progress.asked

    @property
    def decided(self) -> tuple[Sheet, ...]:
        """The sheet of every decision since the case was laid on the desk."""
        return self.progress.decided

    @property
    def is_decided(self) -> bool:
        """Whether the answers were checked as they stand; a new one takes it back."""
        return self.progress.is_decided and not self.progress.is_changed

    @property
    def today(self) -> PracticeCase:
        """The case on the day that it is by now."""
        day = self.progress.day
        return (day and self.case.on_day(day)) or self.case

    @property
    def judged(self) -> PracticeCase:
        """The case on the day by which it is judged.

        That is today until it is decided. From then on it is the day of the decision:
        what was right stays right, also when the buyer answers on a later day.
        """
        reviews = self.history.reviews
        return reviews[-1].case if reviews else self.today

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the case asks on the day by which it is judged."""
        return questions_of(self.judged)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The keys of all that has to be answered before the case can be decided."""
        asked = tuple(each.key for each in self.questions)
        reply = (REPLY,) if self.asks_reply else ()
        return (*asked, *reply, *(() if self.is_exam else (SURE,)))

    @property
    def asks_reply(self) -> bool:
        """Whether a reply is written, and can be checked."""
        return self.rules is not None and asks_reply(self.case)

    @property
    def history(self) -> CaseHistory:
        """The reviews of all decisions and the talk with the buyer; cached."""
        if self._history is None or self._history.sheets != self.decided:
            self._history = case_history(self.case, self.decided, self.rules)
        return self._history

    @property
    def gives_hints(self) -> bool:
        """Whether feedback is still a hint: after the first check, if it is not right.

        The second check gives the answers, and so does asking for them.
        """
        if self.progress.is_shown or len(self.decided) != 1:
            return False
        review = self.reviews()[-1]
        return not (review.all_right and review.reply_is_right)

    @property
    def talk_progress(self) -> TalkProgress | None:
        """The talk with the buyer so far; ``None`` where the page has none."""
        return self.history.talk_progress

    @property
    def is_over(self) -> bool:
        """Whether the matter has ended and the buyer answers no more."""
        talk_progress = self.talk_progress
        return talk_progress is not None and talk_progress.end is not None

    @property
    def still_open(self) -> tuple[str, ...]:
        """The keys of what has no answer yet."""
        return tuple(key for key in self.wanted if key not in self.answers)

    @property
    def panels(self) -> tuple[Panel, ...]:
        """Every panel, with what the buyer has told so far."""
        return panels_of(self.case, asked=self.asked)

    @property
    def seen(self) -> dict[str, Value | None]:
        """The facts that were looked at, by their key."""
        return seen_facts(self.case, looked=self.looked, asked=self.asked)

    @property
    def sheet(self) -> Sheet:
        """All that was done with the case, and the day by which it is judged."""
        day, today = self.judged.on, self.today.on
        sent = today if today != day else None
        return Sheet(self.answers, self.looked, self.asked, day, sent)

    def subscribe(self, tell: Callable[[], None]) -> None:
        """Subscribe to changes; only the newest ``MOST_SUBSCRIBERS`` are kept."""
        self.subscribers[:] = [*self.subscribers, tell][-MOST_SUBSCRIBERS:]

    def unsubscribe(self, tell: Callable[[], None]) -> None:
        """Remove a subscriber, if it is one."""
        if tell in self.subscribers:
            self.subscribers.remove(tell)

    def close(self) -> None:
        """Close the session for changes, and notify the subscribers."""
        self.is_closed = True
        self._notify()

    def look(self, panel: str) -> None:
        """Open a panel; opening it again changes nothing."""
        if panel not in self.looked:
            self._add(Look(panel))
            self._notify()

    def ask(self, fact: str) -> bool:
        """Ask the buyer for a fact; the answer takes a day.

        Returns:
            Whether only the buyer can tell it. Of all others nothing is kept.
        """
        if fact in self.case.asked and fact not in self.asked:
            self._add(Ask(fact, self._next_day() or self.today.on))
            self._notify()
        return fact in self.case.asked

    def wait(self) -> bool:
        """Advance by one day, if the page can still decide the case then.

        Returns:
            Whether the day has changed.
        """
        day = self._next_day()
        if day is None:
            return False
        self._add(Wait(day))
        self._notify()
        return True

    def answer(self, question: str, value: str | None) -> None:
        """Answer a question, or take an answer back."""
        if self.answers.get(question) == value:
            return
        self._add(Answer(question, value))
        self._notify()

    def decide(self) -> Review:
        """Check the whole decision, and let the buyer answer.

        What was checked already is not checked twice: a double click is one decision.
        Only what came too late can stand as it is when the buyer has written again.
        """
        if self.is_decided and self.reviews()[-1].move is not Move.LATE:
            return self.reviews()[-1]
        review = self.review()
        self._add(Decide(self.sheet, review.is_right, self.progress.tries + 1))
        self.advance_to_reply()
        self._notify()
        return review

    def show_answers(self) -> None:
        """Show the right answers instead of hints, before the case is decided again."""
        if self.gives_hints:
            self._add(ShowAnswers())
            self._notify()

    def advance_to_reply(self) -> None:
        """Advance to the day on which the buyer replies to the last decision."""
        day = self.history.answered_on
        if day is None or self.is_over or day <= self.today.on:
            return
        if self.case.on_day(day) is not None:
            self.progress = replace(self.progress, day=day)

    def review(self) -> Review:
        """Review the work so far against the playbook; nothing is stored."""
        since = self.history.answered_on
        return review_of(self.case, self.sheet, self.rules, since=since)

    def reviews(self) -> tuple[Review, ...]:
        """Return the review of every decision so far."""
        return self.history.reviews

    def _next_day(self) -> date | None:
        """Return the next day; ``None`` if the page cannot decide the case then."""
        day = self.today.on + _TOMORROW
        return day if self.case.on_day(day) is not None else None

    def _add(self, deed: Deed) -> None:
        """Keep a deed, and only then let it count."""
        self.keep(deed)
        self.progress = after(deed, self.progress)

    def _notify(self) -> None:
        for subscriber in self.subscribers:
            subscriber()

    def restart(self) -> None:
        """Start the case again, with nothing opened or answered."""
        self._add(Restart())
        self._notify()


def fitting(case: PracticeCase, progress: CaseProgress) -> CaseProgress:
    """Leave out of a progress what the page of its case does not have any more.

    Panels, facts and answers that nobody can see would count as done.
    """
    panels = {panel.name for panel in panels_of(case)}
    facts = case.playbook.reference.facts
    asked = {question.key: question for question in questions_of(case)}
    return replace(
        progress,
        looked=tuple(each for each in progress.looked if each in panels),
        asked=tuple(each for each in progress.asked if each in facts),
        answers={
            key: text
            for key, text in progress.answers.items()
            if key in WRITTEN or (key in asked and can_answer(asked[key], text))
        },
        decided=tuple(each for each in progress.decided if each.day is not None),
    )
