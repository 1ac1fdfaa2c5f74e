"""Finding cameras that nobody has added yet: one address that is probed, or a network that is searched."""

from base64 import b64encode
from typing import Self
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, Field

from vedette.discovery import Found, Probed, Search, suggested_networks
from vedette.errors import Reason, RequestError
from vedette.hub import State
from vedette.web.bodies import DiscoveryBody, ProbeBody, read_body
from vedette.web.caching import forbid_caching
from vedette.web.permission import Action, permits
from vedette.web.services import Services

_HTTP = 80


class _Sight(BaseModel):
    """What was seen at an address; a subclass says which of it is told."""

    @classmethod
    def of(cls, seen: Found | Probed) -> Self:
        """The answer for what was seen."""
        values = {name: getattr(seen, name) for name in cls.model_fields}
        return cls(**values | {"thumbnail": _data_url(seen.thumbnail)})


class ProbeAnswer(_Sight):
    """What an address is."""

    address: str
    firmware: str | None
    title: str | None = Field(description="of the firmware, as people know it")
    stream_url: str | None
    width: int | None
    height: int | None
    fps: float | None
    sensor: str | None
    state: State
    reason: Reason | None
    explanation: str | None
    thumbnail: str | None = Field(description="a picture as a data: URL")
    camera: str | None = Field(description="the camera that has this address already; then it was not looked at")


class FoundAnswer(_Sight):
    """A board that was found, or what is probably one."""

    address: str
    name: str | None = Field(description="that it announces")
    firmware: str | None
    title: str | None
    stream_url: str | None
    thumbnail: str | None = Field(description="a picture as a data: URL")
    camera: str | None = Field(description="the camera that has this address already")
    note: str | None = Field(description="why there is no picture")
    control_url: str | None = Field(description="of its settings, where that is not its firmware's own port")


class DiscoveryAnswer(BaseModel):
    """A search: how far it is, and what it has found until now."""

    id: str
    state: str = Field(description="running, done or stopped")
    asked: int = Field(description="addresses, of `total`")
    total: int
    found: list[FoundAnswer]
    message: str | None = Field(description="what a person should know of it")


class NetworksAnswer(BaseModel):
    """Private networks of the server's own machine, which may be searched when somebody says so."""

    networks: list[str]


def create_discoveries(services: Services) -> Blueprint:
    """`POST /api/probe`, and `/api/discoveries`."""
    discoveries = Blueprint("discoveries", __name__, url_prefix="/api")

    @discoveries.post("/probe")
    @permits(Action.MANAGE)
    def probe() -> Response:
        body = read_body(ProbeBody)
        if (body.username is None) != (body.password is None):
            raise RequestError(422, "value_wrong", "username and password go together.", field="password")
        credentials = (body.username, body.password.get_secret_value()) if body.username and body.password else None
        address = body.address.strip()
        known = _known(services, _port_of(address))
        probed = services.prober.probe(address, credentials, services.reach, known)
        return jsonify(ProbeAnswer.of(probed).model_dump(mode="json"))

    @discoveries.get("/discoveries")
    @permits(Action.MANAGE)
    def networks() -> Response:
        return jsonify(NetworksAnswer(networks=list(suggested_networks())).model_dump(mode="json"))

    @discoveries.post("/discoveries")
    @permits(Action.MANAGE)
    def begin() -> tuple[Response, int]:
        network = read_body(DiscoveryBody).network
        search_id = services.discoveries.start(network or None, services.reach, _known(services))
        return jsonify({"id": search_id}), 202

    @discoveries.get("/discoveries/<search_id>")
    @permits(Action.MANAGE)
    def show(search_id: str) -> Response:
        return jsonify(_describe(search_id, services.discoveries.get(search_id)).model_dump(mode="json"))

    @discoveries.delete("/discoveries/<search_id>")
    @permits(Action.MANAGE)
    def stop(search_id: str) -> tuple[str, int]:
        services.discoveries.stop(search_id)
        return "", 204

    discoveries.after_request(forbid_caching)
    return discoveries


def _describe(search_id: str, search: Search) -> DiscoveryAnswer:
    return DiscoveryAnswer(
        id=search_id,
        state=search.state.value,
        asked=search.asked,
        total=search.total,
        found=[FoundAnswer.of(found) for found in search.found],
        message=search.message,
    )


def _known(services: Services, port: int | None = None) -> dict[str, str]:
    """The hosts of this server's cameras, as they are written, and the cameras' ids.

    With a port, only of those that have their stream there, or of which nobody knows: behind one address there may be
    several cameras.
    """
    known = {}
    for key, config in services.roster.config.cameras.items():
        if port is None or config.url is None or _port_of(config.url) == port:
            known[config.board] = key
    return known


def _port_of(address: str) -> int | None:
    """The port of a URL; None where it is a host, or nothing that the prober would look at."""
    try:
        return (urlsplit(address).port or _HTTP) if "://" in address else None
    except ValueError:
        return None


def _data_url(jpeg: bytes | None) -> str | None:
    return None if jpeg is None else f"data:image/jpeg;base64,{b64encode(jpeg).decode('ascii')}"
