"""Errors on their way out: JSON under `/api`, a page for a browser, plain text for everyone else."""

import logging

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from vedette.errors import (
    BoardError,
    ConfigError,
    ConflictError,
    LockedError,
    ReadOnlyError,
    RequestError,
    ServerError,
)

_log = logging.getLogger(__name__)

_TITLES = {
    400: "That request does not fit",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    503: "Not now",
}
_CHANGED = (
    "The configuration has been changed meanwhile, on another page or with a text editor: load it, and try again."
)
_HINTS = {
    "camera_unknown": "The wall shows all cameras that there are.",
    "no_picture": "The page of the camera says what is wrong with it.",
}


def install(app: Flask) -> None:
    """Answer every error of the app."""
    app.register_error_handler(RequestError, lambda error: answer(error.status, error.code, error.message, error.field))
    app.register_error_handler(ServerError, lambda error: answer(503, "server_busy", str(error)))
    app.register_error_handler(
        ConflictError, lambda error: answer(412, "configuration_changed", str(error) or _CHANGED)
    )
    app.register_error_handler(ReadOnlyError, lambda error: answer(409, "configuration_read_only", str(error)))
    app.register_error_handler(LockedError, _locked)
    app.register_error_handler(ConfigError, _wrong_configuration)
    app.register_error_handler(BoardError, _board_failed)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _own_fault)


def answer(status: int, code: str, message: str, field: str | None = None) -> Response:
    """An error in the form that the asker understands."""
    if request.path.startswith("/api"):
        response = jsonify(error={"code": code, "message": message} | ({"field": field} if field else {}))
    elif "text/html" in request.headers.get("Accept", ""):
        title = _TITLES.get(status, "That did not work")
        page = render_template("error.html", status=status, title=title, message=message, hint=_HINTS.get(code))
        response = make_response(page)
    else:
        response = Response(f"{message}\n", mimetype="text/plain")
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or status < 400:  # a redirect is no error
        return make_response(error.get_response())
    name = error.name.lower().replace(" ", "_")
    response = answer(status, name, f"{error.name}: {request.method} {request.path}")
    for header, value in error.get_headers(request.environ):
        if header not in {"Content-Type", "Content-Length"}:
            response.headers[header] = value
    return response


def _locked(error: LockedError) -> Response:
    return answer(409, "set_by_environment", str(error), error.where.rpartition(".")[2])


def _wrong_configuration(error: ConfigError) -> Response:
    """What was sent does not fit into the configuration, or that had mistakes before."""
    first = error.mistakes[0]
    message = "; ".join(f"{mistake.where}: {mistake.message}" for mistake in error.mistakes)
    return answer(422, "configuration_wrong", message, first.where.rpartition(".")[2] or None)


def _board_failed(error: BoardError) -> Response:
    return answer(502, f"board_{error.reason.value}", f"The board has not done it ({error}).")


def _own_fault(error: Exception) -> Response:
    _log.error("a fault of Vedette's own at %s %s", request.method, request.path, exc_info=error)
    return answer(500, "internal_error", "Vedette made a mistake; its log says more.")
