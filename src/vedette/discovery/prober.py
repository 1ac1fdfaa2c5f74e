"""One look at an address that somebody has typed on the page."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from vedette.clock import Clock, within
from vedette.config.addresses import board_host, http_url
from vedette.discovery.known import resolve_known
from vedette.discovery.probe import Look, judge, look
from vedette.errors import BoardError, Reason, RequestError
from vedette.hub import Engine, State
from vedette.picture import shrink
from vedette.sources import OutOfReachError, Reach
from vedette.sources.connection import resolve

_PATIENCE = 7.0  # seconds without a picture; with three of pictures and five for the control port that makes 15
_LIMIT = 20.0  # seconds: a page's address is looked at twice
_ANSWER_WITHIN = 25.0  # seconds for the engine, in case that its loop is busy
_WIDTH = 320  # pixels of a thumbnail


@dataclass(frozen=True, slots=True)
class Probed:
    """What an address is.

    Attributes:
        address: as it was typed.
        firmware: the family, as the configuration has it; None where there were no pictures.
        title: of the firmware.
        stream_url: where the pictures are.
        width: of the newest picture, in pixels.
        height: the same.
        fps: good pictures a second.
        sensor: the camera chip, where the board tells.
        state: online where there were pictures.
        reason: why there were none.
        explanation: how it is, in a sentence.
        thumbnail: a JPEG of at most 320 pixels' width.
        camera: the camera of this server that has this address already; then nothing was connected to.
    """

    address: str
    firmware: str | None = None
    title: str | None = None
    stream_url: str | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    sensor: str | None = None
    state: State = State.OFFLINE
    reason: Reason | None = None
    explanation: str | None = None
    thumbnail: bytes | None = None
    camera: str | None = None


class Prober:
    """Looks at one address at a time: each look waits in a thread of the web's, and there are few.

    Args:
        engine: on whose loop it runs.
        clock: for all waiting.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._busy = threading.Lock()

    def probe(
        self, address: str, credentials: tuple[str, str] | None, reach: Reach, known: Mapping[str, str]
    ) -> Probed:
        """Look at an address; takes up to 15 s, and the board's stream for three of them.

        Args:
            address: a host, or the URL of a stream.
            credentials: user name and password, or None.
            reach: where it may be; loopback only if it says so.
            known: hosts and addresses of this server's cameras, and their ids; they are not connected to.

        Raises:
            RequestError: 422, the address is none or may not be reached; 409, another look is under way; 504.
            ServerError: the engine does not answer.
        """
        host = _host_of(address)
        try:
            reach.check_new(host)
        except OutOfReachError as error:
            raise RequestError(422, "out_of_reach", error.detail) from None
        if not self._busy.acquire(blocking=False):
            raise RequestError(409, "probe_running", "Another address is being looked at: try again in some seconds.")
        try:
            look_at = partial(self._look, address, host, credentials, reach, known)
            return self._engine.run(partial(self._patiently, look_at, host), _ANSWER_WITHIN)
        finally:
            self._busy.release()

    async def _patiently(self, look_at: Callable[[], Coroutine[Any, Any, Probed]], host: str) -> Probed:
        try:
            return await within(self._clock, _LIMIT, look_at())
        except TimeoutError:
            raise RequestError(504, "probe_timeout", f"{host} has not been understood in {_LIMIT:g} s.") from None

    async def _look(
        self,
        address: str,
        host: str,
        credentials: tuple[str, str] | None,
        reach: Reach,
        known: Mapping[str, str],
    ) -> Probed:
        camera = await self._camera_at(host, reach, known)
        if camera is not None:
            return Probed(address, camera=camera, explanation="It is a camera of this server already.")
        seen = await look(address, credentials, self._clock, reach, _PATIENCE)
        thumbnail = None
        if seen.picture is not None:
            thumbnail = await asyncio.get_running_loop().run_in_executor(None, shrink, seen.picture, _WIDTH)
        return _probed(address, seen, thumbnail)

    async def _camera_at(self, host: str, reach: Reach, known: Mapping[str, str]) -> str | None:
        """The camera that has this host already, by whatever name."""
        cameras = await resolve_known(known, reach, self._clock)
        try:
            addresses = await resolve(host, 80, reach)
        except BoardError:  # the look says it better
            addresses = []
        return next((cameras[name] for name in (host.lower(), *addresses) if name in cameras), None)


def _host_of(address: str) -> str:
    try:
        return urlsplit(http_url(address)).hostname or "" if "://" in address else board_host(address)
    except ValueError as error:
        raise RequestError(422, "address_invalid", f"{error}.") from None


def _probed(address: str, seen: Look, thumbnail: bytes | None) -> Probed:
    firmware, observed = seen.firmware, seen.observed
    width, height = seen.sizes[-1] if seen.sizes else (None, None)
    known = observed is not None
    return Probed(
        address,
        firmware=firmware.family if firmware else "generic" if known else None,
        title=firmware.title if firmware else "Generic MJPEG" if known else None,
        stream_url=observed.target.url if observed is not None else None,
        width=width,
        height=height,
        fps=round(seen.rate, 1) if seen.rate is not None else None,
        sensor=seen.sensor,
        state=State.ONLINE if seen.arrivals else State.OFFLINE,
        reason=None if seen.arrivals else seen.error.reason if seen.error else Reason.STALLED,
        explanation=judge(address, seen),
        thumbnail=thumbnail,
    )
