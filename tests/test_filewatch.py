import os
import threading
from pathlib import Path

import pytest

from vedette.filewatch import FileWatch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "vedette.toml"
    path.write_text("one")
    return path


def test_a_file_that_is_written_replaced_removed_or_made_is_another_one(path: Path, tmp_path: Path) -> None:
    calls: list[str] = []
    watch = FileWatch(path, lambda: calls.append(path.read_text() if path.exists() else "-"))
    watch.look()
    path.write_text("longer")
    watch.look()
    watch.look()
    fresh = tmp_path / "fresh"
    fresh.write_text("newest")  # as long as the one before
    os.utime(fresh, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    fresh.replace(path)
    watch.look()
    path.unlink()
    watch.look()
    path.write_text("again")
    watch.look()
    assert calls == ["longer", "newest", "-", "again"]


def test_it_looks_by_itself_and_at_once_when_it_is_nudged(path: Path) -> None:
    called = threading.Event()
    watch = FileWatch(path, called.set)
    watch.start()
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
