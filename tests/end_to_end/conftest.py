"""Real servers on real sockets: always 127.0.0.1, free ports, bounded in time, nothing left behind."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.end_to_end.harness import START_WITHIN, STOP_WITHIN, VEDETTE, Server, Viewer, answers, free_port

from vedette.boards import CAMERASERVER, Firmware
from vedette.simulator import Simulator


@pytest.fixture
def find_program() -> Callable[[str], str]:
    """The path of a program; where CI is true it must be there."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            message = f"{name} is not installed"
            if os.environ.get("CI") == "true":
                pytest.fail(message)
            pytest.skip(message)
        return path

    return find


@pytest.fixture
def make_boards() -> Iterator[Callable[..., Simulator]]:
    """Start simulated boards in this process, where their counters can be read."""
    with contextlib.ExitStack() as stack:

        def make(count: int = 1, firmware: Firmware = CAMERASERVER, **options: Any) -> Simulator:
            return stack.enter_context(Simulator(firmware, count, **options))

        yield make


def write_into(folder: Path, cameras: dict[str, str], extra: str = "", port: int | None = None) -> Path:
    """Write a vedette.toml with a data folder beside it."""
    lines = [
        "[server]",
        f"port = {port or free_port()}",
        "[storage]",
        f'path = "{folder / "data"}"',
        *(line for key, url in cameras.items() for line in (f"[cameras.{key}]", f'url = "{url}"')),
        extra,
    ]
    path = folder / "vedette.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def write_config(tmp_path: Path) -> Callable[..., Path]:
    """Write a vedette.toml with a data folder of its own."""
    return partial(write_into, tmp_path)


@contextlib.contextmanager
def starting(folder: Path) -> Iterator[Callable[..., Server]]:
    """Start any command that serves, wait until it is ready, and see to it that it ends."""
    servers: list[Server] = []

    def run(
        command: list[str], url: str, environ: dict[str, str] | None = None, before: Callable[[], None] | None = None
    ) -> Server:
        def prepare() -> None:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # who tests in the background has it ignored
            if before is not None:
                before()

        log = folder / f"server-{len(servers)}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                text=True,
                cwd=folder,
                env=os.environ | (environ or {}),
                preexec_fn=prepare,  # noqa: PLW1509 - the child sets its own limits; no threads hold locks it needs
            )
        server = Server(process, url, log)
        servers.append(server)
        deadline = time.monotonic() + START_WITHIN
        while not answers(server):
            assert process.poll() is None, f"{command} ended:\n{server.output()}"
            assert time.monotonic() < deadline, f"{command} does not answer:\n{server.output()}"
            time.sleep(0.05)
        return server

    try:
        yield run
    finally:
        end_all(servers)


def end_all(servers: list[Server]) -> None:
    """Each within its time."""
    for server in servers:
        try:
            server.stop()
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()
            pytest.fail(f"a server did not stop within {STOP_WITHIN:g} s:\n{server.output()}")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """See `starting`."""
    with starting(tmp_path) as run:
        yield run


def serving(folder: Path, start: Callable[..., Server]) -> Callable[..., Server]:
    """`vedette serve` with these cameras."""

    def run(cameras: dict[str, str], extra: str = "", **options: Any) -> Server:
        port = free_port()
        config = write_into(folder, cameras, extra, port)
        return start([*VEDETTE, "serve", "-c", str(config)], f"http://127.0.0.1:{port}/", **options)

    return run


@pytest.fixture
def serve(start: Callable[..., Server], tmp_path: Path) -> Callable[..., Server]:
    """`vedette serve` with these cameras."""
    return serving(tmp_path, start)


@pytest.fixture
def watch() -> Iterator[Callable[..., Viewer]]:
    """Open a viewer of a path."""
    with contextlib.ExitStack() as stack:

        def open_viewer(server: Server, path: str, *headers: str, receive_buffer: int | None = None) -> Viewer:
            sock = stack.enter_context(socket.socket())
            sock.settimeout(20)
            if receive_buffer:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            sock.connect(server.address)
            viewer = Viewer(sock)
            viewer.ask(path, *headers)
            return viewer

        yield open_viewer


@pytest.fixture
def vedette() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line to its end."""

    def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*VEDETTE, *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=os.environ | {"HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"} | environ,
        )

    return run
