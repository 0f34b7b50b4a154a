"""A column of the welcome page. The table in it gets what height is left, and scrolls by itself."""

from PySide6.QtWidgets import QWidget


class Column(QWidget):
    """Tells nobody that the height of its sentences depends on their width.

    A scroll area would take that for the reason to make its content as high as a whole table wants to be.
    """

    def hasHeightForWidth(self) -> bool:
        return False
