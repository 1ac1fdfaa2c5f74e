"""Viewers on real sockets, on a loop, with a clock that is moved by hand."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from vedette.clock import SystemClock
from vedette.live.listener import FLOOD_LIMIT
from vedette.live.picture import Picture
from vedette.live.road import PATIENCE, outstanding_bytes, prepare_socket
from vedette.live.viewer import GeneratorViewer, SocketViewer
from vedette.wire.multipart import ADVANCE_HEAD, MultipartReader

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
Story = Callable[[SocketViewer, socket.socket, list[str]], Awaitable[None]]


def play(story: Story, *, advance: bool = False, receive_buffer: int | None = None) -> None:
    """A viewer of ours, and the other end of its connection."""

    async def whole() -> None:
        happened: list[str] = []
        with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as other:
            if receive_buffer:
                other.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            other.settimeout(0)
            loop = asyncio.get_running_loop()
            listener.settimeout(0)
            await loop.sock_connect(other, listener.getsockname())
            ours, _ = await loop.sock_accept(listener)
            prepare_socket(ours)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
            viewer = SocketViewer(
                HEAD,
                advance=advance,
                clock=SystemClock(),
                joined=lambda _: happened.append("joined"),
                left=lambda _: happened.append("left"),
            )
            transport, _ = await loop.connect_accepted_socket(lambda: viewer, ours)
            await asyncio.wait_for(story(viewer, other, happened), 20)
            transport.abort()
            await until(lambda: "left" in happened)

    asyncio.run(whole())


async def read(other: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        data = await asyncio.get_running_loop().sock_recv(other, size - len(got))
        assert data
        got += data
    return got


async def until(condition: Callable[[], Any]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for is the kernel, which sets no event
        await asyncio.sleep(0.001)


def outstanding(viewer: SocketViewer) -> int:
    assert viewer._road.transport is not None
    return outstanding_bytes(viewer._road.transport)


def picture(number: int, size: int = 2000) -> Picture:
    return Picture(b"\xff\xd8" + bytes([number]) * size + b"\xff\xd9", number, "online")


def test_head_and_pictures_go_out_as_they_are() -> None:
    async def story(viewer: SocketViewer, other: socket.socket, happened: list[str]) -> None:
        assert happened == ["joined"]
        one, two = picture(1), picture(2)
        viewer.offer(one)
        viewer.offer(two)
        expected = HEAD + one.plain + two.plain
        assert await read(other, len(expected)) == expected

    play(story)


def test_a_browser_has_the_next_head_before_the_picture_exists() -> None:
    async def story(viewer: SocketViewer, other: socket.socket, _: list[str]) -> None:
        assert await read(other, len(HEAD + ADVANCE_HEAD)) == HEAD + ADVANCE_HEAD
        viewer.offer(picture(1))
        assert (await read(other, len(picture(1).advance))).endswith(b"\xff\xd9\r\n" + ADVANCE_HEAD)

    play(story, advance=True)


def test_a_slow_viewer_gets_fewer_pictures_and_at_last_the_newest() -> None:
    async def story(viewer: SocketViewer, other: socket.socket, _: list[str]) -> None:
        for number in range(1, 101):
            viewer.offer(picture(number, 30_000))
            await asyncio.sleep(0)
        assert viewer.skipped > 50
        await read(other, len(HEAD))
        reader = MultipartReader(b"vedette")
        bodies: list[bytes] = []
        while not bodies or bodies[-1][2] != 100:
            data = await asyncio.get_running_loop().sock_recv(other, 65536)
            bodies += [part.body for part in reader.feed(data)]
        numbers = [body[2] for body in bodies]
        assert numbers == sorted(numbers)
        assert len(numbers) < 50
        assert reader.faults == 0, "every picture that went out is whole"

    play(story, receive_buffer=8192)


def test_a_viewer_that_makes_no_progress_is_given_up_after_its_time() -> None:
    async def story(viewer: SocketViewer, _: socket.socket, happened: list[str]) -> None:
        for number in range(1, 101):
            viewer.offer(picture(number, 30_000))
            await asyncio.sleep(0)
        viewer.look_after(100.0)
        await asyncio.sleep(0)
        viewer.look_after(100.0 + PATIENCE - 0.1)
        await asyncio.sleep(0)
        assert "left" not in happened
        viewer.look_after(100.0 + PATIENCE)
        await until(lambda: "left" in happened)

    play(story, receive_buffer=8192)


def test_a_viewer_that_reads_a_little_now_and_then_is_kept() -> None:
    async def story(viewer: SocketViewer, other: socket.socket, happened: list[str]) -> None:
        for number in range(1, 101):
            viewer.offer(picture(number, 30_000))
            await asyncio.sleep(0)
        for minute in range(3):
            viewer.offer(picture(minute, 30_000))
            viewer.look_after(60.0 * minute)
            waiting = outstanding(viewer)
            await read(other, 30_000)
            await until(lambda waiting=waiting: outstanding(viewer) != waiting)  # type: ignore[misc]
        assert "left" not in happened

    play(story, receive_buffer=8192)


def test_a_viewer_that_keeps_up_is_never_given_up() -> None:
    async def story(viewer: SocketViewer, _: socket.socket, happened: list[str]) -> None:
        for hour in range(5):
            viewer.look_after(3600.0 * hour)
        await asyncio.sleep(0)
        assert "left" not in happened

    play(story)


def test_a_flood_ends_a_viewer() -> None:
    async def story(viewer: SocketViewer, other: socket.socket, happened: list[str]) -> None:
        await asyncio.get_running_loop().sock_sendall(other, b"x" * (FLOOD_LIMIT - 1000))
        await asyncio.get_running_loop().sock_sendall(other, b"y" * 1001)
        await until(lambda: "left" in happened)
        viewer.offer(picture(1))
        viewer.end()

    play(story)


def test_the_end_of_what_a_viewer_says_is_its_end() -> None:
    async def story(viewer: SocketViewer, other: socket.socket, happened: list[str]) -> None:
        other.shutdown(socket.SHUT_WR)
        await until(lambda: "left" in happened)
        viewer.look_after(0)

    play(story)


@pytest.mark.parametrize("advance", [False, True])
def test_a_generator_gives_the_newest_picture_and_ends_when_it_is_told(advance: bool) -> None:  # noqa: FBT001 - pytest's
    left: list[GeneratorViewer] = []
    viewer = GeneratorViewer(advance=advance, left=left.append)
    viewer.offer(picture(1))
    viewer.offer(picture(2))
    stream = iter(viewer)
    if advance:
        assert next(stream) == ADVANCE_HEAD
    assert next(stream) == (picture(2).advance if advance else picture(2).plain)
    viewer.offer(picture(3))
    assert next(stream) == (picture(3).advance if advance else picture(3).plain)
    viewer.end()
    assert list(stream) == []
    viewer.close()
    assert left == [viewer]
