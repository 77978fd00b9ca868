"""The widgets of a desk: they show a session and pass every click on to it.

It renders a session and holds nothing of its own: made again from the same session it
looks the same. What is right is told by ``practice_desk.py``, not here.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from ...catalogue import say
from ...content.reference.question_kinds import kind_for
from ...errors import KitError
from ...marking.records.answers import clean_text
from ...practice.case.keys import Verdict
from ...practice.case.panels import panel_title
from ...practice.case.questions import Choice, Question
from ...practice.case.review import CONFIDENCES
from ...practice.case.sheets import REPLY, SURE
from ...practice.desk.session import Session
from ...practice.desk.timeline import timeline_of
from ...rules.values import Sort
from ..forms import button, discard, html, row, stack
from ..markup import case_head, join, panel_card, piece
from ..question_screens import choice
from .moves import Moves
from .talk_cards import conversation
from .timeline_view import clock_cards, timeline_picture
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
        self._forms = 0
        session.subscribe(self._follow)
        self.show_case()
        self.show_form()

    def _follow(self) -> None:
        """Take over what was done at another desk of this session, in another tab."""
        if not self._is_acting:
            self.show_again()

    def dismiss(self) -> None:
        """Leave the screen for good."""
        self.session.unsubscribe(self._follow)
        discard(self.screen)

    def show_again(self) -> None:
        """Show everything as the session has it by now."""
        self._moves.show()
        self.show_case()
        self.show_form()

    def _opener(self, name: str) -> Callable[[object], None]:
        def press(_: object) -> None:
            self._keep(lambda: self.session.look(name))
            self._moves.show()
            self.show_case()

        return press

    def _moved(self) -> None:
        self.show_case()
        self.answered()

    def show_case(
        self, *, due: date | None = None, verdicts: Sequence[Verdict] = ()
    ) -> None:
        """Show all that can be known by now.

        Args:
            due: The last day, once it may be shown.
            verdicts: The answers that may be shown on the timeline.
        """
        case = self.session.today
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
            verdicts=verdicts,
        )
        self._timeline.value = str(timeline_picture(timeline)) if opened else ""
        for name, each in self._buttons.items():
            # Not disabled: a keyboard would lose its place on the page.
            mark = each.add_class if name in self.session.looked else each.remove_class
            mark("kit-open")

    def show_form(self) -> None:
        """Show every question with its answer so far."""
        answers = self.session.answers
        self._forms += 1
        asked = [
            choice(
                each,
                answers.get(each.key, ""),
                self._on_answer(each.key),
                status=self.status,
            )
            for each in self.session.questions
        ]
        if self.session.asks_reply:
            asked.append(
                Writing(self.session, self._on_answer(REPLY), status=self.status).screen
            )
        sure = how_sure()
        asked.append(
            choice(
                sure, answers.get(SURE, ""), self._on_answer(SURE), status=self.status
            )
        )
        self._form.children = tuple(asked)

    def _on_answer(self, question: str) -> Callable[[str | None], None]:
        """Take what a control tells; what came too late stands in the new form, too."""
        form = self._forms

        def tell(value: str | None) -> None:
            self.tell(question, value)
            if form != self._forms:
                self.show_form()

        return tell

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

    def _keep(self, change: Callable[[], object]) -> bool:
        """Do something that is kept; say whether it is saved, or why it is not."""
        self._is_acting = True
        try:
            change()
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


def how_sure() -> Question:
    """Make the question that every desk asks: how sure somebody is."""
    choices = tuple(Choice(each, say(f"desk.sure.{each}")) for each in CONFIDENCES)
    name, meaning = say("desk.sure.name"), say("desk.sure.meaning")
    return Question(SURE, name, meaning, choices, kind_for(Sort.WORD))


def _step(words: str) -> Any:
    return html(piece('<p class="kit-step">{}</p>', words))


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
