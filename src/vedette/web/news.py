"""`/api/stream`: server-sent events, on the engine's sockets or from a thread."""

from flask import Blueprint, Response

from vedette.live import HandOffResponse
from vedette.web.permission import Action, permits
from vedette.web.services import Services
from vedette.wire.eventstream import CONTENT_TYPE


def create_news(services: Services) -> Blueprint:
    """`/api/stream`."""
    news = Blueprint("news", __name__)

    @news.get("/api/stream")
    @permits(Action.WATCH)
    def stream() -> Response:
        feed = services.newsfeed
        response = HandOffResponse(feed.adopt, feed.open_generator, CONTENT_TYPE)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"
        return response

    return news
