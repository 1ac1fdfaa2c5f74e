"""Whose fault it is.

    VedetteError
    ├── ConfigError      the user's configuration: names file, line and what was expected
    ├── BoardError       the board's, or the road to it: carries the contract's ``reason``
    ├── RequestError     the viewer's or API caller's: carries a status and a code
    ├── ConflictError    nobody's: the configuration is another one than the editor had seen
    ├── ReadOnlyError    the administrator's will: the configuration file may not be written
    ├── LockedError      the administrator's will: an environment variable sets the key
    └── ServerError      ours, or this machine's: a port in use, a full disk, a second server

A message is a sentence for a person who can act on it.
"""

from dataclasses import dataclass
from enum import StrEnum


class VedetteError(Exception):
    """Anything that Vedette says about somebody's mistake."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in the configuration.

    Attributes:
        source: the file's path, or the environment variable's name.
        line: 1 for the first line of the file; None where there is no line to name.
        where: the key's path, such as ``cameras.porch.flip``; empty for the file as a whole.
        message: what is wrong and what was expected.
    """

    source: str
    line: int | None
    where: str
    message: str

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{place}: {self.where}: {self.message}" if self.where else f"{place}: {self.message}"


class ConfigError(VedetteError):
    """The configuration is refused as a whole; every mistake is listed."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class Reason(StrEnum):
    """Why a camera is not online: the words of the contract."""

    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NAME_UNKNOWN = "name_unknown"
    SLOT_BUSY = "slot_busy"
    SENSOR_SILENT = "sensor_silent"
    STALLED = "stalled"
    AUTH_REQUIRED = "auth_required"
    HTTP_ERROR = "http_error"
    NOT_MJPEG = "not_mjpeg"
    ALL_FRAMES_BAD = "all_frames_bad"


class BoardError(VedetteError):
    """An attempt to get pictures from a board ended.

    Args:
        reason: the contract's word for it.
        detail: what was seen on the wire, for the explanation and the log.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail


class RequestError(VedetteError):
    """A request that cannot be served, with the status, code and sentence for its answer.

    Args:
        status: of the answer.
        code: a word for programs.
        message: a sentence for people.
        field: which of the values that were sent is wrong; None where it is none of them.
    """

    def __init__(self, status: int, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field


class ServerError(VedetteError):
    """This server cannot do it, and the message says what would help."""


class ConflictError(VedetteError):
    """The configuration file is another one by now than the one that the editor had seen; nothing was written."""


class ReadOnlyError(VedetteError):
    """The configuration file, or its folder, may not be written; the message names the file."""


class LockedError(VedetteError):
    """An environment variable sets this key, and wins over the file; the message names the variable.

    Args:
        where: the key's path, such as ``cameras.porch.flip``.
        variable: the environment variable.
    """

    def __init__(self, where: str, variable: str) -> None:
        super().__init__(f"{where} is set by the environment variable {variable}, which wins over the file")
        self.where = where
        self.variable = variable
