"""What there is to say about a firmware: where its things are, how it talks, and what it does with a second viewer.

Each firmware's own truth stands in the module of its family; this one only says what the words mean.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from vedette.boards.framesizes import Era, Size
from vedette.boards.framing import Framing
from vedette.boards.sensors import Sensor, Variable


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
        token: there is no user name: the password alone counts, with any name, as ``Bearer``, or as ``?token=``.
        headers: further ones of the 401, each with its line end.
        body: of the 401, as JSON; empty for none.
    """

    scheme: AuthScheme
    guards: frozenset[str] | None = None
    challenge: str = 'Basic realm="Login Required"'
    phrase: str = "Unauthorized"
    token: bool = False
    headers: str = ""
    body: str = ""

    def guards_path(self, path: str) -> bool:
        """Whether a path (no query) is behind the password."""
        return self.guards is None or path in self.guards


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a firmware tells a second viewer that the place is taken.

    Attributes:
        status: of the answer.
        phrase: the words behind it.
        headers: further ones, each with its line end.
        code: for programs, where the answer has a body; see `body`.
        message: for people, as a `str.format` template of ``viewer`` (who has the place) and ``seconds`` (for how
            long).
    """

    status: int
    phrase: str
    headers: str = ""
    code: str = ""
    message: str = ""

    def body(self, viewer: str, seconds: int) -> str:
        """What stands behind the head: JSON, or nothing."""
        if not self.code:
            return ""
        error = {"code": self.code, "message": self.message.format(viewer=viewer, seconds=seconds)}
        return json.dumps({"error": error}, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Firmware:
    """What runs on a board.

    Attributes:
        name: as `vedette sim --firmware` takes it.
        family: the configuration's and the API's word for it.
        title: as people know it.
        control_port: of everything but the stream.
        stream_port: of the stream; the same where the firmware has one server.
        second_stream_port: where the same stream is too; None where it is in one place.
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
        bare_sensor: it starts the sensor as the driver does, where others set an OV3660 upright and brighter.
        reboot_target: path and query that reboots the board; None where nothing does.
        stop_target: path and query that ends whatever stream runs; None where nothing does.
        saves_settings: settings can outlive a reboot.
        save_target: path and query that makes the settings outlive a reboot; None where nothing does, or where they do
            by themselves.
        clear_target: path and query that makes the board forget what it has saved; None where nothing does.
        xclk_target: `str.format` template of path and query that sets the sensor's clock, of ``value`` in MHz; None
            where that is a variable like any other, or cannot be set.
        health_path: path of what it says of itself (its radio, its memory, its restarts) as JSON; None where there is
            no such thing.
        era: which table its framesize numbers index; None where it has no such numbers.
        init_size: for which size its frame buffers are made; None where its owner configures that.
        second_client: what becomes of a second viewer.
        refusal: how it says so, where a second viewer is refused; None where nobody is.
        most_clients: how many viewers it serves at a time.
        one_thread: a running stream blocks everything else.
        answers_all: a path that it does not know is answered with 200 and a text.
        auth: how it asks for a password; None where it cannot.
        header_limit: bytes of request headers; more is answered with 431. None where nobody counts.
        sensor_timeout: seconds after which it gives up on a sensor that delivers nothing, and closes; None where it
            goes on waiting.
        sends_empty: a picture that the sensor did not give is sent nevertheless, with a length of 0.
        frame_timeout: seconds that one frame may take a viewer; slower ones are dropped.
        byte_timeout: seconds without one byte taken after which a viewer has vanished; None where only frames count.
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
    second_stream_port: int | None = None
    other_paths: tuple[str, ...] = ()
    stills_only: bool = False
    status_path: str | None = None
    status_keys: tuple[str, ...] = ()
    control: Dialect | None = None
    extra: Mapping[str, Variable] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    bare_sensor: bool = False
    reboot_target: str | None = None
    stop_target: str | None = None
    saves_settings: bool = False
    save_target: str | None = None
    clear_target: str | None = None
    xclk_target: str | None = None
    health_path: str | None = None
    era: Era | None = None
    init_size: Size | None = None
    second_client: SecondClient = SecondClient.WAITS
    refusal: Refusal | None = None
    most_clients: int = 1
    one_thread: bool = False
    answers_all: bool = False
    auth: Auth | None = None
    header_limit: int | None = None
    sensor_timeout: float | None = 4.0  # esp32-camera's FB_GET_TIMEOUT
    sends_empty: bool = False
    frame_timeout: float = 5.0  # esp_http_server's send timeout
    byte_timeout: float | None = None

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

    def variables(self, sensor: Sensor) -> Mapping[str, Variable]:
        """What it takes with this sensor, by name; ``framesize`` is not among it."""
        own = sensor.variables | sensor.driver_defaults if self.bare_sensor else sensor.variables
        return dict(own) | dict(self.extra)

    def stream_target(self, size: Size = (800, 600)) -> str:
        """Path and query of the stream. ``size`` is used where the URL sets the resolution (WifiCam)."""
        return self.stream_path.format(width=size[0], height=size[1])

    def still_target(self, size: Size = (800, 600)) -> str | None:
        """Path and query of a single picture; as `stream_target`."""
        return None if self.still_path is None else self.still_path.format(width=size[0], height=size[1])
