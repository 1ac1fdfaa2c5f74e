"""Boards that announce themselves (mDNS and DNS-SD, RFC 6762 and 6763).

One question on each of this machine's networks, and three seconds of listening. Whoever is on the network may answer
anything: what an answer names is only looked at if it is in one of those networks, or in the reach's.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, ip_network
from itertools import islice
from typing import Protocol

from zeroconf import DNSQuestionType, Error, IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from vedette.clock import Clock, pause
from vedette.errors import BoardError
from vedette.hub.neighbours import own_interfaces
from vedette.sources import Reach, Target

SERVICES = (
    "_vedette._tcp.local.",  # vedette_cam
    "_http._tcp.local.",  # vedette_cam too, Tasmota, ESP32-CAM_MJPEG2SD, easytarget
    "_esphomelib._tcp.local.",  # ESPHome
    "_arduino._tcp.local.",  # ArduinoOTA: easytarget, and many sketches
)
_LISTEN = 3.0  # seconds: a board in Wi-Fi's sleep answers within one; the question is repeated after one
_LONGEST_WORD = 40  # characters of a model, a version, a board
_MOST_ADDRESSES = 4  # of one service: a board has one; whoever names hundreds would have each of them visited
_MOST = 256  # services: a network of a thousand boards is searched, not listened to


@dataclass(frozen=True, slots=True)
class Announced:
    """A host that has announced itself.

    Attributes:
        address: numeric, IPv4.
        name: such as ``porch.local``.
        stream: the URL of its stream, where it says so (TXT ``stream``, on its own host).
        control: ``http://HOST[:PORT]`` of its control port, where it says so (TXT ``control``, the same).
        model: its firmware's own word for itself (TXT ``model``).
        about: what it is beside that, such as ``0.1.0, AI-Thinker`` (TXT ``version`` and ``board``).
    """

    address: str
    name: str
    stream: str | None = None
    control: str | None = None
    model: str | None = None
    about: str | None = None

    @property
    def said(self) -> int:
        """How much it says of itself: a board may announce itself under several types, and say more under one."""
        return sum(word is not None for word in (self.stream, self.control, self.model, self.about))


class Browse(Protocol):
    """How announcements are listened to."""

    async def __call__(self, clock: Clock, reach: Reach) -> tuple[Announced, ...]:
        """Whoever has answered within three seconds, each address once; nobody where that is impossible."""


async def browse(
    clock: Clock, reach: Reach, interfaces: Callable[[], Iterable[IPv4Interface]] = own_interfaces
) -> tuple[Announced, ...]:
    """See `Browse`."""
    own = await asyncio.get_running_loop().run_in_executor(None, lambda: tuple(filter(_is_up, interfaces())))
    if not own:
        return ()
    logging.getLogger("zeroconf").setLevel(logging.ERROR)  # it warns of each interface that has gone down meanwhile
    try:
        zeroconf = AsyncZeroconf(interfaces=[str(each.ip) for each in own], ip_version=IPVersion.V4Only)
    except (OSError, RuntimeError, Error) as error:  # no multicast here, or port 5353 is held by somebody alone
        logging.getLogger(__name__).info("mDNS is not possible here: %s", error)
        return ()
    try:
        heard = await _listen(zeroconf.zeroconf, clock)
    finally:
        await zeroconf.async_close()
    allowed = Reach((*reach.networks, *(ip_network(each.network) for each in own)))
    found: dict[str, Announced] = {}
    for info in heard:
        for announced in _read(info, allowed):
            known = found.get(announced.address)
            if known is None or announced.said > known.said:
                found[announced.address] = announced
    return tuple(found.values())


def _is_up(interface: IPv4Interface) -> bool:
    """It has not gone down meanwhile: the library would leave its sockets open over that."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((str(interface.ip), 0))
        except OSError:
            return False
    return True


async def _listen(zeroconf: Zeroconf, clock: Clock) -> list[AsyncServiceInfo]:
    infos: list[AsyncServiceInfo] = []
    asking: set[asyncio.Task[bool]] = set()

    def hear(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is ServiceStateChange.Added and len(infos) < _MOST:
            info = AsyncServiceInfo(service_type, name)
            infos.append(info)
            asking.add(asyncio.create_task(info.async_request(zeroconf, _LISTEN * 1000, DNSQuestionType.QM)))

    # Asked to answer everybody: an answer to port 5353 of this machine alone may go to another program there.
    question = DNSQuestionType.QM
    browser = AsyncServiceBrowser(zeroconf, list(SERVICES), handlers=[hear], question_type=question)
    try:
        await pause(clock, _LISTEN)
    finally:
        await browser.async_cancel()
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
    return infos


def _read(info: AsyncServiceInfo, allowed: Reach) -> Iterable[Announced]:
    name = (info.server or "").removesuffix(".")
    if not name.isprintable():
        return
    near = (each for each in info.parsed_addresses(IPVersion.V4Only) if allowed.allows(IPv4Address(each)))
    for address in islice(near, _MOST_ADDRESSES):
        stream, control = (_place(address, info, key) for key in ("stream", "control"))
        about = ", ".join(word for key in ("version", "board") if (word := _word(info, key)))
        yield Announced(
            address,
            name,
            stream.url if stream is not None else None,
            Target(control.host, control.port, "").url if control is not None else None,
            _word(info, "model") or None,
            about or None,
        )


def _place(address: str, info: AsyncServiceInfo, key: str) -> Target | None:
    text = _text(info, key)
    if not text:
        return None
    with contextlib.suppress(BoardError):  # it points elsewhere, or nowhere
        place = f"//{address}{text}" if text.startswith(":") else text
        return Target(address, info.port or 80, "/").redirected(place)
    return None


def _word(info: AsyncServiceInfo, key: str) -> str:
    """What is shown to people; empty where it is too long for that, or not on one line."""
    text = _text(info, key)
    return text if len(text) <= _LONGEST_WORD and text.isprintable() else ""


def _text(info: AsyncServiceInfo, key: str) -> str:
    return (info.properties.get(key.encode("ascii")) or b"").decode("utf-8", "replace")
