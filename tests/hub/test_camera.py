"""Hours of trouble in milliseconds: the states and reasons of the contract, on a clock that is moved by hand."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest

from vedette.errors import BoardError, Reason
from vedette.hub.camera import ATTEMPT_LIMIT
from vedette.sources import Phase

Rig = Any  # of conftest.py, which cannot be imported
MakeRig = Callable[..., Rig]


def play(make_rig: MakeRig, story: Callable[[Rig], Awaitable[None]], **config: object) -> None:
    """Start a camera, let the story happen, stop the camera."""

    async def whole() -> None:
        rig = make_rig(**config)
        rig.camera.start()
        await rig.clock.advance(0)
        await story(rig)
        await rig.camera.stop()
        assert rig.clock.pending() == 0, "a stopped camera waits for nothing"
        assert all(source.cancelled for source in rig.sources[-1:] if source.deliver and not rig.camera.health.reason)

    asyncio.run(whole())


def test_a_camera_is_connecting_until_its_first_attempt_has_ended(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        assert (rig.state, rig.reason) == ("connecting", None)
        await rig.clock.advance(9)
        assert rig.state == "connecting"
        rig.source.part(jpeg)
        assert (rig.state, rig.reason) == ("online", None)

    play(make_rig, story)


def test_a_disabled_camera_does_nothing(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        await rig.clock.advance(3600)
        assert rig.state == "disabled"
        assert rig.sources == []

    play(make_rig, story, enabled=False)


def test_frames_are_numbered_timed_and_published_as_they_came(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        for _ in range(3):
            await rig.clock.advance(0.04)
            rig.source.part(jpeg)
        assert [frame.sequence for frame in rig.frames] == [1, 2, 3]
        assert rig.frames[-1].jpeg is jpeg
        assert rig.frames[-1].arrival == rig.clock.monotonic()
        assert rig.frames[-1].timestamp == rig.clock.time()
        assert (rig.frames[-1].width, rig.frames[-1].height) == (64, 48)
        assert rig.camera.slot.latest is rig.frames[-1]
        status = rig.camera.status()
        assert status.frames == 3
        assert status.fps == pytest.approx(25)
        assert (status.width, status.height) == (64, 48)

    play(make_rig, story)


def test_whoever_hears_of_online_finds_the_picture_already(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        heard = []
        rig.take_health = lambda health: heard.append((health.state.value, rig.camera.slot.latest))
        rig.source.part(jpeg)
        assert heard[0][0] == "online"
        assert heard[0][1].jpeg is jpeg

    play(make_rig, story)


def test_three_silent_seconds_make_it_stale_and_ten_end_the_attempt(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        for _ in range(25):
            rig.source.part(jpeg)
            await rig.clock.advance(0.04)
        await rig.clock.advance(2.9)
        assert rig.state == "online"
        await rig.clock.advance(0.1)
        assert (rig.state, rig.reason) == ("stale", "stalled")
        assert rig.camera.fresh_frame() is None
        await rig.clock.advance(6.9)
        assert rig.state == "stale"
        assert len(rig.sources) == 1
        await rig.clock.advance(0.5)  # at once, but for a little spread
        assert (rig.state, rig.reason) == ("offline", "stalled")
        assert rig.sources[0].cancelled
        assert len(rig.sources) == 2
        rig.source.part(jpeg)
        assert rig.state == "online"
        assert rig.camera.status().reconnects == 1

    play(make_rig, story)


def test_a_slow_camera_is_stale_only_after_five_of_its_own_intervals(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        for _ in range(10):
            rig.source.part(jpeg)
            await rig.clock.advance(1.5)
        await rig.clock.advance(5.9)
        assert rig.state == "online"
        assert rig.camera.fresh_frame() is not None
        await rig.clock.advance(0.2)
        assert rig.state == "stale"

    play(make_rig, story)


def test_a_stale_camera_that_gives_a_frame_is_online_again(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(jpeg)
        await rig.clock.advance(5)
        assert rig.state == "stale"
        rig.source.part(jpeg)
        assert rig.state == "online"
        await rig.clock.advance(2.5)
        assert rig.state == "online"
        assert rig.camera.status().reconnects == 0

    play(make_rig, story)


@pytest.mark.parametrize(
    ("phase", "reason"),
    [
        (Phase.RESOLVING, "name_unknown"),
        (Phase.CONNECTING, "unreachable"),
        (Phase.WAITING, "slot_busy"),
        (Phase.RECEIVING, "stalled"),
    ],
)
def test_what_ten_silent_seconds_mean(phase: Phase, reason: str, make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        rig.source.phase = phase
        await rig.clock.advance(ATTEMPT_LIMIT - 0.01)
        assert rig.state == "connecting"
        await rig.clock.advance(0.02)
        assert (rig.state, rig.reason) == ("offline", reason)
        assert rig.camera.health.explanation

    play(make_rig, story)


def test_bytes_without_a_whole_frame_are_silence_too(make_rig: MakeRig) -> None:
    """A board that sends one byte a second keeps no attempt alive: frames count, not bytes."""

    async def story(rig: Rig) -> None:
        for _ in range(9):
            rig.source.phase = Phase.RECEIVING
            await rig.clock.advance(1)
        assert rig.state == "connecting"
        await rig.clock.advance(1.01)
        assert (rig.state, rig.reason) == ("offline", "stalled")

    play(make_rig, story)


def test_damaged_frames_go_nowhere_and_are_counted_by_cause(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(jpeg)
        rig.source.part(jpeg[: len(jpeg) // 2])
        rig.source.part(b"no picture at all")
        rig.source.oversize()
        rig.source.part(jpeg)
        assert len(rig.frames) == 2
        rejected = rig.camera.status().rejected
        assert (rejected.truncated, rejected.corrupt, rejected.oversize) == (1, 1, 1)

    play(make_rig, story)


def test_a_camera_whose_every_frame_is_bad_says_so(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(jpeg)
        for _ in range(200):
            rig.source.part(jpeg[:-10])
            await rig.clock.advance(0.04)
        assert (rig.state, rig.reason) == ("stale", "all_frames_bad")
        for _ in range(100):
            if len(rig.sources) == 1:
                rig.source.part(jpeg[:-10])
            await rig.clock.advance(0.04)
        assert (rig.state, rig.reason) == ("offline", "all_frames_bad")

    play(make_rig, story)


def test_check_off_takes_everything(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(b"\xff\xd8 anything \xff\xd9")
        assert len(rig.frames) == 1
        assert rig.camera.status().width is None

    play(make_rig, story, check="off")


def test_a_refused_camera_is_tried_again_forever_with_growing_pauses(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        attempts: list[float] = []
        while rig.clock.monotonic() < 1000 + 3600:
            if rig.source.deliver and len(attempts) < len(rig.sources):
                attempts.append(rig.clock.monotonic())
                await rig.fail(BoardError(Reason.REFUSED, "port 81"))
            await rig.clock.advance(0.1)
        pauses = [later - earlier for earlier, later in pairwise(attempts)]
        assert pauses[0] < 1.2
        assert max(pauses) <= 10.2
        assert 2.3 <= min(pauses[4:40]) <= max(pauses[4:40]) <= 3.1, "for minutes: it may only be booting"
        assert min(pauses[-20:]) >= 7.9, "then at leisure"
        assert len(attempts) > 3600 / 10.2
        await rig.clock.advance(10.5)
        rig.source.part(jpeg)
        assert rig.state == "online"

    play(make_rig, story)


def test_since_tells_when_the_state_began_not_when_it_was_last_confirmed(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        await rig.fail(BoardError(Reason.REFUSED))
        began = rig.camera.health.since
        await rig.clock.advance(2)
        await rig.fail(BoardError(Reason.UNREACHABLE))
        assert rig.reason == "unreachable"
        assert rig.camera.health.since == began

    play(make_rig, story)


def test_a_fault_of_our_own_in_one_driver_does_not_end_the_healing(
    make_rig: MakeRig, jpeg: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(jpeg)
        rig.source.fail(ZeroDivisionError("ours"))
        await rig.clock.advance(1)
        assert len(rig.sources) == 2
        rig.source.part(jpeg)
        assert rig.state == "online"

    play(make_rig, story)
    assert "please report it" in caplog.text
    assert "[porch]" in caplog.text


def test_rates_are_nothing_while_it_is_away_and_unknown_before_they_are_measured(
    make_rig: MakeRig, jpeg: bytes
) -> None:
    async def story(rig: Rig) -> None:
        assert rig.camera.status().fps is None
        rig.source.part(jpeg)
        assert rig.camera.status().fps is None
        await rig.clock.advance(0.04)
        rig.source.part(jpeg)
        assert rig.camera.status().fps == pytest.approx(25)
        await rig.fail(BoardError(Reason.STALLED))
        assert rig.camera.status().fps == 0

    play(make_rig, story)
