"""The few names that a lesson or an exercise uses.

A notebook opens its lesson and lays cases and questions on the page, one call a cell.
Who is learning and where records lie comes from the environment that ``kit learn``
sets up; without it (in validation, or read on its own) nothing is kept, and the text
of a cell says what the playbook decides.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from IPython.display import display
from markupsafe import Markup

from .catalogue import say
from .content.answer_sheets import read_model
from .content.course import read_course
from .content.playbook.playbook import Check, Playbook
from .errors import CourseMistakes, KitError, UnknownName
from .marking.desktops import Desktop, desktop_here
from .marking.made_cases import made_case
from .marking.marks.marks import Mark, Marker, sheets_of
from .marking.records.answers import LONGEST_NAME, validate_answers
from .marking.records.course_progress import step_state
from .marking.records.events import Answered
from .practice.desk.session import Session
from .rules.values import Duration, key_of, nearest
from .screens.desk.day_picker import counted_days
from .screens.desk.desk_screen import answer_key
from .screens.desk.practice_desk import PracticeDesk
from .screens.desk.verdict_view import decision_table
from .screens.exercise.exercise_screen import ExerciseWork
from .screens.exercise.practising import Practising
from .screens.exercise.quiz import predict_quiz, spot_quiz
from .screens.forms import hint, html, refusal, show, show_page, stack
from .screens.lab.welcome_page import SignIn, course_page
from .screens.markup import limits_table, piece, plain
from .screens.printed.report_table import mark_page

MARK_MIME = "application/vnd.aftersales-kit.mark+json"
MODEL_ATTEMPT = "model"
QUIZ = "quiz"


class Lesson:
    """One lesson: its methods show something below the cell that calls them."""

    def __init__(self, name: str, desktop: Desktop) -> None:
        """Open the lesson of a notebook's name."""
        self._name, self._desktop = name, desktop
        self._waiting: list[tuple[Any, Callable[[], Any]]] = []

    def desk(self, playbook: str, case: str) -> None:
        """Show a desk with a practice case."""
        cases = self._desktop.library.cases(playbook)
        found = next((each for each in cases if each.id == case), None)
        if found is None:
            ids = [each.id for each in cases]
            raise UnknownName(sort="case", name=case, nearest=nearest(case, ids))

        def make() -> Any:
            session = self._desktop.session(found, self._name)
            return PracticeDesk(session, place=say("desk.practice"), clock=_clock)

        text = ""
        if not self._desktop.keeps_records:
            text = answer_key(Session(found, lambda _: None))
        self._show(lambda: make().screen, text)

    def practise(self, playbook: str) -> None:
        """Show a desk with generated cases of a playbook, one after the other."""
        desktop = self._desktop
        text = ""
        if not desktop.keeps_records:
            case = made_case(desktop.library.stories(playbook), desktop.agent, 1)
            text = answer_key(Session(case, lambda _: None)) if case else ""
        self._show(lambda: Practising(desktop, playbook, clock=_clock).screen, text)

    def table(self, playbook: str, decision: str) -> None:
        """Show a decision table of a playbook, as it stands today."""
        page = self._desktop.library.playbook(playbook)
        show_page(decision_table(page, page.table(decision)))

    def limits(self, playbook: str) -> None:
        """Show the limits of a playbook with the day on which each started."""
        show_page(limits_table(self._desktop.library.playbook(playbook)))

    def calendar(
        self, playbook: str, limit: str, *, marketplace: str, start: str
    ) -> None:
        """Show how a limit of a playbook is counted from a day at a marketplace."""
        page = self._desktop.library.playbook(playbook)
        places = page.reference.marketplaces
        if marketplace not in places:
            near = nearest(marketplace, places)
            raise UnknownName(sort="marketplace", name=marketplace, nearest=near)
        place, day = places[marketplace], date.fromisoformat(start)
        value = page.known({}, marketplace=place, on=day).situation.limit(limit).value
        if not isinstance(value, Duration):
            raise TypeError(limit)
        reminder = page.reference.keep_in_mind
        show_page(counted_days(place, day, value.count, reminder=reminder))

    def spot(self, playbook: str, mistake: str) -> None:
        """Ask why one of the mistakes of a playbook is wrong."""
        page = self._desktop.library.playbook(playbook)
        slip = _named(
            page.typical_mistakes, mistake, lambda each: each.words, "mistake"
        )
        name = f"spot {page.id} {slip.table} {slip.row}"
        self._show(
            lambda: (
                spot_quiz(
                    page,
                    slip,
                    on=_clock().date(),
                    chosen=self._chosen(name),
                    tell=self._on_answer(name, page),
                ).screen
            )
        )

    def predict(self, playbook: str, check: str, answer: str) -> None:
        """Ask what a playbook says of one of its own checks."""
        page = self._desktop.library.playbook(playbook)
        answering = [each for each in page.checks if _answers(page, each, answer)]
        found = _named(answering, check, lambda each: each.title, "check")
        name = f"predict {page.id} {found.table} {found.title}"[:LONGEST_NAME].rstrip()
        self._show(
            lambda: (
                predict_quiz(
                    page,
                    found,
                    answer,
                    chosen=self._chosen(name),
                    tell=self._on_answer(name, page),
                ).screen
            )
        )

    def course(self) -> None:
        """Show who is learning and how far the course is."""

        def make() -> Any:
            piece = html(self._course())

            def follow() -> None:
                piece.value = str(self._course())

            self._desktop.after_decision.append(follow)
            return piece

        self._show(make)

    def _course(self) -> Markup:
        progress = self._desktop.progress()
        try:
            steps = read_course(self._desktop.library)
        except CourseMistakes as error:
            return piece('<p class="kit-wrong" role="alert">{}</p>', error)
        agent = self._desktop.agent
        hello = say("desk.sign-in.hello", agent=agent) if agent else ""
        notebooks = self._desktop.library.folder / "notebooks"
        states = [step_state(each, progress, notebooks) for each in steps]
        return course_page(states, here=self._name, hello=hello)

    def _chosen(self, name: str) -> str:
        answers = self._desktop.progress().case(self._name, name).answers
        return answers.get(QUIZ) or ""

    def _on_answer(self, name: str, page: Playbook) -> Callable[[str], None]:
        def tell(value: str) -> None:
            self._desktop.keep(
                Answered(
                    at=datetime.now(UTC),
                    agent=self._desktop.agent,
                    work=self._name,
                    case=name,
                    playbook=page.digest,
                    question=QUIZ,
                    value=value,
                )
            )

        return tell

    def _show(self, make: Callable[[], Any], text: str = "") -> None:
        """Show a screen, or first ask who is learning where records are kept."""
        desktop = self._desktop
        if not desktop.keeps_records or desktop.agent:
            show(_made(make), text=text)
            return
        place = stack(hint(say("desk.sign-in.first")))
        if not self._waiting:
            place.children = ()
            show(SignIn(desktop.sign_in, self._let_in).screen)
        self._waiting.append((place, make))
        show(place)

    def _let_in(self) -> tuple[Any, ...]:
        """Show every screen that has waited for the agent to sign in."""
        for place, make in self._waiting:
            place.children = (_made(make),)
        self._waiting.clear()
        return (hint(say("desk.sign-in.hello", agent=self._desktop.agent)),)


def open_lesson(name: str) -> Lesson:
    """Open the lesson of a notebook.

    Args:
        name: The name of the notebook, such as ``"01-item-not-received"``.
    """
    return Lesson(name, desktop_here())


def open_exercise(
    name: str,
    answers: Mapping[str, Mapping[str, str | None]] | None = None,
    attempt: str | None = None,
) -> None:
    """Open an exercise to work on; with answers, show what they are worth and why.

    Without answers and without a place for records it shows the best answers.

    Args:
        name: Id of the exercise.
        answers: For each case and question what was chosen.
        attempt: Id of the attempt.
    """
    desktop = desktop_here()
    marker = desktop.marker(name)
    exercise = marker.exercise
    if answers is None and desktop.keeps_records:
        ExerciseWork(exercise, desktop, clock=_clock).show()
        return
    model = read_model(desktop.library, exercise) if answers is None else {}
    given = sheets_of(exercise, model) if answers is None else answers
    attempt = attempt or MODEL_ATTEMPT
    raw = {"exercise": exercise.id, "attempt": attempt, "answers": given}
    checked = validate_answers(exercise.id, marker.asked, raw)
    _show_mark(marker.mark(checked.by_case, attempt=attempt))


def warm_up(marker: Marker) -> None:
    """Render a mark and discard it, so that what all reports share is cached."""
    plain(mark_page(marker.mark({}, attempt=MODEL_ATTEMPT)))


def _show_mark(mark: Mark) -> None:
    page = mark_page(mark)
    bundle = {
        MARK_MIME: mark.record.model_dump(),
        "text/html": str(page),
        "text/plain": plain(page),
    }
    display(bundle, raw=True)  # type: ignore[no-untyped-call]


def _named(things: Any, name: str, naming: Callable[[Any], str], sort: str) -> Any:
    for each in things:
        if key_of(naming(each)) == key_of(name):
            return each
    names = [naming(each) for each in things]
    raise UnknownName(sort=sort, name=name, nearest=nearest(name, names))


def _answers(page: Playbook, check: Check, answer: str) -> bool:
    """Whether a check is one of an answer: tables may have checks of the same title."""
    columns = page.table(check.table).answers
    return any(column.key == key_of(answer) for column in columns)


def _made(make: Callable[[], Any]) -> Any:
    """Create a screen; or an error message, if the records cannot be read."""
    try:
        return make()
    except KitError as error:
        return refusal(error)


def _clock() -> datetime:
    return datetime.now().astimezone()
