"""How a firmware frames its stream on the wire, as data: every byte that is not the picture's."""

from dataclasses import dataclass

B1 = "123456789000000000000987654321"  # Espressif's example, and whoever started from it
B2 = "e8b8c539-047d-4777-a985-fbba6edff11e"  # yoursunny/esp32cam, and Tasmota


@dataclass(frozen=True, slots=True)
class Framing:
    """A stream on the wire.

    Attributes:
        head: status line, headers and blank line, line ends included. Some firmwares leave the blank line to the
            boundary that follows.
        chunked: each write of the firmware travels as a chunk of its own.
        boundary: as the head declares it, without dashes.
        before: written before each part's headers.
        part_head: `str.format` template of a part's headers, blank line included; takes ``length``, and ``seconds``
            and ``microseconds`` since the board booted.
        after: written behind each picture.
        opening: written once between the head and the first part, whether or not there is a picture yet.
        failure: written in place of a first picture that did not come; where the head waits for that, in its place too.
        head_waits: the head comes with the first picture, though it is not chunked.
    """

    head: str
    chunked: bool
    boundary: str
    before: str
    part_head: str
    after: str = ""
    opening: str = ""
    failure: str = ""
    head_waits: bool = False

    @property
    def boundary_first(self) -> bool:
        """The stream begins with a boundary; otherwise the first part's headers follow the head."""
        return self.boundary in self.opening or self.boundary in self.before

    @property
    def head_at_once(self) -> bool:
        """The head comes before there is a picture. esp_http_server sends it with the first chunk only."""
        return not self.head_waits and (not self.chunked or bool(self.opening))


NO_STREAM = Framing(
    head="", chunked=False, boundary="", before="", part_head=""
)  # of firmwares with single pictures only


def delimiter(boundary: str) -> str:
    """The boundary on the line of its own that most firmwares write, with the line end before it."""
    return f"\r\n--{boundary}\r\n"
