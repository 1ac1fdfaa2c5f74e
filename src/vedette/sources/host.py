"""A board of which only the address is known: what runs on it, and where is its stream?

Its control port is asked first, which costs no slot. Then the streams of all firmwares are tried, the likeliest first
and **one at a time**: never is a second one opened. What gives pictures is remembered for the next attempt.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from vedette.boards import FIRMWARES, Firmware, recognise_status
from vedette.errors import BoardError, Reason
from vedette.sources.fetch import Answer
from vedette.sources.source import Observation, Phase, Source
from vedette.sources.target import Target
from vedette.wire.multipart import Part

_NOT_HERE = frozenset({Reason.NOT_MJPEG, Reason.HTTP_ERROR, Reason.REFUSED})
_STATUS = "/status"


@dataclass
class HostMemory:
    """What is known of a board from one attempt to the next.

    Attributes:
        firmware: what gave pictures; None before.
    """

    firmware: Firmware | None = None


class HostSource:
    """One attempt at a board by its address; see `Source`.

    Args:
        host: name or address; an IPv6 address without brackets.
        family: the configuration's word for the firmware; ``auto`` where nobody knows.
        memory: kept by the camera from attempt to attempt.
        make_source: makes the driver for one URL.
        fetch: asks for one small thing.
    """

    def __init__(
        self,
        host: str,
        family: str,
        memory: HostMemory,
        make_source: Callable[[str], Source],
        fetch: Callable[[str], Awaitable[Answer]],
    ) -> None:
        self._host = host
        self._family = family
        self._memory = memory
        self._make_source = make_source
        self._fetch = fetch
        self._inner: Source | None = None

    @property
    def phase(self) -> Phase:
        """See `Source`."""
        return self._inner.phase if self._inner is not None else Phase.CONNECTING

    @property
    def interval(self) -> float:
        """See `Source`."""
        return self._inner.interval if self._inner is not None else 0.0

    @property
    def words(self) -> int:
        """See `Source`."""
        return self._inner.words if self._inner is not None else 0

    @property
    def observed(self) -> Observation | None:
        """See `Source`."""
        return self._inner.observed if self._inner is not None else None

    async def run(self, deliver: Callable[[Part], None]) -> None:
        """See `Source.run`."""
        if self._memory.firmware is not None:
            await self._try(self._memory.firmware, deliver)
        failures: list[BoardError] = []
        closed: set[int] = set()  # ports on which nobody listens
        for firmware in in_turn(self._family, await self._said_family()):
            if firmware.stream_port in closed:
                continue
            try:
                await self._try(firmware, deliver)
            except BoardError as error:
                if self._memory.firmware is firmware or error.reason not in _NOT_HERE:
                    raise
                failures.append(error)
                if error.reason is Reason.REFUSED:
                    closed.add(firmware.stream_port)
        raise self._nothing_found(failures)

    async def _try(self, firmware: Firmware, deliver: Callable[[Part], None]) -> None:
        def found(part: Part) -> None:
            self._memory.firmware = firmware
            deliver(part)

        self._inner = self._make_source(stream_url(self._host, firmware))
        try:
            await self._inner.run(found)
        except BoardError as error:
            if error.reason in _NOT_HERE - {Reason.REFUSED} and self._memory.firmware is firmware:
                self._memory.firmware = None  # another firmware has been put on it
            raise

    async def _said_family(self) -> str | None:
        try:
            answer = await self._fetch(Target(self._host, 80, _STATUS).url)
        except BoardError:
            return None
        report = recognise_status(answer.body.decode("utf-8", "replace"))
        return report.family if report is not None else None

    def _nothing_found(self, failures: list[BoardError]) -> BoardError:
        if all(error.reason is Reason.REFUSED for error in failures):
            return BoardError(Reason.REFUSED, "no port of a known firmware is open")
        return BoardError(Reason.NOT_MJPEG, "none of the known firmwares' streams is there; set url instead of host")


def stream_url(host: str, firmware: Firmware) -> str:
    """Where a firmware has its stream."""
    return Target(host, firmware.stream_port, firmware.stream_target()).url


def in_turn(family: str, said: str | None = None) -> Iterator[Firmware]:
    """Firmwares of which each has its stream elsewhere, in the order in which they are tried.

    Args:
        family: only this one; ``auto`` for all.
        said: the family that the control port names, which comes first.
    """
    fitting = [firmware for firmware in FIRMWARES.values() if family in {"auto", firmware.family}]
    # WifiCam's URL sets the resolution: it is the last resort.
    fitting.sort(key=lambda firmware: (firmware.family != said, "{" in firmware.stream_path))
    seen: set[tuple[int, str]] = set()
    for firmware in fitting:
        place = (firmware.stream_port, firmware.stream_path)
        if place not in seen:
            seen.add(place)
            yield firmware
