"""The app on a real engine, with cameras that are put into any state by hand."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from tests.fake_clock import FakeClock

from vedette.cameras import Shared, build_camera
from vedette.config import CameraConfig
from vedette.frame import Frame
from vedette.hub import Camera, Engine, Health, Hub, State, Watchdog
from vedette.live import Adoption, AwayPictures, Live, News, Newsfeed, Walls
from vedette.picture import Canvas
from vedette.store import Store
from vedette.web import ServerGauge, Services, create_web, describe_cameras


@pytest.fixture
def hub(clock: FakeClock, engine: Engine, tmp_path: Path) -> Iterator[Hub]:
    """Three cameras that are never started."""
    with ThreadPoolExecutor(1) as pool:
        shared = Shared.build(engine, pool, clock, Random(1), tmp_path)

        def camera(camera_id: str, name: str) -> Camera:
            config = CameraConfig(url="http://192.168.0.123:81/stream", name=name, firmware="cameraserver")
            return build_camera(camera_id, config, shared)

        yield Hub([camera("porch", "Front porch"), camera("gate", "<b>Gate</b> & co"), camera("3", "Barn")])


@pytest.fixture
def store(clock: FakeClock, tmp_path: Path) -> Iterator[Store]:
    store = Store(None, tmp_path, clock)
    yield store
    store.close()


@pytest.fixture
def services(hub: Hub, clock: FakeClock, tmp_path: Path, store: Store) -> Iterator[Services]:
    engine = Engine()
    with ThreadPoolExecutor(1) as pool:
        adoption = Adoption(engine)
        live = Live(engine, hub, adoption, AwayPictures(engine, pool, clock, None), clock)
        news = News(hub, clock, lambda: describe_cameras(built))
        walls = Walls(hub, adoption, clock, news)
        built = Services(
            engine,
            hub,
            live,
            walls,
            ("porch.example", "Vedette.example."),
            config_path=None,
            newsfeed=Newsfeed(engine, news, adoption, clock),
            gauge=ServerGauge(Watchdog(engine, clock), tmp_path, clock),
            history=store.history,
        )
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
            camera.slot.latest = Frame(jpeg, 1, clock.time(), clock.monotonic(), 64, 48, np.zeros((6, 8), np.uint8))
        camera.health = Health(state, clock.time(), reason, explanation)

    return put
