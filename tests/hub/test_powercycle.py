"""When a board's power is cut: days in milliseconds, against a plug on a real socket."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from tests.fake_clock import FakeClock

from vedette.config import PowerCycleConfig
from vedette.errors import Reason
from vedette.hub.health import Health, State
from vedette.hub.plugs import Answer, Plug
from vedette.hub.powercycle import Pacing, PowerCycler

HOUR = 3600.0
STEP = 10.0  # seconds that pass between two looks at who is asking the plug


class Strip:
    """A plug strip: notes what it is asked, and when; and the cameras behind it."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.asked: list[tuple[float, str]] = []
        self.status = 200
        self.pacing = Pacing(clock)
        self.cyclers: list[PowerCycler] = []
        self.began = clock.monotonic()
        self.open_requests = 0
        self.quiet = asyncio.Event()

    async def open(self) -> None:
        self.server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append((self.now, head.split()[1].decode()))
        writer.write(f"HTTP/1.1 {self.status} Whatever\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()

    @property
    def now(self) -> float:
        return self.clock.monotonic() - self.began

    @property
    def times(self) -> list[float]:
        return [time for time, _ in self.asked]

    def camera(self, path: str = "/cut", **config: object) -> PowerCycler:
        settings = PowerCycleConfig.model_validate({"url": f"{self.url}{path}", **config})
        self.cyclers.append(PowerCycler(f"camera-{len(self.cyclers)}", settings, self.pacing, self.clock))
        self._count_requests_of(self.cyclers[-1]._plug)
        self.cyclers[-1].start()
        return self.cyclers[-1]

    def _count_requests_of(self, plug: Plug) -> None:
        ask = plug.ask

        async def counted(url: str) -> Answer:
            self.open_requests += 1
            self.quiet.clear()
            try:
                return await ask(url)
            finally:
                self.open_requests -= 1
                if not self.open_requests:
                    self.quiet.set()

        plug.ask = counted  # type: ignore[method-assign]  # the real one, counted

    async def wait(self, seconds: float) -> None:
        """Let time pass; it stands still while somebody asks the plug."""
        end = self.now + seconds
        while self.now < end:
            await self.clock.advance(min(STEP, end - self.now))
            while self.open_requests:
                await self.quiet.wait()
                await self.clock.advance(0)

    async def close(self) -> None:
        for cycler in self.cyclers:
            await cycler.stop()
        self.server.close()
        await self.server.wait_closed()
        assert self.clock.pending() == 0, "a stopped one waits for nothing"


Story = Callable[[Strip], Awaitable[None]]


@pytest.fixture
def play(clock: FakeClock) -> Callable[[Story], None]:
    def whole(story: Story) -> None:
        async def told() -> None:
            strip = Strip(clock)
            await strip.open()
            try:
                await story(strip)
            finally:
                await strip.close()

        asyncio.run(told())

    return whole


Play = Callable[[Story], None]


def offline(reason: Reason = Reason.UNREACHABLE) -> Health:
    return Health(State.OFFLINE, 0.0, reason, "")


ONLINE = Health(State.ONLINE, 0.0)


def test_a_board_that_stays_away_loses_its_power_after_five_minutes(play: Play) -> None:
    async def story(strip: Strip) -> None:
        cycler = strip.camera()
        cycler.tend(offline(), None)
        await strip.wait(299)
        assert strip.asked == []
        assert (cycler.last, cycler.count) == (None, 0)
        await strip.wait(2)
        assert strip.asked == [(300.0, "/cut")]
        assert cycler.count == 1
        assert cycler.last is not None
        assert (cycler.last.time, cycler.last.ok) == (strip.clock.time() - 1, True)
        assert cycler.last.detail == "it answered 200"
        warning = cycler.warning()
        assert warning is not None
        assert warning.code == "power_cycled"
        assert "once since the start" in warning.message

    play(story)


def test_the_pause_doubles_up_to_six_hours(play: Play) -> None:
    async def story(strip: Strip) -> None:
        strip.camera(per_day=24).tend(offline(), None)
        await strip.wait(30 * HOUR)
        assert strip.times == [300 + HOUR * after for after in (0, 0.5, 1.5, 3.5, 7.5, 13.5, 19.5, 25.5)]

    play(story)


def test_a_day_has_its_limit(play: Play) -> None:
    async def story(strip: Strip) -> None:
        cycler = strip.camera(per_day=2)
        cycler.tend(offline(), None)
        await strip.wait(60 * HOUR)
        day, two_days = 300 + 24 * HOUR, 300 + 48 * HOUR
        assert strip.times == [300, 2100, day, day + 2 * HOUR, two_days, two_days + 6 * HOUR]
        for start in strip.times:
            assert sum(start <= time < start + 24 * HOUR for time in strip.times) <= 2
        assert cycler.count == len(strip.times)

    play(story)


def test_a_board_that_returns_is_left_alone_and_the_next_outage_waits_anew(play: Play) -> None:
    async def story(strip: Strip) -> None:
        cycler = strip.camera()
        cycler.tend(offline(), None)
        await strip.wait(290)
        cycler.tend(ONLINE, 0.0)
        await strip.wait(3 * HOUR)
        assert strip.asked == []
        cycler.tend(offline(), 0.0)
        await strip.wait(301)
        assert strip.times == [290 + 3 * HOUR + 300]

    play(story)


def test_short_outages_do_not_add_up(play: Play) -> None:
    async def story(strip: Strip) -> None:
        cycler = strip.camera()
        for _ in range(10):
            cycler.tend(offline(), 3.0)
            await strip.wait(200)
            cycler.tend(ONLINE, 0.0)
            await strip.wait(200)
        assert strip.asked == []

    play(story)


def test_two_power_cuts_are_never_closer_than_the_pause_even_in_different_outages(play: Play) -> None:
    async def story(strip: Strip) -> None:
        cycler = strip.camera(pause=3600)
        cycler.tend(offline(), None)
        await strip.wait(310)
        cycler.tend(ONLINE, 0.0)
        await strip.wait(10)
        cycler.tend(offline(), 0.0)
        await strip.wait(2 * HOUR)
        assert strip.times[:2] == [300, 300 + HOUR]

    play(story)


def test_never_while_a_frame_came_in_the_last_minutes(play: Play) -> None:
    async def story(strip: Strip) -> None:
        cycler = strip.camera()
        cycler.tend(offline(), None)
        await strip.wait(200)
        cycler.tend(offline(Reason.STALLED), 10.0)
        await strip.wait(289)
        assert strip.asked == []
        await strip.wait(2)
        assert strip.times == [490]

    play(story)


@pytest.mark.parametrize(
    ("reason", "after"),
    [
        (Reason.UNREACHABLE, 300),
        (Reason.REFUSED, 300),
        (Reason.STALLED, 300),
        (Reason.SENSOR_SILENT, 300),
        (Reason.SLOT_BUSY, 1800),
        (Reason.ALL_FRAMES_BAD, 1800),
        (Reason.AUTH_REQUIRED, None),
        (Reason.NOT_MJPEG, None),
        (Reason.NAME_UNKNOWN, None),
        (Reason.HTTP_ERROR, None),
    ],
)
def test_only_what_a_power_cut_can_help_leads_to_one(play: Play, reason: Reason, after: float | None) -> None:
    async def story(strip: Strip) -> None:
        strip.camera(pause=86400).tend(offline(reason), None)
        await strip.wait(2 * HOUR)
        assert strip.times == ([] if after is None else [after])

    play(story)


@pytest.mark.parametrize("state", [State.IDLE, State.DISABLED, State.CONNECTING, State.ONLINE])
def test_a_camera_that_is_not_away_keeps_its_power(play: Play, state: State) -> None:
    async def story(strip: Strip) -> None:
        strip.camera().tend(Health(state, 0.0, Reason.UNREACHABLE), None)
        await strip.wait(2 * HOUR)
        assert strip.asked == []

    play(story)


def test_an_outage_that_changes_its_reason_is_one_outage_but_a_sign_of_life_ends_it(play: Play) -> None:
    async def story(strip: Strip) -> None:
        cycler = strip.camera()
        cycler.tend(offline(Reason.SLOT_BUSY), None)
        await strip.wait(200)
        cycler.tend(offline(Reason.REFUSED), None)
        await strip.wait(101)
        assert strip.times == [300]
        other = strip.camera("/other")
        other.tend(offline(), None)
        await strip.wait(200)
        other.tend(offline(Reason.HTTP_ERROR), None)
        other.tend(offline(), None)
        await strip.wait(200)
        assert strip.times == [300]

    play(story)


def test_boards_behind_one_plug_are_cut_off_once_and_not_twenty_times(play: Play) -> None:
    async def story(strip: Strip) -> None:
        for _ in range(20):
            strip.camera().tend(offline(), None)
        await strip.wait(300 + 1790)
        assert strip.times == [300]
        await strip.wait(20)
        assert strip.times == [300, 2100]

    play(story)


def test_plugs_of_their_own_are_switched_one_after_the_other(play: Play) -> None:
    async def story(strip: Strip) -> None:
        for number in range(20):
            strip.camera(f"/{number}").tend(offline(), None)
        await strip.wait(600)
        assert len(strip.times) == 20
        assert all(later - sooner >= 10 for sooner, later in zip(strip.times, strip.times[1:], strict=False))
        assert len({path for _, path in strip.asked}) == 20

    play(story)


def test_a_plug_that_refuses_is_said_so_and_does_not_use_up_the_day(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(strip: Strip) -> None:
        strip.status = 500
        cycler = strip.camera("/cut?password=secret", per_day=1)
        cycler.tend(offline(), None)
        await strip.wait(310)
        assert cycler.count == 0
        assert cycler.last is not None
        assert (cycler.last.ok, cycler.last.detail) == (False, "it answered 500")
        warning = cycler.warning()
        assert warning is not None
        assert warning.code == "power_cycle_failed"
        assert "it answered 500" in warning.message
        strip.status = 200
        await strip.wait(24 * HOUR)
        assert cycler.warning() is None, "of the last hour"
        assert strip.times == [300, 2100]
        assert cycler.count == 1
        assert "secret" not in caplog.text
        assert "[camera-0] the plug: it answered 500" in caplog.text

    play(story)


def test_two_requests_cut_the_power_for_some_seconds(play: Play) -> None:
    async def story(strip: Strip) -> None:
        strip.camera("/off", url_on=f"{strip.url}/on", off_seconds=20).tend(offline(), None)
        await strip.wait(400)
        assert strip.asked == [(300.0, "/off"), (320.0, "/on")]

    play(story)


def test_a_plug_that_was_switched_off_is_asked_to_switch_on_several_times(play: Play) -> None:
    async def story(strip: Strip) -> None:
        cycler = strip.camera("/off", url_on=f"{strip.url}/on")
        cycler.tend(offline(), None)
        await strip.wait(300)
        strip.status = 500
        await strip.wait(100)
        assert [path for _, path in strip.asked] == ["/off", *["/on"] * 5]
        assert cycler.last is not None
        assert cycler.last.detail == "it was switched off, and perhaps not on again: it answered 500"
        assert cycler.count == 0

    play(story)


def test_it_is_switched_on_also_where_switching_off_seemed_to_fail(play: Play) -> None:
    async def story(strip: Strip) -> None:
        strip.status = 500
        cycler = strip.camera("/off", url_on=f"{strip.url}/on")
        cycler.tend(offline(), None)
        await strip.wait(400)
        assert [path for _, path in strip.asked] == ["/off", *["/on"] * 5]
        assert cycler.last is not None
        assert cycler.last.detail == "it answered 500"

    play(story)


def test_the_end_of_the_server_does_not_leave_a_plug_switched_off(play: Play) -> None:
    async def story(strip: Strip) -> None:
        cycler = strip.camera("/off", url_on=f"{strip.url}/on", off_seconds=60)
        cycler.tend(offline(), None)
        await strip.wait(310)
        assert [path for _, path in strip.asked] == ["/off"]
        await cycler.stop()
        assert [path for _, path in strip.asked] == ["/off", "/on"]

    play(story)


def test_a_plug_that_says_nothing_does_not_hold_up_the_end(play: Play) -> None:
    async def story(strip: Strip) -> None:
        async def say_nothing(_reader: Any, writer: asyncio.StreamWriter) -> None:
            silent.append(writer)

        silent: list[asyncio.StreamWriter] = []
        server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
        strip.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        cycler = strip.camera()
        cycler.tend(offline(), None)
        await strip.clock.advance(300)
        stopping = asyncio.create_task(cycler.stop())
        await strip.clock.advance(2)
        await stopping
        assert cycler.last is None
        for writer in silent:
            writer.close()
        server.close()

    play(story)


def test_nothing_happens_before_the_start_and_after_the_end(play: Play) -> None:
    async def story(strip: Strip) -> None:
        cycler = strip.camera()
        await cycler.stop()
        cycler.tend(offline(), None)
        await strip.wait(HOUR)
        assert strip.asked == []
        cycler.start()
        await strip.wait(20)
        assert len(strip.asked) == 1, "what was due meanwhile is done"

    play(story)


def test_a_fault_of_our_own_is_logged_and_the_next_power_cut_still_comes(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(strip: Strip) -> None:
        cycler = strip.camera()
        whole, cycler._plug = cycler._plug, cast("Plug", None)
        cycler.tend(offline(), None)
        await strip.wait(310)
        assert "a fault of Vedette's own" in caplog.text
        cycler._plug = whole
        await strip.wait(1800)
        assert strip.times == [2100]

    play(story)
