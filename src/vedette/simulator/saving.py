"""When vedette_cam puts its settings into flash: 5 s after the last change, and at most once a minute.

Source: `firmware/vedette_cam/src/core/saving.*` and `variables.cpp` (`is_kept`).
"""

from collections.abc import Callable

QUIET = 5.0  # seconds since the last change
LATEST = 60.0  # since the first one that is not saved yet
BETWEEN = 60.0  # from one time to the next
NOT_KEPT = ("led_intensity", "colorbar")  # its heat should be asked for each time; and it is a test


class Saving:
    """Of one board. It has no timer: whoever wants to know asks, with the moment.

    Args:
        save: puts the settings into flash as they are.
    """

    def __init__(self, save: Callable[[], None]) -> None:
        self._save = save
        self._first: float | None = None
        self._last = 0.0
        self._saved: float | None = None

    def change(self, now: float) -> None:
        """A setting is about to be changed: called before that, so that what was due is saved as it was."""
        self.is_pending(now)
        self._first = now if self._first is None else self._first
        self._last = now

    def is_pending(self, now: float) -> bool:
        """Something has been changed and is not in flash yet. What is due by now, is."""
        if self._first is None:
            return False
        due = min(self._last + QUIET, self._first + LATEST)
        if self._saved is not None:
            due = max(due, self._saved + BETWEEN)
        if now < due:
            return True
        self.save_now(due)
        return False

    def save_now(self, now: float) -> None:
        """Whatever is due when: so it does before it restarts itself."""
        self._save()
        self._first, self._saved = None, now

    def forget(self) -> None:
        """The board restarts, and what was not saved is gone."""
        self._first = self._saved = None
