"""Menus of parameters: the pair of the map, and which of many parameters have a slice."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from core.figures.parameter_axis import parameter_axes
from core.figures.slices import MOST_PANELS
from gui.insight.analyst import Analyst
from gui.session.session import Session
from gui.widgets.fields import literal


class PairMenu(QMenu):
    """Which parameter is across and which is up on the map; `chosen` has both names."""

    chosen = Signal(str, str)

    def __init__(self, title: str, session: Session, analyst: Analyst, parent: QWidget | None = None) -> None:
        super().__init__(literal(title), parent)
        self._session, self._analyst = session, analyst
        self._sides = [self.addMenu("Across"), self.addMenu("Up")]
        for menu in self._sides:
            menu.triggered.connect(self._on_chosen)
        self.aboutToShow.connect(self.offer)

    def offer(self) -> None:
        """Offer the varied parameters of the study."""
        progress, pair = self._session.progress, self._analyst.pair
        for side, menu in enumerate(self._sides):
            menu.clear()
            menu.setEnabled(pair is not None)
            if progress is None or pair is None:
                continue
            for name, axis in parameter_axes(progress.settings).items():
                action = menu.addAction(literal(axis.label))
                action.setCheckable(True)
                action.setChecked(pair[side] == name)
                action.setData((side, name))

    def _on_chosen(self, action: QAction) -> None:
        pair = self._analyst.pair
        if pair is None:
            return
        side, name = action.data()
        other = pair[1 - side] if pair[1 - side] != name else pair[side]
        self.chosen.emit(*((name, other) if side == 0 else (other, name)))


class PanelChooser(QPushButton):
    """A button "6 of 20: choose…" with a menu; `chosen` has the names, None for those that matter most."""

    chosen = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown: Sequence[str] = ()
        self.choices = QMenu(self)
        self.choices.aboutToShow.connect(self.offer)
        self.choices.triggered.connect(self._on_chosen)
        self.setFlat(True)
        self.setMenu(self.choices)
        self.setVisible(False)

    def show_choice(self, shown: Sequence[str], count: int) -> None:
        """Say how many of so many parameters are shown; it is only to be seen where there are more than have room."""
        self._shown = shown
        self.setVisible(count > MOST_PANELS)
        self.setText(literal(f"{len(shown)} of {count}: choose…"))

    def offer(self) -> None:
        """Offer the varied parameters of the study."""
        progress = self._session.progress
        self.choices.clear()
        if progress is None:
            return
        for name, axis in parameter_axes(progress.settings).items():
            action = self.choices.addAction(literal(axis.label))
            action.setCheckable(True)
            action.setChecked(name in self._shown)
            action.setEnabled(name in self._shown or len(self._shown) < MOST_PANELS)
            action.setData(name)
        self.choices.addSeparator()
        self.choices.addAction("Those that matter most")

    def _on_chosen(self, action: QAction) -> None:
        if not action.isCheckable():
            self.chosen.emit(None)
            return
        names = [each.data() for each in self.choices.actions() if each.isCheckable() and each.isChecked()]
        self.chosen.emit(names or None)
