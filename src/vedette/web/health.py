"""The health page, and the server itself as JSON."""

from dataclasses import dataclass
from typing import Self

from flask import Blueprint, Response, jsonify, render_template, request

from vedette.boards import BoardHealth
from vedette.errors import ServerError
from vedette.hub import Camera, Signal, State, own_restarts, restart_of, signal_of
from vedette.store import Period
from vedette.web.answers import CameraAnswer, rfc3339
from vedette.web.caching import forbid_caching
from vedette.web.gauge import ServerAnswer
from vedette.web.parameters import choose_period
from vedette.web.permission import Action, permits
from vedette.web.services import Services
from vedette.web.strip import Strip, duration, lay_out, percent

# What needs somebody stands first.
_WORST_FIRST = (State.OFFLINE, State.STALE, State.CONNECTING, State.ONLINE, State.IDLE, State.DISABLED)
_TOLD_AT_ONCE = 50  # cameras: of more than these each row's outages are told when it is opened


@dataclass(frozen=True, slots=True)
class BoardWords:
    """What a board says of itself, as its row has it; None or empty where it does not say.

    Attributes:
        signal: of its access point, in a word.
        restarts: those that it asked for itself, by cause.
        started: why it last did.
        offline: why it was last without Wi-Fi.
    """

    signal: Signal | None
    restarts: str
    started: str | None
    offline: str | None

    @classmethod
    def of(cls, health: BoardHealth) -> Self:
        """The words for what a board has said."""
        restart, gone = restart_of(health), health.last_disconnect
        return cls(
            signal=None if health.rssi is None else signal_of(health.rssi),
            restarts=own_restarts(health.restarts),
            started=None if restart is None else restart.words,
            offline=None if gone is None else gone.words,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One camera on the health page; without a strip where the database does not answer."""

    camera: CameraAnswer
    board: BoardWords | None
    strip: Strip | None

    @property
    def badness(self) -> tuple[int, int, float]:
        """Sorts the worst first: by state, then by warnings, then by the past."""
        uptime = self.strip.uptime if self.strip and self.strip.uptime is not None else 1.0
        return _WORST_FIRST.index(self.camera.state), -len(self.camera.warnings), uptime


def create_health(services: Services) -> Blueprint:
    """`/health`, `/api/server`."""
    health = Blueprint("health", __name__)
    health.add_app_template_filter(rfc3339)

    @health.get("/health")
    @permits(Action.WATCH)
    def page() -> str:
        period = choose_period(request.args)
        one = request.args.get("camera")
        cameras = list(services.hub.cameras.values()) if one is None else [services.hub.find(one)]
        strips, trouble = read_strips(services, [camera.id for camera in cameras], period)
        rows = [_row(services, camera, strips.get(camera.id)) for camera in cameras]
        return render_template(
            "health.html",
            page="health",
            rows=sorted(rows, key=lambda row: row.badness),
            period=period.word,
            trouble=trouble,
            one=one,
            told=len(rows) <= _TOLD_AT_ONCE,
            server=_read_server(services),
            percent=percent,
            duration=duration,
        )

    @health.get("/api/server")
    @permits(Action.WATCH)
    def server() -> Response:
        return jsonify(_read_server(services).model_dump(mode="json"))

    health.after_request(forbid_caching)
    return health


def read_strips(services: Services, ids: list[str], period: Period) -> tuple[dict[str, Strip], str | None]:
    """The strips of some cameras, by id; without the database none, and what is wrong with it."""
    now = services.history.now()
    strips: dict[str, Strip] = {}
    try:
        for past in services.history.cameras(ids, period, now):
            health = services.hub.find(past.camera).health
            strips[past.camera] = lay_out(past, now, health.since if health.state is State.ONLINE else None)
    except ServerError as error:
        return {}, str(error)
    return strips, None


def _row(services: Services, camera: Camera, strip: Strip | None) -> Row:
    status = camera.status()
    answer = CameraAnswer.of(status, services.viewer_count(camera.id))
    return Row(answer, None if status.board is None else BoardWords.of(status.board), strip)


def _read_server(services: Services) -> ServerAnswer:
    return services.gauge.read(sum(services.viewer_count(camera_id) for camera_id in services.hub.cameras))
