"""Environment variables that override the file: ``VEDETTE_SERVER__PORT=5101``.

A double underscore steps into a table; upper and lower case are the same, and camera ids become lower-case (so
an id that itself holds a double underscore cannot be named here). Text becomes what the key wants where it can:
whole numbers, true/false (also 1/0, yes/no, on/off), comma separated lists; what cannot stays text, and
the model says what was expected. A variable of ours that names no key is a mistake.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_origin

from vedette.config.model import Config, PowerCycleConfig, Rotate, table_at
from vedette.config.words import closest, dotted
from vedette.errors import Mistake

PREFIX = "VEDETTE_"
FILE_VARIABLE = "VEDETTE_CONFIG"

# Kubernetes and linked containers set these for any service named "vedette"; they are not meant for us.
_SERVICE_LINK = re.compile(r"VEDETTE_SERVICE_(HOST|PORT(_.+)?)|VEDETTE_PORT_[0-9]+_(TCP|UDP)(_.+)?")
_SERVICE_URL = re.compile(r"(tcp|udp)://.*")

_TRUTH = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
_WHOLE = re.compile(r"[+-]?[0-9]{1,20}")
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Override:
    """One value that stands above the file's."""

    variable: str
    path: tuple[str, ...]
    value: object


def named_file(environ: Mapping[str, str]) -> str | None:
    """The file that ``VEDETTE_CONFIG`` names; None if it is unset or empty."""
    return next((value for name, value in environ.items() if name.upper() == FILE_VARIABLE and value), None)


def read(environ: Mapping[str, str]) -> tuple[list[Override], list[Mistake]]:
    """What the environment overrides, and what is wrong with our variables in it."""
    overrides: dict[tuple[str, ...], Override] = {}
    mistakes: list[Mistake] = []
    for variable, text in _ours(environ):
        path = tuple(variable.upper().removeprefix(PREFIX).lower().split("__"))
        if not _is_key(path):
            mistakes.append(Mistake(variable, None, "", f"unknown variable; {_suggestion(path)}"))
        elif path in overrides:
            message = f"{overrides[path].variable} sets the same key; expected only one of them"
            mistakes.append(Mistake(variable, None, dotted(path), message))
        elif not _is_unicode(text):
            mistakes.append(Mistake(variable, None, dotted(path), "expected UTF-8 text"))
        else:
            overrides[path] = Override(variable, path, _converted(path, text))
    return list(overrides.values()), mistakes


def overlay(tables: dict[str, object], overrides: list[Override]) -> None:
    """Write the overrides into the file's tables. A table that is none stays, for the model to say so."""
    for override in overrides:
        table: object = tables
        for key in override.path[:-1]:
            table = table.setdefault(key, {}) if isinstance(table, dict) else None
        if isinstance(table, dict):
            table[override.path[-1]] = override.value


def _ours(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for variable, text in environ.items():
        name = variable.upper()
        foreign = _SERVICE_LINK.fullmatch(name) or (name == "VEDETTE_PORT" and _SERVICE_URL.fullmatch(text))
        if name.startswith(PREFIX) and name != FILE_VARIABLE and not foreign:
            yield variable, text


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # bytes that are no UTF-8 reach Python as half characters
        return False
    return True


def _is_key(path: tuple[str, ...]) -> bool:
    match path:
        case ("cameras", _, "settings", setting):
            return bool(setting)
        case (*_, "cameras" | "settings" | "power_cycle" | "headers"):
            return False
    table = table_at(path[:-1])
    return len(path) > 1 and table is not None and path[-1] in table.model_fields


def _suggestion(path: tuple[str, ...]) -> str:
    camera = path[1] if path[0] == "cameras" and len(path) > 1 and path[1] else "<id>"
    known = {"__".join(key): key for key in _keys(camera)}
    by_last_part = {key[-1]: key for key in reversed(known.values())}
    match = known.get(closest("__".join(path), known) or "") or by_last_part.get(path[-1])
    return (
        f"did you mean {_variable(match)}?"
        if match
        else f"known are {', '.join(_variable(key) for key in known.values())}"
    )


def _keys(camera: str) -> Iterator[tuple[str, ...]]:
    for section in Config.model_fields:
        place = (section, camera) if section == "cameras" else (section,)
        table = table_at(place)
        for key in table.model_fields if table else ():
            if key == "power_cycle":
                yield from ((*place, key, switch) for switch in PowerCycleConfig.model_fields if switch != "headers")
            else:
                yield (*place, key, "<name>") if key == "settings" else (*place, key)


def _variable(path: tuple[str, ...]) -> str:
    return PREFIX + "__".join(part if part.startswith("<") else part.upper() for part in path)


def _converted(path: tuple[str, ...], text: str) -> object:
    table = table_at(path[:-1])
    if table is None:
        return _guessed(text)
    wanted: Any = table.model_fields[path[-1]].annotation
    if wanted is bool:
        return _TRUTH.get(text.strip().lower(), text)
    if wanted is int or wanted == Rotate:
        return int(text) if _WHOLE.fullmatch(text.strip()) else text
    if wanted is float:
        return float(text) if _DECIMAL.fullmatch(text.strip()) else text
    if get_origin(wanted) is tuple:
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _guessed(text: str) -> object:
    """A board setting has no type of its own: a number or true/false if it reads like one, else text."""
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
