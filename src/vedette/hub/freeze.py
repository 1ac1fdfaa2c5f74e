"""Frozen pictures: the same bytes again and again, which no sensor gives, however quiet the scene: it has noise.

The board's own clock decides how soon that is certain. Where it stands still too, the pictures are old by the board's
own account. Where it goes on, or is not shown, it takes half a minute: a test pattern, or a lens cap with the gain
turned down, also gives the same bytes for a while.
"""

from vedette.hub.boardclock import Reading

SAME_LIMIT = 30.0  # seconds of the same bytes without, or against, the board's clock
AT_LEAST = 20  # frames


class FreezeWatch:
    """Looks at one camera's frames in order.

    Attributes:
        frozen: the newest frame is no news, and has not been for too long.
    """

    def __init__(self) -> None:
        self.frozen = False
        self._newest = b""
        self._since = 0.0
        self._count = 0
        self._stood_still = True

    def look(self, jpeg: bytes, reading: Reading, arrival: float, patience: float) -> None:
        """Look at one frame.

        Args:
            jpeg: the picture.
            reading: what its time stamp means.
            arrival: monotonic seconds.
            patience: seconds after which a camera without frames is stale.
        """
        if jpeg != self._newest:  # mostly decided by the lengths, or within the first few hundred bytes of the scan
            self._newest, self._since, self._count = jpeg, arrival, 1
            self._stood_still = True
            self.frozen = False
            return
        self._count += 1
        self._stood_still = self._stood_still and reading is Reading.SAME
        limit = patience if self._stood_still else SAME_LIMIT
        if self._count >= AT_LEAST or self._stood_still:
            self.frozen = self.frozen or arrival - self._since >= limit
