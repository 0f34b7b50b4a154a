"""Scrolling the form to what matters: what the keyboard works on, what has opened, and where a finding leads."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from gui.setup.folded import FoldedCard
from gui.setup.section import Place, Section
from gui.widgets.measures import scaled
from gui.widgets.slim_scroll import SlimScrollArea

_BESIDE, _FAR = 24, 60
"""Pixels above and below what has the focus, and what a link leads to, that are in view, too."""


class Scrolling(QObject):
    """Brings into view what is in the scrolled part of the form, and unfolds the section around it."""

    def __init__(self, scroller: SlimScrollArea, content: QWidget, card: FoldedCard) -> None:
        super().__init__(scroller)
        self._scroller, self._content, self._card = scroller, content, card
        for folded in card.folded.values():
            folded.line.turned.connect(lambda opened, folded=folded: self.bring_into_view(folded) if opened else None)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_focus)

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Keep in view what the keyboard works on, by whatever key it was reached."""
        if now is not None and self._content.isAncestorOf(now):
            self._scroller.ensureWidgetVisible(now, 0, scaled(self._scroller, _BESIDE))

    def bring_into_view(self, widget: QWidget) -> None:
        """Scroll until a widget that has grown is in view, from its top if it is too high for that."""
        if not self._scroller.isVisible():
            return
        _let_it_lay_out()
        top, room = widget.mapTo(self._content, QPoint()).y(), self._scroller.viewport().height()
        half = min(widget.height(), room) // 2
        self._scroller.ensureVisible(0, top + half, 0, half)

    def lead_to(self, sections: Iterable[Section], places: Iterable[Place]) -> None:
        """Unfold, scroll to and focus the first of the places, from the top."""
        wanted = set(places)
        for section in sections:
            place = next((place for place in section.places.values() if place in wanted), None)
            if place is not None:
                self._show(section, place.focus_place)
                place.focus_place.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def lead_to_section(self, section: Section, place: QWidget | None) -> None:
        """Unfold a section, scroll to it and focus the place in it, or else its first field."""
        if section in self._card.folded:
            self._card.folded[section].line.set_open(True)
        wanted = section.focus_place if place is None else place
        self._show(section, wanted)
        if wanted is section:  # nothing in it can be focused
            wanted = self._card.folded[section].line
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def reveal(self, sections: Iterable[Section], paths: Iterable[str]) -> None:
        """Unfold and scroll to the first of the settings at these paths, unless one of them is in sight."""
        wanted = set(paths)
        shown = [(section, _shown_in(section, wanted)) for section in sections]
        found = [(section, place) for section, place in shown if place is not None]
        if found and self._scroller.isVisible() and not any(self._is_in_sight(place) for _section, place in found):
            self._show(*found[0])

    def _show(self, section: Section, widget: QWidget) -> None:
        if section in self._card.folded:
            self._card.folded[section].line.set_open(True)
        _let_it_lay_out()
        self._scroller.ensureWidgetVisible(widget, 0, scaled(self._scroller, _FAR))

    def _is_in_sight(self, widget: QWidget) -> bool:
        port = self._scroller.viewport()
        return widget.isVisible() and port.rect().intersects(QRect(widget.mapTo(port, QPoint()), widget.size()))


def _shown_in(section: Section, paths: set[str]) -> QWidget | None:
    """Return the widget of the first of the settings that is in the section; None if none is."""
    path = next((path for path in section.state() if path in paths), None)
    if path is None:
        return None
    place = section.places.get(path)
    return section if place is None else place.focus_place


def _let_it_lay_out() -> None:
    """Let what was unfolded take its place now. Clicks, keys and whatever else waits come later, as usual."""
    for _ in range(4):  # a text that wraps asks for its height once it has its width
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
