"""Other engines to compare with, in an environment of their own."""

import subprocess
import sys
from pathlib import Path

PEERS = ("zen-engine==2.1.3", "SpiffWorkflow==3.2.0")
FOLDER = Path(__file__).parent / ".venv"


def peer_python() -> Path:
    """Find the Python of the other engines; install them where they are missing."""
    python = FOLDER / (
        "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    )
    installed = FOLDER / "installed.txt"
    wanted = "\n".join(PEERS)
    if not installed.is_file() or installed.read_text(encoding="utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=True)
        pip = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, *PEERS], check=True)
        installed.write_text(wanted, encoding="utf-8")
    return python
