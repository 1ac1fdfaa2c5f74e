"""The API's description, from the models that make its answers."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from vedette.version import __version__
from vedette.web.answers import CameraAnswer, ErrorAnswer
from vedette.web.gauge import ServerAnswer
from vedette.web.past import HistoriesAnswer, HistoryAnswer, OutagesAnswer
from vedette.web.rejects import RejectsAnswer

_REFERENCE = "#/components/schemas/{model}"
_TIME = "a time of RFC 3339, or a date for its first moment in UTC"


def _query(name: str, description: str, **schema: object) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string"} | schema}


_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
_PERIOD = _query("period", "how far back, in steps of 300 s or 1800 s", enum=["day", "week"], default="day")
_OUTAGES = [
    _query("camera", "of this camera alone"),
    _query("from", f"those that lasted beyond this moment: {_TIME}"),
    _query("to", f"those that began before this moment: {_TIME}"),
    _query("limit", "how many to a page", type="integer", minimum=1, maximum=500, default=100),
    _query("cursor", "what `next` of the page before says"),
]


_EVENTS = {
    "description": "Server-sent events: `cameras` (an array of CameraAnswer), then `camera` (a CameraAnswer) each",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


def describe() -> dict[str, Any]:
    """An OpenAPI 3.1 document."""
    models = (CameraAnswer, ErrorAnswer, HistoriesAnswer, HistoryAnswer, OutagesAnswer, RejectsAnswer, ServerAnswer)
    _, definitions = models_json_schema([(model, "serialization") for model in models], ref_template=_REFERENCE)
    camera = {"$ref": _REFERENCE.format(model="CameraAnswer")}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vedette", "version": __version__},
        "paths": {
            "/api/cameras": {"get": _get("All cameras, in the configuration's order.", _array(camera))},
            "/api/cameras/{id}": {
                "parameters": [_ID],
                "get": _get("One camera.", camera, missing="There is no such camera."),
            },
            "/api/cameras/{id}/history": {
                "parameters": [_ID, _PERIOD],
                "get": _get("A period of one camera.", _refer(HistoryAnswer), missing="There never was such a camera."),
            },
            "/api/cameras/{id}/rejects": {
                "parameters": [_ID],
                "get": _get(
                    "The newest frames of one camera that were refused on arrival.",
                    _refer(RejectsAnswer),
                    missing="There is no such camera.",
                ),
            },
            "/api/history": {
                "parameters": [_PERIOD],
                "get": _get("A period of all cameras, in the configuration's order.", _refer(HistoriesAnswer)),
            },
            "/api/outages": {
                "parameters": _OUTAGES,
                "get": _get(
                    "When cameras were away, newest first.",
                    _refer(OutagesAnswer),
                    missing="There never was such a camera.",
                ),
            },
            "/api/server": {"get": _get("The server itself.", _refer(ServerAnswer))},
            "/api/stream": {"get": {"summary": "Cameras as they change.", "responses": {"200": _EVENTS}}},
        },
        "components": {"schemas": definitions["$defs"]},
    }


def _refer(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _get(summary: str, schema: dict[str, Any], missing: str | None = None) -> dict[str, Any]:
    responses = {"200": {"description": summary, "content": {"application/json": {"schema": schema}}}}
    if missing:
        error = {"$ref": _REFERENCE.format(model="ErrorAnswer")}
        responses["404"] = {"description": missing, "content": {"application/json": {"schema": error}}}
    return {"summary": summary, "responses": responses}
