"""The app on a real engine, with cameras that are put into any state by hand."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.fake_clock import FakeClock

from vedette.config import CameraConfig
from vedette.frame import Frame
from vedette.hub import Camera, Engine, Health, Hub, State
from vedette.live import Adoption, Live, Placeholders, Walls
from vedette.picture import Canvas
from vedette.sources import Source
from vedette.web import Services, create_web, describe_cameras


def never() -> Source:
    raise AssertionError("these cameras are never started")


@pytest.fixture
def hub(clock: FakeClock) -> Hub:
    def camera(camera_id: str, name: str) -> Camera:
        url = "http://192.168.0.123:81/stream"
        config = CameraConfig(url=url, name=name)
        return Camera(camera_id, config, url, "cameraserver", never, clock, Random(1))

    return Hub([camera("porch", "Front porch"), camera("gate", "<b>Gate</b> & co"), camera("3", "Barn")])


@pytest.fixture
def services(hub: Hub, clock: FakeClock) -> Iterator[Services]:
    engine = Engine()
    with ThreadPoolExecutor(1) as pool:
        adoption = Adoption(engine)
        live = Live(engine, hub, adoption, Placeholders(engine, pool, clock), clock)
        walls = Walls(hub, adoption, clock, lambda: describe_cameras(built))
        built = Services(engine, hub, live, walls, ("porch.example", "Vedette.example."), None)
        engine.start()
        yield built
        engine.stop(live.stop)


@pytest.fixture
def app(services: Services) -> Flask:
    app = create_web(services)
    app.testing = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    return Canvas(64, 48, (90, 120, 60)).encode(80)


@pytest.fixture
def set_camera(hub: Hub, clock: FakeClock) -> Callable[..., None]:
    """Put a camera into a state, with a picture where one is given."""

    def put(
        camera_id: str, state: State, reason: Any = None, explanation: str | None = None, jpeg: bytes = b""
    ) -> None:
        camera = hub.cameras[camera_id]
        if jpeg:
            camera.slot.latest = Frame(jpeg, 1, clock.time(), clock.monotonic(), 64, 48)
        camera.health = Health(state, clock.time(), reason, explanation)

    return put
