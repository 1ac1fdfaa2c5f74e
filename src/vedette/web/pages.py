"""The pages, and what tells other programs how the server is."""

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from vedette.errors import ServerError
from vedette.hub import State
from vedette.store import Period
from vedette.web.addresses import list_addresses
from vedette.web.answers import CameraAnswer
from vedette.web.caching import forbid_caching
from vedette.web.described import answer_camera
from vedette.web.health import read_strips
from vedette.web.permission import Action, permits
from vedette.web.services import Services

# Of a wall without JavaScript or WebSocket: a browser opens six connections to a host, and these leave two.
STREAMING_TILES = 4
_READY_WITHIN = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cameras are how, for the head of every page."""

    live: int
    weak: int
    away: int
    other: int


def count_states(states: list[State]) -> Counts:
    """Count cameras by what their state means to a person."""
    live, weak, away = (states.count(state) for state in (State.ONLINE, State.STALE, State.OFFLINE))
    return Counts(live, weak, away, len(states) - live - weak - away)


def create_pages(services: Services) -> Blueprint:
    """`/`, `/cameras`, `/cameras/<id>`, `/healthz`, `/readyz`."""
    pages = Blueprint("pages", __name__)

    def all_cameras() -> list[CameraAnswer]:
        return [answer_camera(services, camera) for camera in services.hub.cameras.values()]

    @pages.get("/")
    @permits(Action.WATCH)
    def wall() -> str:
        cameras = all_cameras()
        return render_template(
            "wall.html", page="wall", cameras=cameras, streams=STREAMING_TILES, config_path=services.config_path
        )

    @pages.get("/cameras")
    @permits(Action.MANAGE)
    def cameras_page() -> str:
        return render_template(
            "cameras.html",
            page="cameras",
            cameras=all_cameras(),
            configs=services.roster.config.cameras,
            config_path=services.config_path,
            problem=services.roster.problem,
        )

    @pages.get("/cameras/<camera_id>")
    @permits(Action.WATCH)
    def camera(camera_id: str) -> str:
        shown = services.hub.find(camera_id)
        ids = list(services.hub.cameras)
        place = ids.index(shown.id)
        return render_template(
            "camera.html",
            page="camera",
            camera=answer_camera(services, shown),
            past=read_strips(services, [shown.id], Period.DAY)[0].get(shown.id),
            previous_id=ids[place - 1] if place else None,
            next_id=ids[place + 1] if place + 1 < len(ids) else None,
            addresses=list_addresses(
                shown.id,
                request.host_url.rstrip("/") + url_for("streams.stream", camera_id=shown.id),
                request.host_url.rstrip("/") + url_for("streams.snapshot", camera_id=shown.id),
            ),
        )

    @pages.get("/healthz")
    @permits(Action.PROBE)
    def healthz() -> Response:
        return jsonify(status="ok")

    @pages.get("/readyz")
    @permits(Action.PROBE)
    def readyz() -> Response:
        try:
            services.engine.call(lambda: None, timeout=_READY_WITHIN)
        except ServerError as error:
            response = jsonify(status="unready", message=str(error))
            response.status_code = 503
            return response
        return jsonify(status="ready")

    pages.after_request(forbid_caching)
    return pages
