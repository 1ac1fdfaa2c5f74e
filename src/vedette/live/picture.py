"""What goes out to viewers: a picture in its two forms, each made once for all who get it."""

from vedette.wire.multipart import encode_advance_part, encode_part


class Picture:
    """A frame, a repeated frame or a placeholder, with the camera's state.

    Args:
        jpeg: the picture.
        timestamp: seconds since the epoch at which it reached the server.
        state: a word of the contract.
    """

    __slots__ = ("_advance", "_jpeg", "_plain", "_state", "_timestamp")

    def __init__(self, jpeg: bytes, timestamp: float, state: str) -> None:
        self._jpeg = jpeg
        self._timestamp = timestamp
        self._state = state
        self._plain: bytes | None = None
        self._advance: bytes | None = None

    @property
    def plain(self) -> bytes:
        """A whole part."""
        if self._plain is None:
            self._plain = encode_part(self._jpeg, self._timestamp, self._state)
        return self._plain

    @property
    def advance(self) -> bytes:
        """For browsers: the picture with the next part's head behind it."""
        if self._advance is None:
            self._advance = encode_advance_part(self._jpeg)
        return self._advance
