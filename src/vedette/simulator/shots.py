"""A board's pictures with its troubles: what is sent, what length is claimed for it, and when it was taken."""

from typing import TYPE_CHECKING, NamedTuple

from vedette.boards import buffer_limit
from vedette.simulator.alteration import SIZE_FAULTS, SPOILING, alter_picture, alter_size, inflate
from vedette.simulator.faults import Fault
from vedette.simulator.scene import Size

if TYPE_CHECKING:
    from vedette.simulator.board import Board


_QUEUED = 2  # pictures: esp32-camera keeps so many buffers


class Shot(NamedTuple):
    """One picture as it is sent.

    Attributes:
        jpeg: the bytes; spoilt ones too.
        length: what is claimed for them; None for no claim.
        taken: seconds since the board booted.
    """

    jpeg: bytes
    length: int | None
    taken: float


class Shots:
    """The pictures for one viewer, or for all who ask for single ones."""

    def __init__(self, board: "Board") -> None:
        self._board = board
        self._frozen: tuple[bytes, float] | None = None
        self._lost_since: float | None = None
        self._set_size: Size | None = None  # that the sensor was last started with
        self._queued: int | None = None  # pictures that still come from the queue while it restarts
        self._restarted = 0.0

    @property
    def dry(self) -> bool:
        """No picture has fitted into the buffer for as long as the driver waits for one."""
        board = self._board
        if self._lost_since is None or board.firmware.sensor_timeout is None:
            return False
        return board.uptime() - self._lost_since >= board.firmware.sensor_timeout

    async def take(self, index: int, number: int) -> Shot | None:
        """The picture that is due; None where the driver has lost it, or where the sensor restarts.

        Args:
            index: which one of the scene.
            number: how many went before it.
        """
        board = self._board
        faults = board.faults
        size = self._size_after_restart()
        if size is None:
            return None
        if Fault.FROZEN not in faults or self._frozen is None:
            self._frozen = await board.take_picture(index, size, plain=bool(faults & SPOILING)), board.uptime()
        jpeg, taken = self._frozen
        if Fault.HUGE_FRAMES in faults:
            limit = buffer_limit(board.firmware.init_size or board.settings.size)
            grown = board.fault_age(Fault.HUGE_FRAMES) / board.timings.growth
            wanted = limit * grown * board.random(index).uniform(0.85, 1.15)  # so that first some, then all are lost
            if wanted > limit:
                self._lost_since = board.uptime() if self._lost_since is None else self._lost_since
                return None
            jpeg = inflate(jpeg, int(wanted))
        self._lost_since = None
        return Shot(*alter_picture(jpeg, faults, number, board.random(index)), taken)

    def _size_after_restart(self) -> Size | None:
        """Another setting restarts the sensor: some pictures of the old size lie in its queue, then there is none."""
        board = self._board
        wanted = board.settings.size
        if self._set_size is None or self._set_size == wanted:
            self._queued, self._set_size = None, wanted
            return self._size()
        if self._queued is None:
            self._queued, self._restarted = _QUEUED, board.uptime()
        if self._queued:
            self._queued -= 1
            return self._set_size
        if board.uptime() - self._restarted < board.timings.resize:
            return None
        self._queued, self._set_size = None, wanted
        return self._size()

    def _size(self) -> Size:
        board = self._board
        changing = board.faults & SIZE_FAULTS
        if not changing:
            return board.settings.size
        age = max(map(board.fault_age, changing))
        return alter_size(board.settings.size, changing, age, board.timings.size_every, board.fps)
