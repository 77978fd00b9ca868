"""Exercises: the brief, the cases, the best answers, and the likeliest wrong ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..catalogue import say
from ..errors import ContentMistakes, UnknownName
from ..rules.values import key_of, nearest
from .cases import PracticeCase
from .documents import Document, Yaml, read_document
from .files import Notes
from .library import Library
from .playbooks import Playbook
from .replyrules import ReplyRules
from .yamltrees import listing, mapping, shaped, whole

FRONT = (
    "id",
    "title",
    "minutes",
    "playbook",
    "pass_mark",
    "mode",
    "covers",
    "critical",
)
DIMENSIONS = ("policy", "deadline", "evidence", "reply")
WEIGHTS = {"policy": 50, "deadline": 20, "evidence": 15, "reply": 15}
"""What each dimension is worth where the brief does not say it."""

HEAVIEST = 100

MORE_FRONT = ("weights",)
MODES = ("practice", "exam")
PARTS = ("Goal", "Task", "Out of scope")
ANY_ANSWER = "any"
NOTEBOOK = "exercise.ipynb"

AnswerTexts = Mapping[str, Mapping[str, str]]
"""For each case and answer what was chosen, as an author writes it."""


@dataclass(frozen=True, slots=True)
class CriticalError:
    """A wrong answer that fails the exercise whatever else is right."""

    answer: str
    """Key of the answer."""

    given: tuple[str, ...]
    """The wrong choices."""

    when: str
    """The right answer that they miss; ``any`` for every other one."""

    why: str
    """What it would have done, in a sentence for the agent."""


@dataclass(frozen=True, slots=True, eq=False)
class Exercise:
    """One piece of graded work."""

    id: str
    """Kebab-case name; also the name of its folder."""

    title: str
    """Its heading."""

    minutes: int
    """How long it takes."""

    playbook: Playbook
    """The page that decides its cases."""

    pass_mark: int
    """The lowest percent that passes."""

    mode: str
    """``practice`` or ``exam``."""

    covers: tuple[str, ...]
    """The rows that its cases hit, as ``<decision> <row>``."""

    critical: tuple[CriticalError, ...]
    """What fails it at once."""

    goal: str
    """What the agent can do afterwards."""

    task: str
    """What to do."""

    cases: tuple[PracticeCase, ...]
    """Its cases, in their order."""

    weights: Mapping[str, int]
    """What each dimension is worth beside the others; only these are marked."""

    reply_rules: ReplyRules | None
    """How replies are checked; ``None`` where they are not marked."""

    folder: Path
    """Where it lies."""

    @property
    def notebook(self) -> Path:
        """The notebook that the agent opens and papermill runs."""
        return self.folder / NOTEBOOK


def exercise_ids(library: Library) -> tuple[str, ...]:
    """The id of every exercise of a folder, sorted."""
    briefs = (library.folder / "exercises").glob("*/brief.md")
    return tuple(sorted(path.parent.name for path in briefs))


def read_exercise(library: Library, id: str) -> Exercise:  # noqa: A002
    """Read one exercise.

    Raises:
        UnknownName: There is none of this id.
        ContentMistakes: It has mistakes.
    """
    ids = exercise_ids(library)
    if id not in ids:
        others = say("mistakes.there-are", names=", ".join(ids))
        raise UnknownName(sort="exercise", name=id, nearest=nearest(id, ids) or others)
    folder = library.folder / "exercises" / id
    path = folder / "brief.md"
    document, mistakes = read_document(path, library.shown(path))
    if document is None or mistakes:
        raise ContentMistakes(mistakes)
    notes = Notes(document.path)
    with shaped(document.path):
        exercise = _exercise(library, document, folder, notes)
    if exercise is None or notes.mistakes:
        raise ContentMistakes(notes.mistakes)
    return exercise


def _exercise(
    library: Library, document: Document, folder: Path, notes: Notes
) -> Exercise | None:
    _check_front(document, folder, notes)
    texts = _texts(document, notes)
    if notes.mistakes:
        return None
    front = document.front
    playbook = library.playbook(str(front["playbook"]))
    covers = tuple(map(str, listing(front["covers"])))
    for row in covers:
        if not _is_row(row, playbook):
            notes.add("slip-row", document.front_lines["covers"], text=row)
    weights = _weights(document, notes)
    return Exercise(
        id=str(front["id"]),
        title=str(front["title"]),
        minutes=whole(front["minutes"]),
        playbook=playbook,
        pass_mark=whole(front["pass_mark"]),
        mode=str(front["mode"]),
        covers=covers,
        critical=tuple(_critical(front["critical"])),
        goal=texts[key_of("Goal")],
        task=texts[key_of("Task")],
        cases=library.cases_in(folder / "cases.md", playbook.id),
        folder=folder,
        weights=weights,
        reply_rules=library.reply_rules if "reply" in weights else None,
    )


def _weights(document: Document, notes: Notes) -> dict[str, int]:
    """Read what each dimension is worth."""
    given = document.front.get("weights")
    if given is None:
        return dict(WEIGHTS)
    line = document.front_lines["weights"]
    for name in mapping(given):
        if name not in DIMENSIONS:
            words = ", ".join(DIMENSIONS)
            notes.add("word-unknown", line, column="weights", word=name, words=words)
    weights = {name: whole(each) for name, each in mapping(given).items()}
    for each in weights.values():
        if not 0 <= each <= HEAVIEST:  # else a mark could be more than 100 percent
            raise ValueError(f"weights: {each}")
    return weights


def _check_front(document: Document, folder: Path, notes: Notes) -> None:
    front = document.front
    for name in FRONT:
        if name not in front:
            notes.add("front-lacks", 1, name=name)
    for name in front:
        if name not in {*FRONT, *MORE_FRONT}:
            notes.add("front-unknown", document.front_lines[name], name=name)
    if "mode" in front and front["mode"] not in MODES:
        notes.add(
            "word-unknown",
            document.front_lines["mode"],
            column="mode",
            word=front["mode"],
            words=", ".join(MODES),
        )
    if "id" in front and front["id"] != folder.name:
        line = document.front_lines["id"]
        notes.add("id-differs", line, id=front["id"], stem=folder.name)


def _texts(document: Document, notes: Notes) -> dict[str, str]:
    """Read the words of every section, by its key."""
    texts = {
        key_of(section.title): "\n\n".join(each.text for each in section.paragraphs)
        for section in document.sections
    }
    for name in PARTS:
        if key_of(name) not in texts:
            notes.add("section-lacks", 1, title=name)
    return texts


def _is_row(text: str, playbook: Playbook) -> bool:
    """Whether the text names a row, as ``<decision> <number>``."""
    name, _, number = text.rpartition(" ")
    return any(
        key_of(table.name) == key_of(name) and table.row(number)
        for table in playbook.tables
    )


def _critical(value: Yaml) -> Iterator[CriticalError]:
    for each in listing(value):
        tree = mapping(each)
        yield CriticalError(
            answer=key_of(str(tree["answer"])),
            given=tuple(answer_text(one) for one in listing(tree["given"])),
            when=answer_text(tree["when"]),
            why=str(tree["why"]),
        )


def answer_text(value: Yaml) -> str:
    """Write an answer of a YAML file as an author writes it in a table."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not covered" if value == "not-covered" else str(value)
