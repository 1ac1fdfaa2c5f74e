"""Every kind of mistake in a file: its line, its key and the meaningful part of its sentence."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vedette.config import Config, load
from vedette.errors import ConfigError

PORCH = '[cameras.porch]\nurl = "http://cam/"\n'  # two lines


def mistakes_in(path: Path, text: str, environ: Mapping[str, str] | None = None) -> list[tuple[int | None, str, str]]:
    path.write_bytes(text.encode())
    with pytest.raises(ConfigError) as caught:
        load(path, environ or {})
    assert {mistake.source for mistake in caught.value.mistakes} <= {str(path), *(environ or {})}
    return [(mistake.line, mistake.where, mistake.message) for mistake in caught.value.mistakes]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "vedette.toml"


ONE_MISTAKE = [
    # types
    ('[server]\nport = "5100"', 2, "server.port", "a whole number between 1 and 65535, got '5100'"),
    ("[server]\nport = 99999", 2, "server.port", "a whole number between 1 and 65535, got 99999"),
    ("[server]\nport = 0", 2, "server.port", "a whole number between 1 and 65535, got 0"),
    ("[server]\nport = 80.0", 2, "server.port", "a whole number between 1 and 65535, got 80.0"),
    ("[server]\nport = true", 2, "server.port", "a whole number between 1 and 65535, got true"),
    ("[server]\nport = [80]", 2, "server.port", "got a list"),
    (f"[server]\nport = 0x{'f' * 6000}", 2, "server.port", "got a far larger number"),
    ("[server]\nhost = 1", 2, "server.host", "expected text in quotes, got 1"),
    ("[server]\nhost = 2020-01-01", 2, "server.host", "expected text in quotes, got a date or time"),
    ('[server]\nallowed_hosts = "a"', 2, "server.allowed_hosts", "expected a list such as"),
    ('[server]\nallowed_hosts = [\n"a",\n5]', 4, "server.allowed_hosts[1]", "expected text in quotes, got 5"),
    ('[server]\ncamera_networks = "10.0.0.0/8"', 2, "server.camera_networks", "expected a list such as"),
    ('[server]\ncamera_networks = ["10.0.0.0/33"]', 2, "server.camera_networks[0]", "expected a network such as"),
    ('[server]\nallowed_hosts = ["a b"]', 2, "server.allowed_hosts[0]", "expected a host name"),
    ('[server]\ntimezone = "Europe/Berln"', 2, "server.timezone", "did you mean 'Europe/Berlin'?"),
    ('[server]\ntimezone = "Europe"', 2, "server.timezone", 'expected a time zone such as "Europe/Berlin"'),
    ('[server]\ntimezone = "../../etc/passwd"', 2, "server.timezone", "expected a time zone such as"),
    ('[server]\ntimezone = ""', 2, "server.timezone", "expected a time zone such as"),
    ("[server]\ntimezone = 1", 2, "server.timezone", "expected text in quotes, got 1"),
    ("[storage]\npath = 5", 2, "storage.path", "expected the path of a folder, in quotes, got 5"),
    ('[storage]\npath = " "', 2, "storage.path", "expected the path of a folder"),
    ('[storage]\npath = "~nobody-of-that-name/x"', 2, "storage.path", "home folder"),
    ('[storage]\ndatabase = "data.db"', 2, "storage.database", "expected a database URL"),
    ('[auth]\nmode = "none"', 2, "auth.mode", "expected one of open, password; got 'none'"),
    ('[auth]\n\nmode = "password"', 3, "auth.mode", 'not built yet; expected mode = "open"'),
    ("server = 5", 1, "server", "expected a table, written as [server]; got a number"),
    ("\n[[server]]", 2, "server", "expected a table, written as [server]; got a list"),
    ('cameras = "x"', 1, "cameras", "expected a table, written as [cameras.<id>]; got text"),
    ('[cameras]\nporch = "x"', 2, "cameras.porch", "expected a table, written as [cameras.porch]; got text"),
    # cameras
    (PORCH + 'flip = "sideways"', 3, "cameras.porch.flip", "one of none, horizontal, vertical, both; got 'sideways'"),
    (PORCH + "rotate = 45", 3, "cameras.porch.rotate", "expected one of 0, 90, 180, 270; got 45"),
    (PORCH + "rotate = 90.0", 3, "cameras.porch.rotate", "expected one of 0, 90, 180, 270; got 90.0"),
    (PORCH + "rotate = false", 3, "cameras.porch.rotate", "expected one of 0, 90, 180, 270; got false"),
    (PORCH + 'firmware = "esp"', 3, "cameras.porch.firmware", "auto, cameraserver, easytarget, mjpeg2sd, esphome"),
    (PORCH + "check = false", 3, "cameras.porch.check", "expected one of full, markers, off; got false"),
    (PORCH + 'enabled = "yes"', 3, "cameras.porch.enabled", "expected true or false, got 'yes'"),
    (PORCH + 'name = "  "', 3, "cameras.porch.name", "expected 1 to 100 characters, got 0"),
    (PORCH + f'name = "{"x" * 101}"', 3, "cameras.porch.name", "expected 1 to 100 characters, got 101"),
    (PORCH + 'name = "a\\nb"', 3, "cameras.porch.name", "control characters"),
    (PORCH + 'control_url = "cam"', 3, "cameras.porch.control_url", "beginning with http://"),
    (PORCH + 'host = "cam"', 3, "cameras.porch.host", "either url or host, not both"),
    (PORCH + 'username = "u"', 3, "cameras.porch.username", "expected a password beside it"),
    (PORCH + 'password = "p"', 3, "cameras.porch.password", "expected a username beside it"),
    (PORCH + 'username = "u:v"\npassword = "p"', 3, "cameras.porch.username", "without ':'"),
    (PORCH + "settings.x = [1]", 3, "cameras.porch.settings.x", "true, false or text in quotes, got a list"),
    (PORCH + "settings.x = nan", 3, "cameras.porch.settings.x", "expected a finite number, got nan"),
    (PORCH + f"settings.x = {2**63}", 3, "cameras.porch.settings.x", "at most 64 bits"),
    (PORCH + "settings = 1", 3, "cameras.porch.settings", "expected a table, written as [cameras.porch.settings]"),
    ("#\n[cameras.porch]\nrotate = 0", 2, "cameras.porch", "missing key: expected url"),
    ("#\n[cameras.porch.settings]\nx = 1", 2, "cameras.porch", "missing key: expected url"),
    ("cameras.porch.rotate = 90", 1, "cameras.porch", "missing key: expected url"),
    ('[cameras.Porch]\nhost = "cam"', 1, "cameras.Porch", "expected a camera id of at most 64 lower-case"),
    ('[cameras."a b"]\nhost = "cam"', 1, 'cameras."a b"', "expected a camera id"),
    (f'[cameras.{"a" * 65}]\nhost = "cam"', 1, f"cameras.{'a' * 65}", "expected a camera id"),
    ('[cameras.-a]\nhost = "cam"', 1, "cameras.-a", "expected a camera id"),
    # keys
    ("[server]\nprot = 1", 2, "server.prot", "unknown key; did you mean 'port'?"),
    ("[server]\nPort = 1", 2, "server.Port", "unknown key; did you mean 'port'?"),
    ("[server]\nxyz = 1", 2, "server.xyz", "unknown key; known are host, port, public_host, allowed_hosts"),
    ("#\n[camera.porch]", 2, "camera", "unknown key; did you mean 'cameras'?"),
    ("xyz = 1", 1, "xyz", "unknown key; known are server, auth, storage, cameras"),
    (PORCH + "quality = 12", 3, "cameras.porch.quality", "belong in its settings table"),
    (PORCH + 'user = "u"', 3, "cameras.porch.user", "did you mean 'username'?"),
    # places
    ('[cameras]\n\nporch = { host = "cam", flip = "x" }', 3, "cameras.porch.flip", "expected one of"),
    ('[cameras]\nporch = { host = "cam",\n flip = "x" }', 3, "cameras.porch.flip", "expected one of"),
    ('\ufeff[server]\r\n# "[\r\nport = 0\r\n', 3, "server.port", "got 0"),
    ('[cameras.a]\nhost = "a"\n[server]\n[cameras."b"]\nhost = "b"\nflip = "x"', 6, "cameras.b.flip", "expected one"),
    # syntax
    ("#\nport =\n", 2, "", "a value or a closing bracket is missing"),
    ("[server]\nhost = 0.0.0.0\n", 2, "", "neither a number nor a date; text stands in quotes"),
    ("\nname = Front porch\n", 2, "", "this is not a value"),
    ("#\na =", 2, "", "a value or a closing bracket is missing"),
    ("# \x85 \u2028\nname = Front porch\n", 2, "", "this is not a value"),
    ("# \x85 \u2028\n[server]\nport = 0", 3, "server.port", "got 0"),
    ("\r0", 1, "", "control character"),
    ("\na = 1 2\n", 2, "", "this is not a value"),
    ("\nport: 5", 2, "", "unexpected ':' after a key; expected key = value"),
    ("\nport 5", 2, "", "expected '=' between a key and its value"),
    ('\na = "C:\\d"', 2, "", "write \\\\ for a backslash"),
    ('\na = "b\nc = 1', 2, "", "a quote is not closed at the end of its line"),
    ('\na = """b\nc = 1', 3, "", "the file ends in the middle"),
    ('\na = "\\ud800"', 2, "", "stands for no character"),
    ("[server\nport = 1", 1, "", "a closing bracket is missing"),
    ("\n[]", 2, "", "expected a name between the brackets"),
    ("\n= 1", 2, "", "expected key = value"),
    ("a = " + "[" * 500, 1, "", "nested too deeply"),
    ("[server]\nport = 1\n\n[server]\nport = 2", 4, "server", "a second time; the first is on line 1"),
    ("[server]\nport = 1\nport = 2", 3, "server.port", "a second time; the first is on line 2"),
    ("cameras = {a={}, a={}}", 1, "cameras.a", "a second time; the first is on line 1"),
]


@pytest.mark.parametrize(("text", "line", "where", "part"), ONE_MISTAKE)
def test_a_mistake_names_its_line_its_key_and_what_was_expected(file, text, line, where, part):
    [mistake] = mistakes_in(file, text)
    assert mistake[:2] == (line, where)
    assert part in mistake[2]


def test_every_mistake_is_listed_in_the_order_of_the_file(file):
    text = '[server]\nport = 0\nhots = "x"\n[cameras.a]\nflip = "x"\n[cameras.B]\nhost = "b"\nurl = "x"\n'
    environ = {"VEDETTE_AUTH__MODE": "password", "VEDETTE_NONSENSE": "1"}
    assert [mistake[:2] for mistake in mistakes_in(file, text, environ)] == [
        (2, "server.port"),
        (3, "server.hots"),
        (4, "cameras.a"),
        (5, "cameras.a.flip"),
        (6, "cameras.B"),
        (7, "cameras.B.host"),
        (8, "cameras.B.url"),
        (None, ""),
        (None, "auth.mode"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        'password = "hunter2"',
        'pasword = "hunter2"',
        'username = 5\npassword = ["hunter2"]',
        "password = hunter2",
        'password = "hunter2',
        "password hunter2",
        'password: "hunter2"',
        "password = 2222",
        'control_url = "http://admin:hunter2@cam/"',
        'host = "admin:hunter2@cam"',
        'username = "admin:hunter2"\npassword = "hunter2"',
        'password = "hunter2"\npassword = "hunter2"',
        'username = "u"\npassword = "hunter2"\nflip = "x"',
    ],
)
def test_a_password_is_never_repeated(file, text):
    file.write_text(PORCH + text)
    with pytest.raises(ConfigError) as caught:
        load(file, {})
    assert "hunter" not in str(caught.value)
    assert "2222" not in str(caught.value)
    assert caught.value.__cause__ is None


PIECES = st.sampled_from(
    [
        *("[server]\n", "[cameras.a]\n", "[[cameras]]\n", "[cameras.a.settings]\n", "server", "port", ".", "=", " "),
        *("[", "]", "{", "}", ",", '"', "'", '"""', "\\", "\n", "\r", "#", "1", "1.5", "true", "1979-05-27", "inf"),
        *('url = "http://a/"\n', 'host = "a"\n', 'flip = "x"\n', "x = 1\n", "\x00", "é", "0x"),
    ]
)


@settings(deadline=None)  # a busy machine is no mistake
@given(st.one_of(st.text(), st.lists(PIECES, max_size=20).map("".join)))
@example("a." * 5000 + "a = 1")
@example("[" * 5000)
@example("a = " + "9" * 5000)
def test_any_text_is_a_configuration_or_a_config_error(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "arbitrary.toml"
    path.write_bytes(text.encode())
    outcome = config_or_error(path)
    if isinstance(outcome, ConfigError):
        lines = {mistake.line or 0 for mistake in outcome.mistakes}
        assert min(lines) >= 1
        assert max(lines) <= text.count("\n") + 1


@settings(deadline=None)  # as above
@given(st.binary())
def test_any_bytes_are_a_configuration_or_a_config_error(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "arbitrary.toml"
    path.write_bytes(content)
    outcome = config_or_error(path)
    assert isinstance(outcome, Config) or outcome.mistakes


def config_or_error(path: Path) -> Config | ConfigError:
    try:
        return load(path, {})
    except ConfigError as error:
        return error
