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
        return HandOffResponse(feed.adopt, feed.open_generator, CONTENT_TYPE)

    return news
