"""Which cameras there are, as far as the views may know and change it; `vedette.roster` is what does it."""

from collections.abc import Mapping
from typing import Protocol

from vedette.config import Config, KeyPath, Setting


class Roster(Protocol):
    """Keeps the running cameras in step with the configuration file; any thread may call it.

    Whatever changes something takes the etag that the editor had seen, or None where it does not care, and raises
    ConflictError, LockedError, ReadOnlyError, ConfigError or ServerError; nothing has been changed then.
    """

    @property
    def config(self) -> Config:
        """What is running."""

    @property
    def etag(self) -> str:
        """Of the configuration that is running."""

    @property
    def problem(self) -> str | None:
        """Why the file is not what is running; None where it is."""

    @property
    def variables(self) -> Mapping[KeyPath, str]:
        """Environment variables that stand above the file, by the key that they set."""

    def change_settings(self, camera_id: str, changes: Mapping[str, Setting | None], expected: str | None) -> None:
        """Want these board settings from now on; None is one that is not wanted any more."""

    def add_camera(self, camera_id: str, table: Mapping[str, object], expected: str | None) -> None:
        """Have one more camera."""

    def change_camera(self, camera_id: str, changes: Mapping[str, object], expected: str | None) -> None:
        """Change keys of a camera's table; None takes one away."""

    def remove_camera(self, camera_id: str, expected: str | None) -> None:
        """Have a camera no more; its history stays."""
