"""From an ``opencv_server`` folder to the text of a ``vedette.toml``.

Its configuration is Python. It is read here as data: parsed, and never executed. What is no plain value (a detected
address, a loop, a condition) is not taken over, and neither is what has no meaning here; each is told with its place.

    config/cameras.py   camera_list, and what its page allowed to be set (dcw alone is one value for all)
    config/network.py   host, host_address
    lib/sessions.py     sess_defaults: a list of settings for each camera

Frame sizes are numbers of arduino-esp32 1.0.5 to 3.0 there, of which 11 is 1280x720 and 9 is 800x600.
"""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import tomlkit

from vedette.boards.framesizes import FRAMESIZES, Era
from vedette.config.loading import contents, understood
from vedette.config.replacing import replace
from vedette.errors import ConfigError, Mistake, ServerError

_LARGEST_FILE = 256 * 1024  # the original's largest is 3 KB
_LARGEST_NUMBER = 10**18  # past 4300 digits Python itself refuses to write an int
_CAMERAS, _NETWORK, _SESSIONS = "config/cameras.py", "config/network.py", "lib/sessions.py"

# The order of the original's lists; versions before the AEC DSP have no aec2.
_SETTINGS = ("ae_level", "bpc", "resolution", "wb_mode", "hmirror", "aec", "aec2", "gainceiling", "quality")
_OLDER = tuple(name for name in _SETTINGS if name != "aec2")
_SWITCHES = {"bpc", "hmirror", "aec", "aec2", "dcw"}
_RANGES = {"ae_level": (-2, 2), "wb_mode": (0, 4), "gainceiling": (0, 6), "quality": (0, 63)}  # an OV2640's

_COMPUTED = "is worked out when the program runs, and nothing is run here"
_NO_MEANING = {
    "ae_level": "what its page allowed; Vedette knows the range of each sensor",
    "framesize": "what its page allowed; Vedette knows the sizes of each sensor",
    "hor_mirror": "what its page allowed",
    "vert_flip": "what its page allowed",
    "black_point": "what its page allowed",
    "white_balance": "what its page allowed",
    "special_effect": "what its page allowed",
    "quality": "what its page allowed",
    "aec": "what its page allowed",
    "gain_ceiling": "what its page allowed; Vedette knows the range of each sensor",
    "debug_level": "is no configuration here: start with vedette -d",
    "session": "what was looked at last, which is each browser's own here",
    "cam_session": "what was chosen last, which the boards are asked for here",
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a folder.

    Attributes:
        text: of a vedette.toml.
        cameras: how many are in it.
        left: a line for each thing that could not be taken over, with file and line.
    """

    text: str
    cameras: int
    left: tuple[str, ...]


def import_folder(folder: Path) -> Imported:
    """Read an ``opencv_server`` folder, or the ``config`` folder in it.

    Raises:
        ConfigError: it is none.
    """
    if (folder / _CAMERAS).is_file():
        top, config = folder, folder / "config"
    elif (folder / "cameras.py").is_file():
        top, config = folder.absolute().parent, folder
    else:
        message = f"expected an opencv_server folder, or its config folder; there is no {_CAMERAS} in it"
        raise ConfigError((Mistake(str(folder), None, "", message),))
    places = {_CAMERAS: config / "cameras.py", _NETWORK: config / "network.py", _SESSIONS: top / _SESSIONS}
    return _Import({name: _Source(name, path) for name, path in places.items()}).run()


def write(imported: Imported, path: Path, *, force: bool) -> None:
    """Write the text; a file that is there already only with ``force``, and it is kept as ``.bak``.

    Raises:
        ConfigError: there is something else in its place.
        ReadOnlyError, ServerError: it cannot be written.
    """
    before = contents(path)
    if before is not None and not force:
        raise ServerError(f"{path} is there already; --force replaces it, and -o names another file")
    if not replace(path, before, imported.text.encode()):
        raise ServerError(f"{path} was changed by somebody else meanwhile; nothing was written")


@dataclass(slots=True)
class _Source:
    """One Python file, as the values that it assigns at its top."""

    name: str
    path: Path
    left: list[tuple[int, str]] = field(default_factory=list)
    values: dict[str, ast.expr] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for statement in self._statements():
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.values[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    self.values[name] = value
                case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                    pass
                case _:
                    self.leave(statement, f"code {_COMPUTED}")

    def leave(self, at: ast.AST | None, message: str) -> None:
        self.left.append((getattr(at, "lineno", 0), message))

    def lines(self) -> Iterator[str]:
        for line, message in sorted(self.left):
            yield f"{self.name}:{line}: {message}" if line else f"{self.name}: {message}"

    def items(self, name: str) -> Iterator[tuple[ast.expr, object, ast.expr]]:
        """The keys and values of a dict, each key with its place; what is no plain key is left."""
        table = self.values.get(name)
        if table is not None and not isinstance(table, ast.Dict):
            self.leave(table, f"{name} {_COMPUTED}")
        if not isinstance(table, ast.Dict):
            return
        for key, value in zip(table.keys, table.values, strict=True):
            word = None if key is None else _literal(key)
            if key is None or not isinstance(word, int | str):
                self.leave(value, f"a key of {name} {_COMPUTED}")
            else:
                yield key, word, value

    def _statements(self) -> list[ast.stmt]:
        try:
            if self.path.exists() and not self.path.is_file():
                self.leave(None, "is no file")
                return []
            with self.path.open("rb") as file:
                content = file.read(_LARGEST_FILE + 1)
            if len(content) > _LARGEST_FILE:
                self.leave(None, f"is larger than {_LARGEST_FILE // 1024} KB, and was not read")
                return []
            with warnings.catch_warnings(action="ignore"):  # about the style of somebody else's code
                return ast.parse(content).body
        except FileNotFoundError:
            self.leave(None, "is not there")
        except OSError as error:
            self.leave(None, f"cannot be read: {error.strerror}")
        except SyntaxError as error:
            self.left.append((error.lineno or 0, "is not Python from here on, and was not read"))
        except (ValueError, RecursionError, MemoryError):
            self.leave(None, "is nested too deeply, or holds what no text has, and was not read")
        return []


def _literal(node: ast.expr) -> object:
    """The plain value that is written there; None where it is none, or one that no configuration has."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError, MemoryError):
        return None
    return None if isinstance(value, int) and abs(value) > _LARGEST_NUMBER else value


@dataclass(slots=True)
class _Import:
    sources: dict[str, _Source]
    blocks: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)  # the original's key → ours

    def run(self) -> Imported:
        cameras, network, sessions = (self.sources[name] for name in (_CAMERAS, _NETWORK, _SESSIONS))
        server = self.server(network)
        common = self.common(cameras)
        settings = {key: (line, found) for key, line, found in self.settings(sessions)}
        for place, key, value in cameras.items("camera_list"):
            table = self.camera(cameras, place, str(key), value)
            if table is not None:
                line, own = settings.pop(str(key), (0, {}))
                self.add(str(key), place.lineno, line, table, {**own, **common})
        for line, _ in settings.values():
            sessions.left.append((line, "settings of a camera that is not in camera_list, or was not taken over"))
        if "camera_list" not in cameras.values:
            cameras.leave(None, "has no camera_list")
        text = "\n".join([_HEAD, *([_table("server", server)] if server else []), *self.blocks])
        understood(text, None, {})
        left = tuple(line for source in self.sources.values() for line in source.lines())
        return Imported(text, len(self.ids), left)

    def server(self, source: _Source) -> dict[str, object]:
        """``[server]``: where the original listened."""
        found: dict[str, object] = {}
        for place, key, value in source.items("host"):
            ours = {"host_ip": "host", "host_port": "port"}.get(str(key))
            if ours is None:
                source.leave(place, f"host[{key!r}] has no meaning here")
                continue
            plain = _literal(value)
            number = isinstance(plain, str) and ours == "port" and plain.isdecimal() and len(plain) < 6
            self.keep(source, place, ours, int(str(plain)) if number else plain, found)
        match source.values.get("host_address"):
            case None | ast.Subscript(value=ast.Name(id="host"), slice=ast.Constant(value="host_ip")):
                pass
            case ast.Constant(value=str(address)) as place:
                self.keep(source, place, "host", address, found)
            case place:
                source.leave(place, f"host_address {_COMPUTED}; vedette -ip finds the address by itself")
        self.leave_rest(source, {"host", "host_address"}, quiet={"ethernet_device", "iface", "host_ip"})
        return found

    def keep(self, source: _Source, at: ast.expr, key: str, value: object, found: dict[str, object]) -> None:
        """Into ``[server]``, if it may stand there."""
        plain = isinstance(value, int | str)
        wrong = _refusal(_table("server", {key: value})) if plain else f"it {_COMPUTED}"
        if wrong:
            source.leave(at, f"{key}: {wrong}")
        else:
            found[key] = value

    def common(self, source: _Source) -> dict[str, object]:
        """``dcw``, which the original sends to every camera where it is one value."""
        node = source.values.get("dcw")
        choices = None if node is None else _literal(node)
        found: dict[str, object] = {}
        if isinstance(choices, list) and len(choices) == 1:
            found.update(_setting(source, node, "dcw", choices[0]))
        elif node is not None:
            source.leave(node, "dcw is no list of one value")
        self.leave_rest(source, {"camera_list", "dcw"})
        return found

    def settings(self, source: _Source) -> Iterator[tuple[str, int, dict[str, object]]]:
        """The camera's key, the line, and its settings."""
        for place, key, value in source.items("sess_defaults"):
            parts = value.elts if isinstance(value, ast.List | ast.Tuple) else []
            names = {len(_SETTINGS): _SETTINGS, len(_OLDER): _OLDER}.get(len(parts))
            if str(key) == "0":
                source.leave(place, "sess_defaults['0']: reset goes back to the sensor's own values here")
            elif names is None:
                source.leave(place, f"sess_defaults[{key!r}]: expected {len(_OLDER)} or {len(_SETTINGS)} values")
            else:
                found: dict[str, object] = {}
                for name, part in zip(names, parts, strict=True):
                    found.update(_setting(source, part, name, _literal(part)))
                yield str(key), place.lineno, found
        self.leave_rest(source, {"sess_defaults"})

    def camera(self, source: _Source, place: ast.expr, key: str, value: ast.expr) -> dict[str, object] | None:
        """The camera's own table; None where it cannot be taken over."""
        url = _literal(value)
        camera_id = re.sub(r"[^a-z0-9_-]+", "-", key.lower()).strip("-_")[:64]
        if not isinstance(url, str) or not camera_id or camera_id in self.ids.values():
            why = f"its address {_COMPUTED}" if not isinstance(url, str) else "no id of its own can be made of the key"
            source.leave(place, f"camera {key!r}: {why}")
            return None
        table = {"name": f"Camera {key}", **_address(url)}
        wrong = _refusal(_table(f"cameras.{camera_id}", table))
        if wrong:
            source.leave(place, f"camera {key!r}: {wrong}")
            return None
        self.ids[key] = camera_id
        return table

    def add(
        self, key: str, line: int, settings_line: int, table: dict[str, object], settings: dict[str, object]
    ) -> None:
        origin = f"# from {_CAMERAS}, line {line}"
        if settings_line:
            origin += f"; its settings from {_SESSIONS}, line {settings_line}"
        self.blocks.append(f"{origin}\n{_table(f'cameras.{self.ids[key]}', table)}")
        if settings:
            self.blocks.append(_table(f"cameras.{self.ids[key]}.settings", settings))

    def leave_rest(self, source: _Source, used: set[str], quiet: frozenset[str] | set[str] = frozenset()) -> None:
        for name, node in source.values.items():
            if name not in used and name not in quiet:
                source.leave(node, f"{name}: {_NO_MEANING.get(name, 'has no meaning here')}")


def _setting(source: _Source, at: ast.expr | None, name: str, value: object) -> dict[str, object]:
    """One setting as Vedette writes it; nothing, and a line about it, where it cannot be."""
    try:
        number = int(value) if isinstance(value, int | str) and len(str(value)) < 6 else None
    except ValueError:
        number = None
    if number is None:
        source.leave(at, f"{name}: expected a whole number")
    elif name == "resolution":
        if 0 <= number < len(FRAMESIZES[Era.C]):
            width, height = FRAMESIZES[Era.C][number]
            return {name: f"{width}x{height}"}
        source.leave(at, f"{name}: no frame size has the number {number}")
    else:
        low, high = _RANGES.get(name, (0, 1))
        if low <= number <= high:
            return {name: bool(number) if name in _SWITCHES else number}
        source.leave(at, f"{name}: expected {low} to {high}, got {number}")
    return {}


def _address(url: str) -> dict[str, object]:
    """``url``, and ``username`` and ``password`` that were in it."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return {"url": url}
    if parts.username is None or parts.password is None:
        return {"url": url.strip()}
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return {"url": bare, "username": unquote(parts.username), "password": unquote(parts.password)}


def _refusal(text: str) -> str | None:
    """Why the configuration would not have this; None where it would."""
    try:
        understood(text, None, {})
    except ConfigError as error:
        return error.mistakes[0].message
    return None


def _table(name: str, table: dict[str, object]) -> str:
    lines = [f"{key} = {tomlkit.item(value).as_string()}" for key, value in table.items()]
    return "\n".join([f"[{name}]", *lines, ""])


_HEAD = """\
# Made of an opencv_server folder by "vedette import-config".
# Frame sizes are those that its numbers meant with arduino-esp32 1.0.5 to 3.0; look at them once.
"""
