"""Who is learning at a desktop: an agent who is known, or whoever has signed in.

An identity belongs to one desktop and is handed to it, so that one process can serve
several agents. Two identities that are equal are the same person. This module reads
no environment.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .records.answers import LONGEST_AGENT_ID, is_agent
from .records.atomic_files import replace_file

SIGNED_IN = "agent.txt"
"""In this file of the workspace stands who has signed in on the start page."""


class Identity(Protocol):
    """Who is learning. It can be a key of a dictionary."""

    @property
    def agent(self) -> str:
        """The agent's short name; empty while nobody is signed in."""

    def sign_in(self, agent: str) -> None:
        """Keep the short name of who has signed in.

        Args:
            agent: What can be the id of an agent.
        """


@dataclass(frozen=True, slots=True)
class Named:
    """An agent who is known from the beginning, such as by ``kit learn --agent``."""

    name: str
    """The name that was given; what cannot be a short name is nobody's."""

    @property
    def agent(self) -> str:
        """The agent's short name; empty if none was given."""
        return self.name if is_agent(self.name) else ""

    def sign_in(self, agent: str) -> None:
        """Leave everything as it is: who was named does not sign in."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever has signed in on the start page, as a file remembers it."""

    file: Path
    """The file with the short name."""

    @property
    def agent(self) -> str:
        """The agent's short name; empty while nobody is signed in."""
        return read_agent(self.file)

    def sign_in(self, agent: str) -> None:
        """Remember the agent from now on, in every lesson of the workspace."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self.file, f"{agent}\n")


def read_agent(file: Path) -> str:
    """Read whose short name a file holds; empty if it holds none."""
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            given = lines.read(2 * LONGEST_AGENT_ID).strip()
    except OSError:
        return ""
    return given if is_agent(given) else ""
