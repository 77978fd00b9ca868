"""Pages that stand alone: opened without the kit, read and printed.

Such a page has no script and asks for no address; what a person typed is escaped like
everything else, because only ``Markup`` is put together here.
"""

from importlib.resources import files

from markupsafe import Markup

from ..catalogue import language


def paper_page(title: str, small: str, body: Markup) -> str:
    """Put a whole page together.

    Args:
        title: What stands in the tab of the browser.
        small: The small line on top.
        body: All below it.
    """
    style = (files("kit") / "lab" / "paper.css").read_text(encoding="utf-8")
    page = Markup(
        '<!DOCTYPE html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n"
        "<header><p>{}</p></header>\n<main>\n{}\n</main>\n</body>\n</html>\n"
    ).format(language(), title, Markup(style), small, body)
    return str(page)
