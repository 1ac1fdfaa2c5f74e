"""What `vedette discover` prints: boards on standard output, and how it goes on standard error."""

import asyncio
import json
import re
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from vedette.clock import SystemClock
from vedette.config import Config
from vedette.discovery.found import Found
from vedette.discovery.networks import suggested_networks
from vedette.discovery.search import Search, SearchState
from vedette.sources import LOCAL_REACH, Reach

_NO_ID = re.compile(r"[^a-z0-9_-]+")
_LONGEST_ID = 64


async def list_boards(config: Config, network: str | None) -> None:
    """Search, and print what is found.

    Args:
        config: names the cameras that there are, which are not connected to, and further networks.
        network: to search; None for the boards alone that announce themselves.

    Raises:
        ValueError: the network is none that is searched; the message says why.
    """
    reach = Reach((*LOCAL_REACH.networks, *Reach.of(config.server.camera_networks).networks))
    search = Search(SystemClock(), reach, _known(config), network)
    printer = _Printer(search, sys.stdout, sys.stderr)
    search.on_change = printer.show
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, search.stop)
    try:
        await search.run()
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        printer.finish(_closing(search, network))


class _Printer:
    """Prints each board once, and over and over how far the search is."""

    def __init__(self, search: Search, out: TextIO, err: TextIO) -> None:
        self._search = search
        self._out = out
        self._err = err
        self._printed = 0
        self._live = err.isatty()

    def show(self) -> None:
        """Something has changed."""
        for found in self._search.found[self._printed :]:
            self._wipe()
            print(describe_found(found), file=self._out, flush=True)
        self._printed = len(self._search.found)
        if self._live:
            print(f"\r{self._search.asked} of {self._search.total} hosts", end="\x1b[K", file=self._err, flush=True)

    def finish(self, sentences: Iterable[str]) -> None:
        """It is over: what to do with the boards, and what else there is to say."""
        self._wipe()
        for line in snippets(self._search.found):
            print(line, file=self._out)
        for sentence in sentences:
            print(sentence, file=self._err)

    def _wipe(self) -> None:
        if self._live:
            print("\r", end="\x1b[K", file=self._err, flush=True)


def describe_found(found: Found) -> str:
    """One board on one line."""
    what = f"camera {found.camera}" if found.camera else found.title or found.firmware or "perhaps a board"
    words = (found.address, found.name, what, found.stream_url, found.note and f"({found.note})")
    return "  ".join(word for word in words if word)


def snippets(boards: Iterable[Found]) -> Iterator[str]:
    """Lines for ``vedette.toml``, for those that are no cameras yet."""
    for found in boards:
        if found.camera is None:
            place = f"url = {json.dumps(found.stream_url)}" if found.stream_url else f'host = "{found.address}"'
            yield from ("", f"[cameras.{suggested_id(found)}]", place)
            if found.control_url is not None:
                yield f"control_url = {json.dumps(found.control_url)}"


def suggested_id(found: Found) -> str:
    """A camera id for a board: its own name, or the end of its address."""
    name = (found.name or "").lower().removesuffix(".local")
    end = "-".join(re.split(r"[.:]+", found.address)[-2:])
    return _NO_ID.sub("-", name).strip("-_")[:_LONGEST_ID] or f"camera-{end}"


def _known(config: Config) -> Mapping[str, str]:
    return {camera.board: camera_id for camera_id, camera in config.cameras.items()}


def _closing(search: Search, network: str | None) -> Iterator[str]:
    if search.state is SearchState.STOPPED:
        yield f"Stopped after {search.asked} of {search.total} hosts."
    if any(found.camera is None for found in search.found):
        yield "Put the lines above into vedette.toml, with names of your own."
    elif search.message is not None:
        yield search.message
    if network is None:
        yield from (f"To search a whole network: vedette discover --network {each}" for each in suggested_networks())
