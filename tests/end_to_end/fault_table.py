"""What every fault does to a camera, for every firmware: the state, the reason, and the counters that follow.

Each pair of a firmware and a fault stands in exactly one place: `Row.usual` for most, `Row.special` where a firmware
differs, with the reason in a comment; `Row.later` where the effect takes longer than a real clock should be waited
for (`tests/hub/test_fault_table.py` plays those); `Row.senseless` where there is nothing to play, with the reason. A
new firmware or a new fault fails `test_faults.py` until somebody has decided about it here.

Sources: what silence of each kind means stands in `hub/backoff.py` and `hub/health.py`; what each firmware does stands,
with its own sources, in `boards/`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from vedette.simulator import Fault

CORE_3, CORE_2, CORE_1, EASYTARGET = "cameraserver", "cameraserver-2", "cameraserver-1.0", "easytarget"
RECORDER, PAGE = "mjpeg2sd", "mjpeg2sd-stream"
ESPHOME, ESPHOME_STILL = "esphome", "esphome-snapshot"
TASMOTA, TASMOTA_2, TASMOTA_OLD = "tasmota", "tasmota-2", "tasmota-old"
MANY, RTSP, WIFICAM, ASYNCCAM = "arkhipenko", "micro-rtsp", "wificam", "asynccam"
GENERIC, GENERIC_STILL = "generic", "generic-still"
VEDETTE = "vedette_cam"

DECIDED = (
    *(CORE_3, CORE_2, CORE_1, EASYTARGET, RECORDER, PAGE, ESPHOME, ESPHOME_STILL, TASMOTA, TASMOTA_2, TASMOTA_OLD),
    *(MANY, RTSP, WIFICAM, ASYNCCAM, VEDETTE, GENERIC, GENERIC_STILL),
)
"""The firmwares about which this table has decided."""

STILLS = (ESPHOME_STILL, GENERIC_STILL)  # one request, one picture
STAMPED = (CORE_3, CORE_2, VEDETTE)  # with X-Timestamp, which tells reboots and frozen pictures
UNSTAMPED = tuple(name for name in DECIDED if name not in STAMPED)
MJPEG2SD = (RECORDER, PAGE)
DEFAULTS_TELL = (CORE_1, EASYTARGET)  # without X-Timestamp, but `/status` shows that its settings are gone
ASKED = (CORE_3, CORE_2, *DEFAULTS_TELL)  # two ports, and a `/status` that Vedette asks for
TWO_PORTS = (*ASKED, TASMOTA, TASMOTA_2, TASMOTA_OLD)
ONE_PORT = tuple(name for name in DECIDED if name not in TWO_PORTS)
CHUNKED = (*ASKED, *MJPEG2SD)
SET = (*ASKED, *MJPEG2SD, VEDETTE)  # with settings
TELL = (PAGE, VEDETTE)  # they refuse a second viewer in words, and may take the one who has just left for the first
NEVER_CLOSE = (TASMOTA_2, MANY)  # the head comes at once, and a sensor without pictures never ends the connection
BOUNDARY_BEHIND = (CORE_1, TASMOTA_OLD, WIFICAM, ASYNCCAM)  # never a boundary before the first part


@dataclass(frozen=True, slots=True)
class Expected:
    """What one camera must show while a fault lasts. Counters are those since the fault began.

    Attributes:
        stale: the reason shown while it is stale, which it must be for a while.
        away: the reason shown while it is offline, which it must be for a while.
        passing: further reasons that may be shown, while stale or offline; any other is a mistake.
        frames: good frames, at least.
        dark: there must not be one, once it is away.
        rejected: causes of which one at least must be counted; any other count is a mistake.
        tolerated: causes that may be counted.
        reconnects: at least, and where it is `steady`, at most.
        steady: never stale nor offline, but for a connection that the test itself cuts.
        reboots: at least; 0 where none must be counted, None where nothing tells them.
        warnings: all of these codes; any other is a mistake, but for those of `HARMLESS_WARNINGS`.
        control: what the control port must be found to be; None where nobody asks.
        sizes: of pictures, at least.
        may_warn: codes of which none needs to be there.
    """

    stale: str | None = None
    away: str | None = None
    passing: frozenset[str] = frozenset()
    frames: int = 0
    dark: bool = False
    rejected: frozenset[str] = frozenset()
    tolerated: frozenset[str] = frozenset()
    reconnects: int = 0
    steady: bool = False
    reboots: int | None = None
    warnings: frozenset[str] = frozenset()
    control: str | None = None
    sizes: int = 1
    may_warn: frozenset[str] = frozenset()


# Of a computer that is too busy for the whole table at a time, or of a camera that this very table has lost often.
HARMLESS_WARNINGS = frozenset(("check_overloaded", "unstable"))

Firmwares = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One fault.

    Attributes:
        usual: what it does to every firmware that is not named below.
        special: what it does to some.
        later: firmwares with which it takes too long for a real clock.
        senseless: firmwares to which it can do nothing, and why.
        cut: it shows at the next connection, so the running one is cut when it begins (of single pictures each has
            one of its own).
    """

    usual: Expected | None
    special: Mapping[Firmwares, Expected] = field(default_factory=lambda: MappingProxyType({}))
    later: Firmwares = ()
    senseless: Mapping[Firmwares, str] = field(default_factory=lambda: MappingProxyType({}))
    cut: bool = False

    def named(self) -> Iterator[str]:
        """Firmwares that are named, each as often as it is."""
        yield from chain(chain(*self.special), self.later, chain(*self.senseless))

    def of(self, firmware: str) -> Expected | None:
        """What to expect on a real clock; None where it is not played on one."""
        if firmware in self.later or any(firmware in names for names in self.senseless):
            return None
        return next((expected for names, expected in self.special.items() if firmware in names), self.usual)


# Words of the table.

STALLED, REFUSED, BUSY, SILENT = "stalled", "refused", "slot_busy", "sensor_silent"
FLOWING = Expected(frames=4, steady=True)
CUT_ONCE = Expected(frames=4, steady=True, reconnects=1, passing=frozenset((STALLED,)))
BROKEN = Expected(frames=6, steady=True, warnings=frozenset(("damaged_frames",)))
NO_PARTS: Mapping[Firmwares, str] = MappingProxyType({STILLS: "a single picture has no parts"})
STREAMS_ONLY: Mapping[Firmwares, str] = MappingProxyType({STILLS: "the simulator plays it on streams only"})
CUT_STILL: Mapping[Firmwares, Expected] = MappingProxyType(
    {STILLS: FLOWING}
)  # between two pictures there is no connection to be cut


def away(reason: str, **more: object) -> Expected:
    """A camera that shows no picture, for that reason; its last connection had been cut, or had just stalled."""
    return replace(Expected(away=reason, dark=True, passing=frozenset((STALLED,))), **more)  # type: ignore[arg-type]


def fell_silent(reason: str, **more: object) -> Expected:
    """The same, where the pictures stop without a word, so that it is stale before."""
    return replace(away(reason), stale=STALLED, **more)  # type: ignore[arg-type]


def broken(*causes: str) -> Expected:
    """Every fourth picture is refused for one of these causes, and nothing else happens."""
    return replace(BROKEN, rejected=frozenset(causes))


def no_picture_is_good(cause: str) -> Expected:
    return Expected(
        stale="all_frames_bad",
        away="all_frames_bad",
        dark=True,
        rejected=frozenset((cause,)),
        warnings=frozenset(("damaged_frames",)),
    )


# A connection that a board has just taken when its power fails says nothing: as if somebody else had the slot.
RESTARTED = Expected(stale=STALLED, passing=frozenset((STALLED, REFUSED, BUSY)), reconnects=1, frames=1)
RESTARTED_STILL = replace(RESTARTED, stale=None)
RESTARTS: Mapping[Firmwares, Expected] = MappingProxyType(
    {
        STAMPED: replace(RESTARTED, reboots=1),
        DEFAULTS_TELL: replace(RESTARTED, reboots=1),
        MJPEG2SD: replace(RESTARTED, reboots=1),  # `/status` has both: up_time, and settings
        STILLS: RESTARTED_STILL,  # mostly refused at once; silent where the reset comes in the middle of a picture
    }
)
# Weak power takes three reboots, and the control port may be asked just when the board is down.
SHAKY = frozenset(("weak_power", "control_silent"))
VANISHED = fell_silent(SILENT, frames=4, dark=False)  # after some good ones
NEAR = frozenset(("frame_near_limit",))

TABLE: Mapping[Fault, Row] = MappingProxyType(
    {
        # The road to the board, and the board as a whole.
        Fault.REFUSE: Row(away(REFUSED)),
        Fault.UNREACHABLE: Row(fell_silent("unreachable")),
        Fault.CONTROL_DEAD: Row(
            usual=None,
            special={
                ASKED: replace(CUT_ONCE, control="offline", warnings=frozenset(("control_silent",))),
                (TASMOTA, TASMOTA_2, TASMOTA_OLD): CUT_ONCE,  # no status that could be asked for
            },
            senseless={ONE_PORT: "control and stream are one server"},
            cut=True,
        ),
        Fault.STREAM_DEAD: Row(
            usual=None,
            special={
                ASKED: away(REFUSED, control="online"),  # esp32-cam-webserver#217, the other way round
                (TASMOTA, TASMOTA_2, TASMOTA_OLD): away(REFUSED),
            },
            senseless={ONE_PORT: "control and stream are one server"},
        ),
        Fault.WIFI_BLIPS: Row(Expected(stale=STALLED, frames=8), senseless=STREAMS_ONLY),
        Fault.REBOOT: Row(RESTARTED, RESTARTS),
        Fault.BROWNOUT_LOOP: Row(
            replace(RESTARTED, may_warn=SHAKY),
            {names: replace(expected, may_warn=SHAKY) for names, expected in RESTARTS.items()},
        ),
        Fault.SWAP_DEVICE: Row(
            away("not_mjpeg"),
            # one that is asked for in the moment of the change is closed without an answer
            {STILLS: away("not_mjpeg", passing=frozenset((STALLED, REFUSED)))},
        ),
        # Only what is written is lost, and these cameras have nothing wanted; tests/control plays the rest.
        Fault.WRITE_LOST: Row(
            usual=None,
            special={SET: FLOWING},
            senseless={tuple(name for name in DECIDED if name not in SET): "it takes no settings"},
        ),
        # The connection.
        Fault.STALL: Row(
            Expected(stale=STALLED, passing=frozenset((STALLED,)), reconnects=1, frames=1),
            {STILLS: fell_silent(STALLED)},  # half of every picture: there is not one that is whole
        ),
        Fault.HANG: Row(
            Expected(stale=STALLED, passing=frozenset((STALLED,)), reconnects=1, frames=1),
            {STILLS: fell_silent(STALLED)},  # half of every picture: there is not one that is whole
        ),
        Fault.DROP: Row(
            Expected(passing=frozenset((STALLED,)), reconnects=5, frames=8, warnings=frozenset(("unstable",))),
            # one that ends before its picture has begun is none that is damaged
            {STILLS: replace(no_picture_is_good("truncated"), passing=frozenset((STALLED,)))},
        ),
        Fault.SLOT_BUSY: Row(away(BUSY), {STILLS: fell_silent(BUSY)}, cut=True),
        Fault.SENSOR_SILENT: Row(
            fell_silent(SILENT),
            {
                MJPEG2SD: fell_silent(BUSY),  # connect, 0 bytes, open: the same as a slot that is taken
                NEVER_CLOSE: fell_silent(STALLED),  # bytes, then silence, open: the same as a lost Wi-Fi
            },
        ),
        Fault.SLOW_DRIP: Row(
            fell_silent(STALLED),
            {TELL: fell_silent(STALLED, passing=frozenset((BUSY,)))},  # it still sends to the one who left
            senseless=STREAMS_ONLY,
        ),
        # The answer.
        Fault.UNAUTHORIZED: Row(away("auth_required"), cut=True),
        Fault.NOT_FOUND: Row(away("http_error"), cut=True),
        Fault.HEADERS_TOO_LONG: Row(away("http_error"), cut=True),
        Fault.ERROR: Row(away("http_error"), cut=True),
        Fault.UNAVAILABLE: Row(away("http_error"), cut=True),
        Fault.REDIRECT: Row(CUT_ONCE, CUT_STILL, cut=True),
        Fault.REDIRECT_LOOP: Row(away("http_error"), cut=True),
        Fault.WRONG_TYPE: Row(away("not_mjpeg"), cut=True),
        Fault.SLOW_HEAD: Row(
            away(STALLED),
            {
                TELL: away(STALLED, passing=frozenset((STALLED, BUSY))),  # as under slow-drip
                STILLS: fell_silent(STALLED),
            },
            cut=True,
        ),
        Fault.ENDLESS_HEAD: Row(away("not_mjpeg"), cut=True),
        # The framing.
        Fault.NO_LENGTH: Row(FLOWING),
        # of a single picture HTTP itself counts the bytes: what stands behind its end is not the answer's any more
        Fault.WRONG_LENGTH: Row(FLOWING, special={STILLS: broken("truncated")}),
        Fault.ZERO_LENGTH: Row(FLOWING),
        Fault.SHORT_WRITE: Row(broken("truncated")),
        Fault.NO_FIRST_BOUNDARY: Row(
            CUT_ONCE,
            senseless={**NO_PARTS, BOUNDARY_BEHIND: "the firmware writes none anyway"},
            cut=True,
        ),
        Fault.NO_BOUNDARY_HEADER: Row(CUT_ONCE, senseless=NO_PARTS, cut=True),
        Fault.OTHER_BOUNDARY: Row(CUT_ONCE, senseless=NO_PARTS, cut=True),
        Fault.DOUBLE_BOUNDARY: Row(FLOWING, senseless=NO_PARTS),
        Fault.TEXT_PARTS: Row(FLOWING, senseless=NO_PARTS),
        Fault.CHUNKED_GARBAGE: Row(
            usual=None,
            special={
                (*ASKED, RECORDER): Expected(passing=frozenset((STALLED,)), reconnects=2, frames=12),
                (PAGE,): Expected(passing=frozenset((STALLED, BUSY)), reconnects=2, frames=12),  # as under slow-drip
            },
            senseless={tuple(name for name in DECIDED if name not in CHUNKED): "it sends no chunks"},
        ),
        # The picture.
        Fault.GARBAGE: Row(
            no_picture_is_good("corrupt"),
            {TELL: replace(no_picture_is_good("corrupt"), passing=frozenset((BUSY,)))},
        ),
        Fault.TRUNCATE: Row(broken("truncated")),
        Fault.TRUNCATE_EOI: Row(broken("truncated", "corrupt")),
        Fault.CUT_HEADER: Row(broken("truncated", "corrupt")),
        Fault.NO_EOI: Row(broken("truncated")),
        Fault.HEADER_TWICE: Row(broken("corrupt")),
        Fault.NESTED: Row(broken("corrupt")),
        Fault.JOINED: Row(broken("corrupt")),
        Fault.LOST_CHUNK: Row(broken("truncated", "corrupt")),
        Fault.NOISE: Row(broken("truncated", "corrupt")),
        Fault.ZERO_RUN: Row(broken("truncated", "corrupt")),
        # A single bit often changes a few blocks and nothing else; and a legal table is legal: both may pass.
        Fault.BITFLIP: Row(replace(FLOWING, tolerated=frozenset(("truncated", "corrupt")))),
        Fault.DQT_ZERO: Row(broken("corrupt")),
        Fault.DQT_SHORT: Row(broken("corrupt")),
        Fault.DQT_MISSING: Row(broken("corrupt")),
        Fault.DQT_WRONG: Row(replace(FLOWING, tolerated=frozenset(("corrupt",)))),
        Fault.NO_HUFFMAN: Row(FLOWING),
        Fault.PADDED: Row(FLOWING),
        Fault.FROZEN: Row(
            usual=None,
            special={
                tuple(name for name in STAMPED if name != VEDETTE): Expected(stale=SILENT, away=SILENT),
                # it says so when its place is still that of the connection that has just been given up
                (VEDETTE,): Expected(stale=SILENT, away=SILENT, passing=frozenset((BUSY,))),
            },
            # half a minute of the same bytes, where no clock tells that the picture is old
            later=tuple(name for name in UNSTAMPED if name != GENERIC_STILL),
            senseless={(GENERIC_STILL,): "a server that is no board may keep one picture for minutes"},
        ),
        Fault.SIZE_CHANGE: Row(replace(FLOWING, sizes=2)),
        Fault.MIXED_SIZES: Row(replace(broken("wrong_size"), sizes=2)),
        Fault.GIANT_PART: Row(replace(broken("oversize"), warnings=frozenset())),  # every eighth: it takes its time
        Fault.HUGE_FRAMES: Row(
            replace(VANISHED, warnings=NEAR),
            {
                (ESPHOME, RTSP, GENERIC): VANISHED,  # nobody knows for which size its buffers were made
                NEVER_CLOSE: replace(VANISHED, away=STALLED, warnings=NEAR),  # as under sensor-silent
                MJPEG2SD: replace(VANISHED, away=BUSY, warnings=NEAR),
            },
            senseless={STILLS: "the simulator closes the connection at once, which no firmware does"},
        ),
    }
)


class Pair(NamedTuple):
    """One line of the table."""

    firmware: str
    fault: Fault


def played(faults: frozenset[Fault]) -> list[Pair]:
    """The pairs that are played on a real clock."""
    return [Pair(name, fault) for fault, row in TABLE.items() if fault in faults for name in DECIDED if row.of(name)]


PATIENT = frozenset(
    (
        *(Fault.REFUSE, Fault.UNREACHABLE, Fault.CONTROL_DEAD, Fault.STREAM_DEAD, Fault.WIFI_BLIPS, Fault.REBOOT),
        *(Fault.BROWNOUT_LOOP, Fault.SWAP_DEVICE, Fault.STALL, Fault.HANG, Fault.DROP, Fault.SLOT_BUSY),
        *(
            Fault.SENSOR_SILENT,
            Fault.SLOW_DRIP,
            Fault.UNAUTHORIZED,
            Fault.NOT_FOUND,
            Fault.HEADERS_TOO_LONG,
            Fault.ERROR,
        ),
        *(Fault.UNAVAILABLE, Fault.REDIRECT, Fault.REDIRECT_LOOP, Fault.WRONG_TYPE, Fault.SLOW_HEAD),
        *(Fault.ERROR, Fault.ENDLESS_HEAD, Fault.GIANT_PART, Fault.HUGE_FRAMES),
    )
)
"""Little to compute and much to wait for; and the two whose pictures are so large that they need the quiet."""
BUSY_ONES = frozenset(Fault) - PATIENT
"""Faults of the framing and the picture: the other way round."""
