"""The desk of practice: it says what is right, and lets the buyer answer.

The first check says which answers are wrong, each with a hint. The second check, or a
button, shows what is right, by which row and why.
"""

from typing import Any

from markupsafe import Markup

from ...catalogue import language, say
from ...practice.case.review import Review
from ...practice.desk.session import Session
from ...practice.wording import day_words
from ..forms import button, close, html, reopen, row, stack
from ..forms import hint as hint_line
from ..markup import hint, join, piece
from .desk_screen import Clock, Desk
from .hint_view import hint_cards, shown_verdicts
from .review_view import lead, review_cards, summary
from .talk_cards import ending, last_answer


class PracticeDesk(Desk):
    """A desk that shows what is right and why, and lets the buyer answer."""

    def __init__(self, session: Session, *, place: str, clock: Clock) -> None:
        """Render a session; one that was decided shows its verdict again."""
        super().__init__(session, place=place, clock=clock)
        self._verdict = stack(classes="kit-result")
        self._check = button(
            say("desk.check"), self._press_check, status=self.status, main=True
        )
        self._fresh = button(say("desk.fresh"), self._press_fresh, status=self.status)
        self.screen = stack(
            *self.parts,
            row(self._check, self._fresh, self.status, classes="kit-actions"),
            self._verdict,
            classes="kit-desk",
        )
        self._shown = False
        self._show_last()

    def show_again(self) -> None:
        """Show everything as the session has it by now, with its last verdict."""
        reopen(self.screen)
        super().show_again()
        self._verdict.children = ()
        self._show_last()

    def _show_last(self) -> None:
        session = self.session
        if session.decided:
            self._show_review(session.reviews()[-1])
            self._set_aside()

    def _press_check(self, _: object) -> None:
        if self.unsaved:
            self._warn()
            return
        missing = self.session.still_open
        if missing:
            names = ", ".join(self.name_of(key) for key in missing)
            self._say(say("desk.open-questions", names=names), "kit-wrong")
            return
        decided: list[Review] = []
        if self._keep(lambda: decided.append(self.session.decide())):
            self._show_review(decided[0])

    def _press_fresh(self, _: object) -> None:
        if not self._keep(self.session.restart):
            return
        self._check.disabled = False
        self._shown = False
        self._verdict.children = ()
        reopen(self._moves.screen)
        self._moves.show()
        self.show_case()
        self.show_form()

    def _press_answers(self, _: object) -> None:
        if self._keep(self.session.show_answers):
            self._show_review(self.session.reviews()[-1])
            self._set_aside()

    def answered(self) -> None:
        """Set the verdict aside as soon as the decision that it spoke of is changed."""
        if self._shown and "kit-old" not in self._verdict._dom_classes:
            last = html(piece('<p class="kit-hint">{}</p>', say("desk.last-try")))
            self._verdict.add_class("kit-old")
            self._verdict.children = (last, *self._verdict.children)

    def _set_aside(self) -> None:
        """Go on saying that the decision was changed since, if it was."""
        if not self.session.is_decided and not self.session.is_over:
            self.answered()

    def _show_review(self, review: Review) -> None:
        session, gives_hints = self.session, self.session.gives_hints
        cards = hint_cards(session) if gives_hints else review_cards(review)
        parts = [
            lead(review, is_over=session.is_over, gives_hints=gives_hints),
            summary(
                review,
                gives_hints=gives_hints,
                is_after_late=session.history.late_before[-1],
            ),
            last_answer(session),
            _what_next(session),
            what_day(session),
            cards,
            hint(session.case.playbook.reference.keep_in_mind),
        ]
        shown = html(join(parts))
        self._verdict.children = (shown, self._answers()) if gives_hints else (shown,)
        self._verdict.remove_class("kit-old")
        self._shown = True
        if session.is_over:
            self._check.disabled = True
            close(self._form)
            close(self._moves.screen)
        self._show_with(review)

    def _answers(self) -> Any:
        """Make the button that shows the answers at once."""
        words = say("desk.answers")
        shows = button(words, self._press_answers, status=self.status)
        return row(shows, hint_line(say("desk.answers-hint")), classes="kit-actions")

    def _show_with(self, review: Review) -> None:
        """Show the case with the days that may be known by now."""
        verdicts = shown_verdicts(self.session, review)
        hidden = [each for each in review.verdicts if each not in verdicts]
        is_told = not any(each.question.is_due for each in hidden)
        self.show_case(due=review.due if is_told else None, verdicts=verdicts)

    def _say(self, words: str, tone: str) -> None:
        self._shown = False
        self._verdict.remove_class("kit-old")
        self._verdict.children = (
            html(piece('<p class="{}" role="status">{}</p>', tone, words)),
        )


def _what_next(session: Session) -> Markup:
    talk_progress = session.talk_progress
    if talk_progress is None:
        return Markup("")
    if talk_progress.end is not None:
        return ending(session.history)
    name = "held-back" if session.history.is_held_back else "goes-on"
    return piece('<p class="kit-lead" role="status">{}</p>', say(f"desk.talk.{name}"))


def what_day(session: Session) -> Markup:
    """Say which day it is, where it is not the one by which the case is judged."""
    today, judged = session.today.on, session.judged.on
    if today == judged or session.is_over:
        return Markup("")
    return piece(
        '<p class="kit-note" role="status">{} {}</p>',
        say("desk.now", day=day_words(today, language())),
        say("desk.judged", day=day_words(judged, language())),
    )
