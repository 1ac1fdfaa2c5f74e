"""The Flask app, put together."""

from typing import Any

from flask import Flask

from vedette.version import __version__
from vedette.web import failures, guard
from vedette.web.acts import create_acts
from vedette.web.api import create_api
from vedette.web.discoveries import create_discoveries
from vedette.web.health import create_health
from vedette.web.history import create_history
from vedette.web.hosts import HostNames
from vedette.web.manage import create_manage
from vedette.web.news import create_news
from vedette.web.outages import create_outages
from vedette.web.pages import count_states, create_pages
from vedette.web.permission import Action, permits
from vedette.web.rejects import create_rejects
from vedette.web.services import Services
from vedette.web.settings import create_settings
from vedette.web.streams import create_streams
from vedette.web.walls import create_walls

_BODY_LIMIT = 1024 * 1024  # bytes of a request


def create_web(services: Services) -> Flask:
    """Build the app on what `run.py` has built."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _BODY_LIMIT
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it
    app.view_functions["static"] = permits(Action.PROBE)(_named(app.view_functions["static"]))
    guard.install(app, HostNames(services.allowed_hosts))
    failures.install(app)
    rooms = (
        create_pages,
        create_streams,
        create_walls,
        create_api,
        create_manage,
        create_settings,
        create_acts,
        create_discoveries,
        create_news,
        create_outages,
        create_history,
        create_health,
        create_rejects,
    )
    for create in rooms:
        app.register_blueprint(create(services))

    @app.context_processor
    def everywhere() -> dict[str, Any]:
        states = [camera.health.state for camera in services.hub.cameras.values()]
        return {"version": __version__, "page": "error", "counts": count_states(states)}

    return app


def _named(view: Any) -> Any:
    """A view that can bear a declaration; Flask's own for static files is a bound method or a lambda by turns."""

    def static(**arguments: Any) -> Any:
        return view(**arguments)

    return static
