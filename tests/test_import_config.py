"""Folders as `opencv_server` has them: tests/data/opencv_server*."""

import os
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vedette.cli import main
from vedette.config import load
from vedette.errors import ConfigError
from vedette.import_config import import_folder

DATA = Path(__file__).parent / "data"
NEWER, OLDER = DATA / "opencv_server", DATA / "opencv_server_older"


def run(*arguments: object, cwd: Path) -> Result:
    before = Path.cwd()
    os.chdir(cwd)
    try:
        return CliRunner().invoke(main, ["import-config", *map(str, arguments)], catch_exceptions=False)
    finally:
        os.chdir(before)


def folder(place: Path, cameras: str | bytes, network: str = "", sessions: str = "") -> Path:
    for name, text in (("config/cameras.py", cameras), ("config/network.py", network), ("lib/sessions.py", sessions)):
        path = place / "old" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return place / "old"


@pytest.mark.parametrize("inside", ["", "config"])
def test_a_folder_becomes_a_file_that_is_good(tmp_path, inside):
    done = run(NEWER / inside, cwd=tmp_path)
    assert done.exit_code == 0, done.output
    config = load(tmp_path / "vedette.toml", {})
    assert (config.server.host, config.server.port) == ("0.0.0.0", 5100)  # noqa: S104 - compared, not listened on
    assert [(camera_id, camera.name, camera.url) for camera_id, camera in config.cameras.items()] == [
        (str(n), f"Camera {n}", f"http://192.168.0.{122 + n}:81/stream") for n in range(1, 5)
    ]
    assert config.cameras["2"].settings == {
        "ae_level": 0,
        "bpc": True,
        "resolution": "1280x720",
        "wb_mode": 1,
        "hmirror": False,
        "aec": True,
        "aec2": True,
        "gainceiling": 2,
        "quality": 4,
        "dcw": False,
    }
    assert config.cameras["1"].settings["resolution"] == "800x600"
    assert config.cameras["1"].settings["aec2"] is False
    assert config.cameras["4"].settings["quality"] == 10


def test_each_camera_says_where_it_came_from():
    lines = import_folder(NEWER).text.splitlines()
    assert lines[lines.index("[cameras.3]") - 1] == (
        "# from config/cameras.py, line 4; its settings from lib/sessions.py, line 6"
    )


def test_what_could_not_be_taken_over_is_told_with_its_place():
    left = import_folder(NEWER).left
    assert (
        "config/network.py:15: host_address is worked out when the program runs, and nothing is run here;"
        " vedette -ip finds the address by itself" in left
    )
    assert [line.partition(": ")[0] for line in left if line.startswith("lib/")] == [
        "lib/sessions.py:1",
        "lib/sessions.py:8",
        "lib/sessions.py:11",
    ]


def test_an_older_folder_has_lists_without_the_dsp_and_passwords_in_addresses():
    imported = import_folder(OLDER)
    tables = tomllib.loads(imported.text)
    assert tables["server"] == {"host": "0.0.0.0", "port": 5200}  # noqa: S104 - compared, not listened on
    assert list(tables["cameras"]) == ["1", "back-yard"]
    first = tables["cameras"]["1"]
    assert (first["url"], first["username"], first["password"]) == ("http://192.168.0.123:81/stream", "me", "secret")
    assert first["settings"]["gainceiling"] == 2
    assert "aec2" not in first["settings"]
    assert tables["cameras"]["back-yard"]["settings"] == {
        "bpc": False,
        "hmirror": True,
        "aec": True,
        "gainceiling": 2,
        "quality": 4,
    }
    assert [":".join(line.split(":")[:2]) for line in imported.left] == [
        "config/cameras.py:3",
        "config/cameras.py:5",
        "config/cameras.py:6",
        "lib/sessions.py:3",
        *("lib/sessions.py:4",) * 3,
        "lib/sessions.py:5",
        "lib/sessions.py:6",
    ]
    assert not any("secret" in line for line in imported.left)


def test_it_prints_where_it_is_told_to(tmp_path):
    done = run(NEWER, "-o", "-", cwd=tmp_path)
    assert done.exit_code == 0
    assert tomllib.loads(done.stdout) == tomllib.loads(import_folder(NEWER).text)
    assert "config/network.py:15" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_is_replaced_only_by_force_and_kept(tmp_path):
    (tmp_path / "vedette.toml").write_text("# mine\n")
    refused = run(NEWER, cwd=tmp_path)
    assert refused.exit_code == 1
    assert "vedette.toml is there already; --force" in refused.stderr
    assert (tmp_path / "vedette.toml").read_text() == "# mine\n"
    assert run(NEWER, "--force", cwd=tmp_path).exit_code == 0
    assert load(tmp_path / "vedette.toml", {}).cameras
    assert (tmp_path / "vedette.toml.bak").read_text() == "# mine\n"


def test_without_a_camera_nothing_is_written(tmp_path):
    done = run(folder(tmp_path, "camera_list = {'1': 'ftp://cam/'}"), cwd=tmp_path)
    assert done.exit_code == 1
    assert "no camera could be taken over" in done.stderr
    assert not (tmp_path / "vedette.toml").exists()


def test_another_folder_is_bad_usage(tmp_path):
    assert run(tmp_path, cwd=tmp_path).exit_code == 2
    assert run(tmp_path / "nowhere", cwd=tmp_path).exit_code == 2
    with pytest.raises(ConfigError, match="expected an opencv_server folder"):
        import_folder(tmp_path)


def test_nothing_is_executed(tmp_path):
    trap = tmp_path / "sprung"
    code = f"open({str(trap)!r}, 'w')\ncamera_list = {{'1': str(open({str(trap)!r}, 'w')), '2': 'http://cam/'}}\n"
    imported = import_folder(folder(tmp_path, code, sessions=f"import os; os.mkdir({str(trap)!r})"))
    assert imported.cameras == 1
    assert not trap.exists()


BAD = {
    "no python": b"camera_list = {",
    "no text": b"camera_list = '\0'",
    "not utf-8": b"camera_list = {'\xff': 1}",
    "brackets": b"camera_list = " + b"[" * 100_000,
    "signs": b"camera_list = " + b"-" * 100_000 + b"1",
    "sums": b"camera_list = 1" + b"+1" * 100_000,
    "dots": b"camera_list = a" + b".a" * 100_000,
    "huge": b"#" * 300_000,
    "a number": b"camera_list = {0x" + b"f" * 20_000 + b": 'http://cam/'}",
    "a list": b"camera_list = ['http://cam/']",
    "odd keys": b"camera_list = {None: 'http://cam/', (1, 2): 'http://cam/', '': 'http://cam/', '\\ud800': 'http://c/'}",
    "odd values": b"camera_list = {'1': 1, '2': b'x', '3': {}, '4': 'http://[cam/', '5': 'http://a b/'}",
    "nothing": b"",
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
def test_a_strange_file_ends_in_a_sentence(tmp_path, content):
    done = run(folder(tmp_path, content), cwd=tmp_path)
    assert done.exit_code == 1
    assert done.stderr.startswith("config/cameras.py")
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    "network",
    [
        "host = {'host_port': 0x" + "f" * 20_000 + ", 'host_ip': b'x'}\nhost_address = " + "-" * 5000 + "1",
        "host = {'host_port': True, 'host_ip': ['a']}",
        "host = {'host_port': '99999', 'host_ip': 'http://a/'}",
    ],
)
def test_a_strange_network_leaves_the_defaults(tmp_path, network):
    imported = import_folder(folder(tmp_path, "camera_list = {1: 'http://cam/'}", network))
    assert imported.cameras == 1
    assert "server" not in tomllib.loads(imported.text)
    assert len([line for line in imported.left if line.startswith("config/network.py")]) >= 1


def test_two_keys_that_would_be_one_id_are_not_mixed_up(tmp_path):
    imported = import_folder(folder(tmp_path, "camera_list = {'A b': 'http://one/', 'a-b': 'http://two/'}"))
    assert tomllib.loads(imported.text)["cameras"]["a-b"]["url"] == "http://one/"
    assert any("no id of its own" in line for line in imported.left)


def test_an_address_written_out_is_where_it_listens(tmp_path):
    network = "host = {'host_ip': '0.0.0.0'}\nhost_address = '192.168.0.9'"
    imported = import_folder(folder(tmp_path, "camera_list = {'1': 'http://cam/'}", network))
    assert tomllib.loads(imported.text)["server"]["host"] == "192.168.0.9"


def test_what_is_no_file_is_not_waited_for(tmp_path):
    place = folder(tmp_path, "camera_list = {'1': 'http://192.168.0.123:81/stream'}")
    (place / "lib" / "sessions.py").unlink()
    os.mkfifo(place / "lib" / "sessions.py")
    done = run(place, cwd=tmp_path)
    assert done.exit_code == 0, done.output
    assert "lib/sessions.py: is no file" in done.output
