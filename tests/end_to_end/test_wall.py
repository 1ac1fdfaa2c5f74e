"""`/wall.ws` on the real server, with a real WebSocket client."""

import contextlib
import json
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.end_to_end.harness import Server, wait_until
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from vedette.simulator import Fault, Simulator

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]


class Wall:
    """A client that draws at once."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.cameras: list[Any] = self._hear(str)["cameras"]
        self.extensions = connection.protocol.extensions

    def want(self, *cameras: str) -> None:
        self._connection.send(json.dumps({"type": "want", "cameras": cameras}))

    def picture(self) -> tuple[str, bytes]:
        """The next picture; news on the way are taken."""
        number, jpeg = self._hear(bytes)
        return self.cameras[number]["id"], jpeg

    def wait_for(self, camera: int, state: str) -> None:
        while self.cameras[camera]["state"] != state:
            self.cameras = self._hear(str)["cameras"]

    def closing_code(self) -> int:
        """What the server says when it closes."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                self._connection.recv(timeout=20)
        code = self._connection.close_code
        assert code is not None
        return code

    def _hear(self, kind: type) -> Any:
        while True:
            message = self._connection.recv(timeout=20)
            if isinstance(message, str):
                news = json.loads(message)
                assert news["type"] == "cameras"
                self.cameras = news["cameras"]
                if kind is str:
                    return news
                continue
            what, zero, number, sequence, _ = struct.unpack("!BBHId", message[:16])
            assert (what, zero) == (1, 0)
            self._connection.send(struct.pack("!HI", number, sequence))
            if kind is bytes:
                return number, message[16:]


@pytest.fixture
def open_wall() -> Iterator[Callable[..., Wall]]:
    def run(server: Server, **options: Any) -> Wall:
        url = server.url.replace("http", "ws") + "wall.ws"
        return Wall(stack.enter_context(connect(url, max_size=None, open_timeout=20, **options)))

    with contextlib.ExitStack() as stack:
        yield run


def test_all_cameras_come_over_one_connection_byte_for_byte(
    make_boards: Boards, serve: Serve, open_wall: Callable[..., Wall]
) -> None:
    boards = make_boards(4, fps=10, size=(320, 240))
    server = serve({f"c{number}": boards.stream_url(number) for number in range(4)})
    server.wait_for_state("c3", "online")
    wall = open_wall(server)
    assert wall.cameras[0].keys() == server.camera("c0").keys()
    wall.want("c0", "c1", "c2", "c3")
    seen: dict[str, int] = {}
    while min(seen.get(f"c{number}", 0) for number in range(4)) < 10:
        camera, jpeg = wall.picture()
        number = int(camera[1:])
        assert jpeg in boards.call(lambda number=number: set(boards.boards[number].sent))  # type: ignore[misc]
        seen[camera] = seen.get(camera, 0) + 1
    assert [server.camera(f"c{number}")["viewers"] for number in range(4)] == [1] * 4
    wall.want("c1")
    wait_until(lambda: [server.camera(f"c{number}")["viewers"] for number in range(4)] == [0, 1, 0, 0])
    assert [board.counters.stream_connections for board in boards.boards] == [1] * 4


def test_no_compression_is_agreed_on(make_boards: Boards, serve: Serve, open_wall: Callable[..., Wall]) -> None:
    server = serve({"c0": make_boards().stream_url()})
    assert open_wall(server).extensions == []


def test_a_wall_hears_that_a_camera_went_away_and_came_back(
    make_boards: Boards, serve: Serve, open_wall: Callable[..., Wall]
) -> None:
    boards = make_boards(2, fps=10, size=(320, 240))
    server = serve({"c0": boards.stream_url(0), "c1": boards.stream_url(1)})
    server.wait_for_state("c1", "online")
    wall = open_wall(server)
    wall.want("c0", "c1")
    boards.set_faults(1, Fault.REFUSE)
    wall.wait_for(1, "offline")
    assert wall.cameras[0]["state"] == "online"
    assert wall.cameras[1]["reason"]
    boards.set_faults(1)
    wall.wait_for(1, "online")
    while wall.picture()[0] != "c1":
        pass


def test_a_page_of_somebody_else_gets_no_wall(
    make_boards: Boards, serve: Serve, open_wall: Callable[..., Wall]
) -> None:
    server = serve({"c0": make_boards().stream_url()})
    open_wall(server, origin=server.url.rstrip("/"))
    with pytest.raises(InvalidStatus) as refused:
        open_wall(server, origin="http://evil.example")
    assert refused.value.response.status_code == 403


def test_nonsense_ends_a_wall_and_no_other(make_boards: Boards, serve: Serve, open_wall: Callable[..., Wall]) -> None:
    server = serve({"c0": make_boards().stream_url()})
    server.wait_for_state("c0", "online")
    good, bad = open_wall(server), open_wall(server)
    good.want("c0")
    bad._connection.send(b"nonsense")
    assert bad.closing_code() == 1003
    assert good.picture()[0] == "c0"


def test_a_stopping_server_says_goodbye(make_boards: Boards, serve: Serve, open_wall: Callable[..., Wall]) -> None:
    server = serve({"c0": make_boards().stream_url()})
    wall = open_wall(server)
    assert server.stop() == 0
    assert wall.closing_code() == 1001
