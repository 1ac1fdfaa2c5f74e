"""Replacing a file at once, with the version before kept beside it.

A new file is written beside the old one, forced to the disk and given the old one's mode and owner, then renamed over
it; so is the copy of the old one. A power cut leaves one of the two whole. Nothing half-written stays behind.
"""

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from vedette.errors import ReadOnlyError, ServerError

BACKUP = ".bak"
_PRIVATE = 0o600  # a new file: passwords of boards may come to stand in it
_ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_NOT_OURS = {errno.EACCES, errno.EPERM, errno.EROFS}


def replace(path: Path, before: bytes | None, after: bytes) -> bool:
    """Write ``after`` where ``before`` stands (None: where there is no file).

    Returns:
        Whether it was written; False if the file has other bytes by now.

    Raises:
        ReadOnlyError: the file or its folder may not be written.
        ServerError: the disk is full, or whatever else the system says.
    """
    target = Path(os.path.realpath(path))
    with _in_words(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        old = _writable(target)
        with _beside(target, after, old) as new, _beside(target, before or b"", old) as backup:
            if _content(target) != before:
                return False
            if before is not None:
                backup.replace(target.with_name(target.name + BACKUP))
            new.replace(target)
        _force(target.parent)
    return True


def _writable(target: Path) -> os.stat_result | None:
    """What the file is, if there is one; raises if it or its folder is read-only."""
    if not (target.parent.stat().st_mode & _ANY_WRITE and os.access(target.parent, os.W_OK)):
        raise ReadOnlyError(f"{target} cannot be changed: its folder may not be written to")
    try:
        old = target.stat()
    except FileNotFoundError:
        return None
    if not (old.st_mode & _ANY_WRITE and os.access(target, os.W_OK)):
        raise ReadOnlyError(f"{target} is read-only")
    return old


def _content(target: Path) -> bytes | None:
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None


@contextlib.contextmanager
def _beside(target: Path, content: bytes, old: os.stat_result | None) -> Iterator[Path]:
    """A file with this content in the target's folder, safely on the disk; gone at the end, unless renamed."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor has no path
            file.write(content)
            _dress(file.fileno(), old)
            file.flush()
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()


def _dress(descriptor: int, old: os.stat_result | None) -> None:
    """The old file's owner and group as far as we may give them, and its mode."""
    if old is not None:
        for owner, group in ((old.st_uid, -1), (-1, old.st_gid)):
            with contextlib.suppress(PermissionError):
                os.fchown(descriptor, owner, group)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode) if old is not None else _PRIVATE)


def _force(folder: Path) -> None:
    """Make the renaming outlast a power cut, where the file system can promise that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _in_words(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NOT_OURS:
            raise ReadOnlyError(f"{target} cannot be changed: {error.strerror}") from None
        if error.errno == errno.EBUSY:  # Docker's -v FILE:FILE
            raise ReadOnlyError(
                f"{target} cannot be replaced, because it is mounted by itself; mount the folder it is in"
            ) from None
        raise ServerError(f"{target} could not be written, and is as it was: {error.strerror}") from None
