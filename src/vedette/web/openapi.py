"""The API's description, from the models that make its answers."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from vedette.version import __version__
from vedette.web.answers import CameraAnswer, ErrorAnswer
from vedette.web.bodies import CameraBody, DiscoveryBody, NewCameraBody, ProbeBody
from vedette.web.discoveries import DiscoveryAnswer, NetworksAnswer, ProbeAnswer
from vedette.web.gauge import ServerAnswer
from vedette.web.manage import ConfigurationAnswer
from vedette.web.past import HistoriesAnswer, HistoryAnswer, OutagesAnswer
from vedette.web.rejects import RejectsAnswer
from vedette.web.settings import SettingsAnswer

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


_MODELS = (
    CameraAnswer,
    ConfigurationAnswer,
    DiscoveryAnswer,
    ErrorAnswer,
    HistoriesAnswer,
    HistoryAnswer,
    NetworksAnswer,
    OutagesAnswer,
    ProbeAnswer,
    RejectsAnswer,
    ServerAnswer,
    SettingsAnswer,
)
_BODIES = (CameraBody, DiscoveryBody, NewCameraBody, ProbeBody)
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "the ETag of what was seen of the configuration; 412 if it is another one by now",
    "schema": {"type": "string"},
}
_REFUSED = "The camera, or whatever was asked for, does not exist; what was sent is wrong; it cannot be done now."


def describe() -> dict[str, Any]:
    """An OpenAPI 3.1 document."""
    _, answers = models_json_schema([(model, "serialization") for model in _MODELS], ref_template=_REFERENCE)
    _, bodies = models_json_schema([(model, "validation") for model in _BODIES], ref_template=_REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vedette", "version": __version__},
        "paths": _cameras() | _settings() | _discoveries() | _past(),
        "components": {"schemas": answers["$defs"] | bodies["$defs"]},
    }


def _cameras() -> dict[str, Any]:
    camera = _refer(CameraAnswer)
    return {
        "/api/cameras": {
            "get": _get("All cameras, in the configuration's order.", _array(camera)),
            "post": _change("Add a camera.", camera, NewCameraBody, status=201),
        },
        "/api/cameras/{id}": {
            "parameters": [_ID],
            "get": _get("One camera.", camera, missing="There is no such camera."),
            "patch": _change("Change a camera; null takes a key away.", camera, CameraBody),
            "delete": _change("Remove a camera; its history stays.", status=204),
        },
        "/api/cameras/{id}/configuration": {
            "parameters": [_ID],
            "get": _get(
                "What the configuration says of one camera.",
                _refer(ConfigurationAnswer),
                missing="There is no such camera.",
            ),
        },
        "/api/cameras/{id}/rejects": {
            "parameters": [_ID],
            "get": _get(
                "The newest frames of one camera that were refused on arrival.",
                _refer(RejectsAnswer),
                missing="There is no such camera.",
            ),
        },
    }


def _settings() -> dict[str, Any]:
    answer = _refer(SettingsAnswer)
    acts = {
        "start": "Connect to a camera again, for everyone.",
        "stop": "Disconnect from a camera, for everyone.",
        "reboot": "Restart a board.",
        "save": "Let a board keep its settings itself.",
        "clear": "Let a board forget what it has kept.",
    }
    return {
        "/api/cameras/{id}/settings": {
            "parameters": [_ID],
            "get": _get("The settings of one board.", answer, missing="There is no such camera."),
            "patch": _change(
                "Want these settings, all of them or none; null is one that is not wanted any more.",
                answer,
                {"type": "object", "additionalProperties": {"type": ["integer", "boolean", "string", "null"]}},
            ),
        },
        "/api/cameras/{id}/settings/reset": {
            "parameters": [_ID],
            "post": _change("Want nothing any more, and let the board have its defaults.", answer),
        },
        **{
            f"/api/cameras/{{id}}/{act}": {
                "parameters": [_ID],
                "post": _change(summary, _refer(CameraAnswer))
                if act in {"start", "stop"}
                else _change(summary, {"type": "object"}, status=202),
            }
            for act, summary in acts.items()
        },
    }


def _discoveries() -> dict[str, Any]:
    search = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/api/probe": {
            "post": _change("Say what an address is, from three seconds of its stream.", _refer(ProbeAnswer), ProbeBody)
        },
        "/api/discoveries": {
            "get": _get("Networks that could be searched.", _refer(NetworksAnswer)),
            "post": _change("Search for cameras.", {"type": "object"}, DiscoveryBody, status=202),
        },
        "/api/discoveries/{id}": {
            "parameters": [search],
            "get": _get("A search.", _refer(DiscoveryAnswer), missing="There is no such search any more."),
            "delete": _change("Stop a search.", status=204),
        },
    }


def _past() -> dict[str, Any]:
    return {
        "/api/cameras/{id}/history": {
            "parameters": [_ID, _PERIOD],
            "get": _get("A period of one camera.", _refer(HistoryAnswer), missing="There never was such a camera."),
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


def _change(
    summary: str,
    answer: dict[str, Any] | None = None,
    body: type[BaseModel] | dict[str, Any] | None = None,
    status: int = 200,
) -> dict[str, Any]:
    error = {"application/json": {"schema": _refer(ErrorAnswer)}}
    done: dict[str, Any] = {"description": summary}
    if answer is not None:
        done["content"] = {"application/json": {"schema": answer}}
    operation: dict[str, Any] = {
        "summary": summary,
        "parameters": [_IF_MATCH],
        "responses": {str(status): done, "4XX": {"description": _REFUSED, "content": error}},
    }
    if body is not None:
        schema = body if isinstance(body, dict) else _refer(body)
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation
