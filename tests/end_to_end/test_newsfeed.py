"""`/api/stream` on real servers, with real clients."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.end_to_end.harness import Server, Viewer, wait_until
from tests.end_to_end.test_processes import gunicorn

from vedette.simulator import Fault, Simulator

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]


class Reader:
    """A strict client: reads events exactly as the contract writes them."""

    def __init__(self, viewer: Viewer) -> None:
        assert viewer.head is not None
        assert viewer.head.status == 200
        self._viewer = viewer
        self.cameras: dict[str, Any] = {}
        self.last_id = 0
        assert self._block() == ["retry: 2000"]
        assert self.event() == "cameras"

    def event(self) -> str:
        """The next event; what it says of cameras is kept."""
        lines = self._block()
        while lines == [":"]:
            lines = self._block()
        fields = dict(line.split(": ", 1) for line in lines)
        assert list(fields) == ["event", "id", "data"]
        assert int(fields["id"]) >= self.last_id
        self.last_id = int(fields["id"])
        data = json.loads(fields["data"])
        self.cameras |= {camera["id"]: camera for camera in (data if isinstance(data, list) else [data])}
        return fields["event"]

    def wait_for(self, camera_id: str, state: str) -> None:
        while self.cameras[camera_id]["state"] != state:
            assert self.event() == "camera"

    def _block(self) -> list[str]:
        while b"\n\n" not in self._viewer._body:
            self._viewer._receive()
        block, _, rest = bytes(self._viewer._body).partition(b"\n\n")
        self._viewer._body[:] = rest
        return block.decode().split("\n")


@pytest.fixture
def read(watch: Callable[..., Viewer]) -> Callable[[Server], Reader]:
    return lambda server: Reader(watch(server, "/api/stream", "Accept: text/event-stream"))


def tell_a_change(boards: Simulator, server: Server, reader: Reader) -> None:
    assert reader.cameras.keys() == {"c0", "c1"}
    assert reader.cameras["c0"].keys() == server.camera("c0").keys()
    reader.wait_for("c1", "online")
    boards.set_faults(1, Fault.REFUSE)
    reader.wait_for("c1", "offline")
    assert reader.cameras["c1"]["reason"]
    boards.set_faults(1)
    reader.wait_for("c1", "online")


def test_a_reader_hears_that_a_camera_went_away_and_came_back(
    make_boards: Boards, serve: Serve, read: Callable[[Server], Reader]
) -> None:
    boards = make_boards(2, fps=10, size=(320, 240))
    server = serve({"c0": boards.stream_url(0), "c1": boards.stream_url(1)})
    tell_a_change(boards, server, read(server))


def test_the_same_comes_from_a_thread_where_the_server_keeps_its_sockets(
    make_boards: Boards,
    write_config: Callable[..., Path],
    start: Serve,
    read: Callable[[Server], Reader],
) -> None:
    boards = make_boards(2, fps=10, size=(320, 240))
    config = write_config({"c0": boards.stream_url(0), "c1": boards.stream_url(1)})
    server = gunicorn(start, config, "--threads", "6")
    tell_a_change(boards, server, read(server))


def test_figures_come_without_any_change(make_boards: Boards, serve: Serve, read: Callable[[Server], Reader]) -> None:
    server = serve({"c0": make_boards(fps=10).stream_url()})
    reader = read(server)
    reader.wait_for("c0", "online")
    frames = reader.cameras["c0"]["frames"]
    while reader.cameras["c0"]["frames"] < frames + 20:
        assert reader.event() == "camera"


def test_readers_take_no_thread_and_end_with_the_server(
    make_boards: Boards, serve: Serve, read: Callable[[Server], Reader]
) -> None:
    server = serve({"c0": make_boards().stream_url()})
    readers = [read(server) for _ in range(20)]
    assert server.get("/api/server").json["threads"] < 20
    assert server.stop() == 0
    for reader in readers:
        with pytest.raises((EOFError, ConnectionError)):
            reader.wait_for("c0", "never")


def test_head_answers_headers_and_opens_nothing(make_boards: Boards, serve: Serve) -> None:
    server = serve({"c0": make_boards().stream_url()})
    done = subprocess.run(
        ["curl", "-sI", "-m", "10", f"{server.url}api/stream"], capture_output=True, text=True, check=True, timeout=20
    )
    assert done.stdout.startswith("HTTP/1.1 200")
    assert "text/event-stream" in done.stdout


def test_the_server_tells_how_it_is_itself(make_boards: Boards, serve: Serve, watch: Callable[..., Viewer]) -> None:
    server = serve({"c0": make_boards().stream_url()})
    server.wait_for_state("c0", "online")
    watch(server, "/cameras/c0/stream.mjpg").part()
    wait_until(lambda: server.get("/api/server").json["loop_lag_ms"])
    wait_until(lambda: server.get("/api/server").json["cpu_percent"])
    told = server.get("/api/server").json
    assert told["viewers"] == 1
    assert 10e6 < told["memory_bytes"] < 10e9
    assert told["open_files"] > 5
    assert 0 < told["data_free_bytes"] <= told["data_total_bytes"]
