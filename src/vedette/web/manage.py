"""Cameras that are added, changed and removed: through the API, into the configuration file."""

import re
import unicodedata
from collections.abc import Mapping
from itertools import chain, count
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, url_for
from pydantic import BaseModel, Field

from vedette.config import Check, Connect, Firmware
from vedette.errors import BoardError, RequestError
from vedette.sources import Reach
from vedette.web.bodies import CameraBody, NewCameraBody, read_body
from vedette.web.caching import forbid_caching
from vedette.web.permission import Action, permits
from vedette.web.services import Services
from vedette.web.versions import answer_marked, expected, mark

_ADDRESSES = ("url", "host", "control_url")
_LONGEST_ID = 64


class ConfigurationAnswer(BaseModel):
    """A camera's table, as the configuration has it; null is a key that is not set. Passwords are never told."""

    id: str
    name: str | None
    url: str | None
    host: str | None
    control_url: str | None
    username: str | None
    has_password: bool
    enabled: bool
    firmware: Firmware
    check: Check
    connect: Connect
    poll_interval: float
    mac: str | None
    locked: dict[str, str] = Field(description="keys that an environment variable sets, with its name")


def create_manage(services: Services) -> Blueprint:
    """`POST /api/cameras`; `PATCH`, `DELETE` and `configuration` of one."""
    manage = Blueprint("manage", __name__, url_prefix="/api/cameras")

    @manage.post("")
    @permits(Action.MANAGE)
    def add() -> tuple[Response, int]:
        body = read_body(NewCameraBody)
        table = body.changes()
        if not table.keys() & {"url", "host"}:
            message = 'where is it? Send "url" with the address of its stream, or "host" to have the board probed.'
            raise RequestError(422, "address_missing", message, field="url")
        camera_id = body.id or propose_id(body.name or _host_of(table), services.hub.cameras)
        if camera_id in services.hub.cameras:
            raise RequestError(
                409, "camera_exists", f"There is a camera with the id {camera_id!r} already.", field="id"
            )
        check_addresses(services.reach, table)
        if body.settings:
            table["settings"] = services.keepers.checked_new(body.settings)
        services.roster.add_camera(camera_id, table, expected(services))
        response = answer_marked(services, camera_id)
        response.headers["Location"] = url_for("api.camera", camera_id=camera_id)
        return response, 201

    @manage.patch("/<camera_id>")
    @permits(Action.MANAGE)
    def change(camera_id: str) -> Response:
        services.hub.find(camera_id)
        changes = read_body(CameraBody).changes()
        check_addresses(services.reach, changes)
        seen = expected(services)
        if changes:
            services.roster.change_camera(camera_id, changes, seen)
        return answer_marked(services, camera_id)

    @manage.delete("/<camera_id>")
    @permits(Action.MANAGE)
    def remove(camera_id: str) -> tuple[str, int]:
        services.roster.remove_camera(camera_id, expected(services))
        return "", 204

    @manage.get("/<camera_id>/configuration")
    @permits(Action.MANAGE)
    def configuration(camera_id: str) -> Response:
        config = services.camera_config(camera_id)
        place = ("cameras", camera_id)
        variables = services.roster.variables.items()
        locked = {str(path[2]): name for path, name in variables if path[:2] == place and len(path) == 3}
        told = config.model_dump(include=set(ConfigurationAnswer.model_fields))
        shown = ConfigurationAnswer(id=camera_id, has_password=config.password is not None, locked=locked, **told)
        return mark(jsonify(shown.model_dump(mode="json")), services)

    manage.after_request(forbid_caching)
    return manage


def check_addresses(reach: Reach, table: Mapping[str, object]) -> None:
    """Refuse addresses that the server is not to be sent to by whoever can open its pages.

    Raises:
        RequestError: one of them is such an address.
    """
    for key in _ADDRESSES:
        value = table.get(key)
        host = (value if key == "host" else _host_in(value)) if isinstance(value, str) else None
        if host:
            try:
                reach.check_new(host)
            except BoardError as error:
                raise RequestError(422, "address_not_allowed", f"{key}: {error.detail}", field=key) from None


def propose_id(name: str, taken: Mapping[str, object]) -> str:
    """An id for a camera of that name, that no other has."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[: _LONGEST_ID - 4].strip("-") or "camera"
    numbered = (f"{base}-{number}" for number in count(2))
    return next(camera_id for camera_id in chain([base], numbered) if camera_id not in taken)


def _host_of(table: Mapping[str, object]) -> str:
    host = table.get("host") or _host_in(table.get("url"))
    return f"camera-{host}" if host else "camera"


def _host_in(url: object) -> str | None:
    try:
        return urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return None  # the configuration says what is wrong with it
