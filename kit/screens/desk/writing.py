"""Writing the reply: begin with a message of the playbook, or write freely.

A message is filled with what the agent has looked up and decided; what is still open
stays open in the text, and is named below it.
"""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from ...catalogue import say
from ...practice.case.drafts import (
    Knowledge,
    choosable_messages,
    draft_of,
    fill_draft,
    open_slots,
)
from ...practice.case.sheets import NO_REPLY, REPLY
from ...practice.desk.session import Session
from ...practice.letters.letter_check import WRONG, Finding
from ..forms import button, html, row, safely, stack
from ..markup import join, piece


class Writing:
    """The place of a desk where the reply is written."""

    def __init__(
        self, session: Session, tell: Callable[[str | None], None], *, status: Any
    ) -> None:
        """Render the reply of a session.

        Args:
            session: The session.
            tell: Takes every new text, or ``None``.
            status: The piece that says what went wrong, if something does.
        """
        self._session, self._tell = session, tell
        self._draft = self._put_away = self._earlier = ""
        choices = choosable_messages(session.case)
        self._choice = widgets.Dropdown(
            options=[
                (say("desk.reply.choose"), ""),
                *((c.words, c.id) for c in choices),
            ],
            description=say("desk.reply.start"),
        )
        text = session.answers.get(REPLY, "")
        self._text = widgets.Textarea(
            value="" if text == NO_REPLY else text,
            description=say("desk.reply.label"),
            continuous_update=False,
            rows=11,
        )
        self._hint = html(classes="kit-reply-hint")
        self._choice.add_class("kit-pick")
        self._text.add_class("kit-write")
        self._choice.observe(safely(self._take, status), names="value")
        self._text.observe(safely(self._wrote, status), names="value")
        self._fills = button(say("desk.reply.fill"), self._fill, status=status)
        self._none = button(say("desk.reply.none"), self._send_none, status=status)
        self._undo = button(say("desk.reply.undo"), self._swap, status=status)
        self._row = row(self._fills, self._none, classes="kit-actions")
        self.screen = stack(
            html(
                piece(
                    '<p class="kit-label">{} <span>{}</span></p>',
                    say("desk.reply.title"),
                    say("desk.reply.meaning"),
                )
            ),
            self._choice,
            self._text,
            self._row,
            self._hint,
            classes="kit-question kit-reply",
        )
        self._show_hint()

    def _take(self, _: object) -> None:
        """Put a message of the playbook in the place of the text, and keep the text."""
        case = self._session.judged
        message = case.playbook.message(self._choice.value, case.marketplace.language)
        if message is None:
            return
        own = self._text.value.strip() or (self._put_away if self._is_none else "")
        if own and own != self._draft.strip():
            self._earlier = own
        self._draft = draft_of(case, message, self._knows())
        self._text.value = self._draft
        self._show_hint()

    def _swap(self, _: object) -> None:
        """Bring the replaced text back; pressed again, undo that, too."""
        if self._earlier:
            self._earlier, text = self._text.value, self._earlier
            self._choice.value = ""
            self._text.value = text
            self._show_hint()

    def _knows(self) -> Knowledge:
        session = self._session
        return Knowledge(session.seen, session.answers, counts=not session.is_exam)

    def _fill(self, _: object) -> None:
        """Fill the slots of the text that can be filled by now."""
        filled = self._filled()
        if self._text.value == self._draft:
            self._draft = filled
        self._text.value = filled
        self._show_hint()

    def _filled(self) -> str:
        case, text = self._session.judged, self._text.value
        return fill_draft(case, text, case.marketplace.language, self._knows())

    def _send_none(self, _: object) -> None:
        """Send nothing, and keep the words; pressed again, put them back."""
        if self._is_none and self._put_away:
            self._text.value = self._put_away
            return
        self._put_away = self._text.value
        self._text.value = ""
        self._tell(NO_REPLY)
        self._show_hint()

    def _wrote(self, _: object) -> None:
        text = self._text.value.strip()
        if not text:
            self._choice.value = ""  # so that the same message can be chosen again
        if text or not self._is_none:
            self._tell(text or None)
        self._show_hint()

    @property
    def _knows_all(self) -> bool:
        """Whether all is looked up and decided, so that nothing more can be filled."""
        session = self._session
        panels = {each.name for each in session.panels}
        asked = {each.key for each in session.questions}
        return panels <= set(session.looked) and asked <= set(session.answers)

    @property
    def _is_none(self) -> bool:
        return self._session.answers.get(REPLY) == NO_REPLY

    def _show_hint(self) -> None:
        is_away = self._is_none and self._put_away
        self._none.description = say(f"desk.reply.{'back' if is_away else 'none'}")
        if self._earlier and self._undo not in self._row.children:
            self._row.children = (self._fills, self._undo, self._none)
        playbook = self._session.judged.playbook
        in_words = playbook.reference.slot_on_screen
        still = open_slots(playbook, self._text.value)
        slots = ", ".join(map(in_words, still))
        if self._is_none:
            words = say("desk.reply.none-now")
        elif slots:
            is_absent = self._knows_all and still == open_slots(
                playbook, self._filled()
            )
            name = "absent" if is_absent else "open"
            words = say(f"desk.reply.{name}", slots=slots)
        else:
            words = say("desk.reply.hint")
        self._hint.value = str(piece('<p class="kit-hint">{}</p>', words))


def marked_reply(
    text: str, findings: tuple[Finding, ...], read: tuple[str, ...] = ()
) -> Markup:
    """Show a reply with the words of every finding marked, and the reasons below.

    What is wrong comes first, then the tips, each from the beginning of the reply.

    Args:
        text: The reply.
        findings: What there is to say about it.
        read: What was read in it.
    """
    told = _read(read)
    if not findings:
        words = say("desk.reply.fine")
        fine = piece('<p class="kit-right">✓ {}</p>', words)
        return fine + _quoted(text, ()) + told if text else fine
    first = sorted(findings, key=lambda each: each.severity != WRONG)
    reasons = join(_finding(each) for each in first)
    quoted = _quoted(text, findings) if text else Markup("")
    return quoted + piece("<ol>{}</ol>", reasons) + told


def _read(read: tuple[str, ...]) -> Markup:
    """Say what was read in a reply; nothing where nothing was."""
    if not read:
        return Markup("")
    lines = join(piece("<li>{}</li>", each) for each in read)
    return piece('<p class="kit-hint">{}</p><ul>{}</ul>', say("desk.reply.read"), lines)


def _quoted(text: str, findings: tuple[Finding, ...]) -> Markup:
    return piece(
        '<blockquote class="kit-marked">{}</blockquote>', _with_marks(text, findings)
    )


def _finding(finding: Finding) -> Markup:
    sign = "✗" if finding.severity == WRONG else "!"
    words = piece("“{}”: ", finding.words) if finding.words else ""
    kind = "wrong" if finding.severity == WRONG else "note"
    return piece('<li class="kit-{}">{} {}{}</li>', kind, sign, words, finding.reason)


def _with_marks(text: str, findings: tuple[Finding, ...]) -> Markup:
    """Mark the words of findings, each place once, in the order of the text."""
    pieces, at = [], 0
    for each in sorted(findings, key=lambda finding: finding.start):
        if each.start < at or each.start == each.end:
            continue
        pieces.append(_lines(text[at : each.start]))
        pieces.append(piece("<mark>{}</mark>", text[each.start : each.end]))
        at = each.end
    return join([*pieces, _lines(text[at:])])


def _lines(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))
