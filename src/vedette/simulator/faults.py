"""What a simulated board can be made to do wrong, by name."""

from enum import StrEnum
from types import MappingProxyType


class Fault(StrEnum):
    """One misbehaviour; a board can have several at once."""

    STALL = "stall"
    DROP = "drop"
    REFUSE = "refuse"
    SLOT_BUSY = "slot-busy"
    SENSOR_SILENT = "sensor-silent"
    TRUNCATE = "truncate"
    GARBAGE = "garbage"
    NO_LENGTH = "no-length"
    WRONG_LENGTH = "wrong-length"
    WRONG_TYPE = "wrong-type"
    UNAUTHORIZED = "401"
    NOT_FOUND = "404"
    ERROR = "500"


DESCRIPTIONS = MappingProxyType(
    {
        Fault.STALL: "pictures stop after two seconds, the connection stays open",
        Fault.DROP: "the connection is cut after two seconds, in the middle of a picture",
        Fault.REFUSE: "nothing listens",
        Fault.SLOT_BUSY: "connections are accepted and never answered",
        Fault.SENSOR_SILENT: "no answer, and the connection is closed after four seconds",
        Fault.TRUNCATE: "every fourth picture is cut off, its length declared accordingly",
        Fault.GARBAGE: "random bytes in place of every picture",
        Fault.NO_LENGTH: "parts without Content-Length",
        Fault.WRONG_LENGTH: "Content-Length differs from what follows, by turns too small and too large",
        Fault.WRONG_TYPE: "a web page in place of the stream",
        Fault.UNAUTHORIZED: "the stream asks for a password",
        Fault.NOT_FOUND: "there is no stream",
        Fault.ERROR: "the stream fails inside the board",
    }
)

# Faults that a demonstration plays on each board in turn: each shows something else on the page.
PARADE = (Fault.STALL, Fault.TRUNCATE, Fault.REFUSE, Fault.DROP, Fault.GARBAGE, Fault.SLOT_BUSY)
