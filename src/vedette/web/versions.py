"""Which version of the configuration an editor has seen: ETag and If-Match (RFC 9110, 13.1.1)."""

from flask import Response, jsonify, request

from vedette.errors import ConflictError
from vedette.web.described import answer_camera
from vedette.web.services import Services


def mark(response: Response, services: Services) -> Response:
    """Say of which version of the configuration this answer tells."""
    response.set_etag(services.roster.etag)
    return response


def expected(services: Services) -> str | None:
    """The version that the asker has seen; None where it does not care.

    Raises:
        ConflictError: it is not the one that is running.
    """
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    etag = services.roster.etag
    if not request.if_match.contains(etag):
        raise ConflictError
    return etag


def answer_marked(services: Services, camera_id: str) -> Response:
    """One camera, as it is once something has been changed."""
    camera = answer_camera(services, services.hub.find(camera_id))
    return mark(jsonify(camera.model_dump(mode="json")), services)
