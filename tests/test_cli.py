"""The command line, called in this process; what serves is tested in end_to_end/."""

import signal
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vedette.boards import FIRMWARES
from vedette.cli import main
from vedette.simulator import Fault
from vedette.version import __version__


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own configuration counts."""
    monkeypatch.chdir(tmp_path)
    for name in ("VEDETTE_CONFIG", "VEDETTE_SERVER__HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def run(*arguments: str, **environ: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env=environ, catch_exceptions=False)


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_names_every_command_that_works_and_no_other(flag: str) -> None:
    done = run(flag)
    assert done.exit_code == 0
    commands = done.output.partition("Commands:")[2]
    assert [line.split()[0] for line in commands.splitlines() if line.startswith("  ") and line[2] != " "] == [
        "check",
        "demo",
        "discover",
        "import-config",
        "probe",
        "serve",
        "sim",
    ]


@pytest.mark.parametrize("command", ["serve", "demo", "sim", "check", "import-config"])
def test_every_command_helps(command: str) -> None:
    for flag in ("-h", "--help"):
        done = run(command, flag)
        assert done.exit_code == 0
        assert "Usage:" in done.output


@pytest.mark.parametrize("flag", ["-v", "--version"])
def test_version(flag: str) -> None:
    done = run(flag)
    assert (done.exit_code, done.output) == (0, f"vedette {__version__}\n")


@pytest.mark.parametrize("flag", ["-ip", "--host-ip"])
def test_the_address_is_printed_as_a_url(flag: str) -> None:
    assert run(flag).output == "http://127.0.0.1:5100/\n"
    assert run(flag, VEDETTE_SERVER__HOST="192.168.0.5", VEDETTE_SERVER__PORT="81").output == "http://192.168.0.5:81/\n"
    assert run(flag, VEDETTE_SERVER__PUBLIC_HOST="porch.example").output == "http://porch.example:5100/\n"
    assert run(flag, VEDETTE_SERVER__HOST="::1").output == "http://[::1]:5100/\n"


def test_an_address_for_all_addresses_is_one_that_can_be_reached() -> None:
    printed = run("-ip", VEDETTE_SERVER__HOST="0.0.0.0").output  # noqa: S104 - printed, not listened on
    host = printed.removeprefix("http://").partition(":")[0]
    assert host != "0.0.0.0"  # noqa: S104 - likewise
    socket.inet_aton(host)


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["--nonsense"], ["serve", "--port", "0"], ["demo", "--cameras", "0"]]
)
def test_bad_usage_is_status_two(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_check_names_every_mistake_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "vedette.toml"
    file.write_text('[server]\nport = "x"\n[cameras.porch]\nurl = "http://192.0.2.1/stream"\nqality = 3\n')
    done = run("check")
    assert done.exit_code == 2
    assert f"{file}:2: server.port" in done.stderr
    assert f"{file}:5: cameras.porch.qality" in done.stderr
    assert "Traceback" not in done.output


def test_check_praises_what_is_good(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[cameras.porch]\nurl = "http://192.0.2.1/stream"\nflip = "both"\n')
    done = run("check", "-c", "a.toml")
    assert done.exit_code == 0
    assert "good; 1 camera." in done.stdout
    assert not done.stderr


def test_check_without_a_file_says_so() -> None:
    done = run("check")
    assert done.exit_code == 0
    assert "No configuration file" in done.output


def test_a_file_that_is_not_there_is_status_two() -> None:
    for command in ("check", "serve"):
        done = run(command, "-c", "nowhere.toml")
        assert done.exit_code == 2
        assert "nowhere.toml" in done.stderr


def test_serve_refuses_a_password_as_long_as_there_is_no_sign_in() -> None:
    done = run("serve", VEDETTE_AUTH__MODE="password")
    assert done.exit_code == 2
    assert "sign-in is not built yet" in done.stderr


def test_the_simulator_lists_its_faults() -> None:
    done = run("sim", "--list-faults")
    assert [line.split()[0] for line in done.output.splitlines()] == [fault.value for fault in Fault]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--firmware", "nobodys"], "cameraserver-1.0"),
        (["--fault", "nonsense"], "--list-faults"),
        (["--size", "large"], "WIDTHxHEIGHT"),
        (["--size", "10x10"], "96x96"),
        (["--port", "65530", "--count", "10"], "above 65535"),
        (["--fps", "0"], "0.1"),
        (["--schedule", "ten stall"], "SECONDS FAULT"),
        (["--schedule", "10 nonsense"], "nonsense"),
        (["--password", "secret"], "NAME:PASSWORD"),
        (["--storm", "many"], "integer"),
    ],
)
def test_the_simulator_says_what_it_takes(arguments: list[str], said: str) -> None:
    done = run("sim", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_the_simulators_help_lists_firmwares_and_faults() -> None:
    shown = [line.split()[0] for line in run("sim", "--help").output.splitlines() if line.strip()]
    assert {*FIRMWARES, *(fault.value for fault in Fault)} <= set(shown)


def test_the_simulator_takes_a_schedule_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "schedule.txt").write_text("0 none\n10 nonsense  # no such fault\n")
    done = run("sim", "--schedule", "schedule.txt")
    assert done.exit_code == 2
    assert "no fault 'nonsense'" in done.stderr


def test_the_simulator_names_a_taken_port() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("sim", "--port", str(port), "--size", "96x96", "--fps", "1")
    assert done.exit_code == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, ()), "it holds no signal back any more"
