from collections.abc import Callable

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient
from tests.fake_clock import FakeClock

from vedette.errors import Reason
from vedette.hub import Hub, State, renditions
from vedette.live.live import MOSAICS
from vedette.web import Services
from vedette.wire.multipart import MultipartReader

SetCamera = Callable[..., None]


@pytest.fixture(autouse=True)
def _without_boards(hub: Hub) -> None:
    """Who looks does not make a camera go and find its board."""
    for camera in hub.cameras.values():
        camera.enabled = False


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


ONE = ["/cameras/porch/stream.mjpg", "/cameras/porch/snapshot.jpg", "/video_feed/", "/video_feed/gate/"]
MANY = ["/wall.mjpg", "/multi_video_feed/"]
OF_ONE = [
    ("flip=up", b"'flip' is none or horizontal or vertical or both"),
    ("rotate=45", b"'rotate' is 0 or 90 or 180 or 270"),
    ("rotate=-90", b"'rotate' is 0 or 90 or 180 or 270"),
    ("width=15", b"'width' is a whole number from 16 to 4096"),
    ("width=4097", b"'width' is a whole number from 16 to 4096"),
    ("width=320.5", b"'width' is a whole number from 16 to 4096"),
    ("width=", b"'width' is a whole number from 16 to 4096"),
    ("quality=0", b"'quality' is a whole number from 1 to 100"),
    ("quality=101", b"'quality' is a whole number from 1 to 100"),
    ("label=yes", b"'label' is 0 or 1"),
    ("fps=0", b"'fps' is a number from 0.1 to 60"),
    ("fps=60.1", b"'fps' is a number from 0.1 to 60"),
    ("fps=nan", b"'fps' is a number from 0.1 to 60"),
    ("fps=-1", b"'fps' is a number from 0.1 to 60"),
]
OF_MANY = [
    ("cameras=", b"'cameras' is a list of ids"),
    ("cameras=porch,,gate", b"'cameras' is a list of ids"),
    ("columns=0", b"'columns' is a whole number from 1 to 64"),
    ("columns=65", b"'columns' is a whole number from 1 to 64"),
    ("width=159", b"'width' is a whole number from 160 to 4096"),
    ("width=4097", b"'width' is a whole number from 160 to 4096"),
    ("label=2", b"'label' is 0 or 1"),
    ("fps=15.1", b"'fps' is a number from 0.1 to 15"),
    ("fps=1e1", b"'fps' is a number from 0.1 to 15"),
]


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        (path, *refused)
        for paths, all_refused in ((ONE, OF_ONE), (MANY, OF_MANY))
        for path in paths
        for refused in all_refused
    ],
)
def test_what_is_out_of_range_is_refused_with_the_range(
    client: FlaskClient, services: Services, path: str, query: str, words: bytes
) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert words in answer.data
    assert services.engine.call(lambda: services.live.viewer_count("porch")) == 0


WISHES = [
    ("", (64, 48)),
    ("flip=horizontal", (64, 48)),
    ("flip=vertical&flip=up", (64, 48)),
    ("rotate=90", (48, 64)),
    ("rotate=180", (64, 48)),
    ("width=32", (32, 24)),
    ("width=4096", (64, 48)),
    ("quality=20", (64, 48)),
    ("label=1", (64, 48)),
    ("label=0&fps=0.1&quality=100", (64, 48)),
    ("flip=both&rotate=270&width=16&quality=1&label=1&fps=60", (16, 21)),
]


@pytest.mark.parametrize(("query", "size"), WISHES, ids=[query for query, _ in WISHES])
def test_a_snapshot_is_made_as_it_is_asked_for(
    client: FlaskClient, set_camera: SetCamera, services: Services, jpeg: bytes, query: str, size: tuple[int, int]
) -> None:
    set_camera("porch", State.ONLINE, jpeg=jpeg)
    answer = client.get(f"/cameras/porch/snapshot.jpg?{query}")
    assert answer.status_code == 200
    picture = cv2.imdecode(np.frombuffer(answer.data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert (picture.shape[1], picture.shape[0]) == size
    assert (answer.data == jpeg) == (query in {"", "width=4096"})
    assert answer.headers["X-Vedette-State"] == "online"
    assert attending(services) == [0, 0, 0]


def test_a_parameter_out_of_range_is_refused_with_the_range(client: FlaskClient) -> None:
    answer = client.get("/cameras/porch/stream.mjpg?advance=7")
    assert answer.status_code == 400
    assert b"0 or 1" in answer.data


@pytest.mark.parametrize(
    "path", [*ONE, "/cameras/porch/stream.mjpg?width=32", "/cameras/porch/snapshot.jpg?width=32", *MANY]
)
def test_head_answers_headers_and_hands_nothing_off(
    client: FlaskClient, set_camera: SetCamera, services: Services, jpeg: bytes, path: str
) -> None:
    set_camera("porch", State.ONLINE, jpeg=jpeg)
    attended = attending(services)
    answer = client.head(path)
    assert answer.status_code == 200
    assert answer.data == b""
    assert answer.headers["Content-Type"].startswith(("multipart/x-mixed-replace;boundary=vedette", "image/jpeg"))
    assert services.engine.call(lambda: services.live.viewer_count("porch")) == 0
    assert attending(services) == attended == [0, 0, 0], "nobody looks, also not a mosaic"


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


@pytest.mark.parametrize("number", ["0", "4", "nobody", "-1", "1e3", "\u0661", "9" * 5000])
def test_an_old_address_of_no_camera_is_not_found(client: FlaskClient, number: str) -> None:
    assert client.get(f"/video_feed/{number}/").status_code == 404


@pytest.mark.parametrize("path", MANY)
def test_a_mosaic_is_served_by_a_generator_and_shows_all_cameras(
    client: FlaskClient, set_camera: SetCamera, services: Services, jpeg: bytes, path: str
) -> None:
    set_camera("porch", State.ONLINE, jpeg=jpeg)
    answer = client.get(f"{path}?columns=2&width=320", buffered=False)
    assert answer.headers["Content-Type"] == "multipart/x-mixed-replace;boundary=vedette"
    parts = MultipartReader(b"vedette").feed(next(answer.iter_encoded()))
    picture = cv2.imdecode(np.frombuffer(parts[0].body, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (256, 320, 3), "cells are whole multiples of 16"
    assert attending(services) == [1, 1, 1]
    answer.close()
    assert attending(services) == [0, 0, 0]


def test_a_mosaic_of_some_shows_no_others(client: FlaskClient, services: Services) -> None:
    answer = client.get("/wall.mjpg?cameras=3,gate,3", buffered=False)
    next(answer.iter_encoded())
    assert attending(services) == [0, 1, 1]
    answer.close()


@pytest.mark.parametrize(
    "path",
    [
        "/wall.mjpg?cameras=porch,nobody",
        "/cameras/nobody/stream.mjpg?width=320",
        "/cameras/nobody/snapshot.jpg?width=320",
        "/cameras/nobody/stream.mjpg?width=7",
    ],
)
def test_a_camera_that_there_is_not_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"nobody" in answer.data


def test_too_many_mosaics_are_refused_and_those_there_are_may_be_watched_by_more(
    client: FlaskClient, services: Services
) -> None:
    answers = [client.get(f"/wall.mjpg?width={160 + number}", buffered=False) for number in range(MOSAICS)]
    for answer in answers:
        next(answer.iter_encoded())
    refused = client.get("/wall.mjpg?width=1000")
    assert refused.status_code == 503
    assert b"16 mosaics" in refused.data
    again = client.get("/wall.mjpg?width=160", buffered=False)
    assert again.status_code == 200
    again.close()
    answers.pop().close()
    attending(services)  # it has gone
    freed = client.get("/wall.mjpg?width=1000", buffered=False)
    assert freed.status_code == 200
    for answer in (*answers, freed):
        answer.close()


@pytest.mark.parametrize("path", ["stream.mjpg", "snapshot.jpg"])
def test_too_many_renditions_are_refused_and_the_original_never_is(
    client: FlaskClient, set_camera: SetCamera, jpeg: bytes, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_camera("porch", State.ONLINE, jpeg=jpeg)
    monkeypatch.setattr(renditions, "LIMIT", 0)
    refused = client.get(f"/cameras/porch/{path}?width=32")
    assert refused.status_code == 503
    assert b"being made already" in refused.data
    answer = client.get(f"/cameras/porch/{path}", buffered=False)
    assert answer.status_code == 200
    assert jpeg in next(answer.iter_encoded())
    answer.close()


@pytest.mark.parametrize("path", ["/video_feed/", *MANY])
def test_without_cameras_there_is_nothing_to_see(client: FlaskClient, hub: Hub, path: str) -> None:
    hub.cameras.clear()
    assert client.get(path).status_code == 404


def attending(services: Services) -> list[int]:
    """How many look at each camera, in whatever way."""
    return services.engine.call(lambda: [camera._attending for camera in services.hub.cameras.values()])
