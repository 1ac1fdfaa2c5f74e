"""Changes of ``vedette.toml`` as a user means them: a camera more, less or another, a setting more, less or another.

Pure: a tomlkit document in, the same document changed. Whatever way a camera is written (its own table, inline,
behind dots, its tables apart from each other), it stays written so, and all that was not meant stays as it was.
After each change the new text is read again and compared with what was wanted as plain data; where they differ the
document stays as it was, and a ServerError says so. The document is one that the model accepts.

Values are plain: text, numbers, true and false, lists of them, and tables of them as dicts.
"""

import json
import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError

from vedette.config.splice import put, take_away
from vedette.config.words import KeyPath
from vedette.errors import ConflictError, ServerError


def add_camera(document: TOMLDocument, camera_id: str, table: Mapping[str, object]) -> None:
    """A further camera, behind the others.

    Raises:
        ConflictError: the file has a camera of this id.
        ServerError: the file is written in a way that this cannot change.
    """
    if camera_id in (plain(document.as_string()).get("cameras") or {}):
        raise ConflictError(f"there is a camera {camera_id!r} in the configuration file already")
    tables_last = sorted(table.items(), key=lambda item: isinstance(item[1], Mapping))
    _change(document, ("cameras", camera_id), {key: value for key, value in tables_last if value is not None})


def change_camera(document: TOMLDocument, camera_id: str, changes: Mapping[str, object]) -> None:
    """Keys of one camera; None takes one away, and a dict is the whole of its new table.

    A camera that the file does not have gets a table in it: its other keys may stand in the environment.

    Raises:
        ServerError: the file is written in a way that this cannot change.
    """
    _change(document, ("cameras", camera_id), changes)


def change_settings(document: TOMLDocument, camera_id: str, changes: Mapping[str, object]) -> None:
    """Wanted settings of one camera; None takes one away. As `change_camera` otherwise."""
    _change(document, ("cameras", camera_id, "settings"), changes)


def remove_camera(document: TOMLDocument, camera_id: str) -> None:
    """One camera with all its tables and the comments in them.

    Raises:
        ConflictError: the file has no such camera.
        ServerError: the file is written in a way that this cannot change.
    """
    if camera_id not in (plain(document.as_string()).get("cameras") or {}):
        raise ConflictError(f"there is no camera {camera_id!r} in the configuration file")
    _change(document, ("cameras",), {camera_id: None})


def plain(text: str) -> dict[str, Any]:
    """A TOML text as plain data: as the standard library reads it, and tomlkit what of TOML 1.1 it cannot.

    Raises:
        ServerError: neither can.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        pass
    try:
        return tomlkit.parse(text).unwrap()
    except (TOMLKitError, ValueError) as error:
        raise ServerError(_BY_HAND) from error


def same(one: object, other: object) -> bool:
    """Whether two files' plain data are the same, types included; a table without keys is as good as none."""
    return _canonical(one) == _canonical(other)


_BY_HAND = (
    "The configuration file is written in a way that the page cannot change without harm. Nothing was written;"
    " make this change with a text editor."
)


def _change(document: TOMLDocument, table: KeyPath, changes: Mapping[str, object]) -> None:
    text = document.as_string()
    wanted = plain(text)
    for key, value in changes.items():
        path = (*table, key)
        text = take_away(text, path) if value is None else put(text, path, value)
        _change_plain(wanted, path, value)
    if not same(plain(text), wanted):
        raise ServerError(_BY_HAND)
    _become(document, text)


def _change_plain(tables: dict[str, Any], path: KeyPath, value: object) -> None:
    for part in path[:-1]:
        tables = tables.setdefault(str(part), {})
        if not isinstance(tables, dict):
            raise ServerError(_BY_HAND)
    if value is None:
        tables.pop(str(path[-1]), None)
    else:
        tables[str(path[-1])] = value


def _become(document: TOMLDocument, text: str) -> None:
    """Make it the document of this text: whoever holds it sees the change."""
    try:
        fresh = tomlkit.parse(text)
    except (TOMLKitError, ValueError) as error:
        raise ServerError(_BY_HAND) from error
    vars(document).update(vars(fresh))
    dict.clear(document)  # tomlkit keeps a dict's own values beside its body
    dict.update(document, dict.items(fresh))


def _canonical(value: object) -> str:
    return json.dumps(_without_empty(value), default=str, sort_keys=True)


def _without_empty(value: object) -> object:
    if isinstance(value, Mapping):
        kept = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item != {}}
    return [_without_empty(item) for item in value] if isinstance(value, list | tuple) else value
