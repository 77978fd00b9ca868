"""Which language a text is in.

The library brings a profile of every language that it knows; only those named here
are loaded, because all of them take half a second and mistake short texts for
neighbours of the language that they are in.
"""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

NAMED = {
    "zh-cn": "zh",
}
"""Names of profiles that are not the name of their language."""

UNKNOWN = "unknown"
"""What the library calls a language that it cannot tell."""

PROFILES = ("en", "de", "fr", "es", "it", "nl", "pl", "zh-cn")
FEWEST_LETTERS = 40
"""Below this a greeting and a name decide, so nothing is said."""

LETTERS_OF_A_SIGN = 4
"""A sign of a script without capitals, such as the Chinese one, says so much more."""


MOST_KEPT = 512
"""How many texts are remembered: one is often read for several cases and pages."""

TRIALS = 3
"""How often the library draws; it would do so seven times, and take longer.

Texts half in one language and half in another, and a few fragments of about ten words,
are told differently by it.
"""


@lru_cache(maxsize=MOST_KEPT)
def language_of(text: str) -> str:
    """Tell the language of a text, as two letters.

    Args:
        text: The text; the same one always gives the same answer.

    Returns:
        The language, or nothing where the text is too short to tell.
    """
    if sum(map(_weight, text)) < FEWEST_LETTERS:
        return ""
    from langdetect import LangDetectException  # noqa: PLC0415 (few texts need it)

    detector = _detectors().create()
    detector.n_trial = TRIALS
    detector.append(text)
    try:
        language = str(detector.detect())
    except LangDetectException:  # Nothing in it is known to any profile.
        return ""
    return NAMED.get(language, "" if language == UNKNOWN else language)


def _weight(character: str) -> int:
    if not character.isalpha():
        return 0
    has_capitals = character.lower() != character.upper()
    return 1 if has_capitals else LETTERS_OF_A_SIGN


@cache
def _detectors() -> Any:
    """Load the profiles when they are wanted for the first time."""
    from langdetect.detector_factory import (  # noqa: PLC0415 (few texts need it)
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
