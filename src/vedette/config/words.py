"""How keys and values of the configuration are written in a message.

This module owns what of a user's value may be shown: never text that could hold credentials.
"""

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

KeyPath = tuple[str | int, ...]
"""The keys from the top of the file down: ``("cameras", "porch", "flip")``; an int is an index in a list."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_SHOWN = 60  # a sentence with more of it in is no longer read
_LARGEST_SHOWN = 10**18  # past 4300 digits Python itself refuses to write an int


def dotted(path: KeyPath) -> str:
    """The key path as it would be written in TOML, with ``[n]`` for the n-th item of a list, from 0."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (part if _BARE_KEY.fullmatch(part) else json.dumps(part))
    return text


def shown(value: object) -> str:
    """The value as a person would recognise it, or only its kind if it is long, nested or private."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) <= _LARGEST_SHOWN else "a far larger number"
    if isinstance(value, float):
        return str(value)
    if isinstance(value, str) and len(value) <= _LONGEST_SHOWN and "@" not in value:  # user:password@host
        return repr(value)
    return kind(value)


def kind(value: object) -> str:
    """What sort of TOML value it is."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, int | float):
        return "true or false" if isinstance(value, bool) else "a number"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    return "a date or time" if isinstance(value, date | datetime | time) else "something else"


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant, if one is near enough to guess."""
    matches = difflib.get_close_matches(word.lower(), {name.lower(): name for name in known}, n=1)
    return next((name for name in known if matches and name.lower() == matches[0]), None)
