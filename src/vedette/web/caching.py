"""What is answered is true while it is read, and not a moment later: nobody may keep it."""

from flask import Response


def forbid_caching(response: Response) -> Response:
    """For `after_request`: an answer that says nothing else about caching is not to be kept."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response
