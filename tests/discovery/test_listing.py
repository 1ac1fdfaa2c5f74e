import asyncio
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vedette.cli import main
from vedette.config import load
from vedette.discovery import Found
from vedette.discovery.listing import describe_found, list_boards, snippets, suggested_id


@pytest.fixture(autouse=True)
def _alone(tmp_path, monkeypatch):
    """Nobody's own configuration counts, and nobody announces anything."""

    async def nobody(*_):
        return ()

    monkeypatch.setattr("vedette.discovery.search.Search.__init__.__defaults__", (None, nobody, lambda: ()))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VEDETTE_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def discover(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["discover", *arguments], catch_exceptions=False)


def test_each_board_is_a_line_with_what_to_write_into_the_file(net, simulate):
    board = simulate(f"{net}.5")
    done = discover("--network", f"{net}.0/29")
    assert done.exit_code == 0
    line, _, snippet = done.stdout.partition("\n")
    assert line.startswith(f"{net}.5  ESPHome")
    assert line.endswith(board.stream_url())
    (camera,) = tomllib.loads(snippet)["cameras"].values()
    assert camera == {"url": board.stream_url()}
    assert "vedette.toml" in done.stderr


def test_a_camera_of_the_configuration_is_not_connected_to(net, simulate):
    board = simulate(f"{net}.5")
    Path("vedette.toml").write_text(f'[cameras.porch]\nurl = "{board.stream_url()}"\n')
    done = discover("--network", f"{net}.0/29")
    assert f"{net}.5  camera porch" in done.stdout
    assert "[cameras" not in done.stdout
    assert board.boards[0].counters.stream_connections == 0


def test_nothing_found_is_no_failure(net):
    done = discover("--network", f"{net}.0/29")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "No board was found" in done.stderr


def test_without_a_network_it_says_how_to_name_one(monkeypatch):
    monkeypatch.setattr("vedette.discovery.listing.suggested_networks", lambda: ("192.168.7.0/24",))
    done = discover()
    assert (done.exit_code, done.stdout) == (0, "")
    assert "vedette discover --network 192.168.7.0/24" in done.stderr


@pytest.mark.parametrize("network", ["8.8.8.0/24", "10.0.0.0/8", "home", "169.254.169.254"])
def test_a_network_that_is_not_searched_is_bad_usage(network):
    done = discover("--network", network)
    assert done.exit_code == 2
    assert network in done.stderr


@pytest.mark.parametrize(
    ("found", "suggested"),
    [
        (Found("192.168.0.5"), "camera-0-5"),
        (Found("192.168.0.5", "Front Porch.local"), "front-porch"),
        (Found("192.168.0.5", "---"), "camera-0-5"),
        (Found("fd12::5", 'x"]\n[server'), "x-server"),
        (Found("192.168.0.5", "x" * 100), "x" * 64),
    ],
)
def test_the_suggested_lines_are_a_configuration(found, suggested, tmp_path):
    assert suggested_id(found) == suggested
    file = tmp_path / "suggested.toml"
    file.write_text("\n".join(snippets([found])))
    assert list(load(file, {}).cameras) == [suggested]


def test_settings_that_are_elsewhere_are_written_down(tmp_path):
    found = Found("192.168.0.5", stream_url="http://192.168.0.5:8190/stream", control_url="http://192.168.0.5:8190")
    file = tmp_path / "vedette.toml"
    file.write_text("\n".join(snippets([found])))
    assert load(file, {}).cameras["camera-0-5"].control_url == "http://192.168.0.5:8190"


def test_a_note_stands_in_brackets():
    assert describe_found(Found("192.168.0.5", note="Busy.")) == "192.168.0.5  perhaps a board  (Busy.)"


def test_a_terminal_sees_how_far_it_is(net, simulate, monkeypatch):
    class Terminal:
        def __init__(self) -> None:
            self.text = ""

        def write(self, text):
            self.text += text

        def flush(self):
            pass

        def isatty(self):
            return True

    simulate(f"{net}.5")
    out, err = Terminal(), Terminal()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    asyncio.run(list_boards(load(None, {}), f"{net}.0/29"))
    assert "6 of 6 hosts" in err.text
    assert "hosts" not in out.text
