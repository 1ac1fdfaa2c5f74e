"""The API's description, from the models that make its answers."""

from typing import Any

from pydantic.json_schema import models_json_schema

from vedette.version import __version__
from vedette.web.answers import CameraAnswer, ErrorAnswer

_REFERENCE = "#/components/schemas/{model}"


def describe() -> dict[str, Any]:
    """An OpenAPI 3.1 document."""
    _, definitions = models_json_schema(
        [(CameraAnswer, "serialization"), (ErrorAnswer, "serialization")], ref_template=_REFERENCE
    )
    camera = {"$ref": _REFERENCE.format(model="CameraAnswer")}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vedette", "version": __version__},
        "paths": {
            "/api/cameras": {"get": _get("All cameras, in the configuration's order.", _array(camera))},
            "/api/cameras/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "get": _get("One camera.", camera, missing="There is no such camera."),
            },
        },
        "components": {"schemas": definitions["$defs"]},
    }


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _get(summary: str, schema: dict[str, Any], missing: str | None = None) -> dict[str, Any]:
    responses = {"200": {"description": summary, "content": {"application/json": {"schema": schema}}}}
    if missing:
        error = {"$ref": _REFERENCE.format(model="ErrorAnswer")}
        responses["404"] = {"description": missing, "content": {"application/json": {"schema": error}}}
    return {"summary": summary, "responses": responses}
