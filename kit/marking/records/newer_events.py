"""Lines of a sort that this version does not know, because a newer one wrote them.

Such a line keeps its place: the next one names it, and a merge takes it along. What
it tells is left to the version that knows it. A line that is broken is none of these.
"""

from pydantic import BaseModel, ConfigDict, ValidationError

from .answers import AgentId, Name
from .events import NOTHING_BEFORE, Hash, Moment


class NewerEvent(BaseModel):
    """What every event says, of whatever sort it is."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    event: Name
    """The sort, as the newer version calls it."""

    at: Moment
    """When it happened."""

    agent: AgentId
    """Who did it."""

    previous: Hash = NOTHING_BEFORE
    """The hash of the line before."""


def is_of_unknown_sort(error: Exception) -> bool:
    """Whether an event was refused only because nobody here knows its sort."""
    if not isinstance(error, ValidationError):
        return False
    first = error.errors(include_url=False, include_input=False)[0]
    return first["type"] == "union_tag_invalid"
