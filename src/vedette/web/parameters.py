"""Query parameters: what is served, what will be, and what is out of range."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from werkzeug.datastructures import MultiDict

from vedette.errors import RequestError
from vedette.store import Period

_NOT_YET = ("flip", "rotate", "width", "quality", "label", "fps")
_PERIODS = {period.word: period for period in Period}
_SWITCH = {"0": False, "1": True}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d))?")


def refuse_unserved(arguments: MultiDict[str, str]) -> None:
    """Refuse what would change the picture: nothing does that yet, and a picture unlike the wish is no answer."""
    for name in _NOT_YET:
        if name in arguments:
            raise RequestError(400, "not_supported", f"The parameter {name!r} is not served yet: leave it out.")


def switch(arguments: MultiDict[str, str], name: str) -> bool | None:
    """A parameter that is 0 or 1; None where it was not given."""
    text = arguments.get(name)
    if text is None:
        return None
    if text not in _SWITCH:
        raise RequestError(400, "out_of_range", f"The parameter {name!r} is 0 or 1, not {text[:40]!r}.")
    return _SWITCH[text]


def choice(arguments: MultiDict[str, str], name: str, options: Sequence[str]) -> str:
    """A parameter that is one of some words; the first of them where it was not given."""
    text = arguments.get(name, options[0])
    if text not in options:
        raise RequestError(400, "out_of_range", f"The parameter {name!r} is {' or '.join(options)}, not {text[:40]!r}.")
    return text


def choose_period(arguments: MultiDict[str, str]) -> Period:
    """How much of the past is asked for; a day where ``period`` was not given."""
    return _PERIODS[choice(arguments, "period", tuple(_PERIODS))]


def number(arguments: MultiDict[str, str], name: str, low: int, high: int, usual: int) -> int:
    """A parameter that is a whole number from ``low`` to ``high``; ``usual`` where it was not given."""
    text = arguments.get(name, str(usual))
    value = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else low - 1
    if not low <= value <= high:
        raise RequestError(
            400, "out_of_range", f"The parameter {name!r} is a whole number from {low} to {high}, not {text[:40]!r}."
        )
    return value


def moment(arguments: MultiDict[str, str], name: str) -> float | None:
    """A parameter that is a time of RFC 3339, or a date for its first moment in UTC; in seconds since the epoch."""
    text = arguments.get(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.upper()) if _MOMENT.fullmatch(text) else None
        if found is not None:
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except ValueError:
        pass  # it has the form, and no such day, hour or offset exists
    raise RequestError(
        400,
        "out_of_range",
        f"The parameter {name!r} is a time such as 2026-01-31T12:00:00Z or a date such as 2026-01-31, "
        f"not {text[:40]!r}; a + in it is written %2B.",
    )
