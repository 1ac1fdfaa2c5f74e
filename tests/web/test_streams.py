from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from tests.fake_clock import FakeClock

from vedette.errors import Reason
from vedette.hub import Hub, State
from vedette.web import Services
from vedette.wire.multipart import MultipartReader

SetCamera = Callable[..., None]


def test_a_snapshot_is_the_newest_frame_byte_for_byte(client: FlaskClient, set_camera: SetCamera, jpeg: bytes) -> None:
    set_camera("porch", State.ONLINE, jpeg=jpeg)
    answer = client.get("/cameras/porch/snapshot.jpg?t=1234")
    assert answer.status_code == 200
    assert answer.data == jpeg
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "no-store"
    assert float(answer.headers["X-Timestamp"]) > 0


def test_a_snapshot_that_is_not_fresh_is_refused_with_the_reason(
    client: FlaskClient, set_camera: SetCamera, clock: FakeClock, jpeg: bytes
) -> None:
    set_camera("porch", State.ONLINE, jpeg=jpeg)
    clock.move(3)
    assert client.get("/cameras/porch/snapshot.jpg").status_code == 503
    set_camera("porch", State.OFFLINE, Reason.REFUSED, "It is starting.", jpeg=jpeg)
    answer = client.get("/cameras/porch/snapshot.jpg")
    assert answer.status_code == 503
    assert b"refused" in answer.data
    assert b"It is starting." in answer.data
    assert answer.mimetype == "text/plain"


def test_a_camera_without_any_picture_says_so(client: FlaskClient, set_camera: SetCamera) -> None:
    set_camera("porch", State.DISABLED)
    assert b"disabled in the configuration" in client.get("/cameras/porch/snapshot.jpg").data
    assert b"connecting" in client.get("/cameras/gate/snapshot.jpg").data


@pytest.mark.parametrize("path", ["/cameras/porch/stream.mjpg", "/cameras/porch/snapshot.jpg"])
@pytest.mark.parametrize("query", ["flip=horizontal", "rotate=90", "width=320", "quality=50", "label=1", "fps=5"])
def test_a_parameter_that_nothing_serves_yet_is_refused(client: FlaskClient, path: str, query: str) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0].encode() in answer.data


def test_a_parameter_out_of_range_is_refused_with_the_range(client: FlaskClient) -> None:
    answer = client.get("/cameras/porch/stream.mjpg?advance=7")
    assert answer.status_code == 400
    assert b"0 or 1" in answer.data


@pytest.mark.parametrize("path", ["/cameras/porch/stream.mjpg", "/cameras/porch/snapshot.jpg", "/video_feed/"])
def test_head_answers_headers_and_hands_nothing_off(
    client: FlaskClient, set_camera: SetCamera, services: Services, jpeg: bytes, path: str
) -> None:
    set_camera("porch", State.ONLINE, jpeg=jpeg)
    answer = client.head(path)
    assert answer.status_code == 200
    assert answer.data == b""
    assert answer.headers["Content-Type"].startswith(("multipart/x-mixed-replace;boundary=vedette", "image/jpeg"))
    assert services.engine.call(lambda: services.live.viewer_count("porch")) == 0


def test_where_a_server_keeps_its_socket_a_generator_serves(
    client: FlaskClient, set_camera: SetCamera, services: Services, jpeg: bytes
) -> None:
    set_camera("porch", State.ONLINE, jpeg=jpeg)
    answer = client.get("/cameras/porch/stream.mjpg", buffered=False)
    assert answer.headers["Content-Type"] == "multipart/x-mixed-replace;boundary=vedette"
    assert answer.headers["X-Accel-Buffering"] == "no"
    parts = MultipartReader(b"vedette").feed(next(answer.iter_encoded()))
    assert [part.body for part in parts] == [jpeg]
    assert services.live.viewer_count("porch") == 1
    answer.close()
    assert services.engine.call(lambda: services.live.viewer_count("porch")) == 0


@pytest.mark.parametrize(
    ("path", "camera"),
    [("/video_feed/", "porch"), ("/video_feed/gate/", "gate"), ("/video_feed/2/", "gate"), ("/video_feed/3/", "3")],
    ids=["the first", "that id", "the n-th", "an id before a number"],
)
def test_the_old_addresses_still_lead_to_a_camera(
    client: FlaskClient, services: Services, path: str, camera: str
) -> None:
    answer = client.get(path, buffered=False)
    next(answer.iter_encoded())
    assert {
        key: services.live.viewer_count(key) for key in services.hub.cameras if services.live.viewer_count(key)
    } == {camera: 1}
    answer.close()


@pytest.mark.parametrize("number", ["0", "4", "nobody", "-1", "1e3", "\u0661"])
def test_an_old_address_of_no_camera_is_not_found(client: FlaskClient, number: str) -> None:
    assert client.get(f"/video_feed/{number}/").status_code == 404


def test_the_old_mosaic_leads_to_the_wall(client: FlaskClient) -> None:
    answer = client.get("/multi_video_feed/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_without_cameras_the_old_address_is_not_found(client: FlaskClient, hub: Hub) -> None:
    hub.cameras.clear()
    assert client.get("/video_feed/").status_code == 404
