"""Query parameters: what is asked for, and what is out of range."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from werkzeug.datastructures import MultiDict

from vedette.errors import RequestError
from vedette.live import Look, MosaicLook
from vedette.picture import Flip, Recipe, mosaic_grid
from vedette.store import Period

NARROWEST, WIDEST = 16, 4096  # pixels
_FINEST_FPS, _MOST_FPS, _MOST_MOSAIC_FPS = 0.1, 60.0, 15.0
_MOST_COLUMNS = 64
_USUAL_MOSAIC = MosaicLook()
_FPS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})?")
_PERIODS = {period.word: period for period in Period}
_SWITCH = {"0": False, "1": True}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d))?")


def choose_look(arguments: MultiDict[str, str], camera_id: str) -> Look:
    """A camera in the form that is asked for: ``flip``, ``rotate``, ``width``, ``quality``, ``label``, ``fps``.

    Raises:
        RequestError: one of them is out of its range.
    """
    recipe = Recipe(
        flip=Flip(choice(arguments, "flip", tuple(Flip))),
        rotate=int(choice(arguments, "rotate", ("0", "90", "180", "270"))),
        width=_optional(arguments, "width", NARROWEST, WIDEST),
        quality=_optional(arguments, "quality", 1, 100),
        label=switch(arguments, "label") or False,
    )
    fps = _rate(arguments, _MOST_FPS) if "fps" in arguments else None
    return Look(camera_id, recipe.after(Flip.NONE, 0), fps)


def choose_mosaic(arguments: MultiDict[str, str]) -> MosaicLook:
    """A mosaic as it is asked for: ``cameras``, ``columns``, ``width``, ``label``, ``fps``.

    Raises:
        RequestError: one of them is out of its range.
    """
    named = arguments.get("cameras")
    cameras = tuple(dict.fromkeys(named.split(","))) if named is not None else None
    if cameras is not None and not all(cameras):
        raise RequestError(400, "out_of_range", "The parameter 'cameras' is a list of ids such as porch,gate.")
    label = switch(arguments, "label")
    return MosaicLook(
        cameras=cameras,
        columns=_optional(arguments, "columns", 1, _MOST_COLUMNS),
        width=number(arguments, "width", mosaic_grid.NARROWEST, mosaic_grid.WIDEST, _USUAL_MOSAIC.width),
        label=_USUAL_MOSAIC.label if label is None else label,
        fps=_rate(arguments, _MOST_MOSAIC_FPS) if "fps" in arguments else _USUAL_MOSAIC.fps,
    )


def _optional(arguments: MultiDict[str, str], name: str, low: int, high: int) -> int | None:
    return number(arguments, name, low, high, low) if name in arguments else None


def _rate(arguments: MultiDict[str, str], most: float) -> float:
    text = arguments["fps"]
    value = float(text) if _FPS.fullmatch(text) else 0.0
    if not _FINEST_FPS <= value <= most:
        raise RequestError(
            400, "out_of_range", f"The parameter 'fps' is a number from {_FINEST_FPS} to {most:g}, not {text[:40]!r}."
        )
    return value


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
