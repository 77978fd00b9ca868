"""The course is read like every page; who only needs it hears one sentence."""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit import cli
from kit.content.course import check_course, read_course
from kit.content.lesson_checks import check_lessons
from kit.content.library import Library
from kit.errors import CourseMistakes
from kit.lesson import open_lesson
from kit.marking.records.events import HandedIn
from kit.marking.records.store import append_event

BROKEN = Path(__file__).parent / "broken"
ROW = "| 1 | lesson | 00-late | The parcel is late | 10 | none |"
BAD = ROW.replace("10", "half an hour")
SENTENCE = (
    "The course cannot be read (exercises/course.md, line 11: “half an hour” is not"
    " a number of minutes); “kit check” names all its mistakes."
)


@pytest.fixture
def folder(tmp_path):
    """A small folder of content with a course."""
    copy = tmp_path / "content"
    shutil.copytree(BROKEN / "good", copy)
    shutil.copytree(BROKEN / "good-course", copy, dirs_exist_ok=True)
    return copy


def write_course(folder, before, after):
    """Change a piece of the course."""
    path = folder / "exercises" / "course.md"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def kit(monkeypatch, capsys, folder, tmp_path):
    """Run one command line in this process, as ``main`` runs it."""
    monkeypatch.setenv("KIT_STRICT", "1")

    def run(*arguments):
        places = ["--content", str(folder), "--workspace", str(tmp_path / "workspace")]
        monkeypatch.setattr(sys, "argv", ["kit", *places, *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code or 0
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_the_steps_come_in_their_order(folder):
    """Kind, id, title, minutes and what comes before: all that the start page shows."""
    lesson, exercise = read_course(Library(folder))

    assert (lesson.kind, lesson.id, lesson.minutes, lesson.after) == (
        *("lesson", "00-late", 10, ""),
    )
    assert (exercise.kind, exercise.after) == ("exercise", "00-late")


def test_a_course_may_have_a_table_for_each_part(folder):
    """A long course is easier to read in parts, and no part gets lost."""
    header = "| Step | Kind | Id | Title | Minutes | After |\n" + "| --- " * 6 + "|\n"
    write_course(folder, ROW, f"{ROW}\n\n## Exams\n\n{header.rstrip()}")

    assert [step.id for step in read_course(Library(folder))] == [
        *("00-late", "late-parcel"),
    ]


def test_a_folder_without_a_course_has_no_steps(tmp_path):
    """A company that only looks things up needs none."""
    assert check_course(Library(tmp_path)) == ((), [])


def test_every_mistake_of_the_course_is_said_at_once(folder):
    """An author corrects the page in one go."""
    write_course(folder, ROW, BAD.replace("none", "02-late"))

    with pytest.raises(CourseMistakes) as caught:
        read_course(Library(folder))

    assert [each.kind for each in caught.value.mistakes] == [
        *("course-minutes", "course-after"),
    ]


@pytest.mark.parametrize("agent", [("ana-1",), ()], ids=["of one", "of all"])
def test_a_report_says_in_one_sentence_that_the_course_cannot_be_read(
    kit, folder, tmp_path, agent
):
    """A supervisor sees what is wrong and where, and no incident."""
    now = {"agent": "ana-1", "at": datetime(2026, 11, 22, 12, 0, tzinfo=UTC)}
    work = {"exercise": "late-parcel", "attempt": "attempt-1"}
    append_event(tmp_path / "workspace", HandedIn(**now, **work, answers={}))
    write_course(folder, ROW, BAD)

    code, out, err = kit("report", *agent)

    assert (code, out, err) == (1, "", f"{SENTENCE}\n")


def test_learn_says_it_and_opens_the_lessons_all_the_same(kit, folder, monkeypatch):
    """The rest of the pages is as it was."""
    opened = []
    monkeypatch.setattr(
        "kit.screens.lab.server.start_lab", lambda *_, **__: opened.append(1)
    )
    write_course(folder, ROW, BAD)

    code, _, err = kit("learn")

    assert (code, err, opened) == (0, f"{SENTENCE}\n", [1])


def test_the_start_page_says_it_where_the_steps_would_stand(
    folder, monkeypatch, capsys, tmp_path
):
    """The agent reads a sentence that can be passed on."""
    monkeypatch.setenv("KIT_CONTENT", str(folder))
    monkeypatch.setenv("KIT_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("KIT_AGENT", "ana-1")
    write_course(folder, ROW, BAD)

    open_lesson("00-late").course()

    assert SENTENCE in capsys.readouterr().out


def test_a_question_is_about_the_check_whose_table_answers_it(
    folder, monkeypatch, capsys
):
    """Two tables of a page may have a check of the same title."""
    page = folder / "playbooks" / "late-parcel.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("| In time |", "| The third day |"), "utf-8")
    monkeypatch.setenv("KIT_CONTENT", str(folder))
    monkeypatch.delenv("KIT_WORKSPACE", raising=False)
    lesson = open_lesson("00-late")

    lesson.predict("late-parcel", "The third day", "Urgency")
    urgency = capsys.readouterr().out
    lesson.predict("late-parcel", "The third day", "Action")
    action = capsys.readouterr().out

    assert "Urgency: what do you think?" in urgency
    assert "Action: what do you think?" in action
    assert check_lessons(Library(folder)) == []


def test_practice_without_stories_is_a_sentence_and_no_empty_box(
    folder, monkeypatch, capsys, tmp_path
):
    """Who cannot practise is told so, and gets no button that does nothing."""
    (folder / "playbooks" / "stories" / "late-parcel.md").unlink()
    monkeypatch.setenv("KIT_CONTENT", str(folder))
    monkeypatch.setenv("KIT_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("KIT_AGENT", "ana-1")

    open_lesson("00-late").practise("late-parcel")

    shown = capsys.readouterr().out
    assert "There are no more cases to practise here. Please go on below." in shown
    assert "Next case" not in shown
