"""What there is to say about a firmware: where its things are, how it talks, and what it does with a second viewer.

Each firmware's own truth stands in the module of its family; this one only says what the words mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from vedette.boards.framesizes import Era, Size
from vedette.boards.framing import Framing
from vedette.boards.sensors import Variable


class SecondClient(StrEnum):
    """What becomes of whoever asks for the stream while another one has it."""

    WAITS = "waits"  # is connected, hears nothing, and is served when the first one leaves
    STEALS = "steals"  # is served, and the first one's connection is closed
    SEVERAL = "several"  # is served as well
    REFUSED = "refused"  # is told so, with a status


class Dialect(StrEnum):
    """How settings are written to the control port."""

    VAR_VAL = "/control?var=NAME&val=NUMBER"
    KEY_VALUE = "/control?NAME=VALUE"


class AuthScheme(StrEnum):
    """RFC 7617 and RFC 7616."""

    BASIC = "Basic"
    DIGEST = "Digest"


@dataclass(frozen=True, slots=True)
class Auth:
    """How a firmware asks for a password, where its owner has set one.

    Attributes:
        scheme: what it asks for.
        guards: the paths behind the password; None for all of them.
        challenge: the value of WWW-Authenticate, as a `str.format` template of ``nonce``.
        phrase: the words behind the 401.
    """

    scheme: AuthScheme
    guards: frozenset[str] | None = None
    challenge: str = 'Basic realm="Login Required"'
    phrase: str = "Unauthorized"

    def guards_path(self, path: str) -> bool:
        """Whether a path (no query) is behind the password."""
        return self.guards is None or path in self.guards


@dataclass(frozen=True, slots=True)
class Firmware:
    """What runs on a board.

    Attributes:
        name: as `vedette sim --firmware` takes it.
        family: the configuration's and the API's word for it.
        title: as people know it.
        control_port: of everything but the stream.
        stream_port: of the stream; the same where the firmware has one server.
        stream_path: path and query of the stream; of the picture where there are `stills_only`. May be a template,
            see `stream_target`.
        still_path: path and query of a single picture; None where there is none. May be a template, see `still_target`.
        framing: the stream on the wire; `NO_STREAM` where there are `stills_only`.
        still_head: `str.format` template of a still picture's head, blank line included; takes ``length``,
            ``seconds`` and ``microseconds``. Without a length the picture ends with the connection.
        other_paths: where the same stream is too.
        stills_only: it has no stream: one request, one picture.
        status_path: of the settings as JSON; None where there is none.
        status_keys: the keys of that JSON in the firmware's order; ``registers`` stands for the sensor's dump.
        control: how settings are written; None where they cannot be.
        extra: variables that the firmware has beyond its sensor's, by name.
        reboot_target: path and query that reboots the board; None where nothing does.
        stop_target: path and query that ends whatever stream runs; None where nothing does.
        saves_settings: settings can outlive a reboot.
        save_target: path and query that makes the settings outlive a reboot; None where nothing does.
        clear_target: path and query that makes the board forget what it has saved; None where nothing does.
        xclk_target: `str.format` template of path and query that sets the sensor's clock, of ``value`` in MHz; None
            where that is a variable like any other, or cannot be set.
        era: which table its framesize numbers index; None where it has no such numbers.
        init_size: for which size its frame buffers are made; None where its owner configures that.
        second_client: what becomes of a second viewer.
        most_clients: how many viewers it serves at a time.
        one_thread: a running stream blocks everything else.
        answers_all: a path that it does not know is answered with 200 and a text.
        auth: how it asks for a password; None where it cannot.
        header_limit: bytes of request headers; more is answered with 431. None where nobody counts.
        sensor_timeout: seconds after which it gives up on a sensor that delivers nothing, and closes; None where it
            goes on waiting.
        sends_empty: a picture that the sensor did not give is sent nevertheless, with a length of 0.
        frame_timeout: seconds that one frame may take a viewer; slower ones are dropped.
    """

    name: str
    family: str
    title: str
    control_port: int
    stream_port: int
    stream_path: str
    still_path: str | None
    framing: Framing
    still_head: str
    other_paths: tuple[str, ...] = ()
    stills_only: bool = False
    status_path: str | None = None
    status_keys: tuple[str, ...] = ()
    control: Dialect | None = None
    extra: Mapping[str, Variable] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    reboot_target: str | None = None
    stop_target: str | None = None
    saves_settings: bool = False
    save_target: str | None = None
    clear_target: str | None = None
    xclk_target: str | None = None
    era: Era | None = None
    init_size: Size | None = None
    second_client: SecondClient = SecondClient.WAITS
    most_clients: int = 1
    one_thread: bool = False
    answers_all: bool = False
    auth: Auth | None = None
    header_limit: int | None = None
    sensor_timeout: float | None = 4.0  # esp32-camera's FB_GET_TIMEOUT
    sends_empty: bool = False
    frame_timeout: float = 5.0  # esp_http_server's send timeout

    @property
    def one_port(self) -> bool:
        """Stream and everything else come from one server."""
        return self.control_port == self.stream_port

    @property
    def tells_registers(self) -> bool:
        """It has `/greg`: CameraWebServer of core 2 and newer, as it has `/xclk`."""
        return self.xclk_target is not None

    @property
    def status_has_pixformat(self) -> bool:
        """`/status` names the pixel format; core 1.0.x is told by its absence."""
        return "pixformat" in self.status_keys

    def stream_target(self, size: Size = (800, 600)) -> str:
        """Path and query of the stream. ``size`` is used where the URL sets the resolution (WifiCam)."""
        return self.stream_path.format(width=size[0], height=size[1])

    def still_target(self, size: Size = (800, 600)) -> str | None:
        """Path and query of a single picture; as `stream_target`."""
        return None if self.still_path is None else self.still_path.format(width=size[0], height=size[1])
