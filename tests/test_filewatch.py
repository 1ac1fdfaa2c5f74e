import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from vedette.filewatch import FileWatch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "vedette.toml"
    path.write_text("one")
    return path


def twice(watch: FileWatch) -> None:
    watch.look()
    watch.look()


def test_whatever_it_is_at_first_nobody_has_seen_it_there(path: Path) -> None:
    calls: list[str] = []
    watch = FileWatch(path, lambda: calls.append(path.read_text()))
    twice(watch)
    twice(watch)
    assert calls == ["one"]


def test_a_file_that_is_written_replaced_removed_or_made_is_another_one(path: Path, tmp_path: Path) -> None:
    calls: list[str] = []
    watch = FileWatch(path, lambda: calls.append(path.read_text() if path.exists() else "-"))
    twice(watch)
    path.write_text("longer")
    twice(watch)
    twice(watch)
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    fresh = tmp_path / "fresh"
    fresh.write_text("newest")  # as long as the one before
    os.utime(fresh, ns=times)
    fresh.replace(path)
    twice(watch)
    path.write_text("latest")  # in its place, and with its time put back
    os.utime(path, ns=times)
    twice(watch)
    path.unlink()
    twice(watch)
    path.write_text("again")
    twice(watch)
    assert calls == ["one", "longer", "newest", "latest", "-", "again"]


def test_who_is_still_writing_is_waited_for(path: Path) -> None:
    calls: list[str] = []
    watch = FileWatch(path, lambda: calls.append(path.read_text()))
    twice(watch)
    for text in ("half", "half of it", "all of it is there"):
        path.write_text(text)
        watch.look()
    watch.look()
    assert calls == ["one", "all of it is there"]


@pytest.mark.parametrize("prepare", [Path.touch, Path.unlink], ids=["there", "gone"])
def test_it_looks_by_itself_and_calls_at_once_when_it_is_nudged(path: Path, prepare: Callable[[Path], None]) -> None:
    prepare(path)
    called = threading.Event()
    watch = FileWatch(path, called.set)
    watch.start()
    assert called.wait(10)
    called.clear()
    watch.nudge()
    assert called.wait(10)
    called.clear()
    path.write_text("something else")
    assert called.wait(10)
    watch.stop()


def test_a_mistake_of_whoever_is_called_does_not_end_the_watch(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    calls = threading.Semaphore(0)

    def fail() -> None:
        calls.release()
        raise ZeroDivisionError

    watch = FileWatch(path, fail)
    watch.start()
    for _ in range(2):
        watch.nudge()
        assert calls.acquire(timeout=10)
    watch.stop()
    assert "a fault of Vedette's own" in caplog.text
