"""Acts on a camera that everybody notices: its board restarts, or nobody is connected to it any more."""

from flask import Blueprint, Response, jsonify

from vedette.control import Command
from vedette.web.caching import forbid_caching
from vedette.web.permission import Action, permits
from vedette.web.services import Services
from vedette.web.versions import answer_marked, expected

_BOARD_WITHIN = 12.0  # seconds: one that is asked while another request is under way


def create_acts(services: Services) -> Blueprint:
    """`POST /api/cameras/<id>/` with `start`, `stop`, `reboot`, `save`, `clear`."""
    acts = Blueprint("acts", __name__, url_prefix="/api/cameras/<camera_id>")

    @acts.post("/start")
    @permits(Action.MANAGE)
    def start(camera_id: str) -> Response:
        return _enable(services, camera_id, enabled=True)

    @acts.post("/stop")
    @permits(Action.MANAGE)
    def stop(camera_id: str) -> Response:
        return _enable(services, camera_id, enabled=False)

    @acts.post("/reboot")
    @permits(Action.MANAGE)
    def reboot(camera_id: str) -> tuple[Response, int]:
        return _command(services, camera_id, Command.REBOOT)

    @acts.post("/save")
    @permits(Action.MANAGE)
    def save(camera_id: str) -> tuple[Response, int]:
        return _command(services, camera_id, Command.SAVE)

    @acts.post("/clear")
    @permits(Action.MANAGE)
    def clear(camera_id: str) -> tuple[Response, int]:
        return _command(services, camera_id, Command.CLEAR)

    acts.after_request(forbid_caching)
    return acts


def _enable(services: Services, camera_id: str, *, enabled: bool) -> Response:
    """Kept in the configuration, so that it outlasts a restart of the server."""
    seen = expected(services)
    if services.hub.find(camera_id).enabled != enabled:
        services.roster.change_camera(camera_id, {"enabled": enabled}, seen)
    return answer_marked(services, camera_id)


def _command(services: Services, camera_id: str, command: Command) -> tuple[Response, int]:
    services.hub.find(camera_id)
    services.engine.run(lambda: services.keepers.command(camera_id, command), _BOARD_WITHIN)
    return jsonify({"done": command.value}), 202
