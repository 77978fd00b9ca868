"""The few names that a lesson or an exercise uses.

A notebook opens its lesson and lays cases and questions on the page, one call a cell.
Who is learning and where records lie comes from the environment that ``kit learn``
sets up; without it (in validation, or read on its own) nothing is kept, and the text
of a cell says what the playbook decides.
"""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from IPython.display import display
from markupsafe import Markup

from .catalogue import say
from .content.exercises import (
    CourseStep,
    Exercise,
    read_course,
    read_exercise,
    read_model,
)
from .content.lessons import cases_of_lesson
from .content.library import Library, find_content
from .content.playbooks import Playbook
from .errors import BadAnswers, UnknownName
from .marking.answers import validate_answers
from .marking.marks import Mark, asked_of, mark_attempt
from .marking.progress import Progress, progress_of
from .marking.records import (
    Answered,
    Decided,
    HandedIn,
    Looked,
    Started,
    append_event,
    read_events,
    record_path,
)
from .practice import sessions
from .practice.questions import questions_of
from .practice.sessions import Deed, Session
from .rules.values import Span, key_of, nearest
from .screens.calendars import counted_days
from .screens.desk import PracticeDesk, answer_key
from .screens.exam import Exam, handed_in, marked
from .screens.forms import hint, html, show, show_page, stack
from .screens.markup import decision_table, limits_table, plain
from .screens.quizzes import predict_quiz, spot_quiz
from .screens.reports import mark_page
from .screens.start import SignIn, StepState, course_page

MARK_MIME = "application/vnd.aftersales-kit.mark+json"
MODEL_ATTEMPT = "model"
QUIZ = "quiz"

_AGENT_FILE = "agent.txt"


class Desktop:
    """Who is learning, with which content, and where records lie."""

    def __init__(self) -> None:
        """Take what ``kit learn`` has set up."""
        content = os.environ.get("KIT_CONTENT")
        workspace = os.environ.get("KIT_WORKSPACE")
        self.library = Library(
            find_content(Path(content) if content else None, Path.cwd())
        )
        self.workspace = Path(workspace) if workspace else None
        self.after_decision: list[Callable[[], None]] = []

    @property
    def agent(self) -> str:
        """The agent's short name; empty while nobody is signed in."""
        given = os.environ.get("KIT_AGENT", "")
        if given or self.workspace is None:
            return given
        file = self.workspace / _AGENT_FILE
        return file.read_text(encoding="utf-8").strip() if file.is_file() else ""

    @property
    def keeps_records(self) -> bool:
        """Whether anything is kept at all."""
        return self.workspace is not None

    def sign_in(self, agent: str) -> str:
        """Keep the agent's short name; give a sentence if it cannot be one."""
        if self.workspace is None:
            return ""
        try:
            Started(at=datetime.now(UTC), agent=agent, work="sign-in", case="sign-in")
        except BadAnswers:
            return say("desk.sign-in.bad", text=agent)
        file = self.workspace / _AGENT_FILE
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{agent}\n", encoding="utf-8")
        return ""

    def progress(self) -> Progress:
        """Tell what the agent has done so far, from the records."""
        if self.workspace is None or not self.agent:
            return Progress()
        return progress_of(read_events(record_path(self.workspace, self.agent)))

    def keep(self, event: Any) -> None:
        """Write an event to the agent's records; nothing where nothing is kept."""
        if self.workspace is not None and self.agent:
            append_event(self.workspace, event)
        if isinstance(event, Decided):
            for follow in self.after_decision:
                follow()

    def session(
        self, case: Any, work: str, *, progress: Progress | None = None
    ) -> Session:
        """Take up a case where the agent left it."""
        kept = (progress or self.progress()).case(work, case.id)

        def keep(deed: Deed) -> None:
            self.keep(self._event(deed, work, case))

        answers = {key: text for key, text in kept.answers.items() if text is not None}
        known = {question.key for question in questions_of(case)}
        return Session(
            case,
            keep,
            looked=list(kept.looked),
            answers={key: text for key, text in answers.items() if key in known},
            is_decided=kept.is_decided,
        )

    def _event(self, deed: Deed, work: str, case: Any) -> Any:
        place = {
            "at": datetime.now(UTC),
            "agent": self.agent,
            "work": work,
            "case": case.id,
            "playbook": case.playbook.digest,
        }
        match deed:
            case sessions.Looked():
                return Looked(**place, panel=deed.panel)
            case sessions.Answered():
                return Answered(**place, question=deed.question, value=deed.value)
            case sessions.Decided():
                return Decided(**place, answers=dict(deed.answers), right=deed.right)
            case sessions.Restarted():
                return Started(**place)


class Lesson:
    """One lesson: what its cells can lay on the page."""

    def __init__(self, name: str, desktop: Desktop) -> None:
        """Open the lesson of a notebook's name."""
        self._name, self._desktop = name, desktop
        self._waiting: list[tuple[Any, Callable[[], Any]]] = []

    def desk(self, playbook: str, case: str) -> None:
        """Lay a practice case on the desk."""
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
        if not isinstance(value, Span):
            raise TypeError(limit)
        show_page(counted_days(place, day, value.count))

    def spot(self, playbook: str, mistake: str) -> None:
        """Ask why one of the mistakes of a playbook is wrong."""
        page = self._desktop.library.playbook(playbook)
        slip = _named(page.slips, mistake, lambda each: each.words, "mistake")
        name = f"spot {page.id} {slip.table} {slip.row}"
        self._show(
            lambda: (
                spot_quiz(
                    page, slip, chosen=self._chosen(name), tell=self._teller(name, page)
                ).screen
            )
        )

    def predict(self, playbook: str, check: str, answer: str) -> None:
        """Ask what a playbook says of one of its own checks."""
        page = self._desktop.library.playbook(playbook)
        found = _named(page.checks, check, lambda each: each.title, "check")
        name = f"predict {page.id} {found.table} {found.title}"[:120]
        self._show(
            lambda: (
                predict_quiz(
                    page,
                    found,
                    answer,
                    chosen=self._chosen(name),
                    tell=self._teller(name, page),
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
        steps = read_course(self._desktop.library)
        agent = self._desktop.agent
        hello = say("desk.sign-in.hello", agent=agent) if agent else ""
        notebooks = self._desktop.library.folder / "notebooks"
        states = [_step_state(each, progress, notebooks) for each in steps]
        return course_page(states, here=self._name, hello=hello)

    def _chosen(self, name: str) -> str:
        answers = self._desktop.progress().case(self._name, name).answers
        return answers.get(QUIZ) or ""

    def _teller(self, name: str, page: Playbook) -> Callable[[str], None]:
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
            show(make(), text=text)
            return
        place = stack(hint(say("desk.sign-in.first")))
        if not self._waiting:
            place.children = ()
            show(SignIn(desktop.sign_in, self._let_in).screen)
        self._waiting.append((place, make))
        show(place)

    def _let_in(self) -> tuple[Any, ...]:
        """Fill every cell that has waited for somebody to sign in."""
        for place, make in self._waiting:
            place.children = (make(),)
        self._waiting.clear()
        return (hint(say("desk.sign-in.hello", agent=self._desktop.agent)),)


def open_lesson(name: str) -> Lesson:
    """Open the lesson of a notebook.

    Args:
        name: The name of the notebook, such as ``"01-item-not-received"``.
    """
    return Lesson(name, Desktop())


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
    desktop = Desktop()
    exercise = read_exercise(desktop.library, name)
    if answers is None and desktop.keeps_records:
        _Work(exercise, desktop).show()
        return
    given = read_model(desktop.library, exercise) if answers is None else answers
    attempt = attempt or MODEL_ATTEMPT
    raw = {"exercise": exercise.id, "attempt": attempt, "answers": given}
    checked = validate_answers(exercise.id, asked_of(exercise), raw)
    _show_mark(mark_attempt(exercise, checked.by_case, attempt=attempt))


class _Work:
    """An exercise as its agent works on it."""

    def __init__(self, exercise: Exercise, desktop: Desktop) -> None:
        self._exercise, self._desktop = exercise, desktop
        self._place = stack()

    def show(self) -> None:
        if self._desktop.agent:
            self._refresh()
            show(self._place)
            return
        show(SignIn(self._desktop.sign_in, self._after_sign_in).screen)

    def _after_sign_in(self) -> tuple[Any, ...]:
        self._refresh()
        return (self._place,)

    def _refresh(self) -> None:
        attempts = self._desktop.progress().attempts_at(self._exercise.id)
        last = attempts[-1] if attempts else None
        if last is None or self._is_begun(len(attempts) + 1):
            self._begin()
        elif last.mark is None:
            self._place.children = (handed_in(self._exercise),)
        else:
            mark = mark_attempt(self._exercise, last.answers, attempt=last.attempt)
            self._place.children = (marked(mark_page(mark), self._begin),)

    def _attempt(self) -> str:
        done = self._desktop.progress().attempts_at(self._exercise.id)
        return f"attempt-{len(done) + 1}"

    def _is_begun(self, number: int) -> bool:
        work = f"{self._exercise.id}/attempt-{number}"
        return bool(self._desktop.progress().cases_of(work))

    def _begin(self) -> None:
        progress = self._desktop.progress()
        work = f"{self._exercise.id}/{self._attempt()}"
        sessions_of = [
            self._desktop.session(case, work, progress=progress)
            for case in self._exercise.cases
        ]

        def hand_in() -> None:
            self._desktop.keep(
                HandedIn(
                    at=datetime.now(UTC),
                    agent=self._desktop.agent,
                    exercise=self._exercise.id,
                    attempt=self._attempt(),
                    playbook=self._exercise.playbook.digest,
                    answers={each.case.id: dict(each.answers) for each in sessions_of},
                )
            )
            self._refresh()

        exam = Exam(self._exercise, sessions_of, clock=_clock, hand_in=hand_in)
        self._place.children = (exam.screen,)


def _show_mark(mark: Mark) -> None:
    page = mark_page(mark)
    bundle = {
        MARK_MIME: mark.record.model_dump(),
        "text/html": str(page),
        "text/plain": plain(page),
    }
    display(bundle, raw=True)  # type: ignore[no-untyped-call]


def _step_state(step: CourseStep, progress: Progress, notebooks: Path) -> StepState:
    if step.kind == "exercise":
        address = f"../exercises/{step.id}/exercise.ipynb"
        attempts = progress.attempts_at(step.id)
        if not attempts:
            begun = progress.cases_of(f"{step.id}/attempt-1")
            words = say("desk.course.begun-one" if begun else "desk.course.not-begun")
            return StepState(step, words, is_done=False, address=address)
        marks = [each.mark for each in attempts if each.mark is not None]
        passed = [mark for mark in marks if mark.passed]
        if passed:
            best = max(mark.percent for mark in passed)
            words = say("desk.course.passed", percent=best)
            return StepState(step, words, is_done=True, address=address)
        if attempts[-1].mark is None:
            words = say("desk.course.handed-in")
        else:
            words = say("desk.course.failed", percent=attempts[-1].mark.percent)
        return StepState(step, words, is_done=False, address=address)
    address = f"{step.id}.ipynb"
    cases = cases_of_lesson(notebooks / address)
    answered = progress.cases_of(step.id)
    right = sum(answered[each].right is True for each in cases if each in answered)
    is_done = bool(cases) and right == len(cases)
    state = "done" if is_done else "begun" if answered else "not-begun"
    words = say(f"desk.course.{state}", right=right, count=len(cases))
    return StepState(step, words, is_done=is_done, address=address)


def _named(things: Any, name: str, naming: Callable[[Any], str], sort: str) -> Any:
    for each in things:
        if key_of(naming(each)) == key_of(name):
            return each
    names = [naming(each) for each in things]
    raise UnknownName(sort=sort, name=name, nearest=nearest(name, names))


def _clock() -> datetime:
    return datetime.now().astimezone()
