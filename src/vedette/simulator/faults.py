"""What a simulated board can be made to do wrong, by name."""

from enum import StrEnum
from types import MappingProxyType


class Fault(StrEnum):
    """One misbehaviour; a board can have several at once."""

    # The road to the board, and the board as a whole.
    REFUSE = "refuse"
    UNREACHABLE = "unreachable"
    CONTROL_DEAD = "control-dead"
    STREAM_DEAD = "stream-dead"
    WIFI_BLIPS = "wifi-blips"
    REBOOT = "reboot"
    BROWNOUT_LOOP = "brownout-loop"
    SWAP_DEVICE = "swap-device"
    WRITE_LOST = "write-lost"
    # The connection.
    STALL = "stall"
    HANG = "hang"
    DROP = "drop"
    SLOT_BUSY = "slot-busy"
    SENSOR_SILENT = "sensor-silent"
    SLOW_DRIP = "slow-drip"
    # The answer.
    UNAUTHORIZED = "401"
    NOT_FOUND = "404"
    HEADERS_TOO_LONG = "431"
    ERROR = "500"
    UNAVAILABLE = "503"
    REDIRECT = "redirect"
    REDIRECT_LOOP = "redirect-loop"
    WRONG_TYPE = "wrong-type"
    SLOW_HEAD = "slow-head"
    ENDLESS_HEAD = "endless-head"
    # The framing.
    NO_LENGTH = "no-length"
    WRONG_LENGTH = "wrong-length"
    ZERO_LENGTH = "zero-length"
    SHORT_WRITE = "short-write"
    NO_FIRST_BOUNDARY = "no-first-boundary"
    NO_BOUNDARY_HEADER = "no-boundary-header"
    OTHER_BOUNDARY = "other-boundary"
    DOUBLE_BOUNDARY = "double-boundary"
    TEXT_PARTS = "text-parts"
    CHUNKED_GARBAGE = "chunked-garbage"
    # The picture.
    GARBAGE = "garbage"
    TRUNCATE = "truncate"
    TRUNCATE_EOI = "truncate-eoi"
    CUT_HEADER = "cut-header"
    NO_EOI = "no-eoi"
    HEADER_TWICE = "header-twice"
    NESTED = "nested"
    JOINED = "joined"
    LOST_CHUNK = "lost-chunk"
    NOISE = "noise"
    ZERO_RUN = "zero-run"
    BITFLIP = "bitflip"
    DQT_ZERO = "dqt-zero"
    DQT_SHORT = "dqt-short"
    DQT_MISSING = "dqt-missing"
    DQT_WRONG = "dqt-wrong"
    NO_HUFFMAN = "no-huffman"
    PADDED = "padded"
    FROZEN = "frozen"
    SIZE_CHANGE = "size-change"
    MIXED_SIZES = "mixed-sizes"
    GIANT_PART = "giant-part"
    HUGE_FRAMES = "huge-frames"


DESCRIPTIONS = MappingProxyType(
    {
        Fault.REFUSE: "nothing listens",
        Fault.UNREACHABLE: "connecting times out, and running connections fall silent (Linux only)",
        Fault.CONTROL_DEAD: "nothing listens on the control port, the stream runs on (boards with two ports)",
        Fault.STREAM_DEAD: "nothing listens on the stream's port, the control port answers (boards with two ports)",
        Fault.WIFI_BLIPS: "nine seconds of silence every 30 s, then it goes on",
        Fault.REBOOT: "a hard reset every 20 s: silence, refused while it boots, settings and uptime forgotten",
        Fault.BROWNOUT_LOOP: "a hard reset every 5 s",
        Fault.SWAP_DEVICE: "another device answers at this address, with a web page",
        Fault.WRITE_LOST: "every third write to the control port is answered and forgotten",
        Fault.STALL: "pictures stop after two seconds, the connection stays open; they go on when the fault ends",
        Fault.HANG: "the same, but this connection stays dead for ever, and only a new one is served",
        Fault.DROP: "the connection is cut after two seconds, in the middle of a picture",
        Fault.SLOT_BUSY: "connections are accepted and never answered",
        Fault.SENSOR_SILENT: "no picture, and the end that the firmware makes of it: most close after four seconds",
        Fault.SLOW_DRIP: "bytes trickle: a picture takes twelve seconds",
        Fault.UNAUTHORIZED: "the stream asks for a password",
        Fault.NOT_FOUND: "there is no stream",
        Fault.HEADERS_TOO_LONG: "the stream finds any request's headers too long",
        Fault.ERROR: "the stream fails inside the board",
        Fault.UNAVAILABLE: "the stream is not available now",
        Fault.REDIRECT: "the stream is elsewhere, one redirect away",
        Fault.REDIRECT_LOOP: "redirects that never end",
        Fault.WRONG_TYPE: "a web page in place of the stream",
        Fault.SLOW_HEAD: "the answer's head trickles, four bytes a second",
        Fault.ENDLESS_HEAD: "the answer's head never ends",
        Fault.NO_LENGTH: "parts without Content-Length",
        Fault.WRONG_LENGTH: "Content-Length differs from what follows, by turns too small and too large",
        Fault.ZERO_LENGTH: "Content-Length is 0 in every second part, with and without a picture by turns",
        Fault.SHORT_WRITE: "the end of every fourth picture is not sent, its length is declared in full",
        Fault.NO_FIRST_BOUNDARY: "no boundary before the first part",
        Fault.NO_BOUNDARY_HEADER: "the head declares no boundary",
        Fault.OTHER_BOUNDARY: "the head declares another boundary than is sent",
        Fault.DOUBLE_BOUNDARY: "every boundary comes twice",
        Fault.TEXT_PARTS: "every fourth part is text, as ESPHome sends it",
        Fault.CHUNKED_GARBAGE: "every tenth picture has a chunk of impossible length (firmwares that send chunks)",
        Fault.GARBAGE: "random bytes in place of every picture",
        Fault.TRUNCATE: "every fourth picture is cut off, its length declared accordingly",
        Fault.TRUNCATE_EOI: "every fourth picture is cut off, with the end marker behind it",
        Fault.CUT_HEADER: "every fourth picture is cut off in its headers",
        Fault.NO_EOI: "every fourth picture has no end marker",
        Fault.HEADER_TWICE: "every fourth picture has its headers twice",
        Fault.NESTED: "every fourth picture has another one inside",
        Fault.JOINED: "every fourth part has two pictures",
        Fault.LOST_CHUNK: "every fourth picture lacks 1460 bytes in its middle",
        Fault.NOISE: "every fourth picture has 64 random bytes in its middle",
        Fault.ZERO_RUN: "every fourth picture has 512 zeros in its middle",
        Fault.BITFLIP: "every fourth picture has one bit flipped",
        Fault.DQT_ZERO: "every fourth picture has a zero in its quantization table",
        Fault.DQT_SHORT: "every fourth picture has a short quantization table",
        Fault.DQT_MISSING: "every fourth picture has no quantization table",
        Fault.DQT_WRONG: "every fourth picture has a wrong quantization table that is legal",
        Fault.NO_HUFFMAN: "pictures without Huffman tables; they are good",
        Fault.PADDED: "zeros behind every picture; they are good",
        Fault.FROZEN: "the same picture again and again, X-Timestamp too",
        Fault.SIZE_CHANGE: "every two seconds the pictures have another size",
        Fault.MIXED_SIZES: "the same, with some pictures of the old size among the new ones",
        Fault.GIANT_PART: "every eighth picture has more than two megabytes",
        Fault.HUGE_FRAMES: "pictures grow beyond the board's buffer and vanish, until it closes",
    }
)

# Faults that a demonstration plays on each board in turn: each shows something else on the page.
PARADE = (Fault.STALL, Fault.TRUNCATE, Fault.REFUSE, Fault.DROP, Fault.GARBAGE, Fault.SLOT_BUSY)
