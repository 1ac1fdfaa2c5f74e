"""What was refused on arrival, to be looked at: `/api/cameras/<id>/rejects` and the bytes of each.

The bytes are whatever a board sent, which may be anything but a picture: they are served as a JPEG and nothing else (no
browser guesses: `guard.py` forbids it everywhere), in a sandbox.
"""

from typing import Self

from flask import Blueprint, Response, jsonify, url_for
from pydantic import BaseModel, Field

from vedette.errors import RequestError
from vedette.hub.rejects import Cause, Reject
from vedette.web.answers import rfc3339
from vedette.web.caching import forbid_caching
from vedette.web.permission import Action, permits
from vedette.web.services import Services


class RejectAnswer(BaseModel):
    """One refused frame. Null is not known."""

    id: int
    time: str = Field(description="when it arrived; RFC 3339, UTC")
    cause: Cause
    detail: str
    bytes: int | None = Field(description="how many came")
    width: int | None = Field(description="as its header says, damaged or not")
    height: int | None
    url: str | None = Field(description="its bytes as they came, the first 512 KB; null where they are gone")

    @classmethod
    def of(cls, reject: Reject, url: str) -> Self:
        """The answer for one."""
        width, height = reject.size or (None, None)
        return cls(
            id=reject.number,
            time=rfc3339(reject.timestamp),
            cause=reject.cause,
            detail=reject.detail,
            bytes=reject.length or None,
            width=width,
            height=height,
            url=url if reject.body else None,
        )


class RejectsAnswer(BaseModel):
    """The newest few of each cause, newest first; there is never a next page."""

    items: list[RejectAnswer]
    next: str | None = None


def create_rejects(services: Services) -> Blueprint:
    """`/api/cameras/<id>/rejects`, `/cameras/<id>/rejects/<number>.jpg`."""
    rejects = Blueprint("rejects", __name__)

    @rejects.get("/api/cameras/<camera_id>/rejects")
    @permits(Action.WATCH)
    def listing(camera_id: str) -> Response:
        camera = services.hub.find(camera_id)
        items = [
            RejectAnswer.of(reject, url_for("rejects.picture", camera_id=camera.id, number=reject.number))
            for reject in camera.rejects.newest_first()
        ]
        return jsonify(RejectsAnswer(items=items).model_dump(mode="json"))

    @rejects.get("/cameras/<camera_id>/rejects/<int:number>.jpg")
    @permits(Action.WATCH)
    def picture(camera_id: str, number: int) -> Response:
        reject = services.hub.find(camera_id).rejects.find(number)
        if reject is None or not reject.body:
            raise RequestError(404, "reject_gone", "That frame is gone: only the newest few of each kind are kept.")
        response = Response(reject.body, mimetype="image/jpeg")
        response.headers["Content-Security-Policy"] = "sandbox"
        return response

    rejects.after_request(forbid_caching)
    return rejects
