"""The sizes of the window and of its parts: pure functions of the room that there is."""

from PySide6.QtCore import QMargins, QPoint, QRect, QSize

FORM_WIDTH, LEAST_FORM_WIDTH, MOST_FORM_WIDTH = 436, 400, 560
HELP_WIDTH, LEAST_HELP_WIDTH, MOST_HELP_WIDTH = 300, 200, 420
TABLE_HEIGHT = 180
"""Title line, header and five rows."""
TABLE_OVER_A_PAGE = 175
GAP = 8
_FIRST_SIZE = QSize(1280, 800)


def first_place(available: QRect, frame: QMargins) -> QRect:
    """Return the place of the window at its first start: in the middle of the screen, and never larger than that."""
    size = _FIRST_SIZE.boundedTo(available.marginsRemoved(frame).size())
    place = QRect(QPoint(0, 0), size)
    place.moveCenter(available.marginsRemoved(frame).center())
    return place


def on_screen(place: QRect, available: QRect, frame: QMargins) -> QRect:
    """Return the place of a window, moved and made smaller until all of it, frame included, is on the screen."""
    room = available.marginsRemoved(frame)
    kept = QRect(place.topLeft(), place.size().boundedTo(room.size()))
    kept.moveLeft(min(max(kept.left(), room.left()), room.right() - kept.width() + 1))
    kept.moveTop(min(max(kept.top(), room.top()), room.bottom() - kept.height() + 1))
    return kept


def table_height(window: int, scale: float) -> int:
    """Return the height of the trials in a window of that height, with letters larger by `scale`.

    In a high window they get a third of what is beyond 800 pixels, in a low one a quarter of all.
    """
    least = min(TABLE_HEIGHT * scale, window / 4)
    return round(least + max(0.0, window - 800 * scale) / 3)


def table_height_over_a_page(window: int, scale: float) -> int:
    """Return the height of the trials where they are opened below a page that needs the room."""
    return round(min(TABLE_OVER_A_PAGE * scale, window / 4))
