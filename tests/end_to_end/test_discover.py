"""`vedette discover` in a process of its own, at a simulated board on an address of its own."""

import os
import signal
import subprocess
from pathlib import Path

from tests.end_to_end.harness import VEDETTE

from vedette.boards import ESPHOME
from vedette.simulator import Fault


def run(tmp_path: Path, *arguments: str) -> subprocess.Popen[str]:
    environ = os.environ | {"XDG_CONFIG_HOME": str(tmp_path)}
    return subprocess.Popen(
        [*VEDETTE, "discover", *arguments],
        cwd=tmp_path,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_board_is_found_in_a_network_that_is_named(make_boards, tmp_path):
    board = make_boards(firmware=ESPHOME, host="127.79.1.5", port=8080)
    with run(tmp_path, "--network", "127.79.1.0/29") as process:
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert f"127.79.1.5  {ESPHOME.title}  {board.stream_url()}" in out
    assert f'[cameras.camera-1-5]\nurl = "{board.stream_url()}"' in out
    assert "Traceback" not in err
    assert board.boards[0].counters.stream_connections == 1


def test_ctrl_c_stops_it_in_words(tmp_path, make_boards):
    make_boards(firmware=ESPHOME, host="127.78.1.5", port=8080)
    make_boards(firmware=ESPHOME, host="127.78.1.6", port=8080, faults=[Fault.SLOT_BUSY])  # six seconds of waiting
    with run(tmp_path, "--network", "127.78.1.0/29") as process:
        assert process.stdout is not None
        assert "127.78.1.5" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "of 6 hosts." in err
    assert "Traceback" not in err
