"""Other products to compare with, each in an environment of its own."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ENGINES, NBGRADER, OTTER = "", "nbgrader", "otter"
PEERS = {
    ENGINES: ("zen-engine==2.1.3", "SpiffWorkflow==3.2.0"),
    NBGRADER: ("nbgrader==0.9.6",),
    # It runs notebooks in a kernel, and does not say so among its requirements.
    OTTER: ("otter-grader==7.0.0", "ipykernel==7.4.0"),
}


def peer_python(peer: str = ENGINES) -> Path:
    """Find the Python of a peer; install the peer where it is missing."""
    folder = HERE / (f".venv-{peer}" if peer else ".venv")
    python = folder / (
        "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    )
    installed = folder / "installed.txt"
    wanted = "\n".join(PEERS[peer])
    if not installed.is_file() or installed.read_text(encoding="utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, *PEERS[peer]], check=True)
        installed.write_text(wanted, encoding="utf-8")
    return python
