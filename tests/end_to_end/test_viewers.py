"""Boards in, viewers out: what arrives is what was sent, and viewers stay when a camera does not."""

import json
import socket
import time
import urllib.request
from collections.abc import Callable

from tests.end_to_end.harness import Server, Viewer, wait_until

from vedette.boards import CAMERASERVER_1_0
from vedette.simulator import Fault, Simulator
from vedette.wire.jpeg import inspect

Serve = Callable[..., Server]
Boards = Callable[..., Simulator]
Watch = Callable[..., Viewer]


def test_a_viewer_gets_what_the_board_sent_byte_for_byte(make_boards: Boards, serve: Serve, watch: Watch) -> None:
    boards = make_boards()
    server = serve({"porch": boards.stream_url()})
    viewer = watch(server, "/cameras/porch/stream.mjpg")
    server.wait_for_state("porch", "online")
    parts = [part for part in (viewer.part() for _ in range(40)) if part.state == "online"]
    sent = boards.call(lambda: set(boards.boards[0].sent))
    assert len(parts) >= 30
    assert all(part.body in sent for part in parts)
    assert [part.timestamp for part in parts] == sorted(part.timestamp for part in parts)
    assert abs(parts[-1].timestamp - time.time()) < 60


def test_the_head_of_a_stream_is_as_the_contract_has_it(make_boards: Boards, serve: Serve, watch: Watch) -> None:
    server = serve({"porch": make_boards().stream_url()})
    viewer = watch(server, "/cameras/porch/stream.mjpg")
    assert viewer.head is not None
    assert viewer.head.status == 200
    expected = {
        "content-type": "multipart/x-mixed-replace;boundary=vedette",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        "connection": "close",
    }
    assert {name: viewer.head.headers.get(name) for name in expected} == expected
    assert "transfer-encoding" not in viewer.head.headers


def test_the_older_framing_without_a_first_boundary_is_read_too(
    make_boards: Boards, serve: Serve, watch: Watch
) -> None:
    boards = make_boards(firmware=CAMERASERVER_1_0)
    server = serve({"old": boards.stream_url()})
    server.wait_for_state("old", "online")
    viewer = watch(server, "/cameras/old/stream.mjpg")
    part = viewer.part()
    assert part.body in boards.call(lambda: set(boards.boards[0].sent))


def test_two_hundred_viewers_cost_the_board_one_connection(make_boards: Boards, serve: Serve, watch: Watch) -> None:
    boards = make_boards(2)
    server = serve({"porch": boards.stream_url(0), "gate": boards.stream_url(1)})
    server.wait_for_state("porch", "online")
    viewers = [watch(server, "/cameras/porch/stream.mjpg") for _ in range(200)]
    for _ in range(3):
        for viewer in viewers:
            viewer.part()
        assert server.get("/").status == 200
        assert server.get("/api/cameras").json[0]["viewers"] == 200
        assert server.get("/cameras/porch/snapshot.jpg").status == 200
    with urllib.request.urlopen(boards.control_url(0) + "counters", timeout=5) as answer:  # noqa: S310 - our own board
        counters = json.load(answer)
    assert counters["stream_connections"] == 1
    assert counters["captures"] == 0


def test_viewers_stay_through_an_outage_and_see_the_camera_return(
    make_boards: Boards, serve: Serve, watch: Watch
) -> None:
    boards = make_boards()
    server = serve({"porch": boards.stream_url()})
    server.wait_for_state("porch", "online")
    viewer = watch(server, "/cameras/porch/stream.mjpg")
    viewer.part()
    boards.set_faults(0, Fault.REFUSE)
    part = viewer.part()
    while part.state != "offline":
        part = viewer.part()
    while (again := viewer.part()).body != part.body:  # the explanation on the picture may grow
        part = again
    assert again.state == "offline"
    assert again.timestamp == part.timestamp, "the last picture, with its old time"
    status = server.camera("porch")
    assert status["state"] == "offline"
    assert status["reason"] == "refused"
    assert "127.0.0.1" in status["explanation"]
    snapshot = server.get("/cameras/porch/snapshot.jpg")
    assert snapshot.status == 503
    assert b"refused" in snapshot.body
    boards.set_faults(0)
    while part.state != "online":
        part = viewer.part()
    assert part.timestamp > again.timestamp
    assert server.camera("porch")["reconnects"] == 1


def test_a_camera_that_never_delivered_shows_a_placeholder(serve: Serve, watch: Watch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        server = serve({"porch": f"http://127.0.0.1:{closed.getsockname()[1]}/stream"})
        server.wait_for_state("porch", "offline")
        viewer = watch(server, "/cameras/porch/stream.mjpg")
        part = viewer.part()
        assert part.state == "offline"
        assert inspect(part.body).width == 640
        assert viewer.part().state == "offline"


def test_damaged_pictures_are_counted_and_go_nowhere(make_boards: Boards, serve: Serve, watch: Watch) -> None:
    boards = make_boards(faults=[Fault.TRUNCATE])
    server = serve({"porch": boards.stream_url()})
    server.wait_for_state("porch", "online")
    viewer = watch(server, "/cameras/porch/stream.mjpg")
    for _ in range(20):
        inspect(viewer.part().body)
    assert server.camera("porch")["rejected"]["truncated"] > 0


def test_a_browser_gets_the_next_head_behind_each_picture(make_boards: Boards, serve: Serve) -> None:
    boards = make_boards(fps=2)
    server = serve({"porch": boards.stream_url()})
    server.wait_for_state("porch", "online")
    for request in ("/cameras/porch/stream.mjpg?advance=1", "/cameras/porch/stream.mjpg"):
        accept = "*/*" if "advance" in request else "image/avif,image/webp,*/*;q=0.8"
        with socket.create_connection(server.address, timeout=20) as sock:
            sock.sendall(f"GET {request} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n\r\n".encode())
            got = b""
            head = b"--vedette\r\nContent-Type: image/jpeg\r\n\r\n"
            while got.count(head) < 3:
                data = sock.recv(65536)
                assert data
                got += data
            body = got.partition(b"\r\n\r\n")[2]
            assert body.startswith(head + b"\xff\xd8")
            assert b"Content-Length" not in body
            assert b"\xff\xd9\r\n" + head in body


def test_a_viewer_that_talks_too_much_is_cut_off(make_boards: Boards, serve: Serve, watch: Watch) -> None:
    server = serve({"porch": make_boards().stream_url()})
    flooder = watch(server, "/cameras/porch/stream.mjpg")
    wait_until(lambda: server.camera("porch")["viewers"] == 1)
    try:
        for _ in range(100):
            flooder.sock.sendall(b"x" * 4096)
    except OSError:
        pass  # cut off already
    wait_until(lambda: server.camera("porch")["viewers"] == 0)


def test_a_viewer_that_half_closes_is_gone(make_boards: Boards, serve: Serve, watch: Watch) -> None:
    server = serve({"porch": make_boards().stream_url()})
    viewer = watch(server, "/cameras/porch/stream.mjpg")
    wait_until(lambda: server.camera("porch")["viewers"] == 1)
    viewer.sock.shutdown(socket.SHUT_WR)
    wait_until(lambda: server.camera("porch")["viewers"] == 0)


def test_a_viewer_that_does_not_read_costs_the_others_nothing(make_boards: Boards, serve: Serve, watch: Watch) -> None:
    server = serve({"porch": make_boards().stream_url()})
    server.wait_for_state("porch", "online")
    watch(server, "/cameras/porch/stream.mjpg", receive_buffer=8192)
    good = watch(server, "/cameras/porch/stream.mjpg")
    before = server.camera("porch")["frames"]
    seen = 0
    while server.camera("porch")["frames"] < before + 50:
        good.part()
        seen += 1
    assert seen >= 40
