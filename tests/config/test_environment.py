from collections.abc import Mapping

import pytest

from vedette.config import load
from vedette.errors import ConfigError


def mistakes_of(environ: Mapping[str, str]) -> list[tuple[str, int | None, str, str]]:
    with pytest.raises(ConfigError) as caught:
        load(None, environ)
    return [(mistake.source, mistake.line, mistake.where, mistake.message) for mistake in caught.value.mistakes]


def test_values_become_what_the_key_wants():
    config = load(
        None,
        {
            "PATH": "/bin",
            "VEDETTE_CONFIG": "elsewhere.toml",
            "VEDETTE_SERVER__PORT": "5101",
            "VEDETTE_SERVER__ALLOWED_HOSTS": "a, b,",
            "VEDETTE_SERVER__CAMERA_NETWORKS": "127.0.0.1/8, fd00::/8",
            "VEDETTE_CAMERAS__PORCH__URL": "http://cam/",
            "VEDETTE_CAMERAS__PORCH__ENABLED": "No",
            "VEDETTE_CAMERAS__PORCH__ROTATE": "90",
            "VEDETTE_CAMERAS__PORCH__USERNAME": "5",
            "VEDETTE_CAMERAS__PORCH__PASSWORD": "6",
        },
    )
    assert config.server.port == 5101
    assert config.server.allowed_hosts == ("a", "b")
    assert config.server.camera_networks == ("127.0.0.0/8", "fd00::/8")
    porch = config.cameras["porch"]
    assert (porch.url, porch.enabled, porch.rotate, porch.username) == ("http://cam/", False, 90, "5")
    assert porch.password is not None
    assert porch.password.get_secret_value() == "6"


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("-2", -2), ("1.5", 1.5), ("true", True), ("OFF", "OFF"), ("800x600", "800x600"), ("", "")],
)
def test_a_setting_is_a_number_or_truth_if_it_reads_like_one(text, value):
    config = load(None, {"VEDETTE_CAMERAS__A__HOST": "cam", "VEDETTE_CAMERAS__A__SETTINGS__AE_LEVEL": text})
    [setting] = config.cameras["a"].settings.items()
    assert setting == ("ae_level", value)
    assert type(setting[1]) is type(value)


@pytest.mark.parametrize(("text", "value"), [("1", True), ("on", True), ("TRUE", True), ("0", False), ("off", False)])
def test_truth_has_many_words(text, value):
    config = load(None, {"VEDETTE_CAMERAS__A__HOST": "cam", "VEDETTE_CAMERAS__A__ENABLED": text})
    assert config.cameras["a"].enabled is value


def test_the_environment_wins_over_the_file_and_its_cameras_come_last(tmp_path):
    file = tmp_path / "vedette.toml"
    file.write_text('[server]\nport = 1\n[cameras.z]\nhost = "z"\n[cameras.b]\nhost = "b"\nflip = "both"\n')
    environ = {"vedette_server__port": "2", "VEDETTE_CAMERAS__A__HOST": "a", "VEDETTE_CAMERAS__B__HOST": "other"}
    config = load(file, environ)
    assert config.server.port == 2
    assert list(config.cameras) == ["z", "b", "a"]
    assert (config.cameras["b"].host, config.cameras["b"].flip) == ("other", "both")


@pytest.mark.parametrize(
    ("variable", "text", "where", "part"),
    [
        ("VEDETTE_SERVER__PORT", "many", "server.port", "a whole number between 1 and 65535, got 'many'"),
        ("VEDETTE_SERVER__PORT", "", "server.port", "a whole number between 1 and 65535, got ''"),
        ("VEDETTE_SERVER__PORT", "9" * 5000, "server.port", "a whole number between 1 and 65535, got text"),
        ("VEDETTE_SERVER__CAMERA_NETWORKS", "10.0.0.0/8, x", "server.camera_networks[1]", "expected a network such as"),
        ("VEDETTE_SERVER__ALLOWED_HOSTS", "a,b c", "server.allowed_hosts[1]", "expected a host name"),
        ("VEDETTE_AUTH__MODE", "password", "auth.mode", "sign-in is not built yet"),
        ("VEDETTE_STORAGE__PATH", "\udcff", "storage.path", "expected UTF-8 text"),
        ("VEDETTE_CAMERAS__A__NAME", "a", "cameras.a", "missing key: expected url"),
        ("VEDETTE_CAMERAS___A__HOST", "a", "cameras._a", "expected a camera id"),
        ("VEDETTE_SERVER__PROT", "1", "", "unknown variable; did you mean VEDETTE_SERVER__PORT?"),
        ("VEDETTE_SERVER_PORT", "1", "", "unknown variable; did you mean VEDETTE_SERVER__PORT?"),
        ("VEDETTE_PORT", "1", "", "unknown variable; did you mean VEDETTE_SERVER__PORT?"),
        ("VEDETTE_CAMERAS__A__FILP", "1", "", "unknown variable; did you mean VEDETTE_CAMERAS__A__FLIP?"),
        ("VEDETTE_CAMERA__A__URL", "1", "", "did you mean VEDETTE_CAMERAS__<id>__URL?"),
        ("VEDETTE_NONSENSE", "1", "", "unknown variable; known are VEDETTE_SERVER__HOST, VEDETTE_SERVER__PORT"),
        ("VEDETTE_", "1", "", "unknown variable"),
        ("VEDETTE_CAMERAS", "1", "", "unknown variable"),
        ("VEDETTE_CAMERAS__A", "1", "", "unknown variable"),
        ("VEDETTE_CAMERAS__A__SETTINGS", "1", "", "unknown variable"),
        ("VEDETTE_CAMERAS__A__SETTINGS__", "1", "", "unknown variable"),
        ("VEDETTE_SERVER__PORT__X", "1", "", "unknown variable"),
    ],
)
def test_a_mistake_names_the_variable(variable, text, where, part):
    [(source, line, key, message)] = mistakes_of({variable: text})
    assert (source, line, key) == (variable, None, where)
    assert part in message


def test_two_variables_for_one_key_are_a_mistake():
    [mistake] = mistakes_of({"VEDETTE_SERVER__PORT": "1", "Vedette_Server__Port": "2"})
    assert mistake[0] == "Vedette_Server__Port"
    assert "VEDETTE_SERVER__PORT sets the same key" in mistake[3]


def test_what_container_platforms_set_for_a_service_of_our_name_is_left_alone():
    environ = {
        "VEDETTE_SERVICE_HOST": "10.0.0.1",
        "VEDETTE_SERVICE_PORT": "5100",
        "VEDETTE_SERVICE_PORT_HTTP": "5100",
        "VEDETTE_PORT": "tcp://10.0.0.1:5100",
        "VEDETTE_PORT_5100_TCP": "tcp://10.0.0.1:5100",
        "VEDETTE_PORT_5100_TCP_ADDR": "10.0.0.1",
    }
    assert load(None, environ) == load(None, {})


def test_a_mistake_over_file_and_environment_is_named_where_it_was_made(tmp_path):
    file = tmp_path / "vedette.toml"
    file.write_text('server = 1\n[cameras.a]\nurl = "http://a/"\n[cameras.b]\n')
    environ = {
        "VEDETTE_SERVER__PORT": "80",
        "VEDETTE_CAMERAS__A__HOST": "a",
        "VEDETTE_CAMERAS__B__FLIP": "both",
    }
    with pytest.raises(ConfigError) as caught:
        load(file, environ)
    assert [(mistake.source, mistake.line, mistake.where) for mistake in caught.value.mistakes] == [
        (str(file), 1, "server"),
        (str(file), 4, "cameras.b"),
        ("VEDETTE_CAMERAS__A__HOST", None, "cameras.a.host"),
    ]


def test_a_password_in_the_environment_is_not_repeated():
    environ = {"VEDETTE_CAMERAS__A__PASSWORD": "hunter2", "VEDETTE_CAMERAS__A__URL": "http://u:hunter2@cam/"}
    assert "hunter2" not in str(mistakes_of(environ))


def test_seconds_may_be_written_with_or_without_a_point(tmp_path):
    file = tmp_path / "vedette.toml"
    file.write_text('[cameras.a]\nurl = "http://a/"\n')
    for text, seconds in (("2", 2.0), ("0.5", 0.5)):
        assert load(file, {"VEDETTE_CAMERAS__A__POLL_INTERVAL": text}).cameras["a"].poll_interval == seconds
    assert "poll_interval" in str(mistakes_of({"VEDETTE_CAMERAS__A__POLL_INTERVAL": "soon"}))
