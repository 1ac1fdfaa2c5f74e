"""The JSON API."""

from collections.abc import Iterator

from flask import Blueprint, Response, jsonify

from vedette.hub import Camera
from vedette.live import Description
from vedette.web.answers import CameraAnswer
from vedette.web.caching import forbid_caching
from vedette.web.openapi import describe
from vedette.web.permission import Action, permits
from vedette.web.services import Services


def answer_camera(services: Services, camera: Camera) -> CameraAnswer:
    """A camera as the API and the pages show it."""
    return CameraAnswer.of(camera.status(), services.viewer_count(camera.id))


def describe_cameras(services: Services) -> Iterator[Description]:
    """The JSON of each camera, in order: for the news."""
    for camera in services.hub.cameras.values():
        answer = answer_camera(services, camera)
        yield Description(answer.model_dump_json(), vars(answer) | {"last_frame_age_s": None})


def create_api(services: Services) -> Blueprint:
    """Everything under `/api`."""
    api = Blueprint("api", __name__, url_prefix="/api")

    @api.get("/cameras")
    @permits(Action.WATCH)
    def cameras() -> Response:
        answers = [answer_camera(services, camera) for camera in services.hub.cameras.values()]
        return jsonify([answer.model_dump(mode="json") for answer in answers])

    @api.get("/cameras/<camera_id>")
    @permits(Action.WATCH)
    def camera(camera_id: str) -> Response:
        return jsonify(answer_camera(services, services.hub.find(camera_id)).model_dump(mode="json"))

    @api.get("/openapi.json")
    @permits(Action.PROBE)
    def openapi() -> Response:
        return jsonify(describe())

    api.after_request(forbid_caching)
    return api
