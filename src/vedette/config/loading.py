"""Which file is read, and reading it: file, environment, model and rules come together here.

This module owns the order in which values win (environment over file over default) and collects all mistakes.
"""

from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_config_path
from pydantic import ValidationError

from vedette.config import environment
from vedette.config.mistakes import Places, explained
from vedette.config.model import Config
from vedette.config.rules import broken
from vedette.config.syntax import parse_text
from vedette.errors import ConfigError, Mistake

FILE_NAME = "vedette.toml"
_NO_FILE = "expected a configuration file, but it does not exist"


def find(explicit: Path | None, environ: Mapping[str, str], cwd: Path) -> Path | None:
    """The configuration file, or None if there is none and none was asked for.

    The first of: ``explicit`` (from ``-c``), ``VEDETTE_CONFIG``, ``vedette.toml`` in ``cwd``, ``vedette.toml`` in
    the user's configuration folder. Relative paths begin at ``cwd``.

    Raises:
        ConfigError: a file was named by ``-c`` or ``VEDETTE_CONFIG``, and it does not exist.
    """
    if explicit is not None:
        return _named(cwd / explicit, Mistake(str(cwd / explicit), None, "", _NO_FILE))
    variable = environment.named_file(environ)
    if variable is not None:
        message = f"{_NO_FILE}: {cwd / variable}"
        return _named(cwd / variable, Mistake(environment.FILE_VARIABLE, None, "", message))
    usual = (cwd / FILE_NAME, user_config_path("vedette") / FILE_NAME)
    return next((path for path in usual if _exists(path)), None)


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """Read and check the configuration; with ``path`` None, that of the defaults and the environment.

    Raises:
        ConfigError: with every mistake, those of the file first and in its order.
    """
    if path is None:
        return understood("", None, environ)
    content = contents(path)
    if content is None:
        raise _unreadable(path, _NO_FILE)
    return understood(decoded(path, content), path, environ)


def understood(text: str, path: Path | None, environ: Mapping[str, str]) -> Config:
    """The configuration that ``text`` is, were it what ``path`` has in it. Raises as `load` does."""
    file = "" if path is None else str(path)
    tables, lines = parse_text(file, text)
    overrides, mistakes = environment.read(environ)
    environment.overlay(tables, overrides)
    places = Places(file, lines, {override.path: override.variable for override in overrides})
    folder = Path.cwd() if path is None else path.absolute().parent
    config: Config | None = None
    try:
        config = Config.model_validate(tables, context={"folder": folder})
    except ValidationError as error:
        mistakes += [places.mistake(where, message) for where, message in explained(error)]
    mistakes += [places.mistake(where, message) for where, message in broken(tables)]
    if mistakes or config is None:
        raise ConfigError(tuple(sorted(mistakes, key=_order)))
    return config


def contents(path: Path) -> bytes | None:
    """The file's bytes; None if there is none.

    Raises:
        ConfigError: there is something that cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        raise _unreadable(path, "expected a file; this is a folder") from None
    except PermissionError:
        raise _unreadable(path, "the user who runs this may not read the file") from None
    except OSError as error:
        raise _unreadable(path, f"the file cannot be read: {error.strerror}") from None


def decoded(path: Path, content: bytes) -> str:
    """The file's text, without a byte order mark.

    Raises:
        ConfigError: it is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, f"expected UTF-8 text; byte 0x{content[error.start]:02x} is none", line) from None


def _order(mistake: Mistake) -> tuple[bool, int]:
    return mistake.line is None, mistake.line or 0


def _named(path: Path, if_missing: Mistake) -> Path:
    if not _exists(path):
        raise ConfigError((if_missing,))
    return path


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # reading it will say what is the matter
    return True


def _unreadable(path: Path, message: str, line: int | None = None) -> ConfigError:
    return ConfigError((Mistake(str(path), line, "", message),))
