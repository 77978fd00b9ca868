"""Parse how a fact is derived from others, such as ``days from paid on to today``.

The set of forms is closed. Each can use the calendar of the company's own desk, a
period can end on the next business day, and one fact can take precedence over the
computed value: the date on a live request. This module only parses; ``facts.py``
computes.
"""

import re
from dataclasses import dataclass, replace

EARLIER_OF = "the earlier of"
FORMS = {
    EARLIER_OF: re.compile(r"the earlier of (?P<a>.+) and (?P<b>.+)"),
    "business days from": re.compile(r"business days from (?P<a>.+) to (?P<b>.+)"),
    "days from": re.compile(r"days from (?P<a>.+) to (?P<b>.+)"),
    "is at least": re.compile(r"(?P<a>.+) is at least (?P<b>.+)"),
    "is not after": re.compile(r"(?P<a>.+) is not after (?P<b>.+)"),
    "plus": re.compile(r"(?P<a>.+) plus (?P<b>.+?)(?P<unit> days| business days)?"),
    "minus": re.compile(r"(?P<a>.+) minus (?P<b>.+?)(?P<unit> days| business days)?"),
}
ELSE = ", else "
OR_NEXT = ", or the next business day"
AT_OUR_DESK = " at our desk"
DAYS_FROM = ("days from", "business days from")


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a fact is derived from others."""

    form: str
    """The form: a key of ``FORMS``."""

    first: str
    """The name of the first fact or limit."""

    second: str
    """The name of the second fact or limit, or a whole number."""

    unit: str = ""
    """``"days"`` or ``"business days"`` where the form names it."""

    ends_on_business_day: bool = False
    """Whether a period that ends on a free day runs to the next business day."""

    at_our_desk: bool = False
    """Whether business days are those of the company's desk, not of the marketplace."""

    calendar: str = ""
    """Id of the desk's calendar; empty where the marketplace's calendar is used."""

    outranked_by: str | None = None
    """The name of the fact whose value is taken instead when it is known."""

    @property
    def operands(self) -> tuple[str, str]:
        """The names of its operands; numbers are left out."""
        return self.first, self.second

    @property
    def names(self) -> tuple[str, ...]:
        """Every name in it, also that of the fact that takes precedence."""
        over = (self.outranked_by,) if self.outranked_by is not None else ()
        return (*over, *self.operands)

    def __str__(self) -> str:
        """As an author writes it, such as ``days from paid on to today``."""
        if self.form in DAYS_FROM:
            words = f"{self.form} {self.first} to {self.second}"
        elif self.form == EARLIER_OF:
            words = f"{self.form} {self.first} and {self.second}"
        else:
            words = f"{self.first} {self.form} {self.second} {self.unit}".strip()
        over = f"{self.outranked_by}{ELSE}" if self.outranked_by is not None else ""
        end = OR_NEXT if self.ends_on_business_day else ""
        return f"{over}{words}{end}{AT_OUR_DESK if self.at_our_desk else ''}"


def read_derivation(text: str) -> Derivation:
    """Parse how a fact is derived.

    Args:
        text: Such as ``"days from paid on to today"``.

    Raises:
        ValueError: It is none of the forms.
    """
    over, has_else, count = text.strip().rpartition(ELSE)
    if has_else and (not over.strip() or ELSE in over):
        raise ValueError(text)
    words = count.strip().removesuffix(AT_OUR_DESK)
    form = words.removesuffix(OR_NEXT)
    found = replace(
        _form(form.strip()),
        ends_on_business_day=form != words,
        at_our_desk=words != count.strip(),
        outranked_by=over.strip() if has_else else None,
    )
    if found.ends_on_business_day and found.form not in {"plus", "minus"}:
        raise ValueError(text)
    if found.at_our_desk and found.form.startswith(("is ", "days", EARLIER_OF)):
        raise ValueError(text)
    return found


def _form(text: str) -> Derivation:
    for form, pattern in FORMS.items():
        match = pattern.fullmatch(text)
        if match:
            unit = (match.groupdict().get("unit") or "").strip()
            return Derivation(form, match["a"].strip(), match["b"].strip(), unit)
    raise ValueError(text)
