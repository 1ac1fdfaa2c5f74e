"""What every request passes before its view: the right name, the right origin, permission."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from vedette.errors import RequestError
from vedette.web.hosts import HostNames
from vedette.web.permission import action_of, may

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)


def install(app: Flask, hosts: HostNames) -> None:
    """Put the guard before every view of the app, and its headers on every answer."""

    def guard() -> None:
        _check_host(hosts)
        _check_origin()
        endpoint = request.endpoint
        view = current_app.view_functions.get(endpoint) if endpoint else None
        if view is not None and not may(action_of(view)):
            raise RequestError(403, "forbidden", "You may not do this.")

    app.before_request(guard)
    app.after_request(_add_headers)


def _check_host(hosts: HostNames) -> None:
    host = request.environ.get("HTTP_HOST")
    if host and not hosts.answers_to(host):  # HTTP/1.0 may leave it out; browsers never do
        raise RequestError(
            400,
            "host_not_allowed",
            f"This server does not answer to the name {host!r}. If it should, add the name to server.allowed_hosts "
            "in the configuration.",
        )


def _check_origin() -> None:
    """What changes something comes as JSON from our own pages, or from a program that has no origin."""
    if request.method in _SAFE_METHODS:
        return
    refuse_other_origins("change anything here")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise RequestError(403, "origin_mismatch", "A page of another site may not change anything here.")
    if request.mimetype != "application/json" and (request.mimetype or request.content_length):
        raise RequestError(415, "json_expected", "Send JSON, with Content-Type: application/json.")


def refuse_other_origins(what: str) -> None:
    """Pages of others may not act through a visitor's browser; programs have no origin."""
    origin = request.headers.get("Origin")
    if origin is not None and _host_of(origin) != request.host.lower():
        raise RequestError(403, "origin_mismatch", f"A page of {origin} may not {what}.")


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


def _add_headers(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Referrer-Policy"] = "same-origin"
    return response
