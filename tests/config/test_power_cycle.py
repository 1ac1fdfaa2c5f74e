"""The table of a plug: what it means when it is right, and the sentence for each mistake."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from vedette.config import CameraConfig, PowerCycleConfig, load
from vedette.errors import ConfigError

HEAD = '[cameras.porch]\nurl = "http://cam/"\n[cameras.porch.power_cycle]\n'  # three lines
PLUG = HEAD + 'url = "http://plug/cut"\n'


def read(folder: Path, text: str, environ: dict[str, str] | None = None) -> PowerCycleConfig:
    path = folder / "vedette.toml"
    path.write_text(text)
    plug = load(path, environ or {}).cameras["porch"].power_cycle
    assert plug is not None
    return plug


def test_a_plug_needs_no_more_than_its_url(tmp_path: Path) -> None:
    plug = read(tmp_path, PLUG)
    assert (plug.url, plug.url_on, plug.method, plug.body) == ("http://plug/cut", None, "GET", None)
    assert (plug.after, plug.pause, plug.per_day, plug.off_seconds) == (300, 1800, 5, 5)


def test_a_camera_has_no_plug_by_default() -> None:
    assert CameraConfig(url="http://cam/").power_cycle is None


def test_every_key_can_be_set(tmp_path: Path) -> None:
    plug = read(
        tmp_path,
        HEAD
        + """
        url = "https://plug/off"
        url_on = "https://plug/on"
        off_seconds = 20
        method = "POST"
        body = "x"
        headers = { Authorization = "Bearer secret" }
        username = "admin"
        password = "secret"
        after = 600
        pause = 3600
        per_day = 2
        """,
    )
    assert (plug.url_on, plug.off_seconds, plug.method, plug.body) == ("https://plug/on", 20, "POST", "x")
    assert plug.headers["Authorization"].get_secret_value() == "Bearer secret"
    assert "secret" not in repr(plug)


def test_the_environment_sets_its_keys_too(tmp_path: Path) -> None:
    environ = {
        "VEDETTE_CAMERAS__PORCH__POWER_CYCLE__AFTER": "600",
        "VEDETTE_CAMERAS__PORCH__POWER_CYCLE__URL": "http://other/cut",
    }
    plug = read(tmp_path, PLUG, environ)
    assert (plug.after, plug.url) == (600, "http://other/cut")


@pytest.mark.parametrize(
    ("text", "line", "key", "part"),
    [
        (HEAD, 3, ".url", 'missing key: expected url = "http://…", which cuts the power and restores it'),
        (HEAD + 'url = "plug/cut"', 4, ".url", "beginning with http:// or https://"),
        (HEAD + 'url = "file:///etc/passwd"', 4, ".url", "beginning with http:// or https://"),
        (HEAD + 'url = "http://a:b@plug/"', 4, ".url", "put them into username and password"),
        (HEAD + 'url = "http://plug/cm?cmnd=Power Off"', 4, ".url", "without spaces"),
        (PLUG + 'url_on = "x"', 5, ".url_on", "expected a URL"),
        (PLUG + "off_seconds = 9", 5, ".off_seconds", "expected url_on beside it"),
        (PLUG + 'url_on = "http://plug/on"\noff_seconds = 90', 6, ".off_seconds", "between 1 and 60, got 90"),
        (PLUG + 'method = "get"', 5, ".method", "expected one of GET, POST, PUT; got 'get'"),
        (PLUG + 'body = "x"', 5, ".body", 'expected method = "POST" or "PUT" beside it'),
        (PLUG + 'headers = { "a b" = "x" }', 5, ".headers", "expected names of HTTP headers; 'a b' is none"),
        (PLUG + 'headers = { host = "x" }', 5, ".headers", "host is set by Vedette itself"),
        (PLUG + 'headers = { X = "a\\r\\nY: b" }', 5, ".headers", "expected ASCII on one line as the value of X"),
        (PLUG + "headers = { X = 5 }", 5, ".headers.X", "expected text in quotes, got a number"),
        (PLUG + 'username = "a"', 5, ".username", "expected a password beside it"),
        (PLUG + 'password = "a"', 5, ".password", "expected a username beside it"),
        (PLUG + "after = 59", 5, ".after", "a whole number of seconds between 60 and 86400, got 59"),
        (PLUG + "pause = 10", 5, ".pause", "a whole number of seconds between 300 and 86400, got 10"),
        (PLUG + "per_day = 0", 5, ".per_day", "a whole number between 1 and 24, got 0"),
        (PLUG + "perday = 1", 5, ".perday", "unknown key; did you mean 'per_day'?"),
        (HEAD.replace("power_cycle", "power_cycel") + "a = 1", 3, "", "unknown key; did you mean 'power_cycle'?"),
        ('[cameras.porch]\nurl = "http://cam/"\npower_cycle = "http://plug"', 3, "", "[cameras.porch.power_cycle]"),
    ],
)
def test_a_mistake_has_its_line_its_key_and_its_sentence(
    tmp_path: Path, text: str, line: int, key: str, part: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    (mistake,) = caught.value.mistakes
    assert mistake.line == line
    assert mistake.where.replace("cycel", "cycle") == f"cameras.porch.power_cycle{key}"
    assert part in mistake.message


def test_the_rules_hold_without_a_file_too() -> None:
    plug = {"url": "http://plug/", "off_seconds": 3}
    with pytest.raises(ValidationError, match=r"power_cycle\.off_seconds: expected url_on"):
        CameraConfig.model_validate({"url": "http://cam/", "power_cycle": plug})


def test_a_misspelt_variable_is_told_the_right_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean VEDETTE_CAMERAS__PORCH__POWER_CYCLE__AFTER"):
        read(tmp_path, PLUG, {"VEDETTE_CAMERAS__PORCH__POWER_CYCLE__AFTR": "600"})
