"""What JupyterLab is told before it starts: all of it inside the workspace.

The person's own Jupyter settings are neither read nor changed. This module writes
files and lists arguments; it knows no server and no browser.
"""

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ...catalogue import keys, language, say, sentence
from .laid_pages import KERNEL, PLAYBOOK_LIST, Page

_WORDS = "lab.page."
_OF_THE_PERSON = (
    *("JUPYTER_CONFIG_PATH", "JUPYTER_NO_CONFIG"),
    *("JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE"),
)
"""Variables of a person's own Jupyter that would change or stop the lessons."""

_STATE_OF_ONE_RUN = ("app", "config", "data", "ipython", "runtime", "settings")


@dataclass(frozen=True, slots=True)
class LabPlace:
    """Where the lessons come from, and where what people do is kept."""

    content: Path
    """The folder with ``notebooks``, ``playbooks`` and ``exercises``."""

    workspace: Path
    """The folder of records. The kit adds ``desk`` and ``.lab`` to it."""

    agent: str | None = None
    """Id of the agent, or ``None`` to be asked for on the start page."""

    first: str = "notebooks/00-welcome.ipynb"
    """The page that opens, below ``content``."""

    port: int = 0
    """The port to serve on; 0 takes the last one again or finds a free one."""

    preload: str = "kit.lesson"
    """A module that every lesson imports; kernels load it while the page loads."""

    @property
    def desk(self) -> Path:
        """The copy of the content that an agent works on, new at every start."""
        return self.workspace / "desk"

    @property
    def state(self) -> Path:
        """The folder of JupyterLab's own files."""
        return self.workspace / ".lab"

    @property
    def log(self) -> Path:
        """The file with everything that Jupyter and the lessons wrote while running."""
        return self.state / "log.txt"


def page_url(server: str, page: str, *, token: str) -> str:
    """Build the address of one page, with the token that opens it."""
    return f"{server.rstrip('/')}/doc/tree/{quote(page)}?token={quote(token)}"


def arguments(place: LabPlace, *, face: Path, is_root: bool) -> list[str]:
    """List what JupyterLab is started with.

    Command line arguments outrank every configuration file that a machine may have.

    Args:
        place: Where the lessons are.
        face: The folder ``kit/lab`` as files.
        is_root: Whether root starts it, as in a container; Jupyter wants to be told.
    """
    traits = {
        "ServerApp.root_dir": place.desk,
        "ServerApp.port": place.port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "ServerApp.use_redirect_file": False,
        "ServerApp.terminals_enabled": False,
        # Kept between runs, so that a tab of yesterday needs no new token.
        "ServerApp.cookie_secret_file": place.state / "secret",
        "ServerApp.log_level": "WARN",
        "ContentsManager.allow_hidden": False,
        "FileContentsManager.delete_to_trash": False,
        "KernelSpecManager.ensure_native_kernel": False,
        "KernelSpecManager.allowed_kernelspecs": KERNEL,
        "MappingKernelManager.default_kernel_name": KERNEL,
        # A lesson that no page shows any more gives its memory back.
        "MappingKernelManager.cull_idle_timeout": 600,
        "MappingKernelManager.cull_interval": 60,
        "KernelManager.shutdown_wait_time": 1,
        # After many fresh starts a reload asks for thousands of widgets at once; what a
        # lesson sends is ours, and Jupyter would drop what is over its usual rate.
        "ZMQChannelsWebsocketConnection.limit_rate": False,
        "LabApp.default_url": f"/doc/tree/{quote(place.first)}",
        "LabApp.app_settings_dir": place.state / "app",
        "LabApp.user_settings_dir": place.state / "settings",
        "LabApp.workspaces_dir": place.state / "settings" / "workspaces",
        "LabApp.extra_labextensions_path": face,
        "LabServerApp.extra_labextensions_path": face,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.news_url": "None",
        "LabApp.extension_manager": "readonly",
        "LabApp.custom_css": True,
    }
    root = ["--allow-root"] if is_root else []
    return [*(f"--{name}={value}" for name, value in traits.items()), *root]


def environment(place: LabPlace) -> dict[str, str]:
    """Name the variables that Jupyter and every kernel get."""
    variables = dict.fromkeys(_OF_THE_PERSON, "") | {
        "KIT_CONTENT": str(place.content),
        "KIT_WORKSPACE": str(place.workspace),
        "JUPYTER_CONFIG_DIR": str(place.state / "config"),
        "JUPYTER_DATA_DIR": str(place.state / "data"),
        "JUPYTER_RUNTIME_DIR": str(place.state / "runtime"),
        "IPYTHONDIR": str(place.state / "ipython"),
        # Else debugpy warns in each kernel that it cannot stop in frozen modules.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    return variables | ({"KIT_AGENT": place.agent} if place.agent else {})


def write_settings(place: LabPlace, *, face: Path, pages: Sequence[Page]) -> None:
    """Write all that JupyterLab reads at its start, in place of the last run's."""
    for name in _STATE_OF_ONE_RUN:
        shutil.rmtree(place.state / name, ignore_errors=True)
        (place.state / name).mkdir()
    overrides = (face / "overrides.json").read_text(encoding="utf-8")
    _write(place.state / "app" / "overrides.json", overrides)
    _write_json(place.state / "app" / "page_config.json", page_config(face, pages))
    _write_json(
        place.state / "data" / "kernels" / KERNEL / "kernel.json", kernel_spec(place)
    )
    css = "\n".join(
        (face / name).read_text(encoding="utf-8") for name in ("face.css", "desk.css")
    )
    opening = json.dumps(say("lab.page.opening"), ensure_ascii=False)
    _write(
        place.state / "config" / "custom" / "custom.css",
        f"{css}\n:root {{ --kit-opening: {opening}; }}\n",
    )


def page_config(face: Path, pages: Sequence[Page]) -> dict[str, object]:
    """Say what the page in the browser has to know.

    ``kitFace`` is JSON inside JSON: JupyterLab turns every mapping in its page
    configuration into a list of names.
    """
    known = {
        "product": say("lab.product"),
        "start": "notebooks/00-welcome.ipynb",
        "playbooks": PLAYBOOK_LIST,
        "words": {
            key.removeprefix(_WORDS): sentence(key, language())
            for key in keys("lab")
            if key.startswith(_WORDS)
        },
        "pages": {
            page.path: {"title": page.title, "digest": page.digest} for page in pages
        },
    }
    disabled: list[str] = json.loads((face / "disabled.json").read_text("utf-8"))
    return {
        "appName": say("lab.product"),
        "buildAvailable": False,  # else the server spends seconds looking for a build
        "buildCheck": False,
        "disabledExtensions": dict.fromkeys(disabled, True),
        "kitFace": json.dumps(known, ensure_ascii=False),
    }


def kernel_spec(place: LabPlace) -> dict[str, object]:
    """Describe the kernel of lessons: this very Python, where the kit is installed."""
    options = [
        "--HistoryManager.enabled=False",  # answers belong into the records only
        "--IPKernelApp.log_level=ERROR",
        f"--IPKernelApp.exec_lines=__import__({place.preload!r}) and None",
    ]
    launch = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    return {
        "argv": [*launch, *options],
        "display_name": say("lab.product"),
        "language": "python",
        "metadata": {"supported_encryption": ["curve"]},
    }


def _write_json(path: Path, value: object) -> None:
    _write(path, json.dumps(value, ensure_ascii=False, indent=1))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
