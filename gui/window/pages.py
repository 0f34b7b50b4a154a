"""Which pages the window has, in the order of their tabs: a line each."""

from collections.abc import Mapping

from gui.pages.page import Page
from gui.session.run_state import Command
from gui.window.live_page import LivePage

COMMANDS: Mapping[str, Command] = {
    "live": Command.LIVE_PAGE,
    "belief": Command.BELIEF_PAGE,
    "parameters": Command.PARAMETERS_PAGE,
}
"""What leads to each page, by its name."""


def make_pages(live: LivePage) -> list[Page]:
    """Return the pages."""
    return [Page("live", "Live", live)]
