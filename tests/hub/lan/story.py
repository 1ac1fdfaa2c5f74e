"""Two boards on a network of virtual cables, with MAC addresses and a kernel that are real; run in a new namespace.

It prints where each camera's pictures came from, one line for each thing that happened.
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from vedette.clock import SystemClock
from vedette.errors import BoardError
from vedette.hub.engine import _new_loop
from vedette.hub.macs import MacMemory
from vedette.hub.names import MulticastNames
from vedette.hub.neighbours import Neighbours
from vedette.hub.whereabouts import Whereabouts

MACS = {"porch": "24:0a:c4:00:00:50", "gate": "24:0a:c4:00:00:51"}
MOST_ATTEMPTS = 12


def say(*words: object) -> None:
    """Tell whoever started this."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


class Board:
    """A process in a namespace of its own, on a cable to our bridge."""

    def __init__(self, name: str) -> None:
        command = ["unshare", "--net", sys.executable, str(Path(__file__).with_name("board.py")), name]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.wait_for("started")
        ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "address", MACS[name],
           "netns", str(self.process.pid))  # fmt: skip
        ip("link", "set", name, "master", "bridge", "up")

    def wait_for(self, word: str) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == word

    def move(self, address: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{address}\n")
        self.process.stdin.flush()
        self.wait_for("there")


async def attempt(board: Whereabouts) -> str:
    """Connect as a source does; the address that the board was at."""
    _, writer = await asyncio.wait_for(asyncio.open_connection(await board.address(), 81), 4)
    try:
        peer = str(writer.get_extra_info("peername")[0])
        await board.verify(peer)
        await board.learn(peer)
    finally:
        writer.close()
    return peer


async def find(name: str, board: Whereabouts) -> None:
    """Try as a camera does, until it has its board."""
    for _ in range(MOST_ATTEMPTS):
        try:
            say(name, "at", await attempt(board), board.mac)
        except (OSError, TimeoutError, BoardError) as error:
            if isinstance(error, BoardError):
                say(name, "refused:", error.detail)
            await board.search()
            await asyncio.sleep(0.5)
        else:
            return
    say(name, "not found:", board.note)


async def story(folder: Path, boards: dict[str, Board]) -> None:
    clock = SystemClock()
    neighbours, memory, names = Neighbours(clock), MacMemory(folder / "macs.json"), MulticastNames(clock)
    porch = Whereabouts("porch", "10.77.0.3", None, neighbours, memory, names)
    gate = Whereabouts("gate", "10.77.0.4", None, neighbours, memory, names)
    named = Whereabouts("named", "porch.local", "any", neighbours, memory, names)
    boards["porch"].move("10.77.0.3")
    boards["gate"].move("10.77.0.4")
    await find("porch", porch)
    await find("gate", gate)
    await find("named", named)
    say("they swap addresses")
    boards["porch"].move("10.77.0.5")
    boards["gate"].move("10.77.0.3")
    boards["porch"].move("10.77.0.4")
    await find("porch", porch)
    await find("gate", gate)
    say("the porch moves to where nobody has been")
    boards["porch"].move("10.77.0.12")
    ip("neigh", "flush", "dev", "bridge")
    await find("porch", porch)
    await find("named", named)
    say(porch.note)
    await neighbours.stop()


def main() -> None:
    ip("link", "set", "lo", "up")
    ip("link", "add", "bridge", "type", "bridge")
    ip("address", "add", "10.77.0.1/28", "broadcast", "+", "dev", "bridge")
    ip("link", "set", "bridge", "up")
    boards: dict[str, Board] = {}
    try:
        for name in MACS:
            boards[name] = Board(name)
        with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=_new_loop) as runner:
            runner.run(story(Path(folder), boards))
    finally:
        for board in boards.values():
            board.process.kill()
            board.process.wait()


if __name__ == "__main__":
    main()
