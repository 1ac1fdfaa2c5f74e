"""Building and running in this process; processes of their own are in end_to_end/."""

import os
import resource
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from vedette import run
from vedette.boards import CAMERASERVER
from vedette.config import CameraConfig, Config, ServerConfig, StorageConfig
from vedette.errors import ConfigError, ServerError
from vedette.simulator import Simulator


@pytest.fixture(scope="module")
def board() -> Iterator[Simulator]:
    with Simulator(CAMERASERVER, size=(320, 240)) as simulator:
        yield simulator


def configure(folder: Path, **cameras: CameraConfig) -> Config:
    return Config(storage=StorageConfig(path=folder), cameras=cameras)


def engines() -> int:
    return sum(thread.name == "engine" for thread in threading.enumerate())


def first_camera(server: run.Vedette) -> Any:
    return server.app.test_client().get("/api/cameras").json[0]  # type: ignore[index]


def test_two_servers_live_in_one_process(tmp_path: Path, board: Simulator) -> None:
    before = engines()
    first = run.Vedette(configure(tmp_path / "a", one=CameraConfig(url=board.stream_url())), None)
    second = run.Vedette(configure(tmp_path / "b", two=CameraConfig(host="127.0.0.1")), None)
    first.start()
    second.start()
    assert engines() == before + 2
    assert first_camera(first)["id"] == "one"
    assert first_camera(second)["id"] == "two"
    first.stop()
    second.stop()
    assert engines() == before


def test_a_second_server_on_one_folder_is_refused_and_leaves_the_first_alone(tmp_path: Path) -> None:
    first = run.Vedette(configure(tmp_path), None)
    first.start()
    with pytest.raises(ServerError, match="one connection"):
        run.Vedette(configure(tmp_path), None).start()
    assert first.app.test_client().get("/readyz").status_code == 200
    first.stop()


def test_a_paused_server_starts_again_with_the_next_request(tmp_path: Path) -> None:
    server = run.Vedette(configure(tmp_path), None)
    server.start()
    server.pause()
    assert Client(server).get("/readyz").status_code == 200
    server.stop()
    server.stop()
    with pytest.raises(ServerError, match="stopped"):
        Client(server).get("/readyz")


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # 3.12 warns of any thread; the simulator's is harmless
def test_an_app_lets_go_before_a_fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEDETTE_STORAGE__PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    before = engines()
    app = run.create_app()
    assert engines() == before + 1
    child = os.fork()
    if child == 0:
        os._exit(threading.active_count() - 1)  # only the thread that forked is left, and no lock is held
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert engines() == before
    assert Client(app).get("/readyz").status_code == 200
    assert engines() == before + 1
    app.stop()


def test_an_app_with_mistakes_in_its_configuration_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "vedette.toml"
    file.write_text("[server]\nport = 0\n")
    monkeypatch.setenv("VEDETTE_CONFIG", str(file))
    with pytest.raises(ConfigError, match=r"vedette\.toml:2: server\.port"):
        run.create_app()


def test_the_configured_host_may_be_used_as_a_name(tmp_path: Path) -> None:
    config = Config(
        server=ServerConfig(public_host="cameras.example", allowed_hosts=("other.example",)),
        storage=StorageConfig(path=tmp_path),
    )
    server = run.Vedette(config, None)
    client = server.app.test_client()
    for name, status in (("cameras.example", 200), ("other.example:81", 200), ("third.example", 400)):
        assert client.get("/healthz", headers={"Host": name}).status_code == status
    server.stop()


def test_the_soft_limit_of_open_files_is_raised() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        run.raise_file_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(hard, 65536)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
