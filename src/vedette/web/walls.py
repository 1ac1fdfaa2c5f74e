"""`/wall.ws`: the handshake. What follows it is the engine's (`docs/wall-protocol.md`)."""

from flask import Blueprint, Response, request
from websockets.http11 import Request
from websockets.server import ServerProtocol

from vedette.errors import RequestError
from vedette.live import MESSAGE_LIMIT, HandOffResponse
from vedette.web.guard import refuse_other_origins
from vedette.web.permission import Action, permits
from vedette.web.services import Services

_SWITCHING = 101


def create_walls(services: Services) -> Blueprint:
    """`/wall.ws`."""
    walls = Blueprint("walls", __name__)

    @walls.get("/wall.ws")
    @permits(Action.PROBE)
    def no_wall() -> Response:
        raise RequestError(426, "upgrade_required", "This is a WebSocket: docs/wall-protocol.md says how to use it.")

    @walls.get("/wall.ws", websocket=True)
    @permits(Action.WATCH)
    def wall() -> Response:
        refuse_other_origins("open a wall here")
        protocol, answer = _shake_hands()
        return HandOffResponse(lambda sock, _head: services.walls.adopt(sock, protocol, answer))

    return walls


def _shake_hands() -> tuple[ServerProtocol, bytes]:
    """The protocol with the handshake accepted, and the answer's bytes. No extension: JPEGs do not compress."""
    protocol = ServerProtocol(extensions=None, max_size=MESSAGE_LIMIT)
    lines = [f"GET {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in request.headers)]
    protocol.receive_data(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace"))
    asked = next((event for event in protocol.events_received() if isinstance(event, Request)), None)
    if asked is None:
        raise RequestError(400, "bad_handshake", "That is no WebSocket handshake.")
    answer = protocol.accept(asked)
    if answer.status_code != _SWITCHING:
        raise RequestError(answer.status_code, "bad_handshake", answer.body.decode("utf-8", "replace").strip())
    protocol.send_response(answer)
    return protocol, b"".join(protocol.data_to_send())
