"""A certificate to print: who has passed what, who says so, and how to check it."""

from pathlib import Path

from ..catalogue import language, say
from ..marking.certificates import Certificate, criteria_words, words_beside
from ..marking.disks import replace_file, saving
from ..practice.words import day_words
from .markup import join, piece
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
        '<p class="kit-hint kit-hash">{}</p></div></div>',
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
    )
    return paper_page(exercise.title, say("desk.certificate.small"), body)
