"""What the views call, built in `run.py` and handed down."""

from dataclasses import dataclass
from pathlib import Path

from vedette.hub import Engine, Hub
from vedette.live import Live, Newsfeed, Walls
from vedette.store import History
from vedette.web.gauge import ServerGauge


@dataclass(frozen=True, slots=True)
class Services:
    """Everything behind the web.

    Attributes:
        engine: whether it answers is whether we are ready.
        hub: the cameras.
        live: their viewers.
        walls: those who look at many at once.
        allowed_hosts: names that the server answers to, beside the machine's own.
        config_path: the configuration file in use, for the page that says how to add a camera.
        newsfeed: those who read `/api/stream`.
        gauge: how the server itself is.
        history: what the database says about the past.
    """

    engine: Engine
    hub: Hub
    live: Live
    walls: Walls
    allowed_hosts: tuple[str, ...]
    config_path: Path | None
    newsfeed: Newsfeed
    gauge: ServerGauge
    history: History

    def viewer_count(self, camera_id: str) -> int:
        """How many look at a camera, walls among them; may be called from any thread."""
        return self.live.viewer_count(camera_id) + self.walls.viewer_count(camera_id)
