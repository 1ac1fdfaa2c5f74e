"""Requests for pictures: streams, snapshots, mosaics, and the addresses of the `opencv_server` that was."""

import re
from functools import partial

from flask import Blueprint, Response, request

from vedette.errors import RequestError
from vedette.hub import Camera, State
from vedette.live import HandOffResponse, Look, MosaicLook
from vedette.web.parameters import choose_look, choose_mosaic, switch
from vedette.web.permission import Action, permits
from vedette.web.services import Services
from vedette.wire.multipart import VIEWER_CONTENT_TYPE

_NUMBER = re.compile("[0-9]{1,9}")


def create_streams(services: Services) -> Blueprint:
    """`/cameras/<id>/stream.mjpg`, `/cameras/<id>/snapshot.jpg`, `/wall.mjpg`, `/video_feed/…`."""
    streams = Blueprint("streams", __name__)

    @streams.get("/cameras/<camera_id>/stream.mjpg")
    @permits(Action.WATCH)
    def stream(camera_id: str) -> Response:
        return _watch(services, choose_look(request.args, services.hub.find(camera_id).id))

    @streams.get("/cameras/<camera_id>/snapshot.jpg")
    @permits(Action.WATCH)
    def snapshot(camera_id: str) -> Response:
        camera = services.hub.find(camera_id)
        look = choose_look(request.args, camera_id)
        asleep = request.method == "HEAD" and camera.fresh_frame() is None  # and whoever asks for a head wakes nobody
        frame = None if asleep else services.live.snapshot(look)
        if frame is None:
            raise RequestError(503, "no_picture", _why_not(camera))
        response = Response(frame.jpeg, mimetype="image/jpeg")
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Timestamp"] = f"{frame.timestamp:.6f}"
        response.headers["X-Vedette-State"] = State.ONLINE.value
        return response

    @streams.get("/wall.mjpg")
    @permits(Action.WATCH)
    def wall() -> Response:
        return _watch(services, choose_mosaic(request.args))

    @streams.get("/video_feed/", defaults={"number": ""})
    @streams.get("/video_feed/<number>/")
    @permits(Action.WATCH)
    def video_feed(number: str) -> Response:
        return _watch(services, choose_look(request.args, _find_as_before(services, number).id))

    @streams.get("/multi_video_feed/")
    @permits(Action.WATCH)
    def multi_video_feed() -> Response:
        return _watch(services, choose_mosaic(request.args))

    return streams


def _watch(services: Services, look: Look | MosaicLook) -> Response:
    services.live.check(look)
    advance = switch(request.args, "advance")
    if advance is None:  # a browser says which pictures it takes; nobody else does
        advance = "image/" in request.headers.get("Accept", "")
    return HandOffResponse(
        partial(services.live.adopt, look, advance=advance),
        partial(services.live.open_generator, look, advance=advance),
        VIEWER_CONTENT_TYPE,
    )


def _find_as_before(services: Services, number: str) -> Camera:
    """The first camera; the camera of that id, or else the n-th."""
    cameras = services.hub.cameras
    if number in cameras:
        return cameras[number]
    position = int(number) - 1 if _NUMBER.fullmatch(number) else 0 if not number else -1
    if not 0 <= position < len(cameras):
        raise RequestError(404, "camera_unknown", "There is no such camera.")
    return list(cameras.values())[position]


def _why_not(camera: Camera) -> str:
    health = camera.health
    if health.explanation:
        return f"{camera.name} is {health.state.value} ({health.reason}): {health.explanation}"
    if health.state is State.DISABLED:
        return f"{camera.name} is disabled in the configuration."
    return f"{camera.name} is {health.state.value}: there is no fresh picture yet."
