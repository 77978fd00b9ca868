"""Read exercises: the brief, the cases, the best and the likeliest wrong answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..catalogue import say
from ..errors import ContentMistakes, Mistake, UnknownName
from ..rules.values import key_of, nearest
from .cases import PracticeCase
from .letters.reply_rules import ReplyRules
from .library import Library
from .markdown.documents import Document, read_document
from .markdown.files import Notes
from .markdown.yaml_trees import Tree
from .playbook.playbook import Playbook

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
"""The weight of each dimension where the brief does not set it."""

HEAVIEST = 100

MORE_FRONT = ("weights",)
MODES = ("practice", "exam")
PARTS = ("Goal", "Task", "Out of scope")
ANY_ANSWER = "any"
NOTEBOOK = "exercise.ipynb"
BRIEF = "brief.md"
CASES = "cases.md"

AnswerTexts = Mapping[str, Mapping[str, str]]
"""For each case and answer the chosen value, as an author writes it."""


@dataclass(frozen=True, slots=True)
class CriticalError:
    """A wrong answer that fails the whole exercise."""

    answer: str
    """Key of the answer."""

    given: tuple[str, ...]
    """The wrong choices."""

    when: str
    """The right answer that was missed; ``any`` for every right answer."""

    why: str
    """Its consequence, in a sentence for the agent."""


@dataclass(frozen=True, slots=True, eq=False)
class Exercise:
    """A graded exercise: cases that an agent decides without help."""

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
    """The errors that fail it at once."""

    goal: str
    """What the agent can do afterwards."""

    task: str
    """What to do."""

    cases: tuple[PracticeCase, ...]
    """Its cases, in their order."""

    weights: Mapping[str, int]
    """The weight of each dimension; only these dimensions are marked."""

    reply_rules: ReplyRules | None
    """The rules for replies; ``None`` if replies are not marked."""

    folder: Path
    """Its folder."""

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

    Args:
        library: The folder of content.
        id: The id of the exercise, which is the name of its folder.

    Raises:
        UnknownName: No exercise has this id.
        ContentMistakes: It has mistakes.
    """
    ids = exercise_ids(library)
    if id not in ids:
        others = say("mistakes.there-are", names=", ".join(ids))
        raise UnknownName(sort="exercise", name=id, nearest=nearest(id, ids) or others)
    folder = library.folder / "exercises" / id
    path = folder / BRIEF
    document, mistakes = read_document(path, library.shown(path))
    if document is None or mistakes:
        raise ContentMistakes(mistakes)
    reader = _Reader(library, document, folder)
    exercise = reader.read()
    if exercise is None or reader.found:
        raise ContentMistakes(reader.found)
    return exercise


class _Reader:
    """The state of reading one exercise."""

    def __init__(self, library: Library, document: Document, folder: Path) -> None:
        self.library, self.document, self.folder = library, document, folder
        self.notes = Notes(document.path)
        self.beyond: list[Mistake] = []
        self.front = Tree(dict(document.front), (), document.front_places, self.notes)

    @property
    def found(self) -> list[Mistake]:
        """Every mistake so far: of the brief, of the cases, of the page behind it."""
        return [*self.notes.mistakes, *self.beyond]

    def read(self) -> Exercise | None:
        self._check_names()
        texts = _texts(self.document, self.notes)
        playbook = self._playbook()
        cases = self._cases(playbook) if playbook else ()
        weights = self._weights()
        minutes, pass_mark = self._whole("minutes"), self._whole("pass_mark")
        mode, covers = self._mode(), tuple(self._covers(playbook))
        critical = tuple(self._critical())
        title = self._text("title")
        if playbook is None or self.found:
            return None
        return Exercise(
            id=self.folder.name,
            title=title,
            minutes=minutes,
            playbook=playbook,
            pass_mark=pass_mark,
            mode=mode,
            covers=covers,
            critical=critical,
            goal=texts[key_of("Goal")],
            task=texts[key_of("Task")],
            cases=cases,
            folder=self.folder,
            weights=weights,
            reply_rules=self.library.reply_rules if "reply" in weights else None,
        )

    def _check_names(self) -> None:
        front, lines = self.document.front, self.document.front_lines
        for name in FRONT:
            if name not in front:
                self.notes.add("front-lacks", 1, name=name)
        for name in front:
            if name not in {*FRONT, *MORE_FRONT}:
                self.notes.add("front-unknown", lines[name], name=name)
        stem = self.folder.name
        if "id" in front and front["id"] != stem:
            self.notes.add("id-differs", lines["id"], id=front["id"], stem=stem)

    def _playbook(self) -> Playbook | None:
        given = self.front.may_have("playbook")
        name = given.text() if given else ""
        if given is None or not name:
            return None
        if name not in self.library.ids:
            near = nearest(name, self.library.ids)
            given.note("brief-playbook", name=name, nearest=near)
            return None
        try:
            return self.library.playbook(name)
        except ContentMistakes as error:
            self.beyond += error.mistakes
            return None

    def _cases(self, playbook: Playbook) -> tuple[PracticeCase, ...]:
        try:
            return self.library.cases_in(self.folder / CASES, playbook.id)
        except ContentMistakes as error:
            self.beyond += error.mistakes
            return ()

    def _text(self, name: str) -> str:
        given = self.front.may_have(name)
        return given.text() if given else ""

    def _whole(self, name: str) -> int:
        given = self.front.may_have(name)
        return given.whole() if given else 0

    def _mode(self) -> str:
        given = self.front.may_have("mode")
        mode = given.text() if given else ""
        if given and mode and mode not in MODES:
            words = ", ".join(MODES)
            given.note("word-unknown", column="mode", word=mode, words=words)
        return mode

    def _covers(self, playbook: Playbook | None) -> Iterator[str]:
        given = self.front.may_have("covers")
        for each in given.items() if given else ():
            row = each.text()
            if playbook and row and not _is_row(row, playbook):
                each.note("slip-row", text=row)
            yield row

    def _weights(self) -> dict[str, int]:
        """Read what each dimension is worth."""
        given = self.front.may_have("weights")
        if given is None:
            return dict(WEIGHTS)
        parts = given.parts()
        for name, each in parts.items():
            if name not in DIMENSIONS:
                words = ", ".join(DIMENSIONS)
                each.note("word-unknown", column="weights", word=name, words=words)
        # A weight below nothing could make a mark of more than 100 percent.
        return {
            name: each.whole(lowest=0, highest=HEAVIEST) for name, each in parts.items()
        }

    def _critical(self) -> Iterator[CriticalError]:
        given = self.front.may_have("critical")
        for each in given.items() if given else ():
            yield CriticalError(
                answer=key_of(each.part("answer").text()),
                given=tuple(answer_text(one) for one in each.part("given").items()),
                when=answer_text(each.part("when")),
                why=each.part("why").text(),
            )


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
    """Tell whether a text names a row, as ``<decision> <number>``."""
    name, _, number = text.rpartition(" ")
    return any(
        key_of(table.name) == key_of(name) and table.row(number)
        for table in playbook.tables
    )


def answer_text(tree: Tree) -> str:
    """Format an answer of a YAML file as an author writes it in a table."""
    text = tree.text()
    return "not covered" if text == "not-covered" else text
