"""Hours of trouble in milliseconds: the states and reasons of the contract, on a clock that is moved by hand."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest

from vedette.errors import BoardError, Reason
from vedette.hub import Orientation
from vedette.hub.camera import ATTEMPT_LIMIT
from vedette.hub.orientation import MIRROR, UPSIDE_DOWN
from vedette.picture import Canvas
from vedette.sources import Answer, Observation, Phase, Target
from vedette.wire.http import ResponseHead

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


# What else the pictures tell.


def pictures(count: int) -> list[bytes]:
    """So many that differ."""
    return [Canvas(64, 48, (number % 250, 120, 60)).encode(80) for number in range(count)]


def test_a_sensor_that_has_stopped_is_told_from_a_quiet_scene(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        for number, body in enumerate(pictures(100)):
            rig.source.part(body, f"{number / 25:.6f}")
            await rig.clock.advance(0.04)
        assert rig.state == "online"
        for _ in range(100):
            rig.source.part(jpeg, "4.000000")
            await rig.clock.advance(0.04)
        assert (rig.state, rig.reason) == ("stale", "sensor_silent")
        assert "same picture again" in rig.camera.health.explanation
        frames = rig.camera.status().frames
        for _ in range(300):
            rig.source.part(jpeg, "4.000000")
            await rig.clock.advance(0.04)
        assert (rig.state, rig.reason) == ("offline", "sensor_silent")
        assert len(rig.sources) >= 2, "a new connection may wake it"
        assert rig.camera.status().frames == frames
        rig.source.part(jpeg, "4.000000")
        assert rig.state == "offline", "the same picture over a new connection is no news either"
        rig.source.part(pictures(1)[0], "5.0")
        assert rig.state == "online"

    play(make_rig, story)


def test_reboots_are_counted_by_the_boards_own_clock(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        bodies = pictures(6)
        assert rig.camera.status().reboots is None
        rig.source.part(bodies[0], "100.0")
        assert rig.camera.status().reboots == 0
        for number, body in enumerate(bodies[1:5]):
            await rig.fail(BoardError(Reason.STALLED, "the board closed the connection"))
            await rig.clock.advance(5)
            rig.source.part(body, f"{9 - number}.0")
        status = rig.camera.status()
        assert status.reboots == 4
        assert [warning.code for warning in status.warnings] == ["weak_power"]
        await rig.fail(BoardError(Reason.STALLED, "the board closed the connection"))
        assert "restarted 4 times within an hour" in rig.camera.health.explanation

    play(make_rig, story)


def test_junk_of_another_size_goes_nowhere_and_a_change_loses_nothing(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        small, large = Canvas(64, 48).encode(80), Canvas(96, 48).encode(80)
        for body in (small, small, large, large, small, large):
            rig.source.part(body)
        assert [frame.width for frame in rig.frames] == [64, 64, 96, 96, 96]
        assert [frame.sequence for frame in rig.frames] == [1, 2, 3, 4, 5]
        assert rig.camera.status().rejected.wrong_size == 1
        assert rig.camera.rejects.newest_first()[0].detail == "64x48 between others"

    play(make_rig, story)


def test_firmware_that_only_says_that_it_has_no_picture_has_a_silent_sensor(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        rig.source.phase = Phase.RECEIVING
        rig.source.words = 3
        await rig.clock.advance(ATTEMPT_LIMIT + 0.1)
        assert (rig.state, rig.reason) == ("offline", "sensor_silent")

    play(make_rig, story)


def test_single_pictures_are_waited_for_at_their_own_pace(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        rig.source.interval = 30.0
        for body in pictures(3):
            rig.source.part(body)
            await rig.clock.advance(30)
            assert rig.state == "online"
        await rig.clock.advance(9.9)
        assert rig.state == "online"
        await rig.clock.advance(0.2)
        assert (rig.state, rig.reason) == ("offline", "stalled"), "ten seconds after it was asked for the next"

    play(make_rig, story, poll_interval=30.0)


# On demand.


def test_a_camera_on_demand_connects_while_somebody_looks_and_ten_seconds_longer(
    make_rig: MakeRig, jpeg: bytes
) -> None:
    async def story(rig: Rig) -> None:
        await rig.clock.advance(3600)
        assert (rig.state, rig.sources) == ("idle", [])
        rig.camera.attend()
        rig.camera.attend()
        await rig.clock.advance(0)
        assert (rig.state, len(rig.sources)) == ("connecting", 1)
        rig.source.part(jpeg)
        assert rig.state == "online"
        rig.camera.release()
        await rig.clock.advance(2)
        rig.source.part(pictures(1)[0])
        rig.camera.release()
        await rig.clock.advance(2)
        rig.camera.attend()
        await rig.clock.advance(0)
        assert not rig.sources[0].cancelled
        rig.camera.release()
        for body in pictures(9):
            await rig.clock.advance(1.1)
            rig.source.part(body)
        assert not rig.sources[0].cancelled
        await rig.clock.advance(0.2)
        assert rig.sources[0].cancelled
        assert (rig.state, rig.reason, len(rig.sources)) == ("idle", None, 1)
        rig.camera.attend()
        await rig.clock.advance(0)
        assert len(rig.sources) == 2
        rig.source.part(jpeg)
        assert rig.state == "online"

    play(make_rig, story, connect="on-demand")


def test_attending_a_camera_that_is_always_connected_changes_nothing(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(jpeg)
        rig.camera.attend()
        rig.camera.release()
        await rig.clock.advance(0)
        assert (rig.state, len(rig.sources)) == ("online", 1)

    play(make_rig, story)


def test_attending_a_disabled_camera_does_not_wake_it(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        rig.camera.attend()
        await rig.clock.advance(60)
        assert (rig.state, rig.sources) == ("disabled", [])

    play(make_rig, story, enabled=False, connect="on-demand")


# The control port, and where the board is.

STATUS = "http://192.168.0.123/status"
ANSWER = Answer(ResponseHead(200, {}), b'{"0xd3": 0, "pixformat": 4, "framesize": 5, "quality": 12}')
HEAD = ResponseHead(
    200,
    {
        "content-type": "multipart/x-mixed-replace;boundary=123456789000000000000987654321",
        "transfer-encoding": "chunked",
    },
)
SEEN = Observation(Target("192.168.0.123", 81, "/stream"), HEAD, "192.168.0.123", leads=True)


def test_a_stream_tells_its_firmware_and_with_it_the_control_port(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        assert rig.camera.status().firmware is None
        rig.answers[STATUS] = ANSWER
        rig.source.observed = SEEN
        rig.source.part(jpeg)
        await rig.clock.advance(0)
        assert rig.camera.status().firmware == "cameraserver"
        assert rig.asked == [STATUS]
        assert rig.camera.status().control == "online"
        assert rig.finder.learned == ["192.168.0.123"]

    play(make_rig, story)


@pytest.mark.parametrize(
    "nothing", [None, Answer(ResponseHead(200, {}), b"<html>"), Answer(ResponseHead(500, {}), ANSWER.body)], ids=str
)
def test_a_control_port_that_comes_later_than_the_pictures_is_asked_again_soon(
    nothing: Answer | None, make_rig: MakeRig
) -> None:
    async def story(rig: Rig) -> None:
        rig.answers = {STATUS: nothing} if nothing else {}
        rig.source.observed = SEEN
        asked = []
        for body in pictures(60):
            rig.source.part(body)
            await rig.clock.advance(1)
            asked.append(len(rig.asked))
        assert asked[:6] == [3, 4, 5, 5, 6, 6], "at 0, 0.5, 1, 2, 3 and 5 s"
        assert asked[-1] == 6 + 6, "and every ten seconds"
        rig.answers[STATUS] = ANSWER
        for body in pictures(131):
            rig.source.part(body)
            await rig.clock.advance(1)
        assert len(rig.asked) == asked[-1] + 3, "once a minute"

    play(make_rig, story)


def test_a_status_that_tells_nothing_is_no_restart(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        body = b'{"0xd3": 0, "pixformat": 4, "framesize": 5, "quality": 12, "uptime": 100}'
        rig.answers[STATUS] = Answer(ResponseHead(200, {}), body)
        rig.source.observed = SEEN
        for number, picture in enumerate(pictures(130)):
            if number == 30:
                rig.answers[STATUS] = Answer(ResponseHead(200, {}), b"<html>")
            rig.source.part(picture)
            await rig.clock.advance(1)
        assert rig.camera.status().reboots == 0

    play(make_rig, story)


def test_the_control_port_is_judged_apart_from_the_stream(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        rig.answers[STATUS] = ANSWER
        rig.source.observed = SEEN
        for number, body in enumerate(pictures(140)):
            if number == 30:
                rig.answers.clear()
            rig.source.part(body)
            await rig.clock.advance(1)
        assert rig.state == "online"
        assert rig.asked == [STATUS] * 3, "once a minute"
        assert rig.camera.status().control == "offline"
        assert [warning.code for warning in rig.camera.status().warnings] == ["control_silent"]

    play(make_rig, story)


def test_a_board_that_is_alive_beside_a_stream_that_nobody_answers_has_a_full_queue(
    make_rig: MakeRig, jpeg: bytes
) -> None:
    async def story(rig: Rig) -> None:
        rig.answers[STATUS] = ANSWER
        rig.source.observed = SEEN
        rig.source.part(jpeg)
        await rig.fail(BoardError(Reason.STALLED))
        heard = len(rig.healths)
        for _ in range(3):
            await rig.clock.advance(1)
            rig.source.phase = Phase.CONNECTING
            await rig.clock.advance(ATTEMPT_LIMIT)
        assert (rig.state, rig.reason) == ("offline", "slot_busy")
        assert "several others are waiting" in rig.camera.health.explanation
        assert len(rig.healths) <= heard + 2, "what is said does not change to and fro"

    play(make_rig, story)


def test_a_board_that_comes_back_just_after_an_attempt_was_not_taken_by_anybody(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        rig.source.observed = SEEN
        rig.source.part(jpeg)
        for _ in range(2):
            await rig.fail(BoardError(Reason.UNREACHABLE))
            await rig.clock.advance(1)
            rig.answers[STATUS] = ANSWER  # its control port is there before its stream is asked again
            await rig.fail(BoardError(Reason.UNREACHABLE))
            assert (rig.state, rig.reason) == ("offline", "unreachable")
            await rig.clock.advance(5)
            rig.source.part(jpeg)
            assert rig.state == "online"
            rig.answers.clear()

    play(make_rig, story)


def test_a_board_that_cannot_be_reached_is_looked_for(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        rig.finder.note = "It was seen at 192.168.0.77."
        await rig.fail(BoardError(Reason.UNREACHABLE))
        await rig.clock.advance(0)
        assert rig.finder.searches == 1
        assert rig.camera.health.explanation.endswith("It was seen at 192.168.0.77.")

    play(make_rig, story)


def test_who_begins_to_look_is_shown_what_has_been_checked_in_full(make_rig: MakeRig) -> None:
    async def story(rig: Rig) -> None:
        bodies = pictures(4)
        rig.source.part(bodies[0])
        assert rig.camera.presentable() is rig.frames[0], "one a second is checked in full"
        rig.source.part(bodies[1])
        assert rig.frames[1].gray is None
        assert rig.camera.presentable() is None
        rig.camera.attend()
        rig.source.part(bodies[2])
        assert rig.camera.presentable() is rig.frames[2]
        rig.camera.release()
        rig.source.part(bodies[3])
        await rig.fail(BoardError(Reason.STALLED))
        assert rig.camera.slot.latest is rig.frames[3]
        assert rig.camera.presentable() is rig.frames[2], "the last one that may be shown"

    play(make_rig, story)


def test_a_board_that_gives_one_picture_and_closes_again_and_again_is_not_hammered(
    make_rig: MakeRig,
) -> None:
    async def story(rig: Rig) -> None:
        bodies, began = pictures(200), rig.clock.monotonic()
        for body in bodies:
            while rig.source.deliver is None:
                await rig.clock.advance(0.1)
            rig.source.part(body)
            await rig.fail(BoardError(Reason.STALLED, "the board closed the connection"))
            attempts = len(rig.sources)
            while len(rig.sources) == attempts:
                await rig.clock.advance(0.1)
        assert rig.clock.monotonic() - began > 150 * 7

    play(make_rig, story)


def test_one_damaged_picture_before_a_silence_does_not_make_all_of_them_bad(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        for body in pictures(50):
            rig.source.part(body)
            await rig.clock.advance(0.04)
        rig.source.part(jpeg[:-20])
        await rig.clock.advance(3.1)
        assert (rig.state, rig.reason) == ("stale", "stalled")
        await rig.clock.advance(7.2)
        assert (rig.state, rig.reason) == ("offline", "stalled")

    play(make_rig, story)


def test_a_camera_that_is_looked_at_again_in_the_moment_it_falls_idle_lives(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        rig.camera.attend()
        await rig.clock.advance(0)
        rig.source.part(jpeg)
        rig.camera.release()
        rig.camera._fall_idle()
        rig.camera.attend()
        await rig.clock.advance(0)
        assert len(rig.sources) == 2
        rig.source.part(pictures(1)[0])
        assert rig.state == "online"
        await rig.clock.advance(4)
        assert (rig.state, rig.reason) == ("stale", "stalled"), "its watch is kept"
        rig.camera.release()

    play(make_rig, story, connect="on-demand")


def test_a_fault_in_an_errand_harms_no_camera(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        async def break_down(_peer: str) -> None:
            raise RuntimeError("broken")

        rig.finder.learn = break_down
        rig.source.observed = SEEN
        rig.source.part(jpeg)
        await rig.clock.advance(1)
        assert rig.state == "online"
        await rig.fail(BoardError(Reason.STALLED))
        await rig.clock.advance(1)
        assert len(rig.sources) == 2

    play(make_rig, story)


# The configuration may be another one while it runs.


def test_a_camera_that_is_wanted_otherwise_begins_anew_and_its_viewers_and_counters_stay(
    make_rig: MakeRig, jpeg: bytes
) -> None:
    async def story(rig: Rig) -> None:
        rig.camera.attend()
        rig.source.part(jpeg)
        before = rig.camera.slot.latest
        await rig.reconfigure(name="Gate", check="markers")
        assert rig.sources[0].cancelled
        assert len(rig.sources) == 2
        assert (rig.state, rig.camera.name, rig.camera.slot.latest) == ("connecting", "Gate", before)
        rig.source.part(jpeg)
        assert [frame.sequence for frame in rig.frames] == [1, 2]
        assert rig.camera.slot.latest.gray is None, "checked by its markers, as is wanted now"
        assert rig.camera.status().frames == 2

    play(make_rig, story)


def test_a_picture_of_another_address_is_not_kept(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(jpeg)
        await rig.reconfigure("192.168.0.124")
        assert rig.camera.slot.latest is None
        assert rig.camera.presentable() is None

    play(make_rig, story)


def test_what_its_sensor_flips_is_kept_with_the_address(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(jpeg)
        await rig.reconfigure(flip="both")
        rig.camera.sensor_flips(frozenset({MIRROR}))
        await rig.reconfigure(flip="both", rotate=90, check="markers")
        assert rig.camera.turn == Orientation(frozenset({UPSIDE_DOWN}), 90), "not flipped twice until it is asked"
        await rig.reconfigure("192.168.0.124", flip="both")
        assert rig.camera.turn == Orientation.of("both", 0), "that may be another board"

    play(make_rig, story)


def test_a_camera_that_is_turned_otherwise_keeps_what_its_sensor_does_and_says_so_to_whoever_looks(
    make_rig: MakeRig,
) -> None:
    async def story(rig: Rig) -> None:
        rig.camera.orient(Orientation.of("horizontal", 0))
        rig.camera.sensor_flips(frozenset({MIRROR}))
        heard = len(rig.healths)
        rig.camera.orient(Orientation.of("both", 90))
        assert rig.camera.turn == Orientation(frozenset({UPSIDE_DOWN}), 90)
        assert rig.healths[heard:] == [rig.camera.health]
        rig.camera.orient(Orientation())
        rig.camera.orient(Orientation.of("horizontal", 0))
        assert rig.camera.turn == Orientation.of("horizontal", 0), "what was not wanted meanwhile has to be confirmed"

    play(make_rig, story)


def test_a_camera_is_switched_off_and_on_again(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(jpeg)
        await rig.reconfigure(enabled=False)
        assert rig.state == "disabled"
        rig.camera.attend()
        await rig.clock.advance(60)
        assert len(rig.sources) == 1
        await rig.reconfigure()
        rig.source.part(jpeg)
        assert rig.state == "online"

    play(make_rig, story)


def test_whoever_comes_to_look_while_it_is_reconfigured_does_not_begin_it_twice(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(jpeg)
        changing = asyncio.create_task(rig.reconfigure(connect="on-demand"))
        await asyncio.sleep(0)
        rig.camera.attend()
        await changing
        assert len(rig.sources) == 2
        rig.source.part(jpeg)
        assert rig.state == "online"
        rig.camera.release()
        await rig.clock.advance(10)
        assert rig.state == "idle"

    play(make_rig, story)


def test_a_camera_that_is_no_more_is_not_begun_again_by_who_comes_too_late(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(jpeg)
        await rig.camera.retire()
        rig.camera.attend()
        await rig.clock.advance(60)
        assert len(rig.sources) == 1

    play(make_rig, story)


def test_a_new_name_is_told_and_nothing_else_happens(make_rig: MakeRig, jpeg: bytes) -> None:
    async def story(rig: Rig) -> None:
        rig.source.part(jpeg)
        told = len(rig.healths)
        rig.camera.rename("Gate")
        assert (rig.camera.name, len(rig.sources), len(rig.healths)) == ("Gate", 1, told + 1)
        rig.camera.rename(None)
        assert rig.camera.name == "porch"

    play(make_rig, story)
