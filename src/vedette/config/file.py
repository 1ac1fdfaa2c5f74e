"""Reading and writing ``vedette.toml``: one file, many editors.

This module owns how the file is replaced. A change is applied to the text that stands in the file now, the result is
checked as a whole, and only then is the file replaced at once: whoever reads it sees the old text or the new one.
The version before is kept beside it as ``vedette.toml.bak``. Whatever fails before that leaves the file as it was.
A text editor and a page may both have it open: the bytes are compared once more right before they are replaced.

A file or a folder without any write permission is read-only, for root too: that is what ``chmod a-w`` is for. What an
environment variable sets cannot be edited, since the edit would change nothing, and is never written into the file.
"""

import codecs
import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit import TOMLDocument

from vedette.config import environment, replacing
from vedette.config.edits import plain, same
from vedette.config.loading import contents, decoded, understood
from vedette.config.model import Config
from vedette.config.words import KeyPath, dotted
from vedette.errors import ConfigError, ConflictError, LockedError, Mistake, ServerError

_ATTEMPTS = 5  # somebody who saves faster than five times in a row is a program, and would never let us through


@dataclass(frozen=True, slots=True)
class Version:
    """What the file was at one moment.

    Attributes:
        config: with the environment over it.
        etag: of the file's bytes, in hexadecimal; that of no bytes where there is no file.
    """

    config: Config
    etag: str


class ConfigFile:
    """The configuration file. For any thread: edits wait for each other.

    Args:
        path: of the file, which need not exist yet. Of a symbolic link it is the target that is replaced.
        environ: the environment, which is read anew each time.
    """

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self.path = path
        self._environ = environ
        self._lock = threading.Lock()
        self._good = ""  # the etag of the last version that was found right

    def read(self) -> Version:
        """What the file is now; one that does not exist is an empty one.

        Raises:
            ConfigError: with every mistake in it.
        """
        content = contents(self.path) or b""
        return Version(understood(decoded(self.path, content), self.path, self._environ), _etag(content))

    def etag(self) -> str:
        """What the file is now, whatever stands in it.

        Raises:
            ConfigError: it cannot be read.
        """
        return _etag(contents(self.path) or b"")

    def edit(self, change: Callable[[TOMLDocument], None], paths: Iterable[KeyPath], expected: str | None) -> Version:
        """Change the file, unless nothing would change.

        Args:
            change: makes the change; called anew if the file was replaced meanwhile.
            paths: the keys that are changed. A table locks and is locked by what is in it: name the keys.
            expected: the etag that the editor had seen; None takes the file as it is.

        Raises:
            ConflictError: the file is another one than the editor had seen.
            LockedError: an environment variable sets one of the keys.
            ReadOnlyError: the file or its folder may not be written.
            ConfigError: the file has a mistake, or would have one.
            ServerError: the disk is full; the file cannot be changed without harm.
        """
        self._refuse_locked(paths)
        with self._lock:
            for _ in range(_ATTEMPTS):
                before = contents(self.path)
                if expected is not None and _etag(before or b"") != expected:
                    break
                version, after = self._changed(before or b"", change)
                if after == (before or b"") or replacing.replace(self.path, before, after):
                    self._good = version.etag
                    return version
        raise ConflictError(f"{self.path} was changed by somebody else meanwhile; nothing was written")

    def variables(self) -> Mapping[KeyPath, str]:
        """The keys that the environment sets, and by which variable."""
        overrides, _ = environment.read(self._environ)
        return {override.path: override.variable for override in overrides}

    def _refuse_locked(self, paths: Iterable[KeyPath]) -> None:
        variables = self.variables()
        for path in paths:
            for locked, variable in variables.items():
                shorter = min(len(path), len(locked))
                if path[:shorter] == locked[:shorter]:
                    raise LockedError(dotted(locked), variable)

    def _changed(self, before: bytes, change: Callable[[TOMLDocument], None]) -> tuple[Version, bytes]:
        """What the change makes of the file, checked; ConfigError if it is wrong before or after."""
        text = decoded(self.path, before)
        if _etag(before) != self._good:
            understood(text, self.path, self._environ)  # its mistakes have lines that the user can look up
        document = tomlkit.parse(text)
        change(document)
        text = document.as_string()
        if not same(plain(text), document.unwrap()):
            raise ServerError(f"{self.path} cannot be changed without harm; nothing was written")
        config = understood(text, self.path, self._environ)
        mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
        try:
            after = mark + text.encode()
        except UnicodeEncodeError:
            message = "expected text that UTF-8 can write; half of a character is none"
            raise ConfigError((Mistake(str(self.path), None, "", message),)) from None
        return Version(config, _etag(after)), after


def _etag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


EMPTY_ETAG = _etag(b"")
"""Of a file that does not exist, or has nothing in it."""
