"""`vedette probe` at simulated boards."""

import pytest
from click.testing import CliRunner

from vedette.boards import FIRMWARES
from vedette.cli import main
from vedette.simulator import Fault, Simulator


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr("vedette.discovery.probe._LOOK", 0.4)
    monkeypatch.setattr("vedette.discovery.probe._PATIENCE", 2.5)


def probe(firmware: str, *faults: Fault, credentials=None, arguments=()) -> tuple[int, str]:
    with Simulator(FIRMWARES[firmware], size=(160, 120), fps=20.0, faults=faults, credentials=credentials) as simulator:
        result = CliRunner().invoke(main, ["probe", simulator.stream_url(), *arguments])
        connections = simulator.boards[0].counters.streams_served
    assert connections <= 4, "single pictures, one by one; of a stream one"
    if not FIRMWARES[firmware].stills_only:
        assert connections <= 1, "never a second stream"
    return result.exit_code, result.output


@pytest.mark.parametrize("name", FIRMWARES)
def test_every_firmware_is_named_with_its_size(name):
    status, said = probe(name)
    assert status == 0
    assert f"family     {FIRMWARES[name].family}\n" in said
    assert "size       160x120" in said
    assert "health     good" in said


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.REFUSE, "does not take the connection"),
        (Fault.UNAUTHORIZED, "user name or password"),
        (Fault.WRONG_TYPE, "not an MJPEG stream"),
        (Fault.NOT_FOUND, "error 404"),
        (Fault.SLOT_BUSY, "someone else is probably streaming"),
        (Fault.GARBAGE, "every one of them is damaged"),
    ],
)
def test_what_is_wrong_is_said_and_the_status_is_1(fault, words):
    status, said = probe("cameraserver", fault)
    assert status == 1
    assert words in said


def test_a_board_that_asks_for_a_password_is_given_it():
    assert probe("mjpeg2sd", credentials=("admin", "x"))[0] == 1
    assert probe("mjpeg2sd", credentials=("admin", "x"), arguments=["--password", "admin:x"])[0] == 0


@pytest.mark.parametrize("address", ["ftp://x", "http://", "a b", "192.168.0.1:81"])
def test_what_is_no_address_is_bad_usage(address):
    result = CliRunner().invoke(main, ["probe", address])
    assert result.exit_code == 2
    assert "expected" in result.output
