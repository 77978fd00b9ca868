"""The house keeps its floors, its fences and its words."""

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from pydantic_core.core_schema import ErrorType

from kit import catalogue, errors
from kit.content.reference.reference import read_reference

ROOT = Path(__file__).parents[1]
KIT = ROOT / "kit"

FLOORS = [
    {"catalogue"},
    {"errors"},
    {"rules"},
    {"content/markdown"},
    {"content/reference"},
    {"content/playbook"},
    {"content/pages"},
    {"content/letters", "content/stories"},
    {"content/proofs"},
    {"content"},
    {"practice", "practice/reading"},
    {"practice/foreign"},
    {"practice/said"},
    {"practice/generate", "practice/letters"},
    {"practice/case"},
    {"practice/desk"},
    {"marking/records"},
    {"marking/marks"},
    {"marking/grading", "marking/regrade"},
    {"marking"},
    {"marking/export"},
    {"marking/signoff"},
    {"marking/care"},
    {"screens"},
    {"screens/desk"},
    {"screens/lab", "screens/printed"},
    {"screens/exercise"},
    {"lesson", "deciding"},
    {"cli"},
    {"__main__"},
]
"""The rooms of each floor, from the ground up. Imports point down, never sideways."""

MOST_MODULES = 12
"""In a room: more than that, and nobody finds anything."""

ONE_IDEA = {"rules": 15}
"""A room that is read from one end to the other may have more."""

FENCES = {
    "IPython": {"screens/", "lesson", "marking/grading/inprocess_shell"},
    # What is said and what is found: two ways with the same names of days.
    "babel": {"practice/reading/days", "practice/wording"},
    "cryptography": {"marking/signoff/signatures"},
    "distributed": {"marking/grading/executors"},
    # Locks of three things: the records of an agent, one grader, one running server.
    "filelock": {
        "marking/records/store",
        "marking/grading/grade_attempts",
        "screens/lab/server",
    },
    "holidays": {"rules/calendars"},
    "ipywidgets": {"screens/", "lesson"},
    "jupyter_client": {"marking/grading/kernels"},
    "jupyter_server": {"screens/lab/server"},
    "jupyterlab": {"screens/lab/server"},
    "langdetect": {"practice/reading/languages"},
    "markdown_it": {"content/markdown/documents", "content/markdown/table_syntax"},
    "markupsafe": {"screens/", "lesson"},
    "mdit_py_plugins": {"content/markdown/documents"},
    "nbclient": {"marking/grading/runner"},
    "nbconvert": {"marking/grading/report_page"},
    "nbformat": {
        *(
            "marking/grading/forked",
            "marking/grading/report_page",
            "marking/grading/report_files",
            "marking/grading/runner",
        ),
    },
    "nh3": {"marking/grading/report_page"},
    "papermill": {"marking/grading/runner", "marking/grading/forked"},
    "pydantic": {"marking/", "content/"},
    "traitlets": {"screens/", "lesson", "marking/grading/inprocess_shell"},
    "typer": {"cli/"},
    "yaml": {"content/markdown/yamls"},
}
"""Where each outside library is known: a module, or with a slash a whole package."""

RUNS_TEXT = {"exec", "eval"}
UNPACKS_CODE = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
MAY_RUN_TEXT = "rules/generated"

MODULES = {
    path.relative_to(KIT).with_suffix("").as_posix(): ast.parse(
        path.read_text(encoding="utf-8")
    )
    for path in sorted(KIT.rglob("*.py"))
}
ROOMS = {name: name.rpartition("/")[0] or name for name in MODULES}
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

AREAS = sorted(path.stem for path in (KIT / "texts" / "en").glob("*.toml"))
KEYS = {key for area in AREAS for key in catalogue.keys(area)}
FACE = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((KIT / "lab").rglob("*.js"))
)


def imports_of(name: str) -> tuple[set[str], set[str]]:
    """Every import of a module, also inside functions: (the kit's own, all others)."""
    own, others = set(), set()
    package = (
        [] if name.endswith("__init__") and "/" not in name else [*Path(name).parts]
    )
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Import):
            others |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            start = package[: len(package) - node.level]
            base = "/".join([*start, *(node.module or "").split(".")]).strip("/")
            own |= {_module(base, alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            others.add(str(node.module).split(".")[0])
    return own, others


def _module(base: str, name: str) -> str:
    """The module that ``from base import name`` reads: a submodule, or the base."""
    for inner in (f"{base}/{name}".strip("/"), base):
        if inner in MODULES:
            return inner
    return f"{base}/__init__".strip("/")


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Every call in the kit: its module, the call, the name that is called."""
    for name, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                func = node.func
                called = getattr(func, "id", None) or getattr(func, "attr", "")
                yield name, node, called


def literal(call: ast.Call) -> str | None:
    """The first argument of a call, if it is plain text."""
    if call.args and isinstance(call.args[0], ast.Constant):
        value = call.args[0].value
        return value if isinstance(value, str) else None
    return None


def slots_of(key: str) -> set[str]:
    """The slots of an English sentence."""
    parsed = Formatter().parse(catalogue.sentence(key, "en"))
    return {slot.split(".")[0] for _, slot, _, _ in parsed if slot}


def unfilled(call: ast.Call, keys: list[str]) -> set[str]:
    """The slots of sentences that a call leaves open; none where it passes on all."""
    given = {keyword.arg for keyword in call.keywords}
    if None in given:
        return set()
    return {slot for key in keys for slot in slots_of(key)} - given


def spoken() -> tuple[set[str], list[re.Pattern[str]]]:
    """All plain text in the kit's code, and the keys that are put together in it."""
    words, patterns = set(), []
    for tree in MODULES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(part.value))
                    if isinstance(part, ast.Constant)
                    else "(.+)"
                    for part in node.values
                ]
                if any(parts[0].startswith(re.escape(f"{area}.")) for area in AREAS):
                    patterns.append(re.compile("".join(parts)))
    return words, patterns


def words_from_outside() -> set[str]:
    """What can stand in a key that is put together: classes, pydantic, content."""
    reference, _ = read_reference(ROOT / "playbooks" / "reference", Path())
    course = (ROOT / "exercises" / "course.md").read_text(encoding="utf-8")
    return {
        *(name for name in vars(errors) if name[0].isupper()),
        *(each.replace("_", "-") for each in get_args(ErrorType)),
        *(fact.place for fact in reference.facts.values()),
        *re.findall(r"^\| \d+ \| ([a-z-]+) \|", course, re.MULTILINE),
    }


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name: str) -> None:
    """Whoever reads a room needs to know only the floors below it."""
    own, others = imports_of(name)
    room = ROOMS[name]

    assert "kit" not in others, "write `from .tables import …`, not `from kit.tables`"
    sideways = {
        each
        for each in own
        if ROOMS[each] != room and FLOOR_OF[ROOMS[each]] >= FLOOR_OF[room]
    }
    assert sideways == set()


def test_every_room_has_a_floor() -> None:
    """A new package is put on a floor before anything may import it."""
    assert {room for room in ROOMS.values() if room != "__init__"} == set(FLOOR_OF)


@pytest.mark.parametrize("room", sorted(FLOOR_OF))
def test_no_room_is_crowded(room: str) -> None:
    """What one looks for is found among a dozen names."""
    modules = {name for name in MODULES if ROOMS[name] == room}
    modules = {name for name in modules if not name.endswith("__init__")}

    assert len(modules) <= ONE_IDEA.get(room, MOST_MODULES)


def test_no_two_modules_have_the_same_name() -> None:
    """Whoever hears a name knows which module is meant."""
    names = [name.rpartition("/")[2] for name in MODULES]
    twice = {name for name in names if names.count(name) > 1}

    assert twice <= {"__init__"}


@pytest.mark.parametrize("name", MODULES)
def test_each_module_opens_with_what_it_is_for(name: str) -> None:
    """One sentence in one line, before anything else."""
    first = (ast.get_docstring(MODULES[name]) or "").partition("\n")[0]

    assert first.endswith((".", ":")) or name == "__main__"


def test_no_modules_import_one_another_in_a_circle() -> None:
    """Any module can be read, tested and moved without the ones that use it."""
    graph = {name: imports_of(name)[0] - {name} for name in MODULES}

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


@pytest.mark.parametrize("name", MODULES)
def test_each_library_stays_behind_its_fence(name: str) -> None:
    """When a library changes, the place that has to change is known."""
    _, others = imports_of(name)
    outside = others - sys.stdlib_module_names - {"kit"}

    assert outside <= FENCES.keys(), "name its fence in FENCES"
    assert {each for each in outside if not _may(name, FENCES[each])} == set()


def _may(name: str, fence: set[str]) -> bool:
    return any(
        name.startswith(place) if place.endswith("/") else name == place
        for place in fence
    )


def test_no_fence_stands_around_nothing() -> None:
    """A fence names only modules that are there."""
    places = {place for fence in FENCES.values() for place in fence}

    assert {
        place for place in places if not any(_may(name, {place}) for name in MODULES)
    } == set()


def test_benchmarks_ask_only_for_what_is_there() -> None:
    """They run seldom: a name that has moved would be missed on the day of a report."""
    asked = {
        (node.module, each.name)
        for path in (ROOT / "benchmarks").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kit.")
        for each in node.names
    }
    missing = [
        f"{module}.{name}" for module, name in sorted(asked) if not _has(module, name)
    ]
    assert asked
    assert missing == []


def _has(module: str, name: str) -> bool:
    """Whether a module has a name, or a package a module of that name."""
    found = import_module(module)
    is_package = hasattr(found, "__path__")
    inside = is_package and find_spec(f"{module}.{name}") is not None
    return hasattr(found, name) or inside


def test_text_is_run_as_code_in_one_module_only() -> None:
    """What an agent types is never executed; only printed tables are."""
    found = {name for name, _, called in calls() if called in RUNS_TEXT}
    unpacking = {name for name in MODULES if imports_of(name)[1] & UNPACKS_CODE}

    assert found == {MAY_RUN_TEXT}
    assert unpacking == set()


def test_every_sentence_that_is_said_exists() -> None:
    """A missing sentence would be a traceback in front of an agent."""
    said = {
        (name, literal(call))
        for name, call, called in calls()
        if called in {"say", "sentence"} and literal(call)
    }

    assert said
    assert {each for each in said if each[1] not in KEYS} == set()


def test_every_key_that_is_put_together_exists() -> None:
    """Also a key with a part that is known only later leads to some sentence."""
    _, patterns = spoken()

    assert {
        each.pattern
        for each in patterns
        if not any(each.fullmatch(key) for key in KEYS)
    } == set()


def test_every_sentence_is_used() -> None:
    """A sentence that nobody says any more is a promise that nobody keeps."""
    words, patterns = spoken()
    parts = words | words_from_outside()

    def is_used(key: str) -> bool:
        if key in words:
            return True
        if key.startswith("lab.page."):
            return f'"{key.removeprefix("lab.page.")}"' in FACE
        matches = (each.fullmatch(key) for each in patterns)
        return any(match and parts >= {*match.groups()} for match in matches)

    assert {key for key in KEYS if not is_used(key)} == set()


def test_every_sentence_of_the_page_in_the_browser_exists() -> None:
    """The page has no words of its own."""
    said = set(re.findall(r'\bsay\("([\w-]+)"', FACE))

    assert said
    assert {word for word in said if f"lab.page.{word}" not in KEYS} == set()


def test_every_slot_of_a_sentence_is_filled() -> None:
    """“{name} is missing” must never be read by anybody."""
    open_slots = {
        (name, literal(call), slot)
        for name, call, called in calls()
        if called == "say" and literal(call) in KEYS
        for slot in unfilled(call, [str(literal(call))])
    }

    assert open_slots == set()


def test_every_error_fills_the_slots_of_its_sentence() -> None:
    """An error that cannot say what is wrong hides what is wrong."""
    open_slots = {
        (name, called, slot)
        for name, call, called in calls()
        if f"errors.{called}" in KEYS and called != "BadCell"
        for slot in unfilled(call, [f"errors.{called}"])
    }

    assert open_slots == set()


def test_every_mistake_fills_the_slots_of_its_sentences() -> None:
    """An author reads what is wrong in the names of their own page."""
    open_slots = {
        (name, literal(call), slot)
        for name, call, called in calls()
        if called in {"add", "BadCell"} and f"mistakes.{literal(call)}.fix" in KEYS
        for slot in unfilled(
            call,
            [f"mistakes.{literal(call)}.{each}" for each in ("problem", "fix")],
        )
    }

    assert open_slots == set()


def test_every_mistake_says_what_is_wrong_and_what_to_do() -> None:
    """A complaint without a remedy leaves an author alone."""
    kinds = {key.rpartition(".")[0] for key in KEYS if key.startswith("mistakes.")}

    assert {
        kind
        for kind in kinds - {"mistakes"}
        if not {f"{kind}.problem", f"{kind}.fix"} <= KEYS
    } == set()


@pytest.mark.parametrize(
    "language",
    sorted(path.name for path in (KIT / "texts").iterdir() if path.is_dir()),
)
def test_a_translation_has_the_same_slots(language: str) -> None:
    """Another language says the same with other words."""
    formatter = Formatter()

    for key in KEYS:
        parsed = formatter.parse(catalogue.sentence(key, language))
        assert {slot.split(".")[0] for _, slot, _, _ in parsed if slot} == slots_of(key)
