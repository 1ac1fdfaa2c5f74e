"""Rules that no single key can break: which keys need or exclude each other.

They look at plain tables, before anything else is known to be right, so that a camera with a misspelt ``flip``
and no ``url`` is told of both at once. What is not a table is skipped here: the model says that.
"""

from collections.abc import Iterator, Mapping

from vedette.config.words import KeyPath

Broken = tuple[KeyPath, str]
"""Where a rule is broken, and what was expected."""


def broken(tables: Mapping[str, object]) -> Iterator[Broken]:
    """Every rule that the whole configuration breaks."""
    auth = tables.get("auth")
    if isinstance(auth, Mapping) and auth.get("mode") == "password":
        yield (
            ("auth", "mode"),
            'sign-in is not built yet; expected mode = "open", with server.host on a private address',
        )
    cameras = tables.get("cameras")
    if isinstance(cameras, Mapping):
        for camera_id, camera in cameras.items():
            if isinstance(camera, Mapping):
                yield from ((("cameras", camera_id, *path), message) for path, message in broken_by(camera))


def broken_by(camera: Mapping[str, object]) -> Iterator[Broken]:
    """Every rule that one camera's table breaks; the paths begin at the camera."""
    present = {key for key, value in camera.items() if value is not None}
    if not present & {"url", "host"}:
        yield (), 'missing key: expected url = "http://…", or host = "…" to have the board probed'
    if present >= {"url", "host"}:
        yield ("host",), "expected either url or host, not both"
    if "host" in present and camera.get("firmware") == "generic":
        yield (
            ("firmware",),
            'where a generic camera has its stream nobody knows; expected url = "http://…" in place of host',
        )
    yield from _half_credentials(present)
    plug = camera.get("power_cycle")
    if isinstance(plug, Mapping):
        yield from ((("power_cycle", *path), message) for path, message in _broken_by_plug(plug))


def _broken_by_plug(plug: Mapping[str, object]) -> Iterator[Broken]:
    present = {key for key, value in plug.items() if value is not None}
    yield from _half_credentials(present)
    if "off_seconds" in present and "url_on" not in present:
        yield ("off_seconds",), "expected url_on beside it: with one request the plug itself counts the seconds"
    if "body" in present and plug.get("method", "GET") == "GET":
        yield ("body",), 'expected method = "POST" or "PUT" beside it: a GET has no body'


def _half_credentials(present: set[str]) -> Iterator[Broken]:
    if "username" in present and "password" not in present:
        yield ("username",), "expected a password beside it"
    if "password" in present and "username" not in present:
        yield ("password",), "expected a username beside it"
