from pathlib import Path

import pytest
from pydantic import ValidationError

from vedette.config import CameraConfig, Config, ServerConfig, find, load
from vedette.errors import ConfigError

# The example of the contract, with everything in it, and auth as it has to be for now.
EVERYTHING = """
[server]
host = "0.0.0.0"          # what to listen on
port = 5100
public_host = "192.168.0.5"
allowed_hosts = ["farm.example"]

[auth]
mode = "open"

[storage]
path = "~/.local/share/vedette"
database = "sqlite:///vedette.db"

[cameras.porch]
name = " Front porch "
url = "http://192.168.0.123:81/stream"
control_url = "http://192.168.0.123/"
username = "me"
password = "hunter2"
enabled = true
firmware = "auto"
check = "full"
connect = "always"
flip = "none"
rotate = 0

[cameras.porch.settings]
resolution = "800x600"
quality = 12
ae_level = 0
gain = 1.5
hmirror = true

[cameras.barn]
host = "192.168.0.124"
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    return tmp_path / "home"


def written(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_everything_in_the_contract_is_read(tmp_path, home):
    config = load(written(tmp_path / "vedette.toml", EVERYTHING), {})
    assert config.server == ServerConfig(
        host="0.0.0.0",  # noqa: S104 - nothing listens
        port=5100,
        public_host="192.168.0.5",
        allowed_hosts=("farm.example",),
    )
    assert config.storage.path == home / ".local/share/vedette"
    assert config.storage.database == "sqlite:///vedette.db"
    assert list(config.cameras) == ["porch", "barn"]
    assert config.cameras["barn"] == CameraConfig(host="192.168.0.124")
    porch = config.cameras["porch"]
    assert porch.name == "Front porch"
    assert porch.settings == {
        "resolution": "800x600",
        "quality": 12,
        "ae_level": 0,
        "gain": 1.5,
        "hmirror": True,
    }
    assert porch.settings["hmirror"] is True
    assert "hunter2" not in repr(config)


def test_without_a_file_there_are_the_defaults(home):
    config = load(None, {})
    assert config == Config()
    assert (config.server.host, config.server.port, config.auth.mode) == ("127.0.0.1", 5100, "open")
    assert config.storage.path.is_relative_to(home)
    assert config.cameras == {}


def test_a_relative_data_folder_begins_at_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "etc/vedette.toml", '[storage]\npath = "data"')
    assert load(Path("etc/vedette.toml"), {}).storage.path == tmp_path / "etc/data"
    assert load(None, {"VEDETTE_STORAGE__PATH": "data"}).storage.path == tmp_path / "data"


def test_nothing_can_be_changed():
    config = Config()
    with pytest.raises(ValidationError, match="frozen"):
        config.server.port = 1  # type: ignore[misc] # that is the point


def test_rules_hold_for_values_that_come_from_no_file():
    with pytest.raises(ValidationError, match="either url or host"):
        CameraConfig(url="http://cam/", host="cam")


@pytest.mark.parametrize(
    ("content", "line", "part"),
    [
        (b"# caf\xe9", 1, "expected UTF-8 text; byte 0xe9 is none"),
        (b"[server]\n\nhost = '\xff'", 3, "byte 0xff"),
        ("[server]".encode("utf-16"), 1, "expected UTF-8 text"),
    ],
)
def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path, content, line, part):
    path = tmp_path / "vedette.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    [mistake] = caught.value.mistakes
    assert (mistake.source, mistake.line) == (str(path), line)
    assert part in mistake.message


def test_a_folder_or_nothing_at_all_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="expected a file; this is a folder"):
        load(tmp_path, {})
    with pytest.raises(ConfigError, match="does not exist"):
        load(tmp_path / "none.toml", {})
    with pytest.raises(ConfigError, match="cannot be read: "):
        load(tmp_path / ("x" * 300), {})


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    def refuse(_path):
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refuse)  # a mode of 000 does not stop root
    with pytest.raises(ConfigError, match="may not read the file"):
        load(tmp_path / "vedette.toml", {})


def test_the_named_file_wins_then_the_variable_then_here_then_home(tmp_path, home):
    cwd = tmp_path / "here"
    in_home = written(home / ".config/vedette/vedette.toml")
    assert find(None, {}, cwd) == in_home
    here = written(cwd / "vedette.toml")
    assert find(None, {}, cwd) == here
    assert find(None, {"VEDETTE_CONFIG": ""}, cwd) == here
    variable = written(cwd / "variable.toml")
    assert find(None, {"VEDETTE_CONFIG": "variable.toml"}, cwd) == variable
    explicit = written(tmp_path / "explicit.toml")
    assert find(explicit, {"VEDETTE_CONFIG": "variable.toml"}, cwd) == explicit
    assert find(Path("../explicit.toml"), {}, cwd) == cwd / "../explicit.toml"


def test_no_file_at_all_is_fine(tmp_path, home):
    assert not home.exists()
    assert find(None, {}, tmp_path) is None


def test_a_file_that_was_asked_for_has_to_exist(tmp_path):
    with pytest.raises(ConfigError) as caught:
        find(Path("x.toml"), {}, tmp_path)
    assert str(caught.value) == f"{tmp_path / 'x.toml'}: expected a configuration file, but it does not exist"
    with pytest.raises(ConfigError) as caught:
        find(None, {"VEDETTE_CONFIG": "y.toml"}, tmp_path)
    assert str(caught.value).startswith("VEDETTE_CONFIG: expected a configuration file, but it does not exist")
    assert str(tmp_path / "y.toml") in str(caught.value)


def test_a_file_that_cannot_be_looked_at_is_left_for_load_to_explain(tmp_path):
    path = tmp_path / ("x" * 300)  # no file system has names that long
    assert find(path, {}, tmp_path) == path
