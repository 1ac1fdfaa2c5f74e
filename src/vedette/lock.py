"""One server to a data folder: boards take one connection, and two servers would take it from each other."""

import contextlib
import fcntl
import os
from pathlib import Path

from vedette.errors import ServerError

_NAME = "vedette.lock"


class FolderLock:
    """Held from construction to `release`, or to the end of the process, however it ends.

    Raises:
        ServerError: another process holds it, or the folder cannot be made or written to.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise ServerError(f"the data folder {folder} cannot be used: {error.strerror}") from None
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(self._descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._descriptor)
            raise ServerError(
                f"another Vedette (process {holder}) runs on the data folder {folder}, and a board takes only one "
                "connection. Stop that one, run one worker process only, or give this one a storage.path of its own."
            ) from None
        with contextlib.suppress(OSError):  # a full disk: the lock holds, only its message will know less
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, f"{os.getpid()}\n".encode("ascii"))

    def release(self) -> None:
        """Let others have the folder."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)
