"""The configuration changes while the server runs: by hand, through the API, and both at once."""

import collections
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.end_to_end.harness import VEDETTE, Server, Viewer, free_port, wait_until

from vedette.simulator import Simulator

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]
Watch = Callable[..., Viewer]


@pytest.fixture
def boards(make_boards: Boards) -> Simulator:
    return make_boards(3, fps=10, size=(160, 120))


@pytest.fixture
def server(boards: Simulator, serve: Serve) -> Server:
    server = serve({"porch": boards.stream_url(0), "gate": boards.stream_url(1)})
    server.wait_for_state("porch", "online")
    server.wait_for_state("gate", "online")
    return server


@pytest.fixture
def file(server: Server, tmp_path: Path) -> Path:
    assert server.process.poll() is None
    return tmp_path / "vedette.toml"


def ids(server: Server) -> list[str]:
    return [camera["id"] for camera in server.get("/api/cameras").json]


def next_live(viewer: Viewer) -> None:
    """A live picture that is newer than the one before."""
    part = viewer.part()
    before = part.timestamp
    while part.state != "online" or part.timestamp <= before:
        part = viewer.part()


def test_what_is_edited_by_hand_is_followed_and_only_what_changed_is_touched(
    server: Server, file: Path, boards: Simulator, watch: Watch
) -> None:
    stays, moves = watch(server, "/cameras/porch/stream.mjpg"), watch(server, "/cameras/gate/stream.mjpg")
    next_live(stays)
    next_live(moves)
    text = file.read_text()
    file.write_text(
        text.replace(boards.stream_url(1), boards.stream_url(2)).replace(
            "[cameras.gate]", f'[cameras.barn]\nurl = "{boards.stream_url(1)}"\n[cameras.gate]\nname = "Garden gate"'
        )
    )
    wait_until(lambda: ids(server) == ["porch", "barn", "gate"])
    server.wait_for_state("barn", "online")
    server.wait_for_state("gate", "online")
    next_live(moves)
    next_live(stays)
    assert server.camera("gate")["name"] == "Garden gate"
    assert boards.boards[0].counters.stream_connections == 1, "its connection was left alone"
    assert boards.boards[2].counters.stream_connections == 1
    file.write_text(text)
    wait_until(lambda: ids(server) == ["porch", "gate"])
    assert server.get("/cameras/barn/stream.mjpg").status == 404
    next_live(stays)
    next_live(moves)


def test_a_camera_that_is_removed_ends_its_viewers_and_lets_its_board_go(
    server: Server, file: Path, boards: Simulator, watch: Watch
) -> None:
    viewer = watch(server, "/cameras/gate/stream.mjpg")
    next_live(viewer)
    assert server.send("DELETE", "/api/cameras/gate").status == 204
    with pytest.raises((EOFError, ConnectionError)):
        collections.deque(iter(viewer.part, None), maxlen=0)
    assert ids(server) == ["porch"]
    assert "gate" not in file.read_text()
    wait_until(lambda: boards.boards[1].counters.stream_clients == 0)
    assert server.get("/api/outages?camera=gate").status == 200, "its history stays"


def test_a_mistake_is_refused_as_a_whole_and_what_runs_goes_on(server: Server, file: Path, watch: Watch) -> None:
    viewer = watch(server, "/cameras/porch/stream.mjpg")
    text = file.read_text()
    file.write_text(text.replace("[cameras.gate]", '[cameras.gate]\nflip = "sideways"\nname = "New"'))
    wait_until(lambda: "flip" in server.output(), what="it says so, loudly")
    assert str(file) in server.output()
    assert server.camera("gate")["name"] == "gate"
    next_live(viewer)
    refused = server.send("PATCH", "/api/cameras/porch", {"name": "Porch"})
    assert (refused.status, refused.json["error"]["code"]) == (409, "configuration_broken")
    assert "sideways" in refused.json["error"]["message"]
    file.write_text(text.replace("[cameras.gate]", '[cameras.gate]\nname = "New"'))
    wait_until(lambda: server.camera("gate")["name"] == "New")


def test_a_file_that_has_gone_or_is_empty_takes_no_camera_away(server: Server, file: Path, watch: Watch) -> None:
    viewer = watch(server, "/cameras/porch/stream.mjpg")
    text = file.read_text()
    file.unlink()
    wait_until(lambda: "has gone" in server.output(), what="it says so")
    refused = server.send("POST", "/api/cameras", {"url": "http://192.0.2.7/"})
    assert (refused.status, refused.json["error"]["code"]) == (409, "configuration_broken")
    assert not file.exists()
    file.write_text("")
    next_live(viewer)
    assert ids(server) == ["porch", "gate"]
    file.write_text(text + '[cameras.barn]\nurl = "http://192.0.2.7/"\n')
    wait_until(lambda: ids(server) == ["porch", "gate", "barn"])
    next_live(viewer)


def test_sighup_reads_it_at_once(server: Server, file: Path) -> None:
    file.write_text(file.read_text() + "[cameras.porch.settings]\nquality = 20\n")
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: server.get("/api/cameras/porch/settings").json["wanted"] == {"quality": 20})


def test_two_editors_never_overwrite_each_other_silently(server: Server, file: Path) -> None:
    first = server.get("/api/cameras/porch/configuration")
    etag = first.headers["ETag"]
    assert first.json["url"] == server.get("/api/cameras/porch/configuration").json["url"]
    file.write_text("# by hand\n" + file.read_text().replace("[cameras.porch]", '[cameras.porch]\nname = "By hand"'))
    lost = server.send("PATCH", "/api/cameras/porch", {"name": "By page"}, if_match=etag)
    assert (lost.status, lost.json["error"]["code"]) == (412, "configuration_changed")
    wait_until(lambda: server.camera("porch")["name"] == "By hand")
    etag = server.get("/api/cameras/porch/configuration").headers["ETag"]
    done = server.send("PATCH", "/api/cameras/porch", {"enabled": False}, if_match=etag)
    assert (done.status, done.json["state"]) == (200, "disabled")
    text = file.read_text()
    assert text.startswith("# by hand\n")
    assert 'name = "By hand"' in text
    assert "enabled = false" in text
    assert done.headers["ETag"] != etag
    assert Path(f"{file}.bak").read_text().replace("enabled", "") != text


def test_cameras_are_added_changed_stopped_and_started_through_the_api(
    server: Server, file: Path, boards: Simulator
) -> None:
    loopback = server.send("POST", "/api/cameras", {"url": boards.stream_url(2), "name": "Barn"})
    assert (loopback.status, loopback.json["error"]["code"]) == (422, "address_not_allowed")
    for wrong, field in (
        ({"name": "Barn"}, None),
        ({"url": "ftp://192.0.2.7/"}, "url"),
        ({"url": "http://169.254.169.254/latest"}, "url"),
        ({"url": "http://192.0.2.7/", "id": "Barn"}, None),
        ({"url": "http://192.0.2.7/", "nmae": "Barn"}, "nmae"),
        ({"url": "http://192.0.2.7/", "enabled": "yes"}, "enabled"),
        ({"url": "http://192.0.2.7/", "power_cycle": {"url": "http://192.0.2.8/"}}, "power_cycle"),
    ):
        refused = server.send("POST", "/api/cameras", wrong)
        assert refused.status == 422, wrong
        assert field in {None, refused.json["error"].get("field")}, refused.json
    assert server.send("POST", "/api/cameras", {"id": "gate", "url": "http://192.0.2.7/"}).status == 409
    barn = {"url": "http://192.0.2.7:81/stream", "name": "Scheune 2", "username": "me", "password": "x"}
    added = server.send("POST", "/api/cameras", barn)
    assert (added.status, added.headers["Location"]) == (201, "/api/cameras/scheune-2")
    told = server.get("/api/cameras/scheune-2/configuration").json
    assert (told["name"], told["username"], told["has_password"]) == ("Scheune 2", "me", True)
    assert "password" not in told
    assert (
        server.send("PATCH", "/api/cameras/scheune-2", {"name": None, "username": None, "password": None}).status == 200
    )
    assert "me" not in file.read_text().split("scheune-2")[1]
    stopped = server.send("POST", "/api/cameras/porch/stop")
    assert stopped.json["state"] == "disabled"
    wait_until(lambda: boards.boards[0].counters.stream_clients == 0)
    assert server.send("POST", "/api/cameras/porch/start").status == 200
    server.wait_for_state("porch", "online")


def test_a_file_that_may_not_be_written_is_said_so_and_one_that_the_environment_sets_is_left_alone(
    boards: Simulator, serve: Serve, tmp_path: Path
) -> None:
    server = serve({"porch": boards.stream_url(0)}, environ={"VEDETTE_CAMERAS__PORCH__NAME": "From outside"})
    file = tmp_path / "vedette.toml"
    locked = server.send("PATCH", "/api/cameras/porch", {"name": "Porch"})
    assert (locked.status, locked.json["error"]["code"]) == (409, "set_by_environment")
    assert "VEDETTE_CAMERAS__PORCH__NAME" in locked.json["error"]["message"]
    assert server.send("PATCH", "/api/cameras/porch", {"check": "markers"}).status == 200
    assert "From outside" not in file.read_text()
    file.chmod(0o444)
    refused = server.send("PATCH", "/api/cameras/porch", {"check": "full"})
    assert (refused.status, refused.json["error"]["code"]) == (409, "configuration_read_only")
    assert str(file) in refused.json["error"]["message"]


def test_without_a_file_one_is_made_for_the_first_camera(start: Callable[..., Any], tmp_path: Path) -> None:
    port = free_port()
    environ = {"VEDETTE_STORAGE__PATH": str(tmp_path / "data"), "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    server = start([*VEDETTE, "serve", "--port", str(port)], f"http://127.0.0.1:{port}/", environ)
    assert ids(server) == []
    assert server.send("POST", "/api/cameras", {"url": "http://192.0.2.7:81/stream"}).status == 201
    assert 'url = "http://192.0.2.7:81/stream"' in (tmp_path / "vedette.toml").read_text()
    assert ids(server) == ["camera-192-0-2-7"]
