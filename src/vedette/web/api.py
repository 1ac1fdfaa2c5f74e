"""The JSON API."""

from flask import Blueprint, Response, jsonify

from vedette.web.caching import forbid_caching
from vedette.web.described import answer_camera
from vedette.web.openapi import describe
from vedette.web.permission import Action, permits
from vedette.web.services import Services


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
