"""A store on a real SQLite file."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.fake_clock import FakeClock
from tests.store.harness import HandCamera

from vedette.store import Database, History, Store
from vedette.store.address import resolve


@pytest.fixture
def make_camera(clock: FakeClock) -> Callable[[str], HandCamera]:
    return lambda camera_id: HandCamera(camera_id, clock)


@pytest.fixture
def open_store(tmp_path: Path, clock: FakeClock) -> Iterator[Callable[[], Store]]:
    """Open the store in the test's folder; what the test has not closed is closed after it."""
    with contextlib.ExitStack() as stack:

        def open_it() -> Store:
            store = Store(None, tmp_path, clock)
            stack.callback(store.close)
            return store

        yield open_it


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with contextlib.closing(Database(resolve(None, tmp_path))) as database:
        yield database


@pytest.fixture
def history(database: Database, clock: FakeClock) -> History:
    return History(database, clock)
