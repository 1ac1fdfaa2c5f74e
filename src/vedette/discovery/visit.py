"""What one host is: asked politely, over one connection at a time.

Its ports are knocked at, only those that boards use; who is silent at the first one is gone, because a board answers
for a closed port at once. What listens on port 80 is asked for its `/status` and its page, which costs no slot. Only
then streams are tried, the likeliest first: one picture, and the connection is closed. Firmware that would throw out
its viewer for us is asked for a single picture in place of its stream.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from vedette.boards import FIRMWARES, Firmware, SecondClient, recognise_challenge, recognise_status
from vedette.clock import Clock, within
from vedette.discovery.announced import Announced
from vedette.discovery.found import Found
from vedette.discovery.watching import watch
from vedette.errors import BoardError, Reason
from vedette.hub.health import explain, read_silence
from vedette.picture import Checked, shrink
from vedette.sources import Access, Answer, HttpSource, OutOfReachError, Reach, Source, Target, fetch
from vedette.sources.connection import connect, resolve
from vedette.sources.host import in_turn, stream_url

PORTS = tuple(sorted({port for each in FIRMWARES.values() for port in (each.control_port, each.stream_port)}))
_PAGE_PORT = 80
_KNOCK = 1.3  # seconds: a lost first packet is sent again after one
_PICTURE = 6.0  # seconds: a board gives up on its sensor after four or five (`Firmware.sensor_timeout`)
_UNAUTHORIZED = 401
_WIDTH = 320  # pixels of a thumbnail
_BOARDS_SERVERS = ("tasmota", "esp")  # what boards call themselves in a Server header; most send none
_BOARDS_TROUBLES = frozenset({Reason.SLOT_BUSY, Reason.SENSOR_SILENT, Reason.STALLED, Reason.AUTH_REQUIRED})
_TAKEN = (
    "It takes the connection and says nothing: a board from which someone else is streaming, or something else. "
    "Close that viewer, and search again."
)
_NO_STREAM = "It is a board, but nothing gives pictures on it: restart it, and see whether its own page shows any."


@dataclass(frozen=True, slots=True)
class _Place:
    """Where pictures may be.

    Attributes:
        look_at: URL for one look.
        stream: URL of the stream.
        firmware: what has them there, if the board says that it is of this family; else None.
        said: the board has told that pictures are there, or that it is of the family that has them there.
    """

    look_at: str
    stream: str
    firmware: Firmware | None = None
    said: bool = False


class Visit:
    """One look at one host.

    Args:
        address: numeric.
        clock: for all limits.
        reach: where it may be.
        announced: what it has said about itself, if anything.
    """

    def __init__(self, address: str, clock: Clock, reach: Reach, announced: Announced | None = None) -> None:
        self._address = address
        self._clock = clock
        self._reach = reach
        self._announced = announced
        self._name = announced.name if announced is not None else None
        self._ports: set[int] = set()
        self._family = self._announced_family()
        self._page = Target(address, _PAGE_PORT, "/")
        if announced is not None and announced.control is not None:
            self._page = Target.of(announced.control)
        self._silent = False

    async def run(self) -> Found | None:
        """What there is; None where it is no board, or may not be reached."""
        try:
            self._reach.check_new(self._address)  # it was found, and not written by an administrator
        except OutOfReachError:
            return None
        await self._knock()
        port = self._page.port
        if (port in self._ports or port not in PORTS) and not await self._has_a_boards_page():
            self._ports.discard(port)
        for place in self._places():
            if Target.of(place.look_at).port in self._ports and (found := await self._look_at(place)) is not None:
                return found
        if self._family is not None:
            firmware = next(in_turn(self._family))
            told = self._announced.stream if self._announced is not None else None
            place = _Place("", told or stream_url(self._address, firmware), firmware, said=True)
            return self._found(place, firmware, note=_NO_STREAM)
        return Found(self._address, self._name, note=_TAKEN) if self._silent else None

    async def _knock(self) -> None:
        """Find out on which ports somebody listens."""
        for port in PORTS:
            try:
                await within(self._clock, _KNOCK, self._connect_once(port))
            except BoardError as error:
                if error.reason is not Reason.REFUSED:
                    return
            except TimeoutError:
                return
            else:
                self._ports.add(port)

    async def _connect_once(self, port: int) -> None:
        transport, _ = await connect(await resolve(self._address, port, self._reach), port, asyncio.Protocol)
        transport.abort()
        await asyncio.sleep(0)  # so that its socket is closed before there is another

    async def _fetch(self, path: str) -> Answer:
        url = self._page._replace(path=path).url
        return await fetch(url, Access(None), self._clock, reach=self._reach)

    async def _has_a_boards_page(self) -> bool:
        """Learn what the page's port says; False where no board speaks like that, or nobody at all."""
        try:
            status = await self._fetch("/status")
            report = recognise_status(status.body.decode("utf-8", "replace"))
            if report is not None:
                self._family = report.family
                return True
            if status.head.status == _UNAUTHORIZED:
                self._family = recognise_challenge(status.head.headers.get("www-authenticate", "")) or self._family
            head = (await self._fetch("/")).head
        except BoardError as error:
            self._silent = error.reason is Reason.UNREACHABLE
            return False
        if self._family is not None:
            return True
        server = head.headers.get("server", "").lower()
        if server.startswith("tasmota"):
            self._family = "tasmota"
        secure = head.headers.get("location", "").startswith("https:")
        return not secure and (not server or server.startswith(_BOARDS_SERVERS))

    def _announced_family(self) -> str | None:
        """Who it says that it is, if that is somebody who is known."""
        model = self._announced.model if self._announced is not None else None
        return model if model is not None and any(model == each.family for each in FIRMWARES.values()) else None

    def _places(self) -> Iterator[_Place]:
        if self._announced is not None and self._announced.stream is not None:
            self._ports.add(Target.of(self._announced.stream).port)
            yield _Place(self._announced.stream, self._announced.stream, said=True)
        for firmware in sorted(in_turn("auto", self._family), key=self._rank):
            stream = stream_url(self._address, firmware)
            said = firmware.family == self._family
            still = firmware.still_target()
            if said and still is not None and firmware.second_client is SecondClient.STEALS:
                yield _Place(Target(self._address, firmware.control_port, still).url, stream, firmware, said=True)
            else:
                yield _Place(stream, stream, firmware if said else None, said)

    def _rank(self, firmware: Firmware) -> tuple[bool, bool, bool]:
        """As `in_turn` has it; of one family those first that throw nobody out."""
        steals = firmware.second_client is SecondClient.STEALS
        return (firmware.family != self._family, "{" in firmware.stream_path, steals)

    async def _look_at(self, place: _Place) -> Found | None:
        """What is there; None where there are no pictures."""
        source = HttpSource(place.look_at, Access(None), self._clock, reach=self._reach)
        try:
            thumbnail = await self._first_picture(source)
        except BoardError as error:
            if error.reason is Reason.REFUSED:
                self._ports.discard(Target.of(place.look_at).port)
            note = self._note(error, place, answered=source.observed is not None)
            return self._found(place, self._recognise(place, source), note=note) if note is not None else None
        return self._found(place, self._recognise(place, source), thumbnail)

    async def _first_picture(self, source: Source) -> bytes:
        """A small copy of the first whole picture.

        Raises:
            BoardError: there is none.
        """
        pictures: list[Checked | None] = []

        def see(_arrival: float, picture: Checked | None) -> bool:
            pictures.append(picture)
            return picture is not None

        try:
            await within(self._clock, _PICTURE, watch(source, see, self._clock))
        except TimeoutError:
            raise (BoardError(Reason.ALL_FRAMES_BAD) if pictures else read_silence(source.phase)) from None
        jpeg = next(picture.jpeg for picture in pictures if picture is not None)
        return await asyncio.get_running_loop().run_in_executor(None, shrink, jpeg, _WIDTH)

    def _note(self, error: BoardError, place: _Place, *, answered: bool) -> str | None:
        """Why a board gives no picture; None where this is no board's answer."""
        if answered or (place.said and error.reason in _BOARDS_TROUBLES):
            return explain(error, self._address)
        return _TAKEN if error.reason is Reason.SLOT_BUSY else None

    def _recognise(self, place: _Place, source: HttpSource) -> Firmware | None:
        if place.look_at != place.stream or source.observed is None:
            return place.firmware
        known = source.observed.recognise()
        return known.likeliest if known is not None else place.firmware

    def _found(
        self, place: _Place, firmware: Firmware | None, thumbnail: bytes | None = None, note: str | None = None
    ) -> Found:
        unknown = "generic" if thumbnail is not None else None
        return Found(
            self._address,
            self._name,
            firmware.family if firmware is not None else unknown,
            self._title(firmware),
            place.stream,
            thumbnail,
            note=note,
            control_url=self._control_url(firmware),
        )

    def _title(self, firmware: Firmware | None) -> str | None:
        if firmware is None:
            return None
        about = self._announced.about if self._announced is not None else None
        return (
            f"{firmware.title} ({about})" if about and firmware.family == self._announced_family() else firmware.title
        )

    def _control_url(self, firmware: Firmware | None) -> str | None:
        """Only where the configuration would look for it elsewhere."""
        control = self._announced.control if self._announced is not None else None
        if control is None or firmware is None or Target.of(control).port == firmware.control_port:
            return None
        return control
