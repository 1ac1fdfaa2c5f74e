from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fake_clock import FakeClock

from vedette.hub import Engine, RenditionLoad, Renditions, Watchdog
from vedette.picture import Renderer, find_turbojpeg
from vedette.web.gauge import ServerGauge


@pytest.fixture
def renditions(engine: Engine, clock: FakeClock) -> Iterator[Renditions]:
    renditions = Renditions(engine.post, Renderer(find_turbojpeg()), clock)
    yield renditions
    renditions.stop()


@pytest.fixture
def gauge(engine: Engine, clock: FakeClock, tmp_path: Path, renditions: Renditions) -> ServerGauge:
    return ServerGauge(Watchdog(engine, clock), tmp_path, clock, renditions)


def test_what_this_machine_tells_is_told(gauge: ServerGauge) -> None:
    told = gauge.read(viewers=3)
    assert told.viewers == 3
    assert told.threads >= 1
    assert told.memory_bytes is None or told.memory_bytes > 1_000_000
    assert told.open_files is None or told.open_files > 2
    assert told.data_free_bytes is not None
    assert told.data_total_bytes is not None
    assert told.data_free_bytes <= told.data_total_bytes


def test_what_is_not_measured_yet_is_null(gauge: ServerGauge, clock: FakeClock) -> None:
    clock.move(0.5)
    told = gauge.read(0)
    assert told.cpu_percent is None
    assert told.loop_lag_ms is None


def test_the_share_of_the_cpu_is_of_the_time_since_the_last_question(gauge: ServerGauge, clock: FakeClock) -> None:
    clock.move(3600)
    first = gauge.read(0).cpu_percent
    assert first is not None
    assert first < 100
    clock.move(0.1)
    assert gauge.read(0).cpu_percent == first, "too soon to measure again"


def test_a_folder_that_is_gone_is_no_error(
    engine: Engine, clock: FakeClock, tmp_path: Path, renditions: Renditions
) -> None:
    gauge = ServerGauge(Watchdog(engine, clock), tmp_path / "gone", clock, renditions)
    assert gauge.read(0).data_free_bytes is None


def test_pictures_that_are_left_out_are_said_in_words(
    gauge: ServerGauge, renditions: Renditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gauge.read(0).renditions.note is None
    monkeypatch.setattr(renditions, "load", lambda: RenditionLoad(12, 100.0, 4.9))
    assert gauge.read(0).renditions.note is None, "a few are missed by chance"
    monkeypatch.setattr(renditions, "load", lambda: RenditionLoad(12, 100.0, 50.0))
    told = gauge.read(0).renditions
    assert (told.in_use, told.pictures_per_s, told.missed_per_s) == (12, 100.0, 50.0)
    assert "50 are left out" in (told.note or "")


def test_that_a_library_is_missing_is_said_in_words(engine: Engine, clock: FakeClock, tmp_path: Path) -> None:
    without = Renditions(engine.post, Renderer(None), clock)
    told = ServerGauge(Watchdog(engine, clock), tmp_path, clock, without).read(0).renditions
    without.stop()
    assert not told.lossless
    assert "libturbojpeg0" in (told.note or "")
