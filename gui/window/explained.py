"""The parts of the window that a page of help explains: which page is on what has the focus, and the way back to it."""

import re
from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from gui.help.pages import INDEX, page_names
from gui.setup.field_row import FieldRow
from gui.setup.parameters.row import ParameterRow
from gui.setup.section import Section
from gui.widgets.card import Card
from gui.window.layout import Layout

FIRST_STEPS, STUDIES, OWN_PARAMETERS = "first_steps", "studies", "own_parameters"
"""Pages on no single part: for newcomers, on the list of studies, and on what a model file declares."""
_PLOTS = "loss_plot", "convergence", "evaluated_points"
_SEVERAL = re.compile(r"_\d+$")
"""The end of the name of a parameter that there is for each layer."""
_OF_AFINA = frozenset({"batch_size", "epochs", "patience"})
"""The parameters that Afina gives every model file."""


class Explained:
    """The parts by the names of their pages; `plots` are those of the losses, of the convergence and of the points."""

    def __init__(self, layout: Layout, plots: Sequence[QWidget]) -> None:
        self._layout = layout
        form = self._form = layout.form
        self._sections: dict[str, Section] = {
            "data_set": form.data,
            "model": form.model,
            "search_space": form.space,
            "budget": form.budget,
            "rules": form.rules,
            "preparation": form.preparation,
            "validation": form.validation,
            "objective": form.objective,
            "search_method": form.search,
            "execution": form.execution,
            "limits": form.limits,
        }
        self._asked: dict[str, str] = {}
        """By the page, the name of the parameter on whose row it was asked for last."""
        self._others: dict[str, QWidget] = {
            "headline": layout.headline,
            **dict(zip(_PLOTS, plots, strict=True)),
            "trials": layout.table,
            "pages": layout.pages.bar,
            **{page.name: page.widget for page in layout.pages.all if page.name in page_names()},
        }
        folded = form.card.folded
        around = {name: folded.get(section, section) for name, section in self._sections.items()}
        self._pages = {widget: name for name, widget in {**around, **self._others}.items()}
        self._pages |= {_card_around(part): name for name, part in self._others.items()}  # while nothing is drawn
        self._pages |= {layout.plot_area: _PLOTS[0], layout.help_dock: INDEX}
        self._pages |= {form.space.presets: "presets", form.lock_line: "running"}
        self._pages |= {layout.rail: "pages", layout.centre.trials_line: "trials"}

    @property
    def names(self) -> frozenset[str]:
        """The names of all parts but the rows of parameters."""
        return frozenset({*self._sections, *self._others})

    # From a part to its page

    def page_on(self, widget: QWidget | None) -> tuple[str, str]:
        """Return the name of the page on what has the focus, and perhaps the heading of the words on it.

        A page can be on several rows of parameters; the way back leads to the one of them that has the focus now.
        """
        heading = ""
        while widget is not None:
            if isinstance(widget, ParameterRow):
                name = widget.parameter.name
                page = self._page_on_parameter(name)
                self._asked[page] = name
                return page, ""
            if isinstance(widget, FieldRow):
                heading = widget.caption
            if widget in self._pages:
                return self._pages[widget], heading
            widget = widget.parentWidget()
        return STUDIES if self._layout.covered else FIRST_STEPS, ""

    def _page_on_parameter(self, name: str) -> str:
        if self._form.model.is_custom and name not in _OF_AFINA:
            return OWN_PARAMETERS
        common = _SEVERAL.sub("", name)
        return common if common in page_names() else "search_space"

    # And back

    def leads_to(self, name: str) -> bool:
        """Return whether there is such a part to be shown now."""
        return not self._layout.covered and (name in self.names or self._row(name) is not None)

    def _row(self, page: str) -> ParameterRow | None:
        """Return the row that a page is on: the one where it was asked for, if several share it; None if none does."""
        rows = self._form.space.rows
        on_it = [name for name in rows if rows[name].applies and self._page_on_parameter(name) == page]
        asked = self._asked.get(page, page)
        name = asked if asked in on_it else next(iter(on_it), None)
        return None if name is None else rows[name]

    def show(self, name: str) -> None:
        """Show a part and give it the focus; a section is unfolded."""
        row = self._row(name)
        if row is not None:
            self._layout.form_dock.show()
            self._form.show_section(self._form.space, row.vary)
        elif name in self._sections:
            self._layout.form_dock.show()
            self._form.show_section(self._sections[name])
        elif name in self._others:
            self._show_other(name)

    def _show_other(self, name: str) -> None:
        pages = self._layout.pages
        if name == "trials":
            self._layout.table_dock.show()
        elif name in _PLOTS:
            pages.choose("live")
        elif name in pages.names:
            pages.choose(name)
        _focus(pages.tabs if name in ("pages", *pages.names) else self._others[name])


def _focus(part: QWidget) -> None:
    """Give the focus to what is drawn in a part, or else to the card that it stands on: it has a ring then."""
    drawn = (area for area in part.findChildren(QAbstractScrollArea) if area.isVisible())
    next(drawn, _card_around(part)).setFocus()


def _card_around(part: QWidget) -> QWidget:
    card: QWidget | None = part
    while card is not None and not isinstance(card, Card):
        card = card.parentWidget()
    return card or part
