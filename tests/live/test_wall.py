"""Walls on real sockets: a client with `websockets`' own protocol, cameras and clock in the hands of the test."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.fake_clock import FakeClock
from tests.still_camera import StillCamera
from websockets.client import ClientProtocol
from websockets.frames import Frame as Message
from websockets.frames import Opcode
from websockets.protocol import State as ProtocolState
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from vedette.frame import Frame
from vedette.hub import Health, Hub, Renditions, State
from vedette.hub import renditions as module
from vedette.live.news import Description, News
from vedette.live.road import PATIENCE, prepare_socket
from vedette.live.wall import MESSAGE_LIMIT, WIDTHS, Wall, Walls, choose_width
from vedette.picture import Canvas, Recipe, Renderer
from vedette.wire.jpeg_header import read_size

ANSWER = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
COUNT = 3


class Rig:
    """Three cameras, all walls, and one client."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.cameras = [StillCamera(f"c{number}", state=State.CONNECTING) for number in range(COUNT)]
        self.hub = Hub(self.cameras)  # type: ignore[arg-type]  # it keeps them, and no more
        self.news = News(self.hub, self.clock, self._describe)
        self.renditions = Renditions(asyncio.get_running_loop().call_soon_threadsafe, Renderer(None), self.clock)
        self.walls = Walls(self.hub, self.renditions, None, self.clock, self.news)  # type: ignore[arg-type]  # no adoption here
        self.client = ClientProtocol(parse_uri("ws://localhost/"), state=ProtocolState.OPEN, max_size=None)
        self.other = socket.socket()
        self.pictures: list[tuple[int, int, float, bytes]] = []
        self.words: list[Any] = []
        self.closed = False
        self._skip = len(ANSWER)

    def _describe(self) -> list[Description]:
        return [self._describe_one(camera) for camera in self.hub.cameras.values()]

    def _describe_one(self, camera: Any) -> Description:
        text = json.dumps({"id": camera.id, "state": camera.health.state.value})
        return Description(camera.id, text, text)

    async def connect(self, receive_buffer: int | None = None) -> Wall:
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
        protocol = ServerProtocol(state=ProtocolState.OPEN, max_size=MESSAGE_LIMIT)
        wall = Wall(self.walls, protocol, ANSWER)
        await loop.connect_accepted_socket(lambda: wall, ours)
        return wall

    def arrive(self, number: int, body: bytes = b"jpeg") -> Frame:
        camera = self.cameras[number]
        sequence = camera.slot.latest.sequence + 1 if camera.slot.latest else 1
        frame = Frame(body, sequence, self.clock.time(), self.clock.monotonic(), 64, 48)
        camera.slot.publish_frame(frame)
        return frame

    def become(self, number: int, state: State) -> None:
        camera = self.cameras[number]
        camera.health = Health(state, self.clock.time())
        camera.slot.publish_health(camera.health)

    async def say(self, opcode: Opcode, data: bytes) -> None:
        self.client.send_frame(Message(opcode, data))
        await self._send()

    async def want(self, *cameras: str) -> None:
        await self.say(Opcode.TEXT, json.dumps({"type": "want", "cameras": cameras}).encode())
        known = self.hub.cameras.keys() & set(cameras)
        await until(lambda: any(wall.wanted == known for wall in self.walls._walls))

    async def draw(self, number: int, sequence: int) -> None:
        await self.say(Opcode.BINARY, struct.pack("!HI", number, sequence))

    async def _send(self) -> None:
        for data in self.client.data_to_send():
            await asyncio.get_running_loop().sock_sendall(self.other, data)

    async def hear(self, enough: Callable[[], Any]) -> None:
        """Read until that is so."""
        while not enough():
            data = await asyncio.get_running_loop().sock_recv(self.other, 65536)
            if not data:
                self.closed = True
                assert enough(), "the wall has closed"
                return
            skipped, self._skip = min(self._skip, len(data)), max(0, self._skip - len(data))
            self.client.receive_data(data[skipped:])
            for event in self.client.events_received():
                assert isinstance(event, Message)
                if event.opcode is Opcode.BINARY:
                    _, _, number, sequence, timestamp = struct.unpack("!BBHId", event.data[:16])
                    self.pictures.append((number, sequence, timestamp, bytes(event.data[16:])))
                elif event.opcode is Opcode.TEXT:
                    self.words.append(json.loads(bytes(event.data)))


def play(story: Callable[[Rig, Wall], Awaitable[None]], receive_buffer: int | None = None) -> None:
    async def whole() -> None:
        rig = Rig()
        with rig.other:
            wall = await rig.connect(receive_buffer)
            await asyncio.wait_for(story(rig, wall), 20)
            if wall._road.transport is not None:
                wall._road.abort()
            await until(lambda: wall._road.transport is None)
        await rig.walls.stop()

    asyncio.run(whole())


async def until(condition: Callable[[], Any]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for is the kernel, which sets no event
        await asyncio.sleep(0.001)


def is_open(wall: Wall) -> bool:
    return wall._road.transport is not None


async def breathe() -> None:
    """Let what was sent over loopback arrive, and be answered if it is."""
    for _ in range(20):
        await asyncio.sleep(0.001)


def test_words_come_first_and_pictures_only_when_they_are_wanted() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        await rig.hear(lambda: rig.words)
        assert [camera["id"] for camera in rig.words[0]["cameras"]] == ["c0", "c1", "c2"]
        rig.arrive(0)
        rig.arrive(1)
        assert rig.walls.viewer_count("c0") == 0
        await rig.want("c1")
        assert [rig.walls.viewer_count(f"c{number}") for number in range(COUNT)] == [0, 1, 0]
        await rig.hear(lambda: rig.pictures)
        rig.arrive(2)
        await breathe()
        assert [picture[0] for picture in rig.pictures] == [1]

    play(story)


def test_the_next_picture_waits_until_the_last_is_drawn_and_is_then_the_newest() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        await rig.want("c0")
        for number in range(1, 6):
            rig.arrive(0, b"picture %d" % number)
        await rig.hear(lambda: rig.pictures)
        await breathe()
        assert [picture[3] for picture in rig.pictures] == [b"picture 1"]
        await rig.draw(0, 99)  # of no picture that is under way
        await rig.draw(0, rig.pictures[0][1])
        await rig.hear(lambda: len(rig.pictures) == 2)
        assert rig.pictures[1][3] == b"picture 5"
        await rig.draw(0, rig.pictures[1][1])
        await breathe()
        frame = rig.arrive(0, b"picture 6")
        await rig.hear(lambda: len(rig.pictures) == 3)
        assert rig.pictures[2] == (0, frame.sequence, frame.timestamp, b"picture 6")

    play(story)


def test_what_is_not_wanted_any_more_is_not_sent() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        await rig.want("c0", "c1", "nobody")
        rig.arrive(0)
        await rig.hear(lambda: rig.pictures)
        rig.arrive(0)
        await rig.want("c1")
        await rig.draw(0, 1)
        rig.arrive(0)
        rig.arrive(1)
        await rig.hear(lambda: len(rig.pictures) == 2)
        await rig.want()
        rig.arrive(1)
        await breathe()
        assert [picture[0] for picture in rig.pictures] == [0, 1]

    play(story)


def test_a_camera_is_attended_for_as_long_as_a_wall_wants_it() -> None:
    async def story(rig: Rig, wall: Wall) -> None:
        def attending() -> list[int]:
            return [camera.attending for camera in rig.cameras]

        await rig.want("c0", "c1", "nobody")
        assert attending() == [1, 1, 0]
        await rig.want("c1", "c2")
        assert attending() == [0, 1, 1]
        wall.end()
        await breathe()
        assert attending() == [0, 0, 0]

    play(story)


def test_a_full_socket_serves_all_cameras_in_turn_with_their_newest() -> None:
    async def story(rig: Rig, wall: Wall) -> None:
        await rig.want("c0", "c1", "c2")
        rounds = 0
        while not wall._road._blocked:
            for number in range(COUNT):
                rig.arrive(number, bytes(60_000))
            rounds += 1
            await breathe()
        for _ in range(5):
            for number in range(COUNT):
                rig.arrive(number, b"newest" + bytes(60_000))
        drawn = 0
        while len(rig.pictures) < 4 * COUNT:
            await rig.hear(lambda drawn=drawn: len(rig.pictures) > drawn)  # type: ignore[misc]
            while drawn < len(rig.pictures):
                await rig.draw(*rig.pictures[drawn][:2])
                drawn += 1
            for number in range(COUNT):
                rig.arrive(number, b"newest" + bytes(60_000))
        counts = [sum(picture[0] == number for picture in rig.pictures) for number in range(COUNT)]
        assert max(counts) - min(counts) <= 1
        for number in range(COUNT):
            sequences = [picture[1] for picture in rig.pictures if picture[0] == number]
            assert sequences == sorted(set(sequences))

    play(story, receive_buffer=8192)


def test_a_change_is_told_before_the_first_picture_that_follows_it() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        await rig.want("c0")
        rig.become(0, State.OFFLINE)
        rig.become(1, State.OFFLINE)
        rig.clock.move(0.1)
        await rig.hear(lambda: len(rig.words) == 2)
        assert [camera["state"] for camera in rig.words[1]["cameras"]] == ["offline", "offline", "connecting"]
        rig.become(0, State.ONLINE)
        rig.arrive(0, b"back")
        await breathe()
        rig.arrive(0, b"newer")
        rig.clock.move(0.1)
        await rig.hear(lambda: rig.pictures)
        assert rig.words[2]["cameras"][0]["state"] == "online"
        assert rig.pictures[0][3] == b"newer"

    play(story)


def test_figures_come_every_two_seconds_and_cost_nothing_when_nobody_is_there() -> None:
    async def story(rig: Rig, wall: Wall) -> None:
        rig.clock.move(6)
        await rig.hear(lambda: len(rig.words) == 4)
        assert wall._road.transport is not None
        wall._road.abort()
        await until(lambda: wall._road.transport is None)
        rig.clock.move(60)
        assert rig.clock.pending() == 0

    play(story)


def test_a_last_picture_of_a_camera_that_is_away_is_shown_to_who_comes() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        frame = rig.arrive(2, b"last")
        rig.become(2, State.OFFLINE)
        await rig.want("c2")
        rig.clock.move(0.1)
        await rig.hear(lambda: rig.pictures)
        assert rig.pictures == [(2, frame.sequence, frame.timestamp, b"last")]

    play(story)


def test_nonsense_ends_it_with_a_code() -> None:
    for opcode, data, code in (
        (Opcode.TEXT, b'{"type": "dance"}', 1003),
        (Opcode.BINARY, b"abc", 1003),
        (Opcode.TEXT, b"\xff\xff", 1003),
        (Opcode.BINARY, bytes(MESSAGE_LIMIT + 1), 1009),
    ):

        async def story(rig: Rig, _: Wall, opcode: Opcode = opcode, data: bytes = data, code: int = code) -> None:
            await rig.say(opcode, data)
            await rig.hear(lambda: rig.client.close_rcvd)
            assert rig.client.close_rcvd is not None
            assert rig.client.close_rcvd.code == code

        play(story)


def test_a_ping_is_answered_and_a_farewell_returned() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        rig.client.send_ping(b"there?")
        rig.client.send_close(1000)
        await rig._send()
        await rig.hear(lambda: rig.client.close_rcvd)
        await rig.hear(lambda: rig.closed)

    play(story)


def test_the_server_says_goodbye_when_it_stops() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        await rig.hear(lambda: rig.words)
        await rig.walls.stop()
        await rig.hear(lambda: rig.client.close_rcvd)
        assert rig.client.close_rcvd is not None
        assert rig.client.close_rcvd.code == 1001

    play(story)


def test_a_client_that_takes_nothing_is_given_up_after_its_time() -> None:
    async def story(rig: Rig, wall: Wall) -> None:
        await rig.want("c0", "c1", "c2")
        rig.arrive(0, bytes(1_000_000))
        await breathe()
        assert wall._road._blocked
        looks = 0
        while is_open(wall):  # the kernel may yet move a few bytes, which is progress
            wall.look_after(100.0 + looks * PATIENCE / 3)
            await breathe()
            looks += 1
        assert looks > 3

    play(story, receive_buffer=8192)


def test_a_flood_ends_it_and_steady_acknowledgements_do_not() -> None:
    async def story(rig: Rig, wall: Wall) -> None:
        for _ in range(3):
            for _ in range(100):
                await rig.draw(0, 1)
            wall.look_after(0)
        assert wall._road.transport is not None
        try:
            for _ in range(40):
                await rig.say(Opcode.TEXT, b'{"type": "want", "cameras": []' + b" " * 50_000 + b"}")
        except OSError:
            pass  # cut off already
        await until(lambda: wall._road.transport is None)

    play(story)


def test_cameras_that_are_added_moved_and_removed_leave_the_others_where_they_were_looked_at() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        await rig.want("c0", "c1", "c2")
        for number in range(COUNT):
            rig.arrive(number, b"old of %d" % number)
        await rig.hear(lambda: len(rig.pictures) == COUNT)
        zeroth, first, second = rig.cameras
        added = StillCamera("c9")
        added.slot.publish_frame(Frame(b"added", 1, 0.0, 0.0, 64, 48))
        rig.hub.arrange([added, second, zeroth])  # type: ignore[list-item]
        rig.news.remove(first)  # type: ignore[arg-type]
        rig.news.add(added)  # type: ignore[arg-type]
        rig.walls.rearrange()
        assert [camera.attending for camera in (zeroth, second, added)] == [1, 1, 0]
        await rig.hear(lambda: len(rig.pictures) == COUNT + 2)  # whatever was under way: the numbers are others
        assert [camera["id"] for camera in rig.words[-1]["cameras"]] == ["c9", "c2", "c0"]
        assert {picture[0]: picture[3] for picture in rig.pictures[COUNT:]} == {1: b"old of 2", 2: b"old of 0"}
        rig.arrive(1)
        assert not first.slot._sinks
        await rig.draw(0, 1)  # late, by an old number: c9 is not wanted, and nothing happens
        await rig.want("c0", "c2", "c9")
        await rig.hear(lambda: rig.pictures[-1][:1] + rig.pictures[-1][3:] == (0, b"added"))
        assert rig.walls.viewer_count("c1") == 0

    play(story)


# Widths.

PICTURE = Canvas(640, 480, (90, 120, 60)).encode(80)


def arrive_wide(rig: Rig, number: int = 0) -> Frame:
    """A picture arrives that can be made smaller."""
    camera = rig.cameras[number]
    sequence = camera.slot.latest.sequence + 1 if camera.slot.latest else 1
    frame = Frame(PICTURE, sequence, rig.clock.time(), rig.clock.monotonic(), 640, 480)
    camera.slot.publish_frame(frame)
    return frame


async def want_widths(rig: Rig, **widths: int) -> None:
    before = [tile.screen for wall in rig.walls._walls for tile in wall._tiles.values()]
    await rig.say(Opcode.TEXT, json.dumps({"type": "want", "cameras": list(widths), "widths": widths}).encode())
    await until(lambda: [tile.screen for wall in rig.walls._walls for tile in wall._tiles.values()] != before)


def sizes(rig: Rig) -> list[tuple[int, int] | None]:
    return [read_size(picture[3]) for picture in rig.pictures]


def go_online(rig: Rig) -> None:
    for number in range(COUNT):
        rig.become(number, State.ONLINE)
    rig.clock.move(0.1)


@pytest.mark.parametrize(
    ("shown", "width"),
    [(None, None), (1, 160), (160, 160), (161, 240), (800, 800), (801, 1024), (1600, 1600), (1601, None)],
)
def test_a_width_is_the_next_on_the_ladder_and_above_it_the_original(shown: int | None, width: int | None) -> None:
    assert choose_width(shown) == width
    assert list(WIDTHS) == sorted(set(WIDTHS))


def test_pictures_come_in_the_width_they_are_shown_at_and_never_larger_than_they_are() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        go_online(rig)
        await want_widths(rig, c0=300, c1=640, c2=8192)
        frames = [arrive_wide(rig, number) for number in range(COUNT)]
        await rig.hear(lambda: len(rig.pictures) == COUNT)
        found = {picture[0]: picture for picture in rig.pictures}
        assert read_size(found[0][3]) == (320, 240)
        assert found[1][3] == found[2][3] == PICTURE, "wide enough as they came"
        assert [found[number][1:3] for number in range(COUNT)] == [
            (frame.sequence, frame.timestamp) for frame in frames
        ]

    play(story)


def test_two_walls_that_show_about_the_same_width_share_what_is_made_and_framed() -> None:
    async def story(rig: Rig, wall: Wall) -> None:
        go_online(rig)
        await want_widths(rig, c0=300)
        other = RecordingWall()
        first, second = wall._tiles["c0"].screen, rig.walls.open("c0", choose_width(320), other)  # type: ignore[arg-type]
        assert first is second
        assert rig.cameras[0].attending == 1
        assert rig.renditions.load().in_use == 1
        arrive_wide(rig)
        await rig.hear(lambda: rig.pictures)
        assert [read_size(picture._frame.jpeg) for picture in other.offered] == [(320, 240)]
        assert wall._tiles["c0"].under_way == other.offered[0].sequence
        assert other.offered[0]._message is not None, "framed by the first, for all"
        rig.walls.close(second, other)  # type: ignore[arg-type]
        assert rig.cameras[0].attending == 1
        await rig.want()
        assert rig.cameras[0].attending == 0
        assert rig.renditions.load().in_use == 0

    play(story)


def test_another_width_comes_when_the_picture_under_way_is_drawn_and_not_before() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        go_online(rig)
        await want_widths(rig, c0=300)
        arrive_wide(rig)
        await rig.hear(lambda: rig.pictures)
        await want_widths(rig, c0=480)
        assert rig.cameras[0].attending == 1, "looked at without a break"
        assert rig.renditions.load().in_use == 1
        for _number in range(3):
            arrive_wide(rig)
        await breathe()
        assert sizes(rig) == [(320, 240)]
        await rig.draw(*rig.pictures[0][:2])
        await rig.hear(lambda: len(rig.pictures) == 2)
        assert sizes(rig)[1] == (480, 360)
        assert [picture[1] for picture in rig.pictures] == [1, 4], "the newest"

    play(story)


def test_the_picture_there_is_comes_at_once_in_another_width() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        go_online(rig)
        await want_widths(rig, c0=300)
        arrive_wide(rig)
        await rig.hear(lambda: rig.pictures)
        await rig.draw(*rig.pictures[0][:2])
        await want_widths(rig, c0=480)
        await rig.hear(lambda: len(rig.pictures) == 2)
        assert sizes(rig) == [(320, 240), (480, 360)]
        assert rig.pictures[0][1] == rig.pictures[1][1], "the same frame"

    play(story)


def test_the_same_wish_again_sends_nothing_again() -> None:
    async def story(rig: Rig, wall: Wall) -> None:
        go_online(rig)
        await want_widths(rig, c0=300)
        arrive_wide(rig)
        await rig.hear(lambda: rig.pictures)
        tile = wall._tiles["c0"]
        await want_widths(rig, c0=310, c1=310)  # the same rung
        await rig.draw(*rig.pictures[0][:2])
        await breathe()
        assert wall._tiles["c0"] is tile
        assert len(rig.pictures) == 1

    play(story)


def test_a_tile_that_is_resized_while_it_waits_for_room_has_one_picture_under_way_all_the_same() -> None:
    async def story(rig: Rig, wall: Wall) -> None:
        await rig.want("c0", "c1")
        rig.arrive(1, bytes(600_000))
        await breathe()
        assert wall._road._blocked
        rig.arrive(0, bytes(600_000))
        for width in (1600, 1601, 1600):  # each time it is wanted anew
            await want_widths(rig, c0=width, c1=1601)
        await rig.hear(lambda: rig.pictures)
        await rig.hear(lambda: wall._tiles["c0"].under_way)
        rig.arrive(0, b"while one is under way")
        await rig.hear(lambda: len(rig.pictures) >= 2)
        await breathe()
        rig.arrive(1, b"not drawn either")
        await rig.draw(1, 1)
        await rig.hear(lambda: len(rig.pictures) >= 3)
        assert [picture[0] for picture in rig.pictures] == [1, 0, 1]

    play(story, receive_buffer=8192)


@pytest.mark.parametrize("widths", [{"c0": 0}, {"c0": 8193}, {"c0": "320"}, {"c0": 1.5}, {"c0": True}, [320], None])
def test_an_absurd_width_ends_it_with_a_code(widths: Any) -> None:
    async def story(rig: Rig, _: Wall) -> None:
        message = {"type": "want", "cameras": ["c0"], "widths": widths}
        await rig.say(Opcode.TEXT, json.dumps(message).encode())
        await rig.hear(lambda: rig.client.close_rcvd)
        assert rig.client.close_rcvd is not None
        assert rig.client.close_rcvd.code == 1003

    play(story)


def test_widths_of_cameras_that_are_not_wanted_or_unknown_are_ignored() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        message = {"type": "want", "cameras": ["c0", "nobody"], "widths": {"c1": 320, "nobody": 320, "": 1}}
        await rig.say(Opcode.TEXT, json.dumps(message).encode())
        await until(lambda: rig.walls.viewer_count("c0"))
        assert [camera.attending for camera in rig.cameras] == [1, 0, 0]

    play(story)


def test_where_too_much_is_made_already_pictures_come_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(rig: Rig, _: Wall) -> None:
        go_online(rig)
        rig.renditions.find(rig.cameras[2], Recipe(width=16))  # type: ignore[arg-type]
        monkeypatch.setattr(module, "LIMIT", 1)
        await want_widths(rig, c0=300)
        arrive_wide(rig)
        await rig.hear(lambda: rig.pictures)
        assert sizes(rig) == [(640, 480)]
        await rig.want()
        assert rig.cameras[0].attending == 0

    play(story)


def test_the_last_picture_of_a_camera_that_is_away_comes_when_it_is_made_small() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        frame = arrive_wide(rig)
        rig.become(0, State.OFFLINE)
        rig.clock.move(0.1)
        await want_widths(rig, c0=300)
        await rig.hear(lambda: rig.pictures)
        assert sizes(rig) == [(320, 240)]
        assert rig.pictures[0][:3] == (0, frame.sequence, frame.timestamp)
        assert rig.words[-1]["cameras"][0]["state"] == "offline"

    play(story)


def test_a_camera_that_is_replaced_under_its_id_is_seen_in_the_same_width() -> None:
    async def story(rig: Rig, _: Wall) -> None:
        go_online(rig)
        await want_widths(rig, c0=300)
        arrive_wide(rig)
        await rig.hear(lambda: rig.pictures)
        old, new = rig.cameras[0], StillCamera("c0")
        new.health = Health(State.ONLINE, 0.0)
        rig.cameras[0] = new
        rig.hub.arrange(rig.cameras)  # type: ignore[arg-type]
        rig.news.remove(old)  # type: ignore[arg-type]
        rig.news.add(new)  # type: ignore[arg-type]
        rig.walls.rearrange()
        assert (old.attending, new.attending) == (0, 1)
        assert rig.renditions.load().in_use == 1
        arrive_wide(rig)
        await rig.hear(lambda: len(rig.pictures) == 2)
        assert sizes(rig) == [(320, 240)] * 2

    play(story)


class RecordingWall:
    """Another wall, as a screen knows it."""

    def __init__(self) -> None:
        self.offered: list[Any] = []

    def offer(self, picture: Any) -> None:
        self.offered.append(picture)
