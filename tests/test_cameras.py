"""How cameras get at their boards, as the configuration has it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from vedette.boards import FIRMWARES
from vedette.cameras import Shared, build_links
from vedette.clock import SystemClock
from vedette.config import CameraConfig
from vedette.hub import Engine
from vedette.simulator import Simulator
from vedette.sources import Reach


def test_a_control_port_behind_another_address_is_asked_there(engine: Engine, tmp_path: Path) -> None:
    firmware = FIRMWARES["cameraserver"]
    with (
        Simulator(firmware, size=(160, 120)) as board,
        Simulator(firmware, size=(160, 120), host="127.0.0.2") as forwarder,
        ThreadPoolExecutor(1) as pool,
    ):
        shared = Shared.build(engine, pool, SystemClock(), Random(1), tmp_path, Reach())
        for control_url, asked in ((forwarder.control_url(), forwarder), (board.control_url(), board)):
            config = CameraConfig(url=board.stream_url(), control_url=control_url)
            port = build_links("porch", config, shared).control
            port.know(firmware)
            before = asked.boards[0].counters.status_requests
            assert engine.run(port.ask)
            assert asked.boards[0].counters.status_requests == before + 1
