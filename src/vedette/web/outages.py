"""`/api/outages`: when cameras were away, and why."""

import re

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from vedette.errors import RequestError
from vedette.web.parameters import moment, number
from vedette.web.past import as_json, page_of
from vedette.web.permission import Action, permits
from vedette.web.services import Services

_CURSOR = re.compile(r"(\d{1,12}(?:\.\d{1,20})?)~([a-z0-9_-]{1,64})")  # start and camera of a page's last outage
_MOST = 500
_USUAL = 100


def create_outages(services: Services) -> Blueprint:
    """`/api/outages`."""
    outages = Blueprint("outages", __name__, url_prefix="/api")

    @outages.get("/outages")
    @permits(Action.WATCH)
    def listing() -> Response:
        arguments = request.args
        camera = arguments.get("camera")
        begin, end = moment(arguments, "from"), moment(arguments, "to")
        if begin is not None and end is not None and begin > end:
            raise RequestError(400, "out_of_range", "The parameter 'from' is a time before 'to'.")
        limit = number(arguments, "limit", 1, _MOST, _USUAL)
        after = _cursor(arguments)
        if camera is not None:
            refuse_unknown(services, camera)
        found = services.history.outages(limit + 1, camera, begin, end, after)
        return as_json(page_of(found, limit, services.history).model_dump_json())

    return outages


def refuse_unknown(services: Services, camera: str) -> None:
    """Refuse a camera that neither is nor was; the history of one that was removed stays readable."""
    if camera not in services.hub.cameras and not services.history.knows(camera):
        services.hub.find(camera)


def _cursor(arguments: MultiDict[str, str]) -> tuple[float, str] | None:
    text = arguments.get("cursor")
    if text is None:
        return None
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise RequestError(400, "out_of_range", "The parameter 'cursor' is what 'next' of the page before says.")
    return float(found[1]), found[2]
