"""When an outage begins, what it is called, and when it ends. Pure: no clock, no database.

A camera is away while it is `stale` or `offline`; a change between these, or of the reason, is the same outage. It
ends when the camera is online again, is not wanted (`idle`, `disabled`), or the server stops. Trying (`connecting`)
ends nothing.
"""

from typing import Any

from vedette.hub import Health, State
from vedette.store.tally import AWAY

_BACK = frozenset({State.ONLINE, State.IDLE, State.DISABLED})


class OutageWatch:
    """The outages of one camera, one after the other."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._row: dict[str, Any] | None = None  # of the outage that lasts

    def take(self, health: Health) -> dict[str, Any] | None:
        """Hear of a change; gives the row to write, if that changed one."""
        if health.state in AWAY:
            return self._away(health)
        return self.end(health.since) if health.state in _BACK else None

    def end(self, at: float) -> dict[str, Any] | None:
        """End the outage, if one lasts; gives its row."""
        row, self._row = self._row, None
        return None if row is None else row | {"end": max(at, row["start"])}

    def _away(self, health: Health) -> dict[str, Any] | None:
        before = self._row
        row = before or {
            "camera": self._camera,
            "start": health.since,
            "end": None,
            "reason": None,
            "explanation": None,
        }
        if health.reason is not None:
            row = row | {"reason": health.reason.value, "explanation": _storable(health.explanation)}
        self._row = row
        return row if row != before else None


def _storable(text: str | None) -> str | None:
    """Text that any database takes: boards say what they like, PostgreSQL takes no NUL, UTF-8 no half characters."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
