"""Somebody who works with the keyboard alone, and somebody who takes the mouse.

With the keyboard: no mouse, no touch, no script that sets a value, but Tab, arrows,
Space, Enter and letters.
"""

import re
from datetime import date

from playwright.sync_api import Locator, Page

MOST_TABS = 400
SETTLED_MS = 120


class KeyboardUser:
    """Hands on a keyboard, in front of one page."""

    def __init__(self, page: Page) -> None:
        """Sit down in front of a page."""
        self.page = page

    def go_to(self, target: Locator) -> None:
        """Press Tab until the target has the focus; backwards if it lies above.

        A group of radio buttons is one stop: whichever of them takes the focus.

        Raises:
            AssertionError: It cannot be reached.
        """
        target.first.wait_for()
        keys = "Shift+Tab" if self._is_above(target.first) else "Tab"
        for _ in range(MOST_TABS):
            if target.evaluate_all("all => all.includes(document.activeElement)"):
                return
            self.page.keyboard.press(keys)
        raise AssertionError(f"Tab never reaches {target}")

    def press(self, button: Locator) -> None:
        """Press a button."""
        self.go_to(button)
        self.page.keyboard.press("Enter")
        self.page.wait_for_timeout(SETTLED_MS)

    def choose(self, group: Locator, words: str) -> None:
        """Choose in a group of radio buttons by its label."""
        radios = group.locator("input[type=radio]")
        checked = group.locator("input[type=radio]:checked")
        self.go_to(radios)
        wanted = group.get_by_label(words, exact=True)
        if not checked.count():
            self.page.keyboard.press("Space")
        for _ in range(radios.count()):
            if wanted.is_checked():
                break
            self.page.keyboard.press("ArrowDown")
            self.page.wait_for_timeout(SETTLED_MS)
        assert wanted.is_checked(), words

    def pick(self, select: Locator, words: str) -> None:
        """Pick from a list by its words."""
        self.go_to(select)
        self.page.keyboard.press("Home")
        for _ in range(select.locator("option").count()):
            shown = select.evaluate("each => each.selectedOptions[0].textContent")
            if " ".join(shown.split()) == words:  # ipywidgets makes spaces unbreakable
                break
            self.page.keyboard.press("ArrowDown")
        self.page.wait_for_timeout(SETTLED_MS)

    def enter_day(self, field: Locator, day: date) -> None:
        """Type a day into a date field, in the order of the American keyboard."""
        self.go_to(field)
        self.page.keyboard.type(f"{day:%m%d%Y}")
        self.page.keyboard.press("Tab")
        self.page.wait_for_timeout(SETTLED_MS)

    def write(self, field: Locator, text: str) -> None:
        """Write a text into an empty or a full field, and leave it."""
        self.go_to(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Tab")
        self.page.wait_for_timeout(SETTLED_MS)

    def _is_above(self, target: Locator) -> bool:
        return bool(
            target.evaluate(
                "each => document.activeElement !== document.body && Boolean("
                "each.compareDocumentPosition(document.activeElement)"
                " & Node.DOCUMENT_POSITION_FOLLOWING)"
            )
        )


class MouseUser:
    """A hand on the mouse, in front of one page; texts and days are typed."""

    def __init__(self, page: Page) -> None:
        """Sit down in front of a page."""
        self.page = page

    def press(self, button: Locator) -> None:
        """Press a button."""
        button.click()
        self.page.wait_for_timeout(SETTLED_MS)

    def choose(self, group: Locator, words: str) -> None:
        """Choose in a group of radio buttons by its label."""
        group.get_by_label(words, exact=True).check()
        self.page.wait_for_timeout(SETTLED_MS)

    def pick(self, select: Locator, words: str) -> None:
        """Pick from a list by its words."""
        # ipywidgets makes spaces unbreakable.
        shown = re.compile(rf"^\s*{re.escape(words)}\s*$".replace("\\ ", r"\s"))
        option = select.locator("option").filter(has_text=shown)
        select.select_option(option.first.get_attribute("value"))
        self.page.wait_for_timeout(SETTLED_MS)

    def enter_day(self, field: Locator, day: date) -> None:
        """Fill a date field."""
        self.write(field, day.isoformat())

    def write(self, field: Locator, text: str) -> None:
        """Write a text into an empty or a full field, and leave it."""
        field.fill(text)
        field.press("Tab")
        self.page.wait_for_timeout(SETTLED_MS)
