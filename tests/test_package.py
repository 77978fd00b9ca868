"""The wheel alone is enough: no checkout, no second download, an empty folder."""

import ast
import email
import fnmatch
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path
from urllib.request import urlopen

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTENT = ("playbooks", "notebooks", "exercises")
NEVER_IMPORTED = {
    "ipykernel",  # started by name, as the Python behind a page
    "tzdata",  # only read, where the system ships no time zones
}
ADDRESS = re.compile(r"http://\S+token=\S+")


def tracked(*folders: str) -> list[Path]:
    """Every file of some folders that belongs to the product."""
    return sorted(
        path.relative_to(ROOT)
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & {*path.parts}
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    build = ["-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run([sys.executable, *build], cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def kit(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment that borrows the dependencies of this one.

    Only this environment's folder of packages is lent. The checkout stands in a
    ``.pth`` file of it, and Python reads no ``.pth`` file of a folder that another
    one names.
    """
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True, symlinks=os.name == "posix")
    scripts = Path(sysconfig.get_path("scripts", "venv", {"base": str(folder)}))
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    install = ["-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run([scripts / "python", *install], check=True, capture_output=True)
    lent = sysconfig.get_path("purelib")
    (packages / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")
    return scripts / "kit"


@pytest.fixture
def run(kit: Path, tmp_path: Path) -> Iterator[object]:
    """Run a command of the installed kit in an empty folder."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [kit, *arguments],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return run


def environment() -> dict[str, str]:
    """This environment, without a way back to the checkout, with JupyterLab's pages."""
    share = Path(sysconfig.get_path("data")) / "share" / "jupyter"
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KIT_", "PYTHON"))
    }
    return kept | {
        "JUPYTERLAB_DIR": str(share / "lab"),
        "JUPYTER_PATH": str(share),
        "PYTHONUTF8": "1",
        "KIT_STRICT": "1",
    }


def test_every_file_that_the_kit_reads_is_in_the_wheel(wheel):
    """A sentence, style or playbook left out would fail only at the agent's desk."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    wanted = {path.as_posix() for path in tracked("kit")}
    wanted |= {f"kit/shipped/{path.as_posix()}" for path in tracked(*CONTENT)}
    assert wanted - names == set()


@pytest.mark.parametrize(
    "file",
    [
        pytest.param("kit/py.typed", id="types"),
        pytest.param("kit/texts/en/cli.toml", id="sentences"),
        pytest.param("kit/lab/face.css", id="styles"),
        pytest.param("kit/lab/*.js", id="scripts"),
        pytest.param("kit/shipped/playbooks/*.md", id="playbooks"),
        pytest.param("kit/shipped/notebooks/*.ipynb", id="lessons"),
        pytest.param("kit/shipped/exercises/course.md", id="exercises"),
        pytest.param("*.dist-info/licenses/LICENSE", id="licence"),
    ],
)
def test_each_kind_of_file_is_in_the_wheel(wheel, file):
    """A kind that is missing in the checkout, too, is found by its name."""
    with zipfile.ZipFile(wheel) as archive:
        assert fnmatch.filter(archive.namelist(), file)


def test_the_wheel_names_the_pythons_on_which_it_is_tried(wheel):
    """Who installs it reads there what `.ci/run` has tried, and nothing more."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = fnmatch.filter(archive.namelist(), "*.dist-info/METADATA")
        said = email.message_from_bytes(archive.read(name))
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    oldest, end = map(
        int, re.search(r"\(3, (\d+)\) <= v < \(3, (\d+)\)", script).groups()
    )
    named = [each.rpartition(" ")[2] for each in said.get_all("Classifier")]

    assert said["Requires-Python"] == f">=3.{oldest}"
    assert [each for each in named if re.fullmatch(r"3\.\d+", each)] == [
        f"3.{minor}" for minor in range(oldest, end)
    ]
    assert "Typing :: Typed" in said.get_all("Classifier")


def test_nothing_else_is_in_the_wheel(wheel):
    """Tests, benchmarks and what somebody has answered stay at home."""
    with zipfile.ZipFile(wheel) as archive:
        folders = {name.split("/")[0] for name in archive.namelist()}

    version = PROJECT["project"]["version"]
    assert folders == {"kit", f"aftersales_kit-{version}.dist-info"}


def test_nothing_of_the_checkout_is_used(kit, tmp_path):
    """Else every test below would pass although the wheel lacks something."""
    code = "import kit, sys; print(kit.__file__); print(*sys.path, sep='\\n')"
    done = subprocess.run(
        [kit.with_name("python"), "-c", code],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    home, *path = done.stdout.splitlines()
    assert Path(home).is_relative_to(kit.parents[1])
    assert str(ROOT) not in path


def test_a_company_begins_with_a_folder_of_its_own(run, tmp_path):
    """The first thing an author does; what the wheel ships proves itself there."""
    made = run("new", "company")
    checked = run("--content", "company", "check")

    assert made.returncode == 0, made.stderr
    assert sorted(path.name for path in (tmp_path / "company").iterdir()) == sorted(
        CONTENT
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_shipped_playbooks_decide(run):
    """An agent asks on the command line without having made anything."""
    stage = ["--fact", "Return stage=not-posted", "--fact", "Return route=remorse"]
    reminded = ["--fact", "reminder sent=yes", "--fact", "reminded on=2024-08-27"]
    news = ["--fact", "posting news=nothing-new", *reminded]
    facts = [*stage, "--fact", "accepted on=2024-08-20", *news]
    where = ["--table", "nothing comes", "--marketplace", "EBAY_US"]
    done = run("decide", "return-completion", *facts, *where, "--on", "2024-09-12")

    assert done.returncode == 0, done.stderr
    assert "ask-ebay-to-close" in done.stdout


def test_nothing_handed_in_is_nothing_to_mark(run):
    """A folder in which nobody has learned is named; it may be the wrong one."""
    done = run("grade")

    assert done.returncode == 2
    assert "There are no records of anybody in" in done.stderr


def test_the_lessons_open(kit, tmp_path):
    """The one command of an agent: an address is told, and a page answers there."""
    process = subprocess.Popen(
        [kit, "learn", "--no-browser", "--agent", "newcomer"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    try:
        said = ""
        while not ADDRESS.search(said) and process.poll() is None:
            said += process.stdout.readline()
        address = ADDRESS.search(said)
        assert address, said
        with urlopen(address[0], timeout=30) as page:
            text = page.read().decode()
    finally:
        process.terminate()
        process.communicate(timeout=30)

    assert "aftersales-kit-face" in text
    assert (tmp_path / "workspace" / "desk" / "notebooks").is_dir()


def imported(folder: str) -> set[str]:
    """Every package that the code of a folder imports, also inside functions."""
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {each.name.split(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"kit"}


def extras() -> dict[str, list[str]]:
    """What more can be installed, by its name."""
    return PROJECT["project"]["optional-dependencies"]


def names_of(requirements: Iterable[str]) -> set[str]:
    """The packages of some requirements."""
    return {canonical(Requirement(each).name) for each in requirements}


def test_the_project_names_what_its_code_imports_and_nothing_else():
    """A package that comes along by chance goes by chance; an unused one costs."""
    owners = packages_distributions()
    used = {canonical(owners[name][0]) for name in imported("kit")}
    named = names_of((*PROJECT["project"]["dependencies"], *chain(*extras().values())))

    assert used | NEVER_IMPORTED == named


@pytest.mark.parametrize("extra", ["grade", "sign", "dask"])
def test_what_learning_does_without_is_in_an_extra(wheel, extra):
    """Who installs the wheel to learn gets nothing that only supervisors use."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = fnmatch.filter(archive.namelist(), "*.dist-info/METADATA")
        said = email.message_from_bytes(archive.read(name))
    needs = [Requirement(each) for each in said.get_all("Requires-Dist")]
    off = {"extra": "", "sys_platform": "linux"}
    always = {
        canonical(each.name)
        for each in needs
        if not each.marker or each.marker.evaluate(off)
    }

    assert extra in said.get_all("Provides-Extra")
    assert names_of(extras()[extra])
    assert names_of(extras()[extra]) & always == set()
    assert "jupyterlab" in always


def test_make_and_uv_install_what_every_command_needs():
    """Whoever begins with one of them marks and signs without a second thought."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    groups = PROJECT["dependency-groups"]

    assert 'KIT := --editable ".[grade,sign]"' in makefile
    assert makefile.count("$(INSTALL) $(KIT)") == 2
    assert "--editable" not in makefile.replace("KIT := --editable", "")
    assert groups["supervise"] == ["aftersales-kit[grade,sign]"]
    assert PROJECT["tool"]["uv"]["default-groups"] == ["dev", "supervise"]


def pins() -> list[Requirement]:
    """What ``make`` installs, each with where it holds."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if not line.startswith("#")]


def wanted() -> list[Requirement]:
    """What the product and its tests are built on."""
    project = PROJECT["project"]
    groups = PROJECT["dependency-groups"]
    more = chain(*extras().values(), groups["dev"], groups["mutants"])
    each = (*project["dependencies"], *more)
    return [Requirement(text) for text in each]


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(
    "system", [("linux", "posix"), ("darwin", "posix"), ("win32", "nt")], ids=str
)
def test_what_is_installed_is_pinned_on_every_system(python, system):
    """A release of tomorrow turns no machine of today red: warnings are errors here."""
    machine = {
        "python_version": python,
        "python_full_version": f"{python}.4",
        "sys_platform": system[0],
        "os_name": system[1],
    }
    here = [each for each in pins() if not each.marker or each.marker.evaluate(machine)]
    pinned = {canonical(each.name): str(each.specifier) for each in here}

    assert len(here) == len(pinned)
    for each in wanted():
        if each.marker and not each.marker.evaluate(machine):
            continue
        found = pinned.get(canonical(each.name), "")
        assert found.startswith("=="), f"{each}: run `make constraints`"
        assert each.specifier.contains(found.removeprefix("==")), each


def test_pins_name_no_machine():
    """What is committed says which versions, never from where they came."""
    for each in pins():
        assert each.url is None
    assert "/" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")


def canonical(name: str) -> str:
    """The one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()
