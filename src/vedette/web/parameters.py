"""Query parameters of streams and snapshots: what is served, what will be, and what is out of range."""

from werkzeug.datastructures import MultiDict

from vedette.errors import RequestError

_NOT_YET = ("flip", "rotate", "width", "quality", "label", "fps")
_SWITCH = {"0": False, "1": True}


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
