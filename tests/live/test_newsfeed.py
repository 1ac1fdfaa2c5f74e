"""Readers of `/api/stream` on real sockets, with cameras and clock in the hands of the test."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from tests.fake_clock import FakeClock

from vedette.hub import Health, Hub, Slot, State
from vedette.live.listener import FLOOD_LIMIT
from vedette.live.news import Description, News
from vedette.live.newsfeed import Bulletin, GeneratorReader, Newsfeed, SocketReader
from vedette.live.road import PATIENCE, outstanding_bytes, prepare_socket

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
LOOK = 5.0  # seconds between two looks after all readers
MORE_THAN_FITS = 300_000  # bytes of each camera: the kernels hold some 100 kB between them, and never all of one report


class StillCamera:
    """What the news see of a camera."""

    def __init__(self, camera_id: str) -> None:
        self.id = camera_id
        self.slot = Slot()
        self.health = Health(State.CONNECTING, 0.0)


class Rig:
    """Three cameras whose descriptions can be made long, and one reader."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.cameras = [StillCamera(f"c{number}") for number in range(3)]
        self.ballast = ""
        self.rounds = 0
        self.hub = hub = Hub(self.cameras)  # type: ignore[arg-type]  # it keeps them, and no more
        self.feed = Newsfeed(None, News(hub, self.clock, self._describe), None, self.clock)  # type: ignore[arg-type]
        self.other: socket.socket
        self.heard = b""

    def _describe(self) -> list[Description]:
        self.rounds += 1
        return [self._describe_one(camera) for camera in self.hub.cameras.values()]

    def _describe_one(self, camera: Any) -> Description:
        state = camera.health.state.value
        text = json.dumps({"id": camera.id, "state": state, "age": self.rounds, "ballast": self.ballast})
        return Description(camera.id, text, (state, self.ballast))

    async def connect(self, receive_buffer: int | None = None) -> SocketReader:
        loop = asyncio.get_running_loop()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0)
            if receive_buffer:
                self.other.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            self.other.settimeout(0)
            await loop.sock_connect(self.other, listener.getsockname())
            ours, _ = await loop.sock_accept(listener)
        prepare_socket(ours)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
        reader = SocketReader(HEAD, self.clock, joined=self.feed.join, left=self.feed.leave)
        await loop.connect_accepted_socket(lambda: reader, ours)
        return reader

    def become(self, number: int, state: State) -> None:
        camera = self.cameras[number]
        camera.health = Health(state, self.clock.time())
        camera.slot.publish_health(camera.health)

    async def hear(self, enough: Callable[[], Any]) -> None:
        while not enough():
            data = await asyncio.get_running_loop().sock_recv(self.other, 65536)
            assert data, "the reader was closed"
            self.heard += data

    @property
    def events(self) -> list[tuple[str, int, Any]]:
        """What has been heard in full: name, id, data."""
        blocks = self.heard.split(b"\n\n")[:-1]
        found = []
        for block in blocks:
            fields = dict(line.split(": ", 1) for line in block.decode().split("\n") if ": " in line)
            if "event" in fields:
                found.append((fields["event"], int(fields["id"]), json.loads(fields["data"])))
        return found


def play(story: Callable[[Rig, SocketReader], Awaitable[None]], receive_buffer: int | None = None) -> None:
    async def whole() -> None:
        rig = Rig()
        with socket.socket() as rig.other:
            reader = await rig.connect(receive_buffer)
            await asyncio.wait_for(story(rig, reader), 20)
            await rig.feed.stop()
            await until(lambda: rig.feed.reader_count == 0)

    asyncio.run(whole())


async def until(condition: Callable[[], Any]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for is the kernel, which sets no event
        await asyncio.sleep(0.001)


def test_first_come_all_cameras_and_the_time_to_come_back_after() -> None:
    async def story(rig: Rig, _: SocketReader) -> None:
        await rig.hear(lambda: rig.events)
        assert rig.heard.startswith(HEAD + b"retry: 2000\n\nevent: cameras\nid: ")
        ((name, _number, cameras),) = rig.events
        assert name == "cameras"
        assert [camera["id"] for camera in cameras] == ["c0", "c1", "c2"]

    play(story)


def test_then_comes_each_camera_that_has_changed_and_no_other() -> None:
    async def story(rig: Rig, _: SocketReader) -> None:
        rig.become(1, State.OFFLINE)
        rig.clock.move(0.1)
        await rig.hear(lambda: len(rig.events) == 2)
        rig.clock.move(2)  # nothing but time has changed
        rig.become(2, State.ONLINE)
        rig.clock.move(0.1)
        await rig.hear(lambda: len(rig.events) == 3)
        assert [(name, data["id"], data["state"]) for name, _, data in rig.events[1:]] == [
            ("camera", "c1", "offline"),
            ("camera", "c2", "online"),
        ]
        numbers = [number for _, number, _ in rig.events]
        assert numbers == sorted(set(numbers))

    play(story)


def test_a_heartbeat_shows_every_fifteen_seconds_that_the_line_is_alive() -> None:
    async def story(rig: Rig, _: SocketReader) -> None:
        await rig.hear(lambda: rig.events)
        before = len(rig.heard)
        rig.clock.move(45)
        await rig.hear(lambda: len(rig.heard) >= before + 9)
        assert rig.heard[before:] == b":\n\n" * 3

    play(story)


def test_a_slow_reader_is_skipped_and_at_last_told_what_is_true_then() -> None:
    async def story(rig: Rig, reader: SocketReader) -> None:
        while not reader._road._blocked:
            rig.ballast += "x" * 30_000
            rig.clock.move(2)
            await asyncio.sleep(0)
        transport = reader._road.transport
        assert transport is not None
        waiting = transport.get_write_buffer_size()
        for state in (State.ONLINE, State.STALE, State.OFFLINE) * 20:
            rig.become(0, state)
            rig.clock.move(0.1)
        assert transport.get_write_buffer_size() <= waiting, "nothing was added to what a slow reader has to read"
        rig.ballast = "short"
        rig.clock.move(2)

        def newest() -> bool:
            rig.clock.move(0.01)  # in which the road looks again
            last = rig.events[-1][2] if rig.events else None
            return isinstance(last, dict) and last["id"] == "c2" and last["ballast"] == "short"

        await rig.hear(newest)
        assert rig.events[-3][2]["state"] == "offline"
        assert len(rig.events) < 60

    play(story, receive_buffer=8192)


def test_a_reader_that_makes_no_progress_is_given_up_after_its_time() -> None:
    async def story(rig: Rig, reader: SocketReader) -> None:
        rig.ballast = "x" * MORE_THAN_FITS
        rig.clock.move(2)
        await until(lambda: reader._road._blocked)
        transport = reader._road.transport
        assert transport is not None
        outstanding, since = 0, 0.0
        while not transport.is_closing():
            if outstanding_bytes(transport) != outstanding:  # the kernels, in their own time, swallow what they can
                outstanding, since = outstanding_bytes(transport), rig.clock.monotonic()
            rig.clock.move(1)
            await asyncio.sleep(0)
        assert PATIENCE - LOOK <= rig.clock.monotonic() - since <= PATIENCE + 2 * LOOK
        await until(lambda: rig.feed.reader_count == 0)

    play(story, receive_buffer=8192)


def test_a_reader_that_has_much_to_say_is_cut_off() -> None:
    async def story(rig: Rig, _: SocketReader) -> None:
        await asyncio.get_running_loop().sock_sendall(rig.other, b"x" * FLOOD_LIMIT)
        await asyncio.get_running_loop().sock_sendall(rig.other, b"y")
        await until(lambda: rig.feed.reader_count == 0)

    play(story)


def test_nothing_is_described_when_the_last_reader_has_gone() -> None:
    async def story(rig: Rig, reader: SocketReader) -> None:
        await rig.hear(lambda: rig.events)
        reader.end()
        await until(lambda: rig.feed.reader_count == 0)
        rounds = rig.rounds
        rig.clock.move(60)
        assert rig.rounds == rounds
        assert rig.clock.pending() == 0

    play(story)


def test_what_many_are_told_is_encoded_once() -> None:
    rig = Rig()
    told = rig.feed._news.join(rig.feed)
    bulletin = Bulletin(rig.feed._news.join(rig.feed))
    assert bulletin.since(None) is bulletin.since(None)
    assert bulletin.since(told) == b""


def test_a_generator_tells_the_same_and_ends_when_it_is_told() -> None:
    rig = Rig()
    left: list[GeneratorReader] = []
    reader = GeneratorReader(left.append)
    rig.feed.join(reader)
    stream = iter(reader)
    assert next(stream) == b"retry: 2000\n\n"
    assert next(stream).startswith(b"event: cameras\nid: 1\n")
    rig.become(0, State.ONLINE)
    rig.clock.move(0.1)
    rig.become(1, State.OFFLINE)
    rig.clock.move(0.1)
    both = next(stream)
    assert both.count(b"event: camera\n") == 2
    assert b'"online"' in both
    assert b'"offline"' in both
    rig.clock.move(15)
    assert next(stream) == b":\n\n"
    reader.end()
    assert list(stream) == []
    reader.close()
    assert left == [reader]


def test_where_the_cameras_are_others_all_are_told_anew() -> None:
    async def story(rig: Rig, _: SocketReader) -> None:
        await rig.hear(lambda: rig.events)
        rig.hub.arrange([rig.cameras[2], rig.cameras[0]])  # type: ignore[list-item]
        rig.clock.move(2)
        await rig.hear(lambda: len(rig.events) == 2)
        name, _number, cameras = rig.events[-1]
        assert (name, [camera["id"] for camera in cameras]) == ("cameras", ["c2", "c0"])

    play(story)
