"""A certificate to print: who has passed what, who says so, and how to check it."""

from pathlib import Path

from ...catalogue import language, say
from ...marking.records.atomic_files import replace_file, saving
from ...marking.records.events import Overridden
from ...marking.signoff.certificates import (
    Certificate,
    certificate_path,
    criteria_words,
    words_beside,
)
from ...practice.wording import day_words
from ..markup import join, piece
from .paper import paper_page


def write_certificate_page(certificate: Certificate) -> Path:
    """Write the page of a certificate beside it, and say where.

    Raises:
        CannotStart: It could not be saved.
    """
    path = certificate.path.with_suffix(".html")
    with saving(path):
        replace_file(path, certificate_page(certificate))
    return path


def stamp_lapsed(workspace: Path, given: Overridden) -> Path | None:
    """Say on the page of a certificate that it holds no longer.

    The records count, not the page; so one that cannot be written is no error.

    Returns:
        The page; ``None`` if there is none, or it cannot be written.
    """
    path = certificate_path(workspace, given.agent, given.exercise)
    page = path.with_suffix(".html")
    words = say(
        "desk.certificate.lapsed",
        by=given.by,
        day=day_words(given.at.date(), language()),
    )
    stamp = piece('<p class="kit-wrong kit-lead">✗ {}</p>', words)
    try:
        text = page.read_text(encoding="utf-8")
        if stamp not in text:
            replace_file(page, text.replace("<main>", f"<main>{stamp}", 1))
    except (OSError, ValueError):
        return None
    return page


def certificate_page(certificate: Certificate) -> str:
    """Show a certificate."""
    event, exercise = certificate.event, certificate.exercise
    note = join(
        piece('<p class="kit-about kit-hint">{}</p>', words)
        for words in words_beside(certificate.attempt)
    )
    body = piece(
        '<div class="kit-certificate"><h1>{}</h1><p class="kit-who">{}</p><p>{}</p>'
        '<p class="kit-what">{}</p><p class="kit-about">{}</p>'
        '<p class="kit-about kit-hint">{}</p>{}'
        '<div class="kit-foot"><p class="kit-lead">{}</p><p class="kit-hint">{}</p>'
        '<p class="kit-hint kit-hash">{}</p></div>'
        '<div class="kit-signing"><p>{}</p><p>{}</p></div></div>',
        say("desk.certificate.title"),
        event.agent,
        say("desk.certificate.has", percent=certificate.attempt.percent),
        exercise.title,
        exercise.goal,
        criteria_words(exercise),
        note,
        say(
            "desk.certificate.signed",
            by=event.by,
            day=day_words(event.at.date(), language()),
        ),
        say("desk.certificate.check", file=certificate.path.name),
        say("desk.certificate.hash", hash=event.evidence),
        say("desk.certificate.name", agent=event.agent),
        say("desk.certificate.signature", by=event.by),
    )
    return paper_page(exercise.title, say("desk.certificate.small"), body)
