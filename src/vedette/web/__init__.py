"""The Flask app: pages, API, and the requests that become viewers. Thin: check, call, answer."""

from vedette.web.app import create_web
from vedette.web.described import describe_cameras
from vedette.web.gauge import ServerGauge
from vedette.web.services import Services

__all__ = ["ServerGauge", "Services", "create_web", "describe_cameras"]
