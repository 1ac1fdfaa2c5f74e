"""What may stand in ``vedette.toml``: every table and key, its type, range and default.

This module owns the contract's keys. A value has to be of the key's own TOML type (``port = "5100"`` is a
mistake), an unknown key is refused, and nothing can be changed after reading. Sentences about mistakes come
from ``mistakes.py``, except those that a check here raises as ValueError.
"""

import math
import re
import unicodedata
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from platformdirs import user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from vedette.config.addresses import board_host, host_name, http_url, ip_network, mac_address, plug_url
from vedette.config.rules import broken_by
from vedette.config.words import closest, dotted, shown

RULE_BROKEN = "rule_broken"
"""The pydantic error type for what ``rules.py`` says in its own words."""

ANY_HOST = "*"

_CAMERA_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LONGEST_NAME = 100
_INVISIBLE = {"Cc", "Cs", "Zl", "Zp"}  # control characters, half characters, line and paragraph separators
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110: a token
_OUR_HEADERS = {"host", "connection", "content-length", "transfer-encoding"}
_LARGEST_SETTING = 2**63 - 1  # TOML promises no more than 64 bits

Firmware = Literal[
    "auto",
    "cameraserver",
    "easytarget",
    "mjpeg2sd",
    "esphome",
    "tasmota",
    "micro-rtsp",
    "wificam",
    "asynccam",
    "vedette_cam",
    "generic",
]
Check = Literal["full", "markers", "off"]
Connect = Literal["always", "on-demand"]
Flip = Literal["none", "horizontal", "vertical", "both"]
Rotate = Literal[0, 90, 180, 270]
PlugMethod = Literal["GET", "POST", "PUT"]


def _camera_id(text: str) -> str:
    if not _CAMERA_ID.fullmatch(text):
        raise ValueError(
            "expected a camera id of at most 64 lower-case letters, digits, - and _, beginning with a letter or"
            " digit; what people read goes into name"
        )
    return text


def _camera_name(text: str) -> str:
    text = text.strip()
    if not 1 <= len(text) <= _LONGEST_NAME:
        raise ValueError(f"expected 1 to {_LONGEST_NAME} characters, got {len(text)}")
    if any(unicodedata.category(char) in _INVISIBLE for char in text):
        raise ValueError("expected a name on one line, without control characters")
    return text


def _username(text: str) -> str:
    if not text or ":" in text or not text.isprintable():
        raise ValueError("expected a name without ':' and control characters, as RFC 7617 requires")
    return text


def _database_url(text: str) -> str:
    if "://" not in text:
        raise ValueError('expected a database URL such as "sqlite:///data.db" or "postgresql://…"')
    return text


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (LookupError, ValueError, OSError):  # unknown; not a name; a folder of names
        match = closest(text, available_timezones())
        hint = f"did you mean {match!r}?" if match else f"got {shown(text)}"
        raise ValueError(f'expected a time zone such as "Europe/Berlin"; {hint}') from None
    return text


def _rotation(value: object) -> object:
    if isinstance(value, bool | float):  # to Python, False is 0 and 90.0 is 90
        raise ValueError(  # noqa: TRY004 - pydantic collects no TypeErrors
            f"expected one of 0, 90, 180, 270; got {shown(value)}"
        )
    return value


def _seconds(value: object) -> object:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _setting(value: object) -> object:
    if isinstance(value, int) and abs(value) > _LARGEST_SETTING:
        raise ValueError(f"expected a number of at most 64 bits, got {shown(value)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"expected a finite number, got {value}")
    if not isinstance(value, int | float | str):
        raise ValueError(  # noqa: TRY004 - pydantic collects no TypeErrors
            f"expected a number, true, false or text in quotes, got {shown(value)}"
        )
    return value


def _headers(headers: dict[str, SecretStr]) -> dict[str, SecretStr]:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"expected names of HTTP headers; {shown(name)} is none")
        if name.lower() in _OUR_HEADERS:
            raise ValueError(f"expected other headers; {name} is set by Vedette itself")
        if not re.fullmatch(r"[\x20-\x7e]*", value.get_secret_value()):
            raise ValueError(f"expected ASCII on one line as the value of {name}")
    return headers


def _tuple_of_list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _data_folder(value: object, info: ValidationInfo) -> object:
    """The folder as an absolute path, if ``info.context`` names the ``folder`` that relative ones begin at."""
    if not isinstance(value, str):
        return value
    if not value.strip() or "\0" in value:
        raise ValueError("expected the path of a folder")
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        raise ValueError("expected the path of a folder; the home folder that ~ stands for is unknown") from None
    return info.context["folder"] / path if info.context else path


HostName = Annotated[str, AfterValidator(host_name)]
AllowedHost = Annotated[str, AfterValidator(lambda text: text if text == ANY_HOST else host_name(text))]
HttpUrl = Annotated[str, AfterValidator(http_url)]
PlugUrl = Annotated[str, AfterValidator(plug_url)]
IpNetwork = Annotated[str, AfterValidator(ip_network)]
Setting = Annotated[int | float | bool | str, BeforeValidator(_setting)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class ServerConfig(_Table):
    """``[server]``: where the server is reached.

    Attributes:
        host: what to listen on; this machine alone until sign-in is built.
        port: the TCP port to listen on.
        public_host: shown by ``-ip`` and in printed links; detected when None.
        allowed_hosts: further names, beside the addresses it has, that the server answers to; ``*`` is all.
        camera_networks: networks, beside the usual ones, that cameras added through the page may be in, such as
            ``127.0.0.0/8``; each as `ipaddress.ip_network` takes it.
        timezone: of the times that are written on pictures, by its IANA name; the machine's own when None.
    """

    host: HostName = "127.0.0.1"
    port: int = Field(5100, ge=1, le=65535, description="a whole number between 1 and 65535")
    public_host: HostName | None = None
    allowed_hosts: Annotated[tuple[AllowedHost, ...], BeforeValidator(_tuple_of_list)] = ()
    camera_networks: Annotated[tuple[IpNetwork, ...], BeforeValidator(_tuple_of_list)] = ()
    timezone: Annotated[str, AfterValidator(_timezone)] | None = None


class AuthConfig(_Table):
    """``[auth]``: who may look. ``load`` refuses ``password`` until sign-in is built."""

    mode: Literal["open", "password"] = "open"


class StorageConfig(_Table):
    """``[storage]``: where data is kept.

    Attributes:
        path: the data folder. ``~`` is the user's home; a relative path begins at the folder of the
            configuration file (at the working directory where there is no file), wherever it was set.
        database: an SQLAlchemy-style URL; None means a file in the data folder.
    """

    path: Annotated[Path, BeforeValidator(_data_folder)] = Field(
        default_factory=lambda: user_data_path("vedette"), description="the path of a folder, in quotes"
    )
    database: Annotated[str, AfterValidator(_database_url)] | None = None


class PowerCycleConfig(_Table):
    """``[cameras.<id>.power_cycle]``: the plug that cuts a board's power, and when it may.

    Attributes:
        url: asked to cut the power; where ``url_on`` is None, to restore it too.
        url_on: asked to restore it, ``off_seconds`` later.
        off_seconds: how long the board stays without power, where there are two requests.
        method: of the requests.
        body: of the requests; None where there is none.
        headers: more of them for the requests; they may hold secrets.
        username: for a plug that asks, by Basic or Digest authentication; only together with ``password``.
        password: see ``username``.
        after: seconds of outage, and without a frame, before the first power cut.
        pause: seconds from the first to the second power cut of an outage; doubled each time, up to six hours.
        per_day: how many within 24 hours.
    """

    url: PlugUrl = Field(description='url = "http://…", which cuts the power and restores it')
    url_on: PlugUrl | None = None
    off_seconds: int = Field(5, ge=1, le=60, description="a whole number of seconds between 1 and 60")
    method: PlugMethod = "GET"
    body: str | None = None
    headers: Annotated[dict[str, SecretStr], AfterValidator(_headers)] = Field(default_factory=dict)
    username: Annotated[str, AfterValidator(_username)] | None = None
    password: SecretStr | None = None
    after: int = Field(300, ge=60, le=86400, description="a whole number of seconds between 60 and 86400")
    pause: int = Field(1800, ge=300, le=86400, description="a whole number of seconds between 300 and 86400")
    per_day: int = Field(5, ge=1, le=24, description="a whole number between 1 and 24")


class CameraConfig(_Table):
    """``[cameras.<id>]``: one board as the user wants it. Exactly one of ``url`` and ``host`` is set.

    Attributes:
        name: what people read; the camera's id when None.
        url: the stream's URL; plain http, because that is what boards speak.
        host: the board's address instead, to be probed for its firmware.
        control_url: where settings are made; by default the stream's host, on the firmware's own port.
        username: for boards that ask; only together with ``password``.
        password: see ``username``.
        enabled: whether the camera is connected to at all.
        firmware: what runs on the board.
        check: how closely each frame is checked on arrival.
        connect: always, or only while someone looks or records.
        poll_interval: seconds between pictures of a board that gives them one by one.
        flip: mirrored for viewers, before ``rotate``.
        rotate: degrees clockwise.
        settings: wanted board settings by the firmware's own names.
        mac: the board's MAC address, by which it is found again; ``any`` never looks at it, None learns it.
        power_cycle: the plug that its power comes through.
    """

    name: Annotated[str, AfterValidator(_camera_name)] | None = None
    url: HttpUrl | None = None
    host: Annotated[str, AfterValidator(board_host)] | None = None
    control_url: HttpUrl | None = None
    username: Annotated[str, AfterValidator(_username)] | None = None
    password: SecretStr | None = None
    enabled: bool = True
    firmware: Firmware = "auto"
    check: Check = "full"
    connect: Connect = "always"
    poll_interval: Annotated[
        float, BeforeValidator(_seconds), Field(ge=0.1, le=3600, description="0.1 to 3600 seconds")
    ] = 1.0
    flip: Flip = "none"
    rotate: Annotated[Rotate, BeforeValidator(_rotation)] = 0
    settings: dict[str, Setting] = Field(default_factory=dict)
    mac: Annotated[str, AfterValidator(mac_address)] | None = None
    power_cycle: PowerCycleConfig | None = None

    @property
    def board(self) -> str:
        """The board's name or address, whichever way it is written; an IPv6 address without brackets."""
        return (urlsplit(self.url).hostname if self.url else self.host) or ""

    @model_validator(mode="after")
    def _keeps_the_rules(self) -> Self:
        table = {**dict(self), "power_cycle": self.power_cycle and self.power_cycle.model_dump(exclude_unset=True)}
        sentences = [f"{dotted(path)}: {message}" if path else message for path, message in broken_by(table)]
        if sentences:
            raise PydanticCustomError(RULE_BROKEN, "{sentences}", {"sentences": "; ".join(sentences)})
        return self


class Config(_Table):
    """The whole file. ``cameras`` keeps the order in which they stand there."""

    server: ServerConfig = Field(default_factory=ServerConfig)
    auth: AuthConfig = Field(default_factory=AuthConfig)
    storage: StorageConfig = Field(default_factory=StorageConfig)
    cameras: dict[Annotated[str, AfterValidator(_camera_id)], CameraConfig] = Field(default_factory=dict)


def table_at(path: tuple[str | int, ...]) -> type[BaseModel] | None:
    """The model of the table at ``path``; None where the keys are the user's own, or there is no table."""
    match path:
        case ():
            return Config
        case ("cameras", str()):
            return CameraConfig
        case ("cameras", str(), "power_cycle"):
            return PowerCycleConfig
        case (str() as section,) if section in Config.model_fields:
            model = Config.model_fields[section].annotation
            return model if isinstance(model, type) and issubclass(model, BaseModel) else None
    return None
