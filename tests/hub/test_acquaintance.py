"""What a board says of itself, beside its pictures; on a clock that is moved by hand."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from vedette.boards import OV2640
from vedette.errors import BoardError, Reason
from vedette.hub.selfreport import BELIEVED
from vedette.picture import Canvas
from vedette.sources import Answer, Observation, Target
from vedette.wire.http import ResponseHead

Rig = Any  # of conftest.py, which cannot be imported
MakeRig = Callable[..., Rig]

STATUS = "http://192.168.0.123/status"
HEALTH = "http://192.168.0.123/health"
DEFAULTS = {name: variable.default for name, variable in OV2640.variables.items()}
SEEN = Observation(Target("192.168.0.123", 81, "/stream"), ResponseHead(200, {}), "192.168.0.123", leads=True)


def answer(told: object, code: int = 200) -> Answer:
    return Answer(ResponseHead(code, {}), json.dumps(told).encode())


def status(**settings: int) -> Answer:
    return answer({"firmware": "vedette_cam", "pixformat": 4, "framesize": 6, **DEFAULTS, **settings})


def health(uptime: float, reset: str = "power_on", disconnects: int = 0) -> Answer:
    gone = {"code": 200, "name": "BEACON_TIMEOUT", "meaning": "the access point fell silent"}
    wifi = {"rssi_dbm": -61, "disconnects": disconnects, "last_disconnect": gone if disconnects else None}
    return answer({"firmware": "vedette_cam", "uptime_s": uptime, "reset_reason": reset, "wifi": wifi})


def play(make_rig: MakeRig, story: Callable[[Rig], Awaitable[None]]) -> None:
    async def whole() -> None:
        rig = make_rig(firmware="vedette_cam")
        rig.answers = {STATUS: status(), HEALTH: health(1000)}
        rig.camera.start()
        await rig.clock.advance(0)
        await story(rig)
        await rig.camera.stop()

    asyncio.run(whole())


async def run(rig: Rig, seconds: int) -> None:
    """Let pictures come once a second."""
    rig.source.observed = SEEN
    for second in range(seconds):
        rig.source.part(Canvas(64, 48, (second % 250, 1, 1)).encode(80))
        await rig.clock.advance(1)


async def lose(rig: Rig, reason: Reason, seconds: int) -> None:
    """Every attempt of so many seconds fails; the one after them does not."""
    failed = None
    for _ in range(seconds):
        if rig.source is not failed:
            failed = rig.source
            await rig.fail(BoardError(reason))
        await rig.clock.advance(1)
    while rig.source is failed:
        await rig.clock.advance(1)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if "the board says" in record.getMessage()]


def test_a_board_is_asked_how_it_is_right_after_its_status_once_a_minute(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        await run(rig, 130)
        assert rig.asked == [STATUS, HEALTH] * 3
        board = rig.camera.status().board
        assert board is not None
        assert board.rssi == -61

    play(make_rig, story)


def test_health_that_nobody_answers_is_forgotten_and_held_against_nobody(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        await run(rig, 10)
        del rig.answers[HEALTH]
        await run(rig, int(BELIEVED) - 20)
        assert rig.camera.status().board is not None
        await run(rig, 20)
        told = rig.camera.status()
        assert told.board is None
        assert (told.health.state, told.control, told.warnings) == ("online", "online", ())

    play(make_rig, story)


def test_a_board_whose_stream_is_away_is_asked_how_it_is_once_a_minute_at_most(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        await run(rig, 5)
        await lose(rig, Reason.SLOT_BUSY, 120)
        assert rig.asked.count(STATUS) > 8
        assert rig.asked.count(HEALTH) in {2, 3}

    play(make_rig, story)


def test_a_board_whose_sensor_did_not_start_is_asked_how_it_is_too(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        rig.answers[STATUS] = answer({"firmware": "vedette_cam", "framesize": None, "quality": None})
        await lose(rig, Reason.SENSOR_SILENT, 120)
        assert rig.asked.count(STATUS) > 8
        assert rig.asked.count(HEALTH) == 2
        board = rig.camera.status().board
        assert board is not None
        assert board.rssi == -61

    play(make_rig, story)


def test_a_board_whose_sensor_has_stopped_is_asked_how_it_is_no_more_often(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        rig.answers[STATUS] = answer({"firmware": "vedette_cam", "framesize": None, "quality": None})
        await run(rig, 100)
        assert rig.asked.count(STATUS) > 8
        assert rig.asked.count(HEALTH) == 2

    play(make_rig, story)


@pytest.mark.parametrize("stamps", [False, True])
def test_an_uptime_that_has_gone_back_is_one_reboot_and_is_said_once(
    stamps: bool,  # noqa: FBT001 - a case
    make_rig: MakeRig,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)

    async def story(rig: Rig) -> None:
        rig.source.observed = SEEN
        for second in range(130):
            since_boot = 1000 + second if second < 70 else second - 69
            lost = second >= 70  # and with the boot the settings
            rig.answers[STATUS] = status() if lost else status(quality=30, hmirror=1)
            rig.answers[HEALTH] = health(since_boot, "brownout" if lost else "power_on")
            body = Canvas(64, 48, (second, 1, 1)).encode(80)
            rig.source.part(body, f"{since_boot}.{second:06d}" if stamps else None)
            await rig.clock.advance(1)
        assert rig.camera.status().reboots == 1
        assert len(said(caplog)) == 1
        assert "its last restart was a brownout" in said(caplog)[0]

    play(make_rig, story)


def test_why_a_board_was_without_wifi_is_said_once_when_it_is_back(
    make_rig: MakeRig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def story(rig: Rig) -> None:
        await run(rig, 5)
        rig.answers = {}
        await lose(rig, Reason.UNREACHABLE, 30)
        rig.answers = {STATUS: status(), HEALTH: health(1035, disconnects=1)}
        await run(rig, 5)
        assert len(said(caplog)) == 1
        assert said(caplog)[0].endswith("it was without Wi-Fi: the access point fell silent")
        assert rig.camera.status().reboots == 0

    play(make_rig, story)


def test_a_server_that_has_just_been_started_tells_no_old_stories(
    make_rig: MakeRig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def story(rig: Rig) -> None:
        rig.answers[HEALTH] = health(1000, "brownout", disconnects=7)
        await run(rig, 5)
        assert said(caplog) == []
        assert rig.camera.status().reboots == 0

    play(make_rig, story)
