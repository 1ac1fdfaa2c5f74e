"""Board settings as wanted state: what is set stays set, whatever the board forgets.

The configuration says what is wanted, `/status` and the frames say what is; a keeper writes what differs, until it does
not, or until it can be said why it never will.
"""

from vedette.control.keeper import Kept
from vedette.control.keepers import Keepers
from vedette.control.presets import Preset
from vedette.control.report import Command, Setting, SettingsReport

__all__ = ["Command", "Keepers", "Kept", "Preset", "Setting", "SettingsReport"]
