"""What the views call, built in `run.py` and handed down."""

from dataclasses import dataclass
from pathlib import Path

from vedette.config import CameraConfig
from vedette.control import Keepers
from vedette.discovery import Discoveries, Prober
from vedette.hub import Engine, Hub, camera_unknown
from vedette.live import Live, Newsfeed, Walls
from vedette.sources import Reach
from vedette.store import History
from vedette.web.gauge import ServerGauge
from vedette.web.roster import Roster


@dataclass(frozen=True, slots=True)
class Services:
    """Everything behind the web.

    Attributes:
        engine: whether it answers is whether we are ready.
        hub: the cameras.
        live: their viewers.
        walls: those who look at many at once.
        allowed_hosts: names that the server answers to, beside the machine's own.
        config_path: the configuration file, which need not exist yet; None where there is none, and never will be.
        newsfeed: those who read `/api/stream`.
        gauge: how the server itself is.
        history: what the database says about the past.
        roster: which cameras there are, and changing that.
        keepers: the settings of the boards.
        discoveries: searches for cameras that nobody has added yet.
        prober: one look at an address.
        reach: where cameras may be that are added here.
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
    roster: Roster
    keepers: Keepers
    discoveries: Discoveries
    prober: Prober
    reach: Reach

    def camera_config(self, camera_id: str) -> CameraConfig:
        """What the configuration says of a camera.

        Raises:
            RequestError: there is no such camera.
        """
        config = self.roster.config.cameras.get(camera_id)
        if config is None:
            raise camera_unknown(camera_id)
        return config

    def viewer_count(self, camera_id: str) -> int:
        """How many look at a camera, walls among them; may be called from any thread."""
        return self.live.viewer_count(camera_id) + self.walls.viewer_count(camera_id)
