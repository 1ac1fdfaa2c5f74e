"""Who may do what: one function, asked for every route.

A view without a declared action is refused to everybody, so that none can be forgotten.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Action(Enum):
    """What a request wants to do."""

    PROBE = auto()  # ask whether the server is alive; shows nothing
    WATCH = auto()  # see pictures and how cameras are
    MANAGE = auto()  # change something for everyone


def may(action: Action | None) -> bool:
    """Decide. There is no sign-in yet (`auth.mode = "open"`): everybody may do whatever a view declares."""
    return action is not None


def permits(action: Action) -> Callable[[View], View]:
    """Declare what a view does; below the route's decorator."""

    def declare(view: View) -> View:
        view.action = action  # type: ignore[attr-defined]  # functions take attributes; no type says so
        return view

    return declare


def action_of(view: Callable[..., Any] | None) -> Action | None:
    """What a view has declared."""
    return getattr(view, "action", None)
