"""Which language a text is in.

The library brings a profile of every language that it knows; only those named here
are loaded, because all of them take half a second and mistake short texts for
neighbours of the language that they are in.
"""

from functools import cache
from pathlib import Path
from typing import Any

NAMED = {
    "zh-cn": "zh",
}
"""Names of profiles that are not the name of their language."""

PROFILES = ("en", "de", "fr", "es", "it", "nl", "pl", "zh-cn")
FEWEST_LETTERS = 40
"""Below this a greeting and a name decide, so nothing is said."""


def language_of(text: str) -> str:
    """Tell the language of a text, as two letters.

    Args:
        text: The text; the same one always gives the same answer.

    Returns:
        The language, or nothing where the text is too short to tell.
    """
    if sum(each.isalpha() for each in text) < FEWEST_LETTERS and text.isascii():
        return ""
    detector = _detectors().create()
    detector.append(text)
    found = detector.get_probabilities()
    if not found:
        return ""
    return NAMED.get(found[0].lang, str(found[0].lang))


@cache
def _detectors() -> Any:
    """Load the profiles when they are wanted for the first time."""
    from langdetect.detector_factory import (  # noqa: PLC0415 (half of all texts need none)
        PROFILES_DIRECTORY,
        DetectorFactory,
    )

    factory = DetectorFactory()
    factory.seed = 0  # The library draws numbers; the same ones for the same text.
    folder = Path(PROFILES_DIRECTORY)
    factory.load_json_profile(
        [(folder / name).read_text(encoding="utf-8") for name in PROFILES]
    )
    return factory
