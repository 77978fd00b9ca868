"""The desk: a buyer's message, what can be looked up, and a decision.

It renders a session and holds nothing of its own: made again from the same session it
looks the same. In practice it shows what is right and why; in an exam it never does.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from markupsafe import Markup

from ..catalogue import say
from ..errors import KitError
from ..marking.answers import clean_text
from ..practice.questions import Choice, Question
from ..practice.reviews import CONFIDENCES, REPLY, SURE, Review
from ..practice.sessions import Session
from ..practice.timelines import timeline_of
from .forms import button, choice, close, discard, html, reopen, row, stack
from .markup import case_head, hint, join, panel_card, panel_title, piece
from .moves import Moves
from .reviews import lead, review_cards, summary
from .talkcards import conversation, ending, last_answer
from .timelines import clock_cards, timeline_picture
from .writing import Writing

Clock = Callable[[], datetime]


class Desk:
    """One case on the screen."""

    def __init__(self, session: Session, *, place: str, clock: Clock) -> None:
        """Render a session.

        Args:
            session: The session; all that is answered goes to it.
            place: What stands above the case, such as "Case 2 of 6".
            clock: Tells the time of saving, in the zone of the person.
        """
        self.session = session
        self.status = html(classes="kit-status")
        self.warning = html()
        self.unsaved: set[str] = set()
        self.screen: Any = None
        self._clock, self._at = clock, place
        self._head, self._tray, self._timeline = html(), html(), html()
        self._tray.add_class("kit-tray")
        self._form = stack(classes="kit-form")
        self._buttons = {
            panel.name: button(
                panel_title(panel.name), self._opener(panel.name), status=self.status
            )
            for panel in session.panels
        }
        self._moves = Moves(session, self._keep, self._moved, status=self.status)
        self.parts = (
            self._head,
            _step(say("desk.look")),
            row(*self._buttons.values(), classes="kit-panels"),
            self._tray,
            self._timeline,
            self._moves.screen,
            _step(say("desk.decide")),
            self._form,
            self.warning,
        )
        self._is_acting = False
        session.follow(self._follow)
        self.show_case()
        self.show_form()

    def _follow(self) -> None:
        """Take over what was done at another desk of this session, in another tab."""
        if not self._is_acting:
            self.show_again()

    def dismiss(self) -> None:
        """Leave the screen for good."""
        self.session.unfollow(self._follow)
        discard(self.screen)

    def show_again(self) -> None:
        """Show everything as the session has it by now."""
        self._moves.show()
        self.show_case()
        self.show_form()

    def _opener(self, name: str) -> Callable[[object], None]:
        def press(_: object) -> None:
            self._keep(lambda: self.session.look(name))
            self.show_case()

        return press

    def _moved(self) -> None:
        self.show_case()
        self.answered()

    def show_case(self, review: Review | None = None) -> None:
        """Show all that can be known by now; with a review also what is due."""
        case = self.session.today
        due = review.due if review else None
        self._head.value = str(
            case_head(case, place=self._at)
            + clock_cards(case, due=due)
            + conversation(self.session)
        )
        panels = {panel.name: panel for panel in self.session.panels}
        opened = [panels[name] for name in self.session.looked]
        cards = join(panel_card(case, panel) for panel in opened)
        empty = piece('<p class="kit-hint">{}</p>', say("desk.nothing-opened"))
        self._tray.value = str(piece('<div class="kit-cards">{}</div>', cards or empty))
        timeline = timeline_of(
            case,
            looked=self.session.looked,
            asked=self.session.asked,
            verdicts=review.verdicts if review else (),
        )
        self._timeline.value = str(timeline_picture(timeline)) if opened else ""
        for name, each in self._buttons.items():
            # Not disabled: a keyboard would lose its place on the page.
            mark = each.add_class if name in self.session.looked else each.remove_class
            mark("kit-open")

    def show_form(self) -> None:
        """Show every question with its answer so far."""
        answers = self.session.answers
        asked = [
            choice(
                each,
                answers.get(each.key, ""),
                self._teller(each.key),
                status=self.status,
            )
            for each in self.session.questions
        ]
        if self.session.asks_reply:
            asked.append(
                Writing(self.session, self._teller(REPLY), status=self.status).screen
            )
        sure = how_sure()
        asked.append(
            choice(sure, answers.get(SURE, ""), self._teller(SURE), status=self.status)
        )
        self._form.children = tuple(asked)

    def _teller(self, question: str) -> Callable[[str | None], None]:
        return lambda value: self.tell(question, value)

    def tell(self, question: str, value: str | None) -> None:
        """Take an answer; what could not be saved is named until it is."""
        text = clean_text(value) if value else value
        if self._keep(lambda: self.session.answer(question, text)):
            self.unsaved.discard(question)
        else:
            self.unsaved.add(question)
        self._warn()
        self.answered()

    def _warn(self) -> None:
        """Go on saying what stands on the screen and is not saved."""
        if self.unsaved:
            names = ", ".join(self.name_of(key) for key in sorted(self.unsaved))
            self.warning.value = str(
                piece(
                    '<p class="kit-wrong" role="alert">{}</p>',
                    say("desk.unsaved", names=names),
                )
            )
        else:
            self.warning.value = ""

    def name_of(self, key: str) -> str:
        """Say the name of a question as it stands on the desk."""
        names = {each.key: each.name for each in self.session.questions}
        names |= {REPLY: say("desk.reply.title"), SURE: how_sure().name}
        return names[key]

    def answered(self) -> None:
        """Do what follows from a new answer; nothing on a plain desk."""

    def _keep(self, deed: Callable[[], object]) -> bool:
        """Do something that is kept; say whether it is saved, or why it is not."""
        self._is_acting = True
        try:
            deed()
        except KitError as error:
            self.status.value = str(
                piece(
                    '<p class="kit-wrong" role="alert">{}</p>',
                    say("desk.not-saved", problem=error),
                )
            )
            return False
        finally:
            self._is_acting = False
        time = f"{self._clock():%H:%M:%S}"
        self.status.value = str(
            piece(
                '<p class="kit-saved" role="status">✓ {}</p>',
                say("desk.saved", time=time),
            )
        )
        return True


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
        if session.decided and not session.is_decided and not session.is_over:
            self.answered()

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

    def answered(self) -> None:
        """Set the verdict aside as soon as the decision that it spoke of is changed."""
        if self._shown and "kit-old" not in self._verdict._dom_classes:
            last = html(piece('<p class="kit-hint">{}</p>', say("desk.last-try")))
            self._verdict.add_class("kit-old")
            self._verdict.children = (last, *self._verdict.children)

    def _show_review(self, review: Review) -> None:
        parts = [
            lead(review, is_over=self.session.is_over),
            summary(review),
            last_answer(self.session),
            _what_next(self.session),
            review_cards(review),
            hint(self.session.case.playbook.reference.keep_in_mind),
        ]
        self._verdict.children = (html(join(parts)),)
        self._verdict.remove_class("kit-old")
        self._shown = True
        if self.session.is_over:
            self._check.disabled = True
            close(self._form)
            close(self._moves.screen)
        self.show_case(review)

    def _say(self, words: str, tone: str) -> None:
        self._shown = False
        self._verdict.remove_class("kit-old")
        self._verdict.children = (
            html(piece('<p class="{}" role="status">{}</p>', tone, words)),
        )


def how_sure() -> Question:
    """Make the question that every desk asks: how sure somebody is."""
    choices = tuple(Choice(each, say(f"desk.sure.{each}")) for each in CONFIDENCES)
    return Question(
        SURE, say("desk.sure.name"), say("desk.sure.meaning"), choices, is_day=False
    )


def _step(words: str) -> Any:
    return html(piece('<p class="kit-step">{}</p>', words))


def _what_next(session: Session) -> Markup:
    walk = session.walk
    if walk is None:
        return Markup("")
    if walk.end is not None:
        return ending(walk)
    return piece('<p class="kit-lead" role="status">{}</p>', say("desk.talk.goes-on"))


def answer_key(session: Session) -> str:
    """Say what the playbook decides, for the text of a notebook that is validated."""
    return "\n".join(
        say(
            "desk.answer-key",
            name=each.question.name,
            right=each.right_words,
            row=each.row,
            because=each.explanation.because,
        )
        for each in session.review().verdicts
    )
