"""The kernel of one run: its own folders, its own start-up, and no open port."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import needing

with needing("grade"):
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

# A path of a socket may have 107 characters on Linux and 103 on macOS.
_LONGEST_SOCKET_PATH = 90


@dataclass(frozen=True, slots=True)
class RunFolders:
    """The folders that the kit finds through its environment while a notebook runs."""

    content: Path | None = None
    """The folder of playbooks and exercises; ``None`` leaves it as it is here."""

    workspace: Path | None = None
    """The folder of records and reports; ``None`` keeps no records, of nobody."""

    language: str | None = None
    """In which the notebook speaks; ``None`` leaves it as it is here."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """How the kernel of one run is started."""

    private: Path
    """An empty folder for this run alone: two kernels never share a socket."""

    start: Path
    """The folder in which the notebook finds itself, as it would in JupyterLab."""

    folders: RunFolders
    """The folders that the notebook works with."""

    @property
    def stderr(self) -> Path:
        """What the process of the kernel said outside of any cell."""
        return self.private / "stderr"

    def environment(self) -> dict[str, str]:
        """The environment of this process, with the folders of this run."""
        paths = {
            "KIT_CONTENT": self.folders.content,
            "KIT_WORKSPACE": self.folders.workspace,
            # Nobody's own start-up files take part in the marking.
            "IPYTHONDIR": self.private / "ipython",
        }
        given = {name: str(path.absolute()) for name, path in paths.items() if path}
        if self.folders.language is not None:
            given["KIT_LANGUAGE"] = self.folders.language
        personal = () if self.folders.workspace else ("KIT_WORKSPACE", "KIT_AGENT")
        kept = {
            name: value for name, value in os.environ.items() if name not in personal
        }
        return kept | given

    def manager(self) -> type[AsyncKernelManager]:
        """The class of kernel manager that nbclient is to use."""
        kernel = self

        class PrivateKernelManager(AsyncKernelManager):
            """Starts the kernel as this run wants it."""

            def __init__(self, **traits: Any) -> None:
                super().__init__(**traits)
                # A person's own "python3" may be another Python, without the kit.
                self.kernel_spec_manager = KernelSpecManager(kernel_dirs=[])
                self.connection_file = str(kernel.private / "connection.json")
                socket = str(kernel.private / "kernel")
                # Two kernels can be given the same port, but never the same folder.
                if os.name == "posix" and len(socket) < _LONGEST_SOCKET_PATH:
                    self.transport, self.ip = "ipc", socket

            async def start_kernel(  # type: ignore[override]
                self, **options: Any
            ) -> None:
                with kernel.stderr.open("wb") as stderr:
                    changed = {
                        "env": kernel.environment(),
                        "cwd": str(kernel.start.absolute()),
                        "stderr": stderr,
                    }
                    await super().start_kernel(**{**options, **changed})

        return PrivateKernelManager
