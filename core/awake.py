"""Awake: keeps the computer from falling asleep while something is trained."""

import logging
import textwrap
from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wakepy import DBusAdapter

log = logging.getLogger(__name__)


class Awake:
    """Keeps the computer awake while asked to, by the system's own services; the screen may go dark.

    Where a system offers none, or refuses, all goes on without, and the log says so once. The services let go by
    themselves when the process ends, however it ends.
    """

    def __init__(self) -> None:
        self._held: ExitStack | None = None
        self._is_hopeless = False

    def keep(self, awake: bool) -> None:
        """Keep the computer awake from now on, or let it fall asleep when it likes. Never raises.

        Always call it in the same thread. The first call may take some seconds where a service does not answer.
        """
        if awake and self._held is None and not self._is_hopeless:
            self._hold()
        elif not awake and self._held is not None:
            self._let_go()

    def _hold(self) -> None:
        with ExitStack() as stack:
            try:
                problem = _ask_to_stay_awake(stack)
            except Exception as error:  # noqa: BLE001  a study must not fail by the desktop's services
                problem = repr(error)
            if not problem:
                self._held = stack.pop_all()
                return
        self._is_hopeless = True  # another try would take as long
        log.info("The computer may fall asleep while a study runs: %s", problem)

    def _let_go(self) -> None:
        held, self._held = self._held, None
        assert held is not None
        try:
            held.close()
        except Exception as error:  # noqa: BLE001  as above
            log.info("The computer could not be told that it may fall asleep: %r", error)


def _ask_to_stay_awake(stack: ExitStack) -> str:
    """Ask the system to stay awake until the stack is closed; return why it does not, or "" if it does."""
    from wakepy import keep  # not at the start of the program: it takes 50 ms

    mode = stack.enter_context(keep.running(on_fail="pass", dbus_adapter=_bus(stack)))
    if mode.active:
        return ""
    tried = mode.result.list_methods(ignore_platform_fails=True)
    return "; ".join(textwrap.shorten(f"{each.method_name}: {each.failure_reason}", 200) for each in tried)


def _bus(stack: ExitStack) -> "type[DBusAdapter] | None":
    """Return the way to D-Bus, closed with the stack; None on systems that have none (untried: Windows, macOS)."""
    try:
        from wakepy.dbus_adapters.jeepney import JeepneyDBusAdapter
    except ImportError:
        return None

    class Bus(JeepneyDBusAdapter):
        """As wakepy's, but its end collects no garbage: that would destroy objects of the window in another thread."""

        def __init__(self) -> None:
            super().__init__()
            stack.callback(self.close_connections)

        def close_connections(self) -> None:
            while self._connections:
                _name, connection = self._connections.popitem()
                self.close_connection(connection)

    return Bus
