"""A session bus of a test's own, with the services of a desktop on it that note what they are asked."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from jeepney import HeaderFields, Message, MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NEEDS_A_BUS = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="there is no D-Bus here")
SESSION_MANAGER = "org.gnome.SessionManager"
NOTIFICATIONS = "org.freedesktop.Notifications"
_CONFIGURATION = """
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_COOKIE = 77


class Desktop:
    """The services; `inhibitors` are the connections that keep the computer awake, `asked` is all that was asked.

    `capabilities` are those of its notifications.
    """

    def __init__(self, address: str) -> None:
        self.asked: list[tuple[str, tuple[object, ...]]] = []
        self.inhibitors: set[str] = set()
        self.capabilities = ["body", "body-markup"]
        self._news = threading.Condition()
        self._connection = open_dbus_connection(address)
        for name in (SESSION_MANAGER, NOTIFICATIONS):
            _call(self._connection, message_bus.RequestName(name))
        _call(self._connection, message_bus.AddMatch("type='signal',member='NameOwnerChanged'"))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def wait_for(self, holds: Callable[[], bool]) -> None:
        """Wait until it holds; it is asked again after each message."""
        with self._news:
            assert self._news.wait_for(holds, timeout=60)

    def notices(self) -> list[tuple[object, ...]]:
        """Return the arguments of each notification."""
        return [arguments for name, arguments in self.asked if name == "Notify"]

    def _serve(self) -> None:
        with suppress(ConnectionResetError):
            while True:
                message = self._connection.receive()
                with self._news:
                    self._take(message)
                    self._news.notify_all()

    def _take(self, message: Message) -> None:
        fields = message.header.fields
        name, sender = fields.get(HeaderFields.member), fields.get(HeaderFields.sender)
        if name == "NameOwnerChanged" and not message.body[2]:  # a program has left the bus
            self.inhibitors.discard(message.body[0])
        if message.header.message_type is not MessageType.method_call:
            return
        self.asked.append((name, message.body))
        if name == "Inhibit":
            self.inhibitors.add(sender)
        elif name == "Uninhibit":
            assert message.body == (_COOKIE,)
            self.inhibitors.discard(sender)
        answers = {"Inhibit": ("u", (_COOKIE,)), "Notify": ("u", (1,)), "GetCapabilities": ("as", (self.capabilities,))}
        self._connection.send(new_method_return(message, *answers.get(name, (None, ()))))

    def close(self) -> None:
        """Wait for the services' end; the bus has ended."""
        self._thread.join(60)
        self._connection.close()


@contextmanager
def desktop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """Give the session bus of a desktop to this process and its children."""
    socket, configuration = folder / "bus", folder / "bus.conf"
    configuration.write_text(_CONFIGURATION.format(socket=socket))
    daemon = subprocess.Popen(
        ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert daemon.stdout is not None
    made = None
    try:
        address = daemon.stdout.readline().decode().strip()
        made = Desktop(address)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.delenv("WAKEPY_FORCE_FAILURE")
        yield made
    finally:
        daemon.kill()
        daemon.wait()
        daemon.stdout.close()
        if made is not None:
            made.close()


def _call(connection: DBusConnection, message: Message) -> None:
    reply = connection.send_and_get_reply(message, timeout=60)
    assert reply.header.message_type is MessageType.method_return, reply.body
