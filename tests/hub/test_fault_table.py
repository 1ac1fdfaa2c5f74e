"""What of the table of firmwares and faults takes longer than a real clock is waited for: hours, on a fake one.

The table itself, and everything that shows within seconds, is in `tests/end_to_end/fault_table.py`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.end_to_end.fault_table import DECIDED, TABLE, Pair

from vedette.boards import FIRMWARES
from vedette.errors import BoardError, Reason
from vedette.hub.freeze import SAME_LIMIT
from vedette.picture import Canvas
from vedette.simulator import Fault

Rig = Any  # of conftest.py, which cannot be imported
MakeRig = Callable[..., Rig]
Story = Callable[[Rig, Pair], Awaitable[None]]

LATER = [Pair(name, fault) for fault, row in TABLE.items() for name in row.later]
ONLY_A_PERSON_HELPS = [
    (fault, Reason(expected.away))
    for fault, row in TABLE.items()
    if (expected := row.usual) is not None and expected.away in {Reason.AUTH_REQUIRED, Reason.NOT_MJPEG}
]
FPS = 10.0


def pictures(count: int) -> list[bytes]:
    """So many, each another."""
    return [Canvas(64, 48, (number % 250, 120, 60)).encode(80) for number in range(count)]


def play(make_rig: MakeRig, story: Callable[[Rig], Awaitable[None]], **config: object) -> None:
    """Start a camera, let the story happen, stop the camera."""

    async def whole() -> None:
        rig = make_rig(**config)
        rig.camera.start()
        await rig.clock.advance(0)
        await story(rig)
        await rig.camera.stop()

    asyncio.run(whole())


async def send(rig: Rig, seconds: float, jpegs: list[bytes]) -> None:
    """Pictures without a time stamp, at the board's rate."""
    for number in range(round(seconds * FPS)):
        await rig.clock.advance(1 / FPS)
        rig.source.part(jpegs[number % len(jpegs)])


async def freeze(rig: Rig, pair: Pair) -> None:
    """The same bytes again and again, and no clock that says that they are old."""
    stills = FIRMWARES[pair.firmware].stills_only
    rig.source.interval = 1 / FPS if stills else 0.0
    good = pictures(20)
    await send(rig, 5, good)
    assert rig.state == "online"
    published = len(rig.frames)
    await send(rig, SAME_LIMIT - 1, good[:1])
    assert rig.state == "online", "a lens cap gives the same bytes for a while"
    assert len(rig.frames) > published
    await send(rig, 2, good[:1])
    assert (rig.state, rig.reason) == ("stale", "sensor_silent")
    published = len(rig.frames)
    await send(rig, 15, good[:1])
    assert (rig.state, rig.reason) == ("offline", "sensor_silent")
    assert "same picture again and again" in rig.camera.health.explanation
    assert len(rig.frames) == published, "old pictures are no news"
    await rig.clock.advance(10)
    for jpeg in good[1:]:
        rig.source.part(jpeg)
        await rig.clock.advance(1 / FPS)
    assert (rig.state, rig.reason) == ("online", None)
    assert rig.camera.status().reboots is None


STORIES: dict[Fault, Story] = {Fault.FROZEN: freeze}


def test_whatever_the_table_leaves_for_later_is_played_here() -> None:
    assert {pair.fault for pair in LATER} == set(STORIES)
    assert {pair.firmware for pair in LATER} <= set(DECIDED)


@pytest.mark.parametrize("pair", LATER, ids=lambda pair: f"{pair.fault.value}-{pair.firmware}")
def test_a_fault_that_takes_its_time_is_named_at_last_and_heals(pair: Pair, make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        await STORIES[pair.fault](rig, pair)

    play(make_rig, story, firmware=FIRMWARES[pair.firmware].family)


@pytest.mark.parametrize(("fault", "reason"), ONLY_A_PERSON_HELPS)
def test_where_only_a_person_can_help_it_is_tried_again_within_a_minute_and_heals(
    fault: Fault, reason: Reason, make_rig: MakeRig, jpeg: bytes
) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(jpeg)
        await rig.fail(BoardError(Reason.STALLED, "the board closed the connection"))
        await rig.clock.advance(1)
        for attempt in range(2, 10):
            await rig.fail(BoardError(reason))
            assert (rig.state, rig.reason) == ("offline", reason.value), f"{fault.value}, attempt {attempt}"
            await rig.clock.advance(40)
            assert len(rig.sources) == attempt, "a board that says no is not asked twice a minute"
            await rig.clock.advance(20)
            assert len(rig.sources) == attempt + 1
        rig.source.part(jpeg)
        assert (rig.state, rig.reason) == ("online", None)
        assert rig.camera.status().reconnects == 1

    play(make_rig, story)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.REFUSE, Reason.REFUSED),
        (Fault.UNREACHABLE, Reason.UNREACHABLE),
        (Fault.SLOT_BUSY, Reason.SLOT_BUSY),
        (Fault.SENSOR_SILENT, Reason.SENSOR_SILENT),
        (Fault.ERROR, Reason.HTTP_ERROR),
    ],
)
def test_after_an_hour_a_board_that_is_well_again_is_seen_within_ten_seconds(
    fault: Fault, reason: Reason, make_rig: MakeRig, jpeg: bytes
) -> None:
    row = TABLE[fault].usual
    assert row is not None
    assert row.away == reason.value, "as the table has it"

    async def story(rig: Rig) -> None:
        began = rig.clock.monotonic()
        while rig.clock.monotonic() - began < 3600:
            attempts = len(rig.sources)
            await rig.fail(BoardError(reason))
            waited = 0.0
            while len(rig.sources) == attempts:
                due = rig.clock.next_due()
                await rig.clock.advance(due)
                waited += due
            assert waited <= 10
        assert (rig.state, rig.reason) == ("offline", reason.value)
        rig.source.part(jpeg)
        assert (rig.state, rig.reason) == ("online", None)

    play(make_rig, story)


def test_weak_power_is_said_for_an_hour_after_the_third_reboot_and_then_forgotten(make_rig: MakeRig) -> None:
    def codes(rig: Rig) -> list[str]:
        return [warning.code for warning in rig.camera.status().warnings]

    async def story(rig: Rig) -> None:
        jpegs = pictures(200)
        for life in range(4):
            for number in range(20):
                await rig.clock.advance(0.5)
                rig.source.part(jpegs[life * 20 + number], f"{number / 2:.6f}")
            assert rig.camera.status().reboots == life
            assert ("weak_power" in codes(rig)) == (life >= 3)
            await rig.clock.advance(10)  # a reset sends no end of the connection
            assert (rig.state, rig.reason) == ("offline", "stalled")
            await rig.clock.advance(1)
        explanation = rig.camera.health.explanation
        assert "its power is weak" in explanation
        for minute in range(61):
            rig.source.part(jpegs[100 + minute], f"{20.0 + minute * 60:.6f}")
            await rig.clock.advance(9)
            rig.source.part(jpegs[-1 - minute % 2], f"{29.0 + minute * 60:.6f}")
            await rig.clock.advance(51)
        assert "weak_power" not in codes(rig)

    play(make_rig, story)
