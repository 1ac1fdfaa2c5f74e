"""What simulated boards sent and what viewers got of it: shared by the benchmarks of boards that fail.

Every board keeps a ledger of its pictures: when each went out, whether it was whole, and what was wrong when it was
not. Viewers (part_viewers.py) write down every frame with a digest of its bytes. So a frame at a viewer has a time at
which its board sent it, and one that no board has sent whole has a name.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections import deque
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Self

from benchmarks.fanout import HERE, READY_S
from benchmarks.part_viewers import ENDED, Seen, digest_of
from benchmarks.programs import BenchmarkError, Program, free_port
from benchmarks.serving import Server, clean_environment

from vedette.simulator.damage import drop_huffman
from vedette.wire.jpeg import EOI, complete

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.serving import Stage

    from vedette.simulator import Board, Fault, Simulator
    from vedette.simulator.settings import Size

COMMENT = b"\xff\xfe"
RECENT = 8
"""Whole pictures that one on its way may have been made from: of every viewer that a board has at a time."""


class Ledger(deque[bytes]):
    """One board's pictures. Written on the simulator's loop, in the place of `Board.sent`.

    Attributes:
        times: monotonic seconds at which each picture went out, by the digest of what is to arrive of it.
        whole: digests of pictures that were whole.
        spoilt: what was wrong with the board, by the digest of each picture that was not whole.
        sent: all times, in order.
    """

    def __init__(self, board: Board) -> None:
        super().__init__(maxlen=1)
        self.times: dict[str, list[float]] = {}
        self.whole: set[str] = set()
        self.spoilt: dict[str, frozenset[Fault]] = {}
        self.sent: list[float] = []
        self._board = board
        self._take = board.take_picture
        self._recent: deque[bytes] = deque(maxlen=RECENT)
        board.take_picture = self.take_picture  # type: ignore[method-assign]  # to see what it was before its faults
        board.sent = self

    async def take_picture(self, index: int, size: Size, *, plain: bool = False) -> bytes:
        """See `Board.take_picture`: this is whole."""
        jpeg = await self._take(index, size, plain=plain)
        self._recent.append(jpeg)
        return jpeg

    def append(self, jpeg: bytes) -> None:
        """A picture goes out."""
        expected = self._expected(jpeg)
        digest = digest_of(expected or jpeg)
        if expected is None:
            self.spoilt[digest] = self._board.faults
        else:
            self.whole.add(digest)
        now = time.monotonic()
        self.times.setdefault(digest, []).append(now)
        self.sent.append(now)
        super().append(jpeg)

    def _expected(self, jpeg: bytes) -> bytes | None:
        """What is to arrive of it, byte for byte; None where the picture is damaged."""
        for whole in reversed(self._recent):
            if jpeg == whole or without_comments(jpeg) == whole:
                return jpeg
            if jpeg.rstrip(b"\0") == whole:
                return whole
            if len(jpeg) < len(whole) and jpeg.endswith(EOI) and jpeg == drop_huffman(whole, Random(0)):  # noqa: S311
                return complete(jpeg)
        return None

    def sent_at(self, digest: str, before: float) -> float | None:
        """The newest time at which a picture went out, as a viewer had it at ``before``; None where it never did."""
        times = [at for at in self.times.get(digest, ()) if at <= before]
        return times[-1] if times else None


def without_comments(jpeg: bytes) -> bytes:
    """The same without the comments behind SOI."""
    start = 2
    while jpeg[start : start + 2] == COMMENT:
        start += 2 + int.from_bytes(jpeg[start + 2 : start + 4], "big")
    return jpeg if start == 2 else jpeg[:2] + jpeg[start:]


def keep_ledgers(simulator: Simulator) -> list[Ledger]:
    """A ledger for each board, from now on."""
    return simulator.call(lambda: [Ledger(board) for board in simulator.boards])


class Sightings:
    """What viewers have seen so far, as they write it down.

    Attributes:
        all: every frame, in order.
        program: the viewers.
    """

    def __init__(self, path: Path, program: Program) -> None:
        self.program = program
        self.all: list[Seen] = []
        self._file = path.open(encoding="ascii")
        self._rest = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def look(self) -> list[Seen]:
        """What came since the last look.

        Raises:
            BenchmarkError: a viewer's connection has ended.
        """
        lines = (self._rest + self._file.read()).split("\n")
        self._rest = lines.pop()
        new = [Seen.read(line) for line in lines]
        self.all += new
        if gone := [f"{seen.viewer} {seen.camera}" for seen in new if seen.state == ENDED]:
            raise BenchmarkError(f"the connection of a viewer ended: {', '.join(gone)}")
        return new


@contextlib.contextmanager
def looking(stage: Stage, server: Server, cameras: int, *, wall: bool = False) -> Iterator[Sightings]:
    """Viewers of every camera, and a wall of all of them if wanted."""
    path = stage.folder / f"frames-{server.port}.log"
    path.touch()
    command: list[str | Path] = [sys.executable, "-m", "benchmarks.part_viewers", "--port", str(server.port)]
    command += ["--log", path, *["--wall"] * wall, *(f"c{number}" for number in range(cameras))]
    environment = clean_environment() | {"PYTHONPATH": str(HERE.parent)}
    with (
        Program(command, core=stage.client_core, folder=stage.folder, environment=environment) as program,
        Sightings(path, program) as sightings,
    ):
        have: set[str] = set()
        wanted = {"stream": cameras, "wall": cameras} if wall else {"stream": cameras}

        def complete_view() -> bool:
            have.update(f"{seen.viewer} {seen.camera}" for seen in sightings.look())
            return len(have) == sum(wanted.values())

        program.wait_until(complete_view, READY_S, "shown a frame of every camera")
        yield sightings


@contextlib.contextmanager
def serving_boards(stage: Stage, urls: Sequence[tuple[str, str]]) -> Iterator[Server]:
    """The product with cameras c0, c1, … on these boards, all of them online.

    Args:
        stage: where.
        urls: of each board's stream and control port.
    """
    port = free_port()
    folder = stage.folder / f"server-{port}"
    folder.mkdir()
    lines = ["[server]", 'host = "127.0.0.1"', f"port = {port}", "[auth]", 'mode = "open"']
    lines += ["[storage]", f"path = {json.dumps(str(folder))}"]
    for number, (stream, control) in enumerate(urls):
        lines += [f"[cameras.c{number}]", f'url = "{stream}"', f'control_url = "{control}"']
    configuration = folder / "vedette.toml"
    configuration.write_text("\n".join([*lines, ""]), encoding="utf-8")
    command: list[str | Path] = [stage.vedette, "serve", "-c", configuration]
    with Program(command, core=stage.server_cores, folder=folder, environment=clean_environment()) as running:
        server = Server(running, port)
        running.wait_until(server.all_online, READY_S, "online with its cameras")
        yield server


def make_parser(description: str | None) -> argparse.ArgumentParser:
    """A parser with the options that these benchmarks share."""
    parser = argparse.ArgumentParser(
        description=(description or "").splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--unpinned", action="store_true", help="let the server have all cores, not one of its own")
    parser.add_argument(
        "--vedette", type=Path, default=Path(sys.executable).with_name("vedette"), help="the product's program"
    )
    parser.add_argument("--raw", type=Path, help="where all figures go, as JSON")
    return parser
