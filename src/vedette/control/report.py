"""What is said of a camera's settings: a snapshot, replaced and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vedette.boards import Control
from vedette.control.presets import Preset

Setting = int | float | bool | str
"""As the configuration has it. What is sent to a board is an int, a bool, or a resolution."""


class Command(StrEnum):
    """What a board can be told beside its settings."""

    REBOOT = "reboot"
    SAVE = "save"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class SettingsReport:
    """One camera's settings.

    Attributes:
        wanted: by name, as the configuration has them.
        reported: by name, as the board has them; the resolution as its frames have it.
        pending: names of what is wanted and not yet known to be so.
        refused: why not, in a sentence, by the names of what is wanted and will not be.
        controls: what can be set, in the order of the page.
        presets: sets of values that make sense together.
        commands: what else the board can be told.
        note: why there are no controls; None where there are some.
    """

    wanted: Mapping[str, Setting]
    reported: Mapping[str, int | bool | str]
    pending: tuple[str, ...]
    refused: Mapping[str, str]
    controls: tuple[Control, ...]
    presets: tuple[Preset, ...]
    commands: frozenset[Command]
    note: str | None
