"""What a camera is: looked at for a few seconds, over one connection to its stream."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from vedette.boards import Firmware
from vedette.clock import Clock, within
from vedette.config.addresses import board_host, http_url
from vedette.discovery.watching import watch
from vedette.errors import BoardError, Reason
from vedette.hub.controlport import ControlPort
from vedette.hub.health import explain, read_silence
from vedette.picture import Checked
from vedette.sources import (
    USUAL_REACH,
    Access,
    HostMemory,
    HostSource,
    HttpSource,
    Observation,
    Reach,
    Source,
    fetch,
)

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
        picture: the first good one.
    """

    arrivals: list[float] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    damaged: int = 0
    error: BoardError | None = None
    observed: Observation | None = None
    control: ControlPort | None = None
    picture: bytes | None = None

    @property
    def firmware(self) -> Firmware | None:
        """What answers like this, most likely; None where nobody knows."""
        known = self.observed.recognise() if self.observed is not None else None
        return known.likeliest if known else None

    @property
    def rate(self) -> float | None:
        """Good pictures a second; None where there were not two."""
        count = len(self.arrivals) - 1
        return count / (self.arrivals[-1] - self.arrivals[0]) if count > 0 else None

    @property
    def sensor(self) -> str | None:
        """The camera chip, or those that answer alike; None where nothing tells."""
        report = self.control.report if self.control is not None else None
        return " or ".join(sensor.name for sensor in report.sensors) or None if report is not None else None


async def look(
    address: str,
    credentials: tuple[str, str] | None,
    clock: Clock,
    reach: Reach = USUAL_REACH,
    patience: float | None = None,
) -> Look:
    """Look at a camera. Pictures are checked in threads of the loop's.

    Args:
        address: a host, or the URL of its stream.
        credentials: user name and password, or None.
        clock: for the limits.
        reach: where it may be.
        patience: seconds without any picture; None for the usual ten.

    Raises:
        ValueError: the address is neither; the message says what was expected.
    """
    access = Access(credentials)
    ask = partial(fetch, access=access, clock=clock, reach=reach)
    seen = Look()
    source: Source
    if "://" in address:
        host = urlsplit(http_url(address)).hostname or ""
        source = HttpSource(address, access, clock, reach=reach)
    else:
        host = board_host(address)
        source = HostSource(host, "auto", HostMemory(), lambda url: HttpSource(url, access, clock, reach=reach), ask)
    await _watch(source, seen, clock, _PATIENCE if patience is None else patience)
    if (
        "://" in address
        and seen.error is not None
        and seen.error.reason is Reason.NOT_MJPEG
        and _is_front_page(address)
    ):
        return await look(host, credentials, clock, reach, patience)
    seen.observed = source.observed
    seen.control = ControlPort(host, None, ask)
    if firmware := seen.firmware:
        seen.control.know(firmware)
        await seen.control.ask()
    return seen


def _is_front_page(url: str) -> bool:
    """What people copy from their browser: the board's page, not its stream."""
    address = urlsplit(url)
    return address.scheme == "http" and address.path in {"", "/"} and not address.query and address.port in {None, 80}


async def _watch(source: Source, seen: Look, clock: Clock, patience: float) -> None:
    """Take pictures for `_LOOK` seconds from the first one; give up after ``patience`` without any."""

    def note(arrival: float, checked: Checked | None) -> bool:
        if checked is None:
            seen.damaged += 1
            return False
        seen.arrivals.append(arrival)
        seen.lengths.append(len(checked.jpeg))
        seen.picture = seen.picture or checked.jpeg
        if checked.info is not None:
            seen.sizes.append((checked.info.width, checked.info.height))
        return arrival - seen.arrivals[0] >= _LOOK

    try:
        await within(clock, patience + _LOOK, watch(source, note, clock))
    except BoardError as error:
        seen.error = error
    except TimeoutError:
        if not seen.arrivals:
            seen.error = BoardError(Reason.ALL_FRAMES_BAD) if seen.damaged else read_silence(source.phase)


def describe(address: str, seen: Look) -> Iterator[str]:
    """What was seen, line by line."""
    firmware = seen.firmware
    if seen.observed is not None:
        yield f"firmware   {firmware.title if firmware else 'not known: generic MJPEG'}"
        yield f"family     {firmware.family if firmware else 'generic'}"
        yield f"stream     {seen.observed.target.url}"
    if seen.sizes:
        width, height = seen.sizes[-1]
        yield f"size       {width}x{height}, {sum(seen.lengths) // len(seen.lengths) // 1000} KB a picture"
    if seen.rate is not None:
        yield f"rate       {seen.rate:.1f} pictures a second"
    if seen.control is not None and seen.control.online is not None:
        yield f"control    {seen.control.base}{'' if seen.control.online else ' does not answer'}"
        if seen.sensor is not None:
            yield f"sensor     {seen.sensor}"
    yield f"health     {judge(address, seen)}"


def judge(address: str, seen: Look) -> str:
    """In words, how it is."""
    host = (urlsplit(address).hostname or address) if "://" in address else address
    if not seen.arrivals:
        return explain(seen.error or BoardError(Reason.STALLED), host)
    damaged = f"{seen.damaged} of {seen.damaged + len(seen.arrivals)} pictures damaged" if seen.damaged else "good"
    return damaged if seen.error is None else f"{damaged}, then: {explain(seen.error, host)}"
