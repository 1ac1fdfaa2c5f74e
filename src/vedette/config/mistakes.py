"""From pydantic's complaints to sentences for the person who wrote the file.

This module owns the wording and the place of each mistake in keys and values. A value is repeated only
where it cannot be a secret.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from vedette.config.lines import Lines
from vedette.config.model import RULE_BROKEN, CameraConfig, table_at
from vedette.config.words import KeyPath, closest, dotted, kind, shown
from vedette.errors import Mistake

_EXPECTED = {
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "tuple_type": 'a list such as ["a", "b"]',
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where each key was set.

    Attributes:
        file: the file's name for messages.
        lines: where keys stand in the file.
        variables: the environment variable of each key that was overridden.
    """

    file: str
    lines: Lines
    variables: Mapping[KeyPath, str]

    def mistake(self, path: KeyPath, message: str) -> Mistake:
        """The mistake at the key's own place, else at that of what encloses it."""
        for end in range(len(path), 0, -1):
            place = self._place(path[:end])
            if place is not None:
                return Mistake(*place, dotted(path), message)
        return Mistake(self.file, None, dotted(path), message)

    def _place(self, path: KeyPath) -> tuple[str, int | None] | None:
        if path in self.variables:
            return self.variables[path], None
        if path in self.lines.of:
            return self.file, self.lines.of[path]
        below = (variable for key, variable in self.variables.items() if key[: len(path)] == path)
        return next(((variable, None) for variable in below), None)


def explained(error: ValidationError) -> Iterator[tuple[KeyPath, str]]:
    """Where each complaint is, and what was expected there; without those that ``rules.py`` makes."""
    for details in error.errors(include_url=False):
        if details["type"] != RULE_BROKEN:
            path = details["loc"]
            if len(path) == 3 and path[2] == "[key]":  # pydantic's mark for a dict's key, here a camera's id
                path = path[:2]
            yield path, _sentence(path, details)


def _sentence(path: KeyPath, details: ErrorDetails) -> str:
    match details["type"]:
        case "value_error":  # a check's own sentence
            return str(details["ctx"]["error"])
        case "extra_forbidden":
            return _unknown_key(path)
        case "missing":
            return f"missing key: expected {_expected(path, details)}"
        case "model_type" | "dict_type":
            header = dotted(path) if len(path) != 1 or path[0] != "cameras" else "cameras.<id>"
            return f"expected a table, written as [{header}]; got {kind(details['input'])}"
        case "literal_error":
            options = ", ".join(str(option) for option in get_args(_field(path).annotation))
            return f"expected one of {options}; got {shown(details['input'])}"
    return f"expected {_expected(path, details)}, got {_shown(path, details['input'])}"


def _field(path: KeyPath) -> FieldInfo:
    """The model's field at ``path``, or the one whose list or table it is in."""
    for end in range(len(path), 0, -1):
        table, key = table_at(path[: end - 1]), path[end - 1]
        if table is not None and key in table.model_fields:
            return table.model_fields[str(key)]
    raise LookupError(dotted(path))


def _expected(path: KeyPath, details: ErrorDetails) -> str:
    is_item = isinstance(path[-1], int)
    description = None if is_item else _field(path).description
    return description or _EXPECTED.get(details["type"], details["msg"])


def _shown(path: KeyPath, value: Any) -> str:
    is_secret = SecretStr in get_args(_field(path).annotation)
    return kind(value) if is_secret else shown(value)


def _unknown_key(path: KeyPath) -> str:
    table = table_at(path[:-1])
    known = table.model_fields if table else ()
    match = closest(str(path[-1]), known)
    if match:
        return f"unknown key; did you mean {match!r}?"
    hint = "; a board's own settings belong in its settings table" if table is CameraConfig else ""
    return f"unknown key; known are {', '.join(known)}{hint}"
