"""Practice without end: one made case after the other, until a page is met."""

from ...catalogue import say
from ...errors import KitError
from ...marking.desktops import Desktop
from ...marking.made_cases import made_case, newest_number, rows_met
from ...marking.records.progress import MADE_CASES
from ..desk.desk_screen import Clock
from ..desk.practice_desk import PracticeDesk
from ..forms import button, hint, html, row, stack
from ..markup import piece


class Practising:
    """An endless row of cases of one playbook, on the screen."""

    def __init__(self, desktop: Desktop, playbook: str, *, clock: Clock) -> None:
        """Go on where the agent stopped.

        Args:
            desktop: Who works on it, and where records lie.
            playbook: Id of the playbook.
            clock: Tells the time of saving, in the zone of the person.
        """
        self._desktop, self._clock = desktop, clock
        self._stories = desktop.library.stories(playbook)
        self._number = newest_number(self._stories, desktop.progress())
        self._desk: PracticeDesk | None = None
        self._place, status = stack(), html(classes="kit-status")
        self._met = html(classes="kit-progress")
        self._next = button(say("desk.made.next"), self._go_on, status=status)
        self.screen = stack(
            self._place,
            row(self._next, self._met, classes="kit-actions"),
            status,
            classes="kit-exam",
        )
        desktop.after_decision.append(self._count)
        self._show()

    def _show(self) -> None:
        if self._desk is not None:
            self._desk.dismiss()
            self._desk = None
        try:
            case = made_case(self._stories, self._desktop.agent, self._number)
        except KitError:  # the tables changed, and the stories no longer reach them
            case = None
        if case is None:
            self.screen.children = (hint(say("desk.made.none")),)
            return
        session = self._desktop.session(case, MADE_CASES)
        place = say("desk.made.place", number=self._number)
        desk = PracticeDesk(session, place=place, clock=self._clock)
        self._place.children = (desk.screen,)
        self._desk = desk
        self._count()

    def _go_on(self, _: object) -> None:
        self._number += 1
        self._show()

    def _count(self) -> None:
        """Say how many rows of the page were decided rightly so far."""
        met = rows_met(self._stories, self._desktop.agent, self._desktop.progress())
        every = sum(len(table.rows) for table in self._stories.playbook.tables)
        words = say("desk.made.met", met=len(met), count=every)
        self._met.value = str(piece("<p>{}</p>", words))
