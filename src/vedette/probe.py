"""What a camera is: looked at for a few seconds, over one connection to its stream."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from vedette.boards import Firmware, StatusReport
from vedette.clock import Clock, within
from vedette.config.addresses import board_host, http_url
from vedette.errors import BoardError, Reason
from vedette.hub.controlport import ControlPort
from vedette.hub.health import explain, read_silence
from vedette.picture import check
from vedette.sources import Access, HostMemory, HostSource, HttpSource, Observation, Source, fetch
from vedette.wire.jpeg import BadJpegError
from vedette.wire.multipart import Part

_LOOK = 3.0  # seconds of pictures
_PATIENCE = 10.0  # seconds without any


@dataclass
class Look:
    """What was seen.

    Attributes:
        arrivals: monotonic seconds of each good picture.
        sizes: widths and heights, the newest last.
        damaged: pictures that were not whole.
        lengths: bytes of each good picture.
        error: why there are no pictures, or no more of them.
        observed: how the stream answered.
        control: the control port, asked once.
    """

    arrivals: list[float] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    damaged: int = 0
    error: BoardError | None = None
    observed: Observation | None = None
    control: ControlPort | None = None


async def look(address: str, credentials: tuple[str, str] | None, clock: Clock) -> Look:
    """Look at a camera.

    Args:
        address: a host, or the URL of its stream.
        credentials: user name and password, or None.
        clock: for the limits.

    Raises:
        ValueError: the address is neither; the message says what was expected.
    """
    access = Access(credentials)
    ask = partial(fetch, access=access, clock=clock)
    seen = Look()
    source: Source
    if "://" in address:
        host = urlsplit(http_url(address)).hostname or ""
        source = HttpSource(address, access, clock)
    else:
        host = board_host(address)
        source = HostSource(host, "auto", HostMemory(), lambda url: HttpSource(url, access, clock), ask)
    await _watch(source, seen, clock)
    if (
        "://" in address
        and seen.error is not None
        and seen.error.reason is Reason.NOT_MJPEG
        and _is_front_page(address)
    ):
        return await look(host, credentials, clock)
    seen.observed = source.observed
    seen.control = ControlPort(host, None, ask)
    if firmware := _firmware(seen.observed):
        seen.control.know(firmware)
        await seen.control.ask()
    return seen


def _is_front_page(url: str) -> bool:
    """What people copy from their browser: the board's page, not its stream."""
    address = urlsplit(url)
    return address.scheme == "http" and address.path in {"", "/"} and not address.query and address.port in {None, 80}


async def _watch(source: Source, seen: Look, clock: Clock) -> None:
    """Take pictures for `_LOOK` seconds from the first one; give up after `_PATIENCE` without any."""
    enough = asyncio.Event()

    def take(part: Part) -> None:
        try:
            info = check(part.body).info
        except BadJpegError:
            seen.damaged += 1
            return
        now = clock.monotonic()
        seen.arrivals.append(now)
        seen.lengths.append(len(part.body))
        if info is not None:
            seen.sizes.append((info.width, info.height))
        if now - seen.arrivals[0] >= _LOOK:
            enough.set()

    async def until_enough() -> None:
        running = asyncio.create_task(source.run(take))
        waiting = asyncio.create_task(enough.wait())
        try:
            await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
        finally:
            running.cancel()
            waiting.cancel()
            await asyncio.gather(running, waiting, return_exceptions=True)

    try:
        await within(clock, _PATIENCE + _LOOK, until_enough())
    except BoardError as error:
        seen.error = error
    except TimeoutError:
        if not seen.arrivals:
            seen.error = BoardError(Reason.ALL_FRAMES_BAD) if seen.damaged else read_silence(source.phase)


def _firmware(observed: Observation | None) -> Firmware | None:
    if observed is None:
        return None
    known = observed.recognise()
    return known.likeliest if known else None


def describe(address: str, seen: Look) -> Iterator[str]:
    """What was seen, line by line."""
    firmware = _firmware(seen.observed)
    if seen.observed is not None:
        yield f"firmware   {firmware.title if firmware else 'not known: generic MJPEG'}"
        yield f"family     {firmware.family if firmware else 'generic'}"
        yield f"stream     {seen.observed.target.url}"
    if seen.sizes:
        width, height = seen.sizes[-1]
        yield f"size       {width}x{height}, {sum(seen.lengths) // len(seen.lengths) // 1000} KB a picture"
    if len(seen.arrivals) > 1:
        yield f"rate       {(len(seen.arrivals) - 1) / (seen.arrivals[-1] - seen.arrivals[0]):.1f} pictures a second"
    if seen.control is not None and seen.control.online is not None:
        yield f"control    {seen.control.base}{'' if seen.control.online else ' does not answer'}"
        yield from _describe_status(seen.control.report)
    yield f"health     {_health(address, seen)}"


def _describe_status(report: StatusReport | None) -> Iterator[str]:
    if report is not None and report.sensors:
        yield f"sensor     {' or '.join(sensor.name for sensor in report.sensors)}"


def _health(address: str, seen: Look) -> str:
    host = (urlsplit(address).hostname or address) if "://" in address else address
    if not seen.arrivals:
        return explain(seen.error or BoardError(Reason.STALLED), host)
    damaged = f"{seen.damaged} of {seen.damaged + len(seen.arrivals)} pictures damaged" if seen.damaged else "good"
    return damaged if seen.error is None else f"{damaged}, then: {explain(seen.error, host)}"
