"""A JPEG's header: everything up to the entropy-coded scan, read and checked as a whole.

A camera's header is the same bytes from frame to frame as long as nobody changes its settings, so a header that was
read is remembered (`read_header`): all the checks here cost a frame 1 us. The scan itself is `jpeg.py`'s.

Source of the grammar: ITU-T T.81, annex B.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from vedette.wire.jpeg_segments import DHT, DQT, DRI, SOI, SOS, BadJpegError, Damage, segments
from vedette.wire.jpeg_tables import check_scan_header, read_huffman, read_quantization

_SOF_SEQUENTIAL = frozenset((0xC0, 0xC1))  # baseline and extended
_SOF_READABLE = _SOF_SEQUENTIAL | {0xC2}  # progressive; every decoder reads these
_SOF_OTHER = frozenset((0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF))
_ADOBE = 0xEE
_BLOCK = 8  # pixels
_BITS = 8  # of a sample; nobody shows others
_REMEMBERED = 256  # headers; a camera has one
_LONGEST_REMEMBERED = 4096  # bytes: one with a thumbnail in it is another with each frame
# Five times the largest sensor's (OV5640: 2592x1944). Whoever turns or dims a picture holds it decoded, at three bytes
# a pixel and more, and a flat one of 100 megapixels comes in 1.5 MB.
_PIXEL_LIMIT = 25_000_000
# The least that a block takes. One code for its mean and one that ends it; the first scan of a progressive picture has
# the means only.
_SEQUENTIAL_BITS, _PROGRESSIVE_BITS = 2, 1
_SAMPLING_NAMES = {
    (1, 1): "4:4:4",
    (2, 1): "4:2:2",
    (2, 2): "4:2:0",
    (1, 2): "4:4:0",
    (4, 1): "4:1:1",
}


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says, and what follows from it for the scan.

    Attributes:
        width: pixels.
        height: pixels.
        subsampling: ``4:2:2`` and so on, ``gray`` for one component, ``other`` where it has no common name.
        tables_at: where the Huffman tables that it does not bring belong; None where it brings them.
        sequential: not progressive.
        units: MCUs in the scan; 0 where the picture has, or may have, several scans.
        restart_interval: MCUs from one restart marker to the next; 0 for none.
        shortest_scan: bytes of all scans together; with less it cannot be whole.
        zeros_are_damage: a long run of zero bits stands for nothing that a camera would encode.
        luma_step_at: where the quantization step of the luma's mean stands, one byte; None where changing it would
            change more than the luma's scale, or it is 1.
    """

    width: int
    height: int
    subsampling: str
    tables_at: int | None
    sequential: bool
    units: int
    restart_interval: int
    shortest_scan: int
    zeros_are_damage: bool
    luma_step_at: int | None


def read_header(data: bytes) -> tuple[Header, int]:
    """Read the header that a JPEG begins with; gives it, and where the scan begins.

    Raises:
        BadJpegError: it is cut off, or breaks the grammar.
    """
    end = _find_scan(data)
    if end > _LONGEST_REMEMBERED:
        return _read(data[:end]), end
    return _remember(data[:end]), end


def read_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as a frame header says them, of whatever is left of a picture."""
    try:
        for marker, start, end in segments(data, len(SOI)):
            if marker in _SOF_READABLE:
                header = _FrameHeader.read(data[start:end], sequential=False)
                return header.width, header.height
    except BadJpegError:
        return None
    return None


def _find_scan(data: bytes) -> int:
    if not data.startswith(SOI):
        raise BadJpegError(Damage.CORRUPT, "it does not start with SOI")
    *_, (_, _, end) = segments(data, len(SOI))
    return end


def _read(header: bytes) -> Header:
    draft = _Draft(header)
    for marker, start, end in segments(header, len(SOI)):
        draft.add(marker, start, end)
    return draft.finish()


_remember = lru_cache(_REMEMBERED)(_read)  # of a pure function: it changes nothing but the time it takes


@dataclass(frozen=True, slots=True)
class _Component:
    name: int
    across: int
    down: int
    quantization: int


@dataclass(frozen=True, slots=True)
class _FrameHeader:
    width: int
    height: int
    sequential: bool
    components: tuple[_Component, ...]

    @classmethod
    def read(cls, payload: bytes, *, sequential: bool) -> "_FrameHeader":
        if len(payload) < 6 or len(payload) != 6 + 3 * payload[5]:
            raise BadJpegError(Damage.CORRUPT, "a frame header of the wrong length")
        height = payload[1] << 8 | payload[2]
        width = payload[3] << 8 | payload[4]
        if not width or not height or not payload[5] or width * height > _PIXEL_LIMIT:
            raise BadJpegError(Damage.CORRUPT, f"a picture of {width}x{height}")
        if payload[0] != _BITS:
            raise BadJpegError(Damage.CORRUPT, f"samples of {payload[0]} bits")
        components = tuple(
            _Component(payload[at], payload[at + 1] >> 4, payload[at + 1] & 15, payload[at + 2])
            for at in range(6, len(payload), 3)
        )
        if not all(1 <= factor <= 4 for component in components for factor in (component.across, component.down)):
            raise BadJpegError(Damage.CORRUPT, "an impossible sampling factor")
        return cls(width, height, sequential, components)

    @property
    def subsampling(self) -> str:
        if len(self.components) == 1:
            return "gray"
        first, *others = self.components
        plain = all((component.across, component.down) == (1, 1) for component in others)
        return _SAMPLING_NAMES.get((first.across, first.down), "other") if plain else "other"

    @property
    def units(self) -> int:
        """MCUs of the picture, where one scan holds all components."""
        across = down = 1
        if len(self.components) > 1:
            across = max(component.across for component in self.components)
            down = max(component.down for component in self.components)
        return -(-self.width // (_BLOCK * across)) * -(-self.height // (_BLOCK * down))

    @property
    def blocks_per_unit(self) -> int:
        if len(self.components) == 1:
            return 1
        return sum(component.across * component.down for component in self.components)

    @property
    def blocks(self) -> int:
        """Of all components, without those that fill up an MCU: a scan of one component has none."""
        across = _BLOCK * max(component.across for component in self.components)
        down = _BLOCK * max(component.down for component in self.components)
        return sum(
            -(-self.width * component.across // across) * -(-self.height * component.down // down)
            for component in self.components
        )

    def shortest_scan(self, units: int) -> int:
        """Bytes that its scans have at least; ``units`` as in `Header`."""
        blocks = units * self.blocks_per_unit or self.blocks
        return blocks * (_SEQUENTIAL_BITS if self.sequential else _PROGRESSIVE_BITS) // 8


@dataclass(slots=True)
class _Draft:
    """A header that is being read."""

    data: bytes
    frame: _FrameHeader | None = None
    steps: dict[int, int | None] = field(default_factory=dict)  # by table: where its first step is; None if 16 bits
    huffman: dict[int, int] = field(default_factory=dict)  # by class and table: its first symbol, whose code is zeros
    restart_interval: int = 0
    adobe: bool = False
    sos: tuple[int, int] = (0, 0)  # where its payload starts and ends

    def add(self, marker: int, start: int, end: int) -> None:
        payload = self.data[start:end]
        if marker in _SOF_READABLE or marker in _SOF_OTHER:
            self._add_frame_header(marker, payload)
        elif marker == DQT:
            for table, wide, at in read_quantization(payload):
                self.steps[table] = None if wide else start + at
        elif marker == DHT:
            self.huffman |= read_huffman(payload)
        elif marker == DRI:
            if len(payload) != 2:
                raise BadJpegError(Damage.CORRUPT, "a damaged restart interval")
            self.restart_interval = payload[0] << 8 | payload[1]
        elif marker == _ADOBE:
            self.adobe = True
        elif marker == SOS:
            self.sos = (start, end)

    def _add_frame_header(self, marker: int, payload: bytes) -> None:
        if marker in _SOF_OTHER:
            raise BadJpegError(Damage.CORRUPT, f"a coding process nobody decodes (SOF {marker:#04x})")
        if self.frame is not None:
            raise BadJpegError(Damage.CORRUPT, "a second frame header")
        self.frame = _FrameHeader.read(payload, sequential=marker in _SOF_SEQUENTIAL)

    def finish(self) -> Header:
        frame = self.frame
        if frame is None:
            raise BadJpegError(Damage.CORRUPT, "a scan before the frame header")
        if any(component.quantization not in self.steps for component in frame.components):
            raise BadJpegError(Damage.CORRUPT, "a quantization table is missing")
        scan = self._read_scan_header(frame)
        bare = not self.huffman
        if frame.sequential:
            self._check_tables(scan, bare=bare)
        elif bare:
            raise BadJpegError(Damage.CORRUPT, "a progressive picture without Huffman tables")
        whole = frame.sequential and len(scan) == len(frame.components)
        units = frame.units if whole else 0
        return Header(
            width=frame.width,
            height=frame.height,
            subsampling=frame.subsampling,
            tables_at=self.sos[0] - 4 if bare else None,
            sequential=frame.sequential,
            units=units,
            restart_interval=self.restart_interval,
            shortest_scan=frame.shortest_scan(units),
            zeros_are_damage=whole and self._zeros_are_damage(scan[0]),
            luma_step_at=self._luma_step_at(frame),
        )

    def _read_scan_header(self, frame: _FrameHeader) -> list[int]:
        """For each component the byte that names its Huffman tables."""
        payload = self.data[slice(*self.sos)]
        check_scan_header(payload, sequential=frame.sequential)
        named = {component.name for component in frame.components}
        if not named.issuperset(payload[1:-3:2]):
            raise BadJpegError(Damage.CORRUPT, "a scan of a component that there is not")
        return list(payload[2:-3:2])

    def _check_tables(self, scan: list[int], *, bare: bool) -> None:
        there = {0x00, 0x01, 0x10, 0x11} if bare else self.huffman.keys()
        if any(tables >> 4 not in there or tables & 15 | 0x10 not in there for tables in scan):
            raise BadJpegError(Damage.CORRUPT, "a Huffman table is missing")

    def _zeros_are_damage(self, tables: int) -> bool:
        """Zero bits are the luma's shortest code, again and again: unless that ends a block, they fill it with -1."""
        return self.huffman.get(tables & 15 | 0x10, 1) != 0x00

    def _luma_step_at(self, frame: _FrameHeader) -> int | None:
        names = bytes(component.name for component in frame.components)
        if len(names) not in {1, 3} or self.adobe or names == b"RGB":
            return None
        at = self.steps[frame.components[0].quantization]
        return at if at is not None and self.data[at] > 1 else None
