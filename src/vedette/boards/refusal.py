"""What a board says behind an error: `{"error":{"code":…,"message":…}}`, as vedette_cam does.

The words are somebody else's, and end up before people: what is long, or not on one line, is not taken. Who has the
place is read out of them, so that the sentence stays the same as long as that is so, whatever the seconds count.

Source: `firmware/vedette_cam/src/core/reports.cpp`, `write_error` and `write_busy`.
"""

import json
import re
from dataclasses import dataclass

_LONGEST_CODE = 40  # characters; the longest of vedette_cam's has 17
_LONGEST_MESSAGE = 200  # characters; its answers have 256 bytes in all
_BUSY = re.compile(r"([0-9a-fA-F:.]{2,45}) has been streaming for [0-9]{1,10} s\b.*")


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a board does not do what it was asked.

    Attributes:
        code: for programs, such as ``slot_busy``.
        message: for people; empty where there is none that can be shown.
    """

    code: str
    message: str

    @property
    def viewer(self) -> str | None:
        """The numeric address of whoever has the stream, where the message says it."""
        match = _BUSY.fullmatch(self.message)
        return match[1] if match else None


def read_complaint(text: str) -> Complaint | None:
    """Read the body of an answer that is an error; None where it says nothing that is known."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):  # the latter from a hostile one
        return None
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        return None
    code = _words(error.get("code"), _LONGEST_CODE)
    return Complaint(code, _words(error.get("message"), _LONGEST_MESSAGE)) if code else None


def _words(value: object, longest: int) -> str:
    return value if isinstance(value, str) and len(value) <= longest and value.isprintable() else ""
