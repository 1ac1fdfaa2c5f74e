"""Vedette: a camera server for ESP32-CAM class boards."""

from typing import TYPE_CHECKING

from vedette.version import __version__

if TYPE_CHECKING:
    from vedette.run import Vedette

__all__ = ["__version__", "create_app"]


def create_app() -> "Vedette":
    """The application for any WSGI server; see `vedette.run.create_app`."""
    from vedette.run import create_app  # noqa: PLC0415 - so that `vedette --help` need not load everything

    return create_app()
