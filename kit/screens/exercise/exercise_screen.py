"""An exercise from its first case to its mark, as its agent works on it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ...catalogue import language, say
from ...content.exercises import Exercise
from ...errors import BadRecord
from ...marking.desktops import Desktop
from ...marking.marks.marks import mark_attempt
from ...marking.records.events import HandedIn
from ...marking.records.progress import AttemptProgress
from ...practice.desk.session import Session
from ...practice.wording import day_words
from ..desk.desk_screen import Clock
from ..forms import hint, html, refusal, show, stack
from ..lab.welcome_page import SignIn
from ..markup import piece
from ..printed.report_table import mark_page
from .exam import Exam, handed_in, marked


class ExerciseWork:
    """An exercise as its agent works on it."""

    def __init__(self, exercise: Exercise, desktop: Desktop, *, clock: Clock) -> None:
        """Take up an exercise where its agent left it.

        Args:
            exercise: The exercise.
            desktop: Who works on it, and where records lie.
            clock: Tells the time of saving, in the zone of the person.
        """
        self._exercise, self._desktop, self._clock = exercise, desktop, clock
        self.screen = stack()

    def show(self) -> None:
        """Show it, or first ask who is learning."""
        if self._desktop.agent:
            self._refresh()
            show(self.screen)
            return
        show(SignIn(self._desktop.sign_in, self._after_sign_in).screen)

    def _after_sign_in(self) -> tuple[Any, ...]:
        self._refresh()
        return (self.screen,)

    def _refresh(self) -> None:
        """Show how far the exercise is, or why its records cannot be read."""
        try:
            self._show_state()
        except BadRecord as error:
            self.screen.children = (refusal(error),)

    def _show_state(self) -> None:
        attempts = self._attempts()
        last = attempts[-1] if attempts else None
        if last is None or self._is_begun(len(attempts) + 1):
            self._begin()
        elif last.percent is None:
            self.screen.children = (handed_in(self._exercise),)
        else:
            exercise = self._desktop.in_force(self._exercise, last.marked_by)
            found = mark_attempt(exercise, last.answers, attempt=last.attempt)
            page = marked(mark_page(found, last.override), self._begin)
            if last.override is None and found.record != last.mark:
                words = say("desk.exam.marked-before", percent=last.percent)
                page = stack(hint(words), page)
            self.screen.children = (*_signed(attempts), page)

    def _is_begun(self, number: int) -> bool:
        work = f"{self._exercise.id}/attempt-{number}"
        return bool(self._desktop.progress().cases_of(work))

    def _begin(self) -> None:
        number = len(self._attempts()) + 1
        attempt = f"attempt-{number}"
        exercise = self._desktop.begin(self._exercise, attempt)
        sessions = self._sessions(exercise, attempt, shared=True)

        def hand_in() -> None:
            self._hand_in(exercise, attempt)
            for each in sessions:
                each.close()
            self._refresh()

        exam = Exam(exercise, sessions, clock=self._clock, hand_in=hand_in)
        again = say("desk.exam.attempt", number=number)
        lead = [hint(again)] if number > 1 else []
        who = hint(say("desk.sign-in.hello", agent=self._desktop.agent))
        self.screen.children = (who, *lead, exam.screen)

    def _attempts(self) -> tuple[AttemptProgress, ...]:
        return self._desktop.progress().attempts_at(self._exercise.id)

    def _sessions(
        self, exercise: Exercise, attempt: str, *, shared: bool
    ) -> list[Session]:
        progress = self._desktop.progress()
        return [
            self._desktop.session(
                case,
                f"{exercise.id}/{attempt}",
                progress=progress,
                exercise=exercise,
                shared=shared,
            )
            for case in exercise.cases
        ]

    def _hand_in(self, exercise: Exercise, attempt: str) -> None:
        """Hand in what the records hold, whatever this page shows; never twice."""
        sessions = self._sessions(exercise, attempt, shared=False)
        self._desktop.hand_in(
            HandedIn(
                at=datetime.now(UTC),
                agent=self._desktop.agent,
                exercise=exercise.id,
                attempt=attempt,
                playbook=exercise.playbook.digest,
                answers={each.case.id: each.sheet.texts for each in sessions},
            )
        )


def _signed(attempts: Sequence[AttemptProgress]) -> list[Any]:
    """Say who has signed an attempt off, or that the sign-off has lapsed."""
    signed = [(e.signed_off, e.is_signed_off) for e in attempts if e.signed_off]
    standing = [each for each in signed if each[1]]
    told = []
    for event, stands in (standing or signed)[-1:]:
        name, look = ("signed", "right") if stands else ("lapsed", "wrong")
        day = day_words(event.at.date(), language())
        words = say(f"desk.exam.{name}", by=event.by, day=day)
        told.append(html(piece('<p class="kit-{}">{}</p>', look, words)))
    return told
