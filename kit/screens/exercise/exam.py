"""An exercise on the screen: its cases one after the other, then handing in."""

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from ...catalogue import say
from ...content.exercises import Exercise
from ...errors import KitError
from ...practice.case.drafts import open_slots
from ...practice.case.sheets import REPLY
from ...practice.desk.session import Session
from ...practice.wording import weight_words
from ..desk.desk_screen import Clock, Desk
from ..forms import button, hint, html, refusal, row, stack
from ..markup import piece


class _ExamDesk(Desk):
    """A desk that tells nothing back, but how many questions are answered."""

    def __init__(
        self, session: Session, *, place: str, clock: Clock, counted: Callable[[], None]
    ) -> None:
        super().__init__(session, place=place, clock=clock)
        self._counted = counted
        self.screen = stack(*self.parts, self.status, classes="kit-desk")

    def answered(self) -> None:
        self._counted()

    def show_again(self) -> None:
        super().show_again()
        self._counted()


class Exam:
    """One attempt at an exercise."""

    def __init__(
        self,
        exercise: Exercise,
        sessions: Sequence[Session],
        *,
        clock: Clock,
        hand_in: Callable[[], None],
    ) -> None:
        """Render the sessions of an attempt.

        Args:
            exercise: The exercise.
            sessions: One for each of its cases, in their order.
            clock: Tells the time of saving.
            hand_in: Takes the whole attempt; called once.
        """
        self._exercise, self._sessions = exercise, sessions
        self._clock, self._hand_in = clock, hand_in
        self._at = next((n for n, each in enumerate(sessions) if each.still_open), 0)
        self._desk: _ExamDesk | None = None
        self._status = html(classes="kit-status")
        self._progress = html(classes="kit-progress")
        self._place = stack()
        self._asked = stack()
        self._back = button(say("desk.exam.back"), self._step(-1), status=self._status)
        self._forward = button(
            say("desk.exam.forward"), self._step(1), status=self._status, main=True
        )
        self._done = button(say("desk.exam.hand-in"), self._ask, status=self._status)
        self.screen = stack(
            html(_intro(exercise, len(sessions))),
            self._place,
            row(
                self._back,
                self._forward,
                self._done,
                self._progress,
                classes="kit-actions",
            ),
            self._asked,
            self._status,
            classes="kit-exam",
        )
        self._show()

    def _show(self) -> None:
        count = len(self._sessions)
        place = say("desk.case-of", number=self._at + 1, count=count)
        if self._desk is not None:
            self._desk.dismiss()
        desk = _ExamDesk(
            self._sessions[self._at],
            place=place,
            clock=self._clock,
            counted=self._count,
        )
        self._place.children = (desk.screen,)
        self._desk = desk
        self._back.disabled = self._at == 0
        self._forward.disabled = self._at == count - 1
        self._asked.children = ()
        self._count()

    def _count(self) -> None:
        asked = sum(len(each.wanted) for each in self._sessions)
        answered = asked - self._open()
        words = say("desk.exam.progress", answered=answered, count=asked)
        self._progress.value = str(piece("<p>{}</p>", words))

    def _open(self) -> int:
        return sum(len(each.still_open) for each in self._sessions)

    def _step(self, by: int) -> Callable[[object], None]:
        def press(_: object) -> None:
            self._at = min(max(self._at + by, 0), len(self._sessions) - 1)
            self._show()

        return press

    def _ask(self, _: object) -> None:
        gaps = self._open_words()
        words = gaps or say("desk.exam.sure")
        status, has_gaps = self._status, bool(gaps)
        yes = button(
            say("desk.exam.yes"), self._press, status=status, main=not has_gaps
        )
        no = button(say("desk.exam.no"), self._stay, status=status, main=has_gaps)
        self._asked.children = (
            html(piece('<p class="kit-lead" role="status">{}</p>', words)),
            row(yes, no, classes="kit-actions"),
        )

    def _open_words(self) -> str:
        """Name the cases with a question without an answer, or a place left open."""
        unfilled = self._named(
            lambda each: bool(open_slots(each.case.playbook, _reply_of(each)))
        )
        words = say("desk.exam.slots", cases=unfilled) if unfilled else ""
        cases = self._named(lambda each: bool(each.still_open))
        if cases:
            sure = say("desk.exam.sure-open", count=self._open(), cases=cases)
        else:
            sure = say("desk.exam.sure") if words else ""
        return f"{words} {sure}".strip()

    def _named(self, holds: Callable[[Session], bool]) -> str:
        """Name each case of which something holds, by its number."""
        numbers = [n for n, each in enumerate(self._sessions, 1) if holds(each)]
        return ", ".join(say("desk.exam.case", number=number) for number in numbers)

    def _stay(self, _: object) -> None:
        self._asked.children = ()

    def _press(self, _: object) -> None:
        try:
            self._hand_in()
        except KitError as error:  # a full disk, or more words than can be handed in
            words = say("desk.not-saved", problem=error)
            self._asked.children = (refusal(words),)


def handed_in(exercise: Exercise) -> Any:
    """Show that an attempt waits for its mark."""
    words = say("desk.exam.handed-in")
    return stack(html(_confirmation(exercise, words)), classes="kit-exam")


def marked(page: Markup, again: Callable[[], None]) -> Any:
    """Show a marked attempt, and offer another one, with what is then said of it."""
    status = html(classes="kit-status")
    words = say("desk.exam.begin")
    return stack(
        html(page),
        hint(say("desk.exam.begin-hint")),
        row(button(words, lambda _: again(), status=status), classes="kit-actions"),
        status,
        classes="kit-exam",
    )


def _reply_of(session: Session) -> str:
    return session.answers.get(REPLY, "")


def _intro(exercise: Exercise, count: int) -> Markup:
    words = say(
        "desk.exam.intro",
        count=count,
        minutes=exercise.minutes,
        pass_mark=exercise.pass_mark,
        weights=weight_words(exercise.weights),
    )
    return piece('<p class="kit-hint">{}</p>', words)


def _confirmation(exercise: Exercise, words: str) -> Markup:
    return piece(
        '<div class="kit-verdict"><h3>{}</h3>'
        '<p class="kit-right" role="status">✓ {}</p></div>',
        exercise.title,
        words,
    )
