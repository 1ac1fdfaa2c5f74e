"""Which MAC address each camera's board has, kept over restarts in ``macs.json`` of the data folder.

What was learned belongs to the host that it was learned at: once the configuration names another host, it is
forgotten. The file is a convenience: if it is lost or damaged, the addresses are learned anew.
"""

import asyncio
import contextlib
import json
import logging
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a camera's board.

    Attributes:
        host: the name or address that the configuration had for it.
        mac: as ``24:0a:c4:00:00:01``.
        address: where it was seen last.
    """

    host: str
    mac: str
    address: str


class MacMemory:
    """Reads the file when it is built, before the engine starts; then lives on the engine's loop."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _read(path)
        self._writing = asyncio.Lock()

    def recall(self, camera_id: str, host: str) -> Known | None:
        """What is known of a camera's board, if its configuration still has this host."""
        known = self._known.get(camera_id)
        return known if known is not None and known.host == host else None

    async def remember(self, camera_id: str, known: Known) -> None:
        """Keep it. A file that cannot be written is logged, and costs nothing but the memory."""
        if self._known.get(camera_id) == known:
            return
        self._known[camera_id] = known
        await self._write()

    async def forget(self, camera_id: str) -> None:
        """The camera is no more: whatever board gets its id later is another one."""
        if self._known.pop(camera_id, None) is not None:
            await self._write()

    async def _write(self) -> None:
        async with self._writing:
            text = json.dumps({key: asdict(value) for key, value in self._known.items()}, indent=1)
            try:
                await asyncio.get_running_loop().run_in_executor(None, _write, self._path, text)
            except OSError as error:
                _log.warning("cannot write %s: %s", self._path, error.strerror or error)


def _read(path: Path) -> dict[str, Known]:
    try:
        content: Any = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    found: dict[str, Known] = {}
    for camera_id, entry in content.items() if isinstance(content, dict) else ():
        with contextlib.suppress(TypeError):
            known = Known(**entry)
            if all(isinstance(value, str) for value in asdict(known).values()) and _MAC.fullmatch(known.mac):
                found[camera_id] = known
    return found


def _write(path: Path, text: str) -> None:
    """Whoever reads the file finds the old text or the new one, whole."""
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
