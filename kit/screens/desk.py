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
from ..practice.questions import Question, Verdict
from ..practice.sessions import Panel, Session, panels_of
from ..practice.words import fill_message
from ..rules.values import Sort
from .forms import button, choice, html, row, stack
from .markup import (
    buyer_card,
    case_head,
    join,
    panel_card,
    panel_title,
    paragraphs,
    verdict_cards,
)

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
        self._clock = clock
        self._panels = {panel.name: panel for panel in panels_of(session.case)}
        self._tray = html(classes="kit-tray")
        self._form = stack(classes="kit-form")
        self._verdict = stack(classes="kit-result")
        self._buttons = {
            name: button(panel_title(name), self._opener(name), status=self.status)
            for name in self._panels
        }
        self._head = html(
            case_head(session.case, place=place) + buyer_card(session.case)
        )
        look = html(Markup('<p class="kit-step">{}</p>').format(say("desk.look")))
        decide = html(Markup('<p class="kit-step">{}</p>').format(say("desk.decide")))
        self.parts = (
            self._head,
            look,
            row(*self._buttons.values(), classes="kit-panels"),
            self._tray,
            decide,
            self._form,
        )
        self._show_tray()
        self._show_form()

    def _opener(self, name: str) -> Callable[[object], None]:
        def press(_: object) -> None:
            self._keep(lambda: self.session.look(name))
            self._show_tray()

        return press

    def _show_tray(self) -> None:
        opened: list[Panel] = [self._panels[name] for name in self.session.looked]
        cards = join(panel_card(self.session.case, panel) for panel in opened)
        empty = Markup('<p class="kit-hint">{}</p>').format(say("desk.nothing-opened"))
        self._tray.value = str(
            Markup('<div class="kit-cards">{}</div>').format(cards or empty)
        )
        for name, each in self._buttons.items():
            each.disabled = name in self.session.looked

    def _show_form(self) -> None:
        self._form.children = tuple(
            choice(
                question,
                self.session.answers.get(question.key, ""),
                self._teller(question),
                status=self.status,
            )
            for question in self.session.questions
        )

    def _teller(self, question: Question) -> Callable[[str | None], None]:
        def tell(value: str | None) -> None:
            self._keep(lambda: self.session.answer(question.key, value))
            self.answered()

        return tell

    def answered(self) -> None:
        """Do what follows from a new answer; nothing on a plain desk."""

    def _keep(self, deed: Callable[[], object]) -> bool:
        """Do something that is kept; say whether it is saved, or why it is not."""
        try:
            deed()
        except KitError as error:
            self.status.value = str(
                Markup('<p class="kit-wrong" role="alert">{}</p>').format(
                    say("desk.not-saved", problem=error)
                )
            )
            return False
        time = f"{self._clock():%H:%M:%S}"
        self.status.value = str(
            Markup('<p class="kit-saved" role="status">✓ {}</p>').format(
                say("desk.saved", time=time)
            )
        )
        return True


class PracticeDesk(Desk):
    """A desk that shows what is right and why, as often as one likes."""

    def __init__(self, session: Session, *, place: str, clock: Clock) -> None:
        """Render a session; one that was decided shows its verdict again."""
        super().__init__(session, place=place, clock=clock)
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
        if session.is_decided:
            self._show_verdict(session.verdicts())

    def _press_check(self, _: object) -> None:
        missing = self.session.open_questions
        if missing:
            names = ", ".join(question.name for question in missing)
            self._say(say("desk.open-questions", names=names), "kit-wrong")
            return
        if self._keep(self.session.decide):
            self._show_verdict(self.session.verdicts())

    def _press_fresh(self, _: object) -> None:
        self._keep(self.session.restart)
        self._show_tray()
        self._show_form()
        self._verdict.children = ()
        self._shown = False

    def answered(self) -> None:
        """Set the verdict aside as soon as the decision that it spoke of is changed."""
        if self._shown and "kit-old" not in self._verdict._dom_classes:
            last = html(
                Markup('<p class="kit-hint">{}</p>').format(say("desk.last-try"))
            )
            self._verdict.add_class("kit-old")
            self._verdict.children = (last, *self._verdict.children)

    def _show_verdict(self, verdicts: tuple[Verdict, ...]) -> None:
        right = sum(each.is_right for each in verdicts)
        if right == len(verdicts):
            lead, tone = say("desk.all-right"), "kit-right"
        else:
            lead = say("desk.some-right", right=right, count=len(verdicts))
            tone = "kit-wrong"
        case = self.session.case
        parts = [
            Markup('<p class="kit-lead {}" role="status">{}</p>').format(tone, lead),
            verdict_cards(case, verdicts),
            _message(self.session),
            Markup('<p class="kit-hint">{}</p>').format(say("desk.live")),
        ]
        self._verdict.children = (html(join(parts)),)
        self._verdict.remove_class("kit-old")
        self._shown = True

    def _say(self, words: str, tone: str) -> None:
        self._shown = False
        self._verdict.remove_class("kit-old")
        self._verdict.children = (
            html(Markup('<p class="{}" role="status">{}</p>').format(tone, words)),
        )


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
        for each in session.verdicts()
    )


def _message(session: Session) -> Markup:
    """Show the message that the deciding rows name, its slots filled."""
    case = session.case
    answers: dict[str, Any] = {}
    ids = []
    for decision in case.decide():
        answers |= decision.answers
        for column in decision.table.answers:
            value = decision.answers[column.key]
            if column.kind.sort is Sort.MESSAGE and value not in {None, "none"}:
                ids.append(str(value))
    cards = []
    for each in ids:
        message = case.playbook.message(each, case.marketplace.language)
        if message is not None:
            text = fill_message(case, message, answers)
            cards.append(
                Markup(
                    '<div class="kit-verdict"><h3>{}</h3>'
                    "<blockquote>{}</blockquote></div>"
                ).format(say("desk.message-title"), paragraphs(text))
            )
    return join(cards)
