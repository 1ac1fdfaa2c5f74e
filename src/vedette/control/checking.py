"""Whether a value may be sent to a board, and in which form. Nothing that is out of range ever is.

The sentences name the setting, what it takes, and what came.
"""

from collections.abc import Mapping

from vedette.boards import RESOLUTION, Control, Kind
from vedette.config.words import closest, shown
from vedette.control.report import Setting
from vedette.control.sizes import read_size, write_size
from vedette.errors import RequestError

_MOST_NAMED = 16  # options in a sentence


def normalise(control: Control, value: object) -> int | bool | str:
    """The value as it is kept and compared: an int, a bool, or a resolution as ``800x600``.

    Raises:
        ValueError: the control does not take it; the message is the sentence.
    """
    match control.kind:
        case Kind.BOOL:
            if isinstance(value, bool) or (isinstance(value, int) and value in {0, 1}):
                return bool(value)
        case Kind.INT:
            low, high = control.low or 0, control.high or 0
            if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
                return value
        case Kind.CHOICE:
            option = _option(control, value)
            if option is not None:
                return option
    raise ValueError(f"{control.name} takes {takes(control)}; got {shown(value)}.")


def takes(control: Control) -> str:
    """What a control takes, in words."""
    if control.kind is Kind.BOOL:
        return "true or false"
    if control.kind is Kind.INT:
        return f"a whole number from {control.low} to {control.high}"
    if control.name == RESOLUTION and len(control.options) > _MOST_NAMED:
        return f"a size as WxH, from {control.options[0]} to {control.options[-1]}, out of the sensors' own sizes"
    if control.name == RESOLUTION:
        return f"one of {', '.join(map(str, control.options))}"
    named = zip(control.options, control.labels, strict=True)
    return f"one of {', '.join(f'{option} ({label})' for option, label in named)}"


def unknown(name: str, controls: Mapping[str, Control]) -> str:
    """That a board has no such setting, and which one was perhaps meant."""
    if name == "framesize" and RESOLUTION in controls:
        return f"framesize means another size on each firmware: use {RESOLUTION}, such as 800x600."
    meant = closest(name, controls)
    return f"This board has no setting {shown(name)}" + (f"; did you mean {meant!r}?" if meant else ".")


def check(
    changes: Mapping[str, object], controls: Mapping[str, Control], wanted: Mapping[str, Setting], note: str | None
) -> dict[str, Setting | None]:
    """Changes as JSON has them, in the form in which they are kept; None takes a setting away.

    Args:
        changes: by name.
        controls: what can be set.
        wanted: what is wanted now: whatever it is, it can be taken away.
        note: why there are no controls, if there are none.

    Raises:
        RequestError: one of them is wrong; none of them is to be taken.
    """
    checked: dict[str, Setting | None] = {}
    for name, value in changes.items():
        if name not in controls and not (value is None and name in wanted):
            raise RequestError(422, "setting_unknown", note or unknown(name, controls), field=name)
        if value is None:
            checked[name] = None
            continue
        try:
            checked[name] = normalise(controls[name], value)
        except ValueError as error:
            raise RequestError(422, "setting_out_of_range", str(error), field=name) from None
    return checked


def _option(control: Control, value: object) -> int | str | None:
    if control.name == RESOLUTION:
        size = read_size(value) if isinstance(value, str) else None
        text = write_size(size) if size else None
        return text if text in control.options else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if value in control.options else None
