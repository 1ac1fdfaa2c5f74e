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
from vedette.config import ConfigFile
from vedette.control import Keepers
from vedette.discovery import Discoveries, Prober
from vedette.frame import Frame
from vedette.hub import Engine, Health, Hub, Renditions, State, Watchdog
from vedette.live import Adoption, AwayPictures, Live, News, Newsfeed, Walls
from vedette.picture import Canvas, Renderer
from vedette.roster import Rooms, Roster
from vedette.sources import Reach
from vedette.store import Store
from vedette.web import ServerGauge, Services, create_web, describe_cameras

FILE = """\
# three cameras
[cameras.porch]
name = "Front porch"
url = "http://192.168.0.123:81/stream"
firmware = "cameraserver"

[cameras.gate]
name = "<b>Gate</b> & co"
url = "http://192.168.0.123:81/stream"
firmware = "cameraserver"

[cameras.3]
name = "Barn"
url = "http://192.168.0.123:81/stream"
firmware = "cameraserver"
"""


@pytest.fixture
def file(tmp_path: Path) -> ConfigFile:
    path = tmp_path / "vedette.toml"
    path.write_text(FILE)
    return ConfigFile(path, {"VEDETTE_CAMERAS__3__SETTINGS__QUALITY": "10", "VEDETTE_CAMERAS__3__CHECK": "markers"})


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def shared(clock: FakeClock, pool: ThreadPoolExecutor, tmp_path: Path) -> Iterator[Shared]:
    engine = Engine()
    yield Shared.build(engine, pool, clock, Random(1), tmp_path, Reach())
    engine.stop(_nothing)


async def _nothing() -> None:
    pass


@pytest.fixture
def hub(file: ConfigFile, shared: Shared) -> Hub:
    """Three cameras that are never started."""
    return Hub(build_camera(key, config, shared) for key, config in file.read().config.cameras.items())


@pytest.fixture
def store(clock: FakeClock, tmp_path: Path) -> Iterator[Store]:
    store = Store(None, tmp_path, clock)
    yield store
    store.close()


@pytest.fixture
def services(
    hub: Hub, clock: FakeClock, tmp_path: Path, store: Store, shared: Shared, file: ConfigFile, pool: ThreadPoolExecutor
) -> Iterator[Services]:
    engine = shared.engine
    adoption = Adoption(engine)
    renditions = Renditions(engine.post, Renderer(None), clock)
    live = Live(engine, hub, renditions, adoption, AwayPictures(engine, pool, clock, None), clock)
    news = News(hub, clock, lambda: describe_cameras(built))
    walls = Walls(hub, renditions, adoption, clock, news)
    keepers = Keepers(clock)
    config = file.read().config
    rooms = Rooms(hub, store.chronicle(hub.cameras.values()), live, news, walls, keepers)
    built = Services(
        engine,
        hub,
        live,
        walls,
        ("porch.example", "Vedette.example."),
        config_path=file.path,
        newsfeed=Newsfeed(engine, news, adoption, clock),
        gauge=ServerGauge(Watchdog(engine, clock), tmp_path, clock, renditions),
        history=store.history,
        roster=Roster(file, config, shared, rooms),
        keepers=keepers,
        discoveries=Discoveries(engine, clock),
        prober=Prober(engine, clock),
        reach=Reach(),
    )

    def keep() -> None:
        for key, camera in hub.cameras.items():
            keepers.add(camera, config.cameras[key].settings)

    async def finish() -> None:
        await live.stop()
        renditions.stop()
        await keepers.stop()
        await hub.stop()

    engine.start()
    engine.call(keep)
    yield built
    engine.stop(finish)


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
