"""Notifications by the desktop's own service (Linux): for desktops on which a program has no icon in a tray."""

import html

from core import APP_NAME

_PATIENCE = 2.0
"""Seconds to wait for each answer."""
_TO_BE_SHOWN = -1
"""As long as the desktop thinks right."""


def notify(title: str, text: str) -> None:
    """Show a notification; it may take some seconds, so call it in a thread of its own.

    Both are plain text. Where there is no such service, nothing happens.
    """
    try:
        _notify(title, text)
    except Exception:  # noqa: BLE001  a message that cannot be shown is no reason for another one
        return


def _notify(title: str, text: str) -> None:
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection
    from jeepney.wrappers import unwrap_msg

    name = "org.freedesktop.Notifications"
    service = DBusAddress("/org/freedesktop/Notifications", bus_name=name, interface=name)
    with open_dbus_connection("SESSION") as connection:
        asked = connection.send_and_get_reply(new_method_call(service, "GetCapabilities"), timeout=_PATIENCE)
        (capabilities,) = unwrap_msg(asked)
        body = html.escape(text, quote=False) if "body-markup" in capabilities else text
        hints = {"desktop-entry": ("s", APP_NAME.lower())}
        no_actions: list[str] = []
        arguments = APP_NAME, 0, "", title, body, no_actions, hints, _TO_BE_SHOWN
        shown = new_method_call(service, "Notify", "susssasa{sv}i", arguments)
        unwrap_msg(connection.send_and_get_reply(shown, timeout=_PATIENCE))
