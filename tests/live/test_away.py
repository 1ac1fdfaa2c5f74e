import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment, FileSystemLoader
from tests.fake_clock import FakeClock

import vedette.web
from vedette.errors import Reason
from vedette.frame import Frame
from vedette.hub import Engine, Health, State
from vedette.live import AwayPictures
from vedette.live.away import clock_time
from vedette.picture import Canvas, Notice, Sign
from vedette.wire.jpeg import inspect

NOON = datetime(2026, 2, 15, 12, 3, tzinfo=UTC).timestamp()
DAY = 86400.0


def frame_at(timestamp: float) -> Frame:
    return Frame(Canvas(64, 48, (90, 120, 60)).encode(80), 7, timestamp, 0.0, 64, 48)


@pytest.fixture
def words() -> Any:
    """The words of the pages."""
    folder = Path(vedette.web.__file__).with_name("templates")
    template = Environment(loader=FileSystemLoader(folder), autoescape=True).get_template("_states.html")
    return json.loads(json.dumps(template.module.words))  # type: ignore[attr-defined]


@pytest.mark.parametrize("state", [state for state in State if state is not State.ONLINE])
def test_a_picture_says_what_the_pages_say(state: State, words: Any, engine: Engine, clock: FakeClock) -> None:
    with ThreadPoolExecutor(1) as pool:
        notice = AwayPictures(engine, pool, clock, UTC).describe("Gate", Health(state, 0.0), None)
    assert notice.words.partition(" since ")[0] == words["states"][state.value]
    assert notice.why == words["otherwise"][state.value]


def test_away_is_since_the_last_picture(engine: Engine, clock: FakeClock) -> None:
    now = clock.time()
    with ThreadPoolExecutor(1) as pool:
        away = AwayPictures(engine, pool, clock, UTC)
        health = Health(State.OFFLINE, now, Reason.REFUSED, "It is starting.")
        seen, never = away.describe("Gate", health, frame_at(now - 600)), away.describe("Gate", health, None)
    assert seen == Notice(Sign.AWAY, "Gate", f"away since {clock_time(now - 600, now, UTC)}", "It is starting.")
    assert never.words == f"away since {clock_time(now, now, UTC)}"


def test_the_time_is_local_and_has_a_date_when_that_is_not_todays() -> None:
    assert clock_time(NOON, NOON + 60, UTC) == "12:03"
    assert clock_time(NOON, NOON + 60, ZoneInfo("Asia/Tokyo")) == "21:03"
    assert clock_time(NOON - DAY, NOON, UTC) == "14 Feb 12:03"
    assert clock_time(NOON - 365 * DAY, NOON, UTC) == "15 Feb 2025 12:03"
    assert clock_time(NOON, NOON + 4 * 3600, ZoneInfo("Asia/Tokyo")) == "15 Feb 21:03", "tomorrow has begun there"


def test_without_a_zone_it_is_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    import time  # noqa: PLC0415 - the zone is read anew for this test alone

    time.tzset()
    try:
        assert clock_time(NOON, NOON, None) == "21:03"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_is_not_wanted_any_more_is_not_drawn_and_the_next_is(engine: Engine, clock: FakeClock) -> None:
    notice = Notice(Sign.AWAY, "Gate", "away since 12:03", "")
    got: list[bytes] = []
    there = threading.Event()

    def take(jpeg: bytes) -> None:
        got.append(jpeg)
        there.set()

    with ThreadPoolExecutor(1) as pool:
        away = AwayPictures(engine, pool, clock, UTC)
        engine.call(lambda: away.draw(notice, None, lambda: False, got.append))
        engine.call(lambda: away.draw(notice, frame_at(NOON), lambda: True, take))
        assert there.wait(20)
    assert [(inspect(jpeg).width, inspect(jpeg).height) for jpeg in got] == [(64, 48)]


def test_a_fault_in_one_drawing_is_said_and_does_not_hold_up_the_next(
    engine: Engine, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    there = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        away = AwayPictures(engine, pool, clock, UTC)
        wrong: Any = None
        engine.call(lambda: away.draw(wrong, None, lambda: True, lambda _: None))
        engine.call(lambda: away.draw(Notice(Sign.IDLE, "", "idle", ""), None, lambda: True, lambda _: there.set()))
        assert there.wait(20)
    assert "a fault of Vedette's own" in caplog.text
