"""The server on simulated boards: something to look at without a board, without a file, leaving nothing behind."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tomlkit

from vedette import config as configuration
from vedette.boards import CAMERASERVER
from vedette.config import ConfigFile
from vedette.run import Vedette, serve
from vedette.simulator import Simulator

HOST = "127.0.0.1"
FIRST_PORT = 5100
_SIZE = (800, 600)
_PLACES = ("Front porch", "Gate", "Workshop", "Barn", "Garden", "Garage", "Stable", "Cellar")


def run_demo(cameras: int, port: int | None, announce: Callable[[str], None], *, faults: bool) -> None:
    """Run until SIGTERM or Ctrl-C; see `vedette.run.serve`.

    Args:
        cameras: how many boards.
        port: to listen on; None for the next free one from 5100.
        announce: called with the address once it answers.
        faults: make the boards misbehave now and then.
    """
    names = tuple(_place(number) for number in range(cameras))
    with (
        Simulator(CAMERASERVER, cameras, size=_SIZE, parade=faults, names=names) as simulator,
        tempfile.TemporaryDirectory(prefix="vedette-demo-") as folder,
    ):
        file = ConfigFile(Path(folder) / configuration.FILE_NAME, {})
        file.path.write_text(tomlkit.dumps(_tables(simulator, names)), encoding="utf-8")
        serve(Vedette(file.read().config, file), HOST, port or FIRST_PORT, announce, search=port is None)


def _tables(simulator: Simulator, names: tuple[str, ...]) -> dict[str, Any]:
    """What stands in the configuration: like everybody's, it can be changed on the pages, as long as it lasts."""
    cameras = {
        _identify(name): {
            "name": name,
            "url": simulator.stream_url(number),
            "control_url": simulator.control_url(number),
            "firmware": "cameraserver",
        }
        for number, name in enumerate(names)
    }
    return {"server": {"host": HOST}, "storage": {"path": "."}, "cameras": cameras}


def _place(number: int) -> str:
    lap, place = divmod(number, len(_PLACES))
    return f"{_PLACES[place]} {lap + 1}" if lap else _PLACES[place]


def _identify(name: str) -> str:
    return name.lower().replace(" ", "-")
