import json
from collections.abc import Callable

from flask.testing import FlaskClient

from vedette.hub import State


def test_the_news_begin_with_all_cameras_as_the_api_gives_them(
    client: FlaskClient, set_camera: Callable[..., None], jpeg: bytes
) -> None:
    set_camera("porch", State.ONLINE, jpeg=jpeg)
    answer = client.get("/api/stream")
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    stream = iter(answer.response)
    assert next(stream) == b"retry: 2000\n\n"
    first = next(stream)
    assert isinstance(first, bytes)
    lines = first.decode().splitlines()
    assert lines[0] == "event: cameras"
    assert json.loads(lines[2].removeprefix("data: ")) == client.get("/api/cameras").json
    answer.close()


def test_head_answers_headers_and_nothing_else(client: FlaskClient) -> None:
    answer = client.head("/api/stream")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.data == b""
