"""Processes: starting, stopping, limits, and servers that are not our own."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.end_to_end.harness import VEDETTE, Server, Viewer, free_port, wait_until

from vedette.simulator import Simulator

Boards = Callable[..., Simulator]
Start = Callable[..., Server]
Watch = Callable[..., Viewer]
WriteConfig = Callable[..., Path]

BIN = Path(sys.executable).parent


def waitress_serve(start: Start, config: Path, **options: object) -> Server:
    port = free_port()
    command = [
        str(BIN / "waitress-serve"),
        *("--host", "127.0.0.1", "--port", str(port), "--call", "vedette:create_app"),
    ]
    return start(command, f"http://127.0.0.1:{port}/", environ={"VEDETTE_CONFIG": str(config)}, **options)


def gunicorn(start: Start, config: Path, *options: str) -> Server:
    port = free_port()
    command = [
        str(BIN / "gunicorn"),
        *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--graceful-timeout", "2", "--no-control-socket"),
        *options,
        "vedette:create_app()",
    ]
    return start(command, f"http://127.0.0.1:{port}/", environ={"VEDETTE_CONFIG": str(config)})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
@pytest.mark.parametrize("how", ["serve", "waitress-serve"])
def test_it_stops_cleanly_with_viewers_connected(
    how: str, number: int, make_boards: Boards, write_config: WriteConfig, start: Start, serve: Start, watch: Watch
) -> None:
    boards = make_boards()
    cameras = {"porch": boards.stream_url()}
    server = serve(cameras) if how == "serve" else waitress_serve(start, write_config(cameras))
    server.wait_for_state("porch", "online")
    viewers = [watch(server, "/cameras/porch/stream.mjpg") for _ in range(10)]
    viewers[0].part()
    assert server.stop(number) == 0
    assert "Traceback" not in server.output()
    wait_until(lambda: boards.boards[0].counters.stream_clients == 0)


def test_five_hundred_watch_under_plain_waitress_serve(
    make_boards: Boards, write_config: WriteConfig, start: Start, watch: Watch
) -> None:
    boards = make_boards(fps=5)
    server = waitress_serve(start, write_config({"porch": boards.stream_url()}))
    server.wait_for_state("porch", "online")
    viewers = [watch(server, "/cameras/porch/stream.mjpg") for _ in range(500)]
    for _ in range(2):
        for viewer in viewers:
            assert viewer.part().state == "online"
        assert server.get("/").status == 200
    assert server.camera("porch")["viewers"] == 500
    assert boards.boards[0].counters.stream_connections == 1
    assert "Client disconnected" not in server.output()


@pytest.mark.parametrize("preload", [False, True], ids=["after the fork", "with --preload"])
def test_the_generator_path_serves_under_gunicorns_threads(
    preload: bool,  # noqa: FBT001 - pytest passes it by name
    make_boards: Boards,
    write_config: WriteConfig,
    start: Start,
    watch: Watch,
) -> None:
    boards = make_boards()
    config = write_config({"porch": boards.stream_url()})
    server = gunicorn(start, config, "--threads", "12", *(["--preload"] if preload else []))
    server.wait_for_state("porch", "online")
    viewers = [watch(server, "/cameras/porch/stream.mjpg") for _ in range(8)]
    sent: set[bytes] = set()
    for _ in range(5):
        parts = [viewer.part() for viewer in viewers]
        sent |= boards.call(lambda: set(boards.boards[0].sent))
        assert all(part.body in sent for part in parts)
    assert server.camera("porch")["viewers"] == 8
    for viewer in viewers:
        viewer.sock.close()
    wait_until(lambda: server.camera("porch")["viewers"] == 0, what="gunicorn's viewers are gone")
    wait_until(lambda: boards.boards[0].counters.stream_clients == 1)


def test_several_worker_processes_are_refused_with_the_reason(
    make_boards: Boards, write_config: WriteConfig, tmp_path: Path
) -> None:
    config = write_config({"porch": make_boards().stream_url()})
    command = [
        str(BIN / "gunicorn"),
        *("--bind", f"127.0.0.1:{free_port()}", "--workers", "2", "--no-control-socket", "vedette:create_app()"),
    ]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"VEDETTE_CONFIG": str(config)},
    )
    assert done.returncode != 0
    assert "run one worker process only" in done.stderr


def test_a_second_server_on_one_data_folder_is_refused(
    make_boards: Boards, serve: Start, tmp_path: Path, vedette: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    boards = make_boards()
    server = serve({"porch": boards.stream_url()})
    done = vedette("serve", "-c", str(tmp_path / "vedette.toml"), "--port", str(free_port()))
    assert done.returncode == 1
    assert f"another Vedette (process {server.process.pid})" in done.stderr
    assert "Traceback" not in done.stderr
    assert boards.boards[0].counters.stream_connections <= 1


def limit_open_files(soft: int, hard: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_low_soft_limit_of_open_files_is_raised(make_boards: Boards, serve: Start, watch: Watch) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    server = serve({"porch": make_boards(fps=5).stream_url()}, before=limit_open_files(1024, hard))
    server.wait_for_state("porch", "online")
    viewers = [watch(server, "/cameras/porch/stream.mjpg") for _ in range(1100 if hard > 4096 else 100)]
    for viewer in viewers:
        viewer.part()
    assert server.get("/").status == 200


@pytest.mark.parametrize("how", ["serve", "waitress-serve"])
def test_a_low_hard_limit_of_open_files_costs_viewers_but_never_the_page(
    how: str, make_boards: Boards, write_config: WriteConfig, start: Start, serve: Start, watch: Watch
) -> None:
    cameras = {"porch": make_boards(fps=5).stream_url()}
    before = limit_open_files(1024, 1024)
    if how == "serve":
        server = serve(cameras, before=before)
    else:
        server = waitress_serve(start, write_config(cameras), before=before)
    server.wait_for_state("porch", "online")
    viewers = [watch(server, "/cameras/porch/stream.mjpg") for _ in range(600)]
    served = [viewer for viewer in viewers if viewer.head is not None and viewer.head.status == 200]
    refused = [viewer for viewer in viewers if viewer.head is not None and viewer.head.status == 503]
    assert len(served) + len(refused) == 600
    assert len(served) >= 400
    for viewer in served:
        viewer.sock.settimeout(20)
    assert server.get("/").status == 200
    assert server.get("/cameras/porch/snapshot.jpg").status == 200
    assert "Traceback" not in server.output()


def test_a_taken_port_is_named(vedette: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = vedette("serve", "--port", str(port), VEDETTE_STORAGE__PATH=str(tmp_path))
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_shows_four_cameras_and_leaves_nothing_behind(start: Start, tmp_path: Path) -> None:
    port = free_port()
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    server = start(
        [*VEDETTE, "demo", "--port", str(port)], f"http://127.0.0.1:{port}/", environ={"TMPDIR": str(temporary)}
    )
    wait_until(lambda: [camera["state"] for camera in server.get("/api/cameras").json] == ["online"] * 4)
    assert len(list(temporary.iterdir())) == 1
    assert server.stop() == 0
    assert list(temporary.iterdir()) == []


def test_the_demo_takes_the_next_free_port() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 5100))
            taken.listen()
        except OSError:
            pass  # somebody else has it, which is as good
        with subprocess.Popen(
            [*VEDETTE, "demo", "--cameras", "1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as demo:
            assert demo.stdout is not None
            line = demo.stdout.readline()
            demo.terminate()
            assert demo.wait(5) == 0
    assert "http://127.0.0.1:" in line
    assert "http://127.0.0.1:5100/" not in line


def test_the_simulator_serves_boards_alone(find_program: Callable[[str], str]) -> None:
    port = free_port_pair()
    with subprocess.Popen(
        [*VEDETTE, "sim", "--port", str(port), "--count", "1", "--size", "320x240", "--fps", "5"],
        stdout=subprocess.PIPE,
        text=True,
    ) as sim:
        assert sim.stdout is not None
        assert f"http://127.0.0.1:{port + 1}/stream" in sim.stdout.readline()
        curl = [find_program("curl"), "-s", "-m", "10", f"http://127.0.0.1:{port}/status"]
        status = subprocess.run(curl, capture_output=True, text=True, timeout=20, check=True).stdout
        sim.send_signal(signal.SIGINT)
        assert sim.wait(5) == 0
    assert '"framesize":6' in status


def free_port_pair() -> int:
    """Two neighbouring ports that are free."""
    while True:
        port = free_port()
        with socket.socket() as neighbour:
            try:
                neighbour.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def test_waitress_serve_is_installed_beside_us() -> None:
    assert shutil.which("waitress-serve", path=str(BIN))
