"""Builds everything, in one place, and passes it in; starts it, and stops it.

One process: several would each open a board's only slot. So a second server on one data folder is refused, and the
engine starts after any fork: before one it is stopped, and the next request starts it again where that request is.
"""

import atexit
import contextlib
import errno
import logging
import os
import resource
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from types import FrameType
from typing import TYPE_CHECKING, Any, Never
from zoneinfo import ZoneInfo

import waitress
from flask import Flask

from vedette import config as configuration
from vedette.cameras import Shared, build_camera
from vedette.clock import Clock, SystemClock
from vedette.config import Config, ConfigFile
from vedette.control import Keepers
from vedette.discovery import Discoveries, Prober
from vedette.errors import ServerError
from vedette.filewatch import FileWatch
from vedette.hub import Engine, Hub, Renditions, Watchdog
from vedette.live import Adoption, AwayPictures, Live, News, Newsfeed, Walls
from vedette.live.wsgi import QuietHandOff
from vedette.lock import FolderLock
from vedette.picture import Renderer, find_turbojpeg
from vedette.roster import Rooms, Roster
from vedette.sources import Reach
from vedette.store import Store
from vedette.web import ServerGauge, Services, create_web, describe_cameras

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_log = logging.getLogger(__name__)

_OPEN_FILES = 65536  # as many as it takes for thousands of viewers; the hard limit permitting
_PICTURE_THREADS = 2
_STOP_WITHIN = 3.0  # seconds for cameras and viewers; waitress needs some of the five that a stop may take
_LAST_FREE_PORT = 100  # how far from the wanted port a demonstration looks for a free one


class Vedette:
    """The whole server; a WSGI application.

    Args:
        config: what the user wants.
        file: where that came from, and where changes go; None where there is none, and nothing can be changed.
        clock: for all waiting.
        random: for all jitter.
    """

    def __init__(
        self, config: Config, file: ConfigFile | None, clock: Clock | None = None, random: Random | None = None
    ) -> None:
        self.config = config
        self._file = file
        self._clock = clock or SystemClock()
        self._random = random or Random()  # noqa: S311 - jitter, not a secret
        self._lock = threading.RLock()  # a signal may stop what the same thread is starting
        self._stopped = False
        self._parts: _Parts | None = None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request; the first one after a fork starts the engine anew."""
        return self.app(environ, start_response)

    @property
    def app(self) -> Flask:
        """The Flask app, its engine running."""
        if self._parts is None and not self._stopped:
            self.start()
        if self._parts is None:
            raise ServerError("the server has been stopped")
        return self._parts.app

    def start(self) -> None:
        """Start the engine and the cameras.

        Raises:
            ServerError: another server runs on the same data folder, or the folder cannot be used.
        """
        with self._lock:
            if self._parts is None:
                raise_file_limit()
                self._stopped = False
                self._parts = _Parts(self.config, self._file, self._clock, self._random)

    def stop(self) -> None:
        """Stop everything, within 5 s; harmless when it has stopped."""
        with self._lock:
            self._stopped = True
            self._end()

    def pause(self) -> None:
        """Stop everything until the next request."""
        with self._lock:
            self._end()

    def reload(self) -> None:
        """Read the configuration again, soon; also from a signal's handler."""
        if (parts := self._parts) is not None and parts.watch is not None:
            parts.watch.nudge()

    def _end(self) -> None:
        parts, self._parts = self._parts, None
        if parts is not None:
            parts.end()
            self.config = parts.roster.config


class _Parts:
    """What one start builds: from the data folder's lock up to the Flask app."""

    def __init__(self, config: Config, file: ConfigFile | None, clock: Clock, random: Random) -> None:
        self._lock = FolderLock(config.storage.path)
        try:
            self.store = Store(config.storage.database, config.storage.path, clock)
            self.engine = Engine()
            self.pool = ThreadPoolExecutor(_PICTURE_THREADS, thread_name_prefix="picture")
            reach = Reach.of(config.server.camera_networks)
            shared = Shared.build(self.engine, self.pool, clock, random, config.storage.path, reach)
            self._neighbours = shared.neighbours
            self.hub = Hub(build_camera(key, camera, shared) for key, camera in config.cameras.items())
            adoption = Adoption(self.engine)
            zone = ZoneInfo(config.server.timezone) if config.server.timezone else None
            away = AwayPictures(self.engine, self.pool, clock, zone)
            self.renditions = Renditions(self.engine.post, build_renderer(), clock, zone)
            self.chronicle = self.store.chronicle(self.hub.cameras.values())
            self.live = Live(self.engine, self.hub, self.renditions, adoption, away, clock)
            self.news = News(self.hub, clock, lambda: describe_cameras(services))
            self.walls = Walls(self.hub, self.renditions, adoption, clock, self.news)
            self.newsfeed = Newsfeed(self.engine, self.news, adoption, clock)
            self.watchdog = Watchdog(self.engine, clock)
            self.keepers = Keepers(clock)
            self.discoveries = Discoveries(self.engine, clock)
            rooms = Rooms(self.hub, self.chronicle, self.live, self.news, self.walls, self.keepers)
            self.roster = Roster(file, config, shared, rooms)
            self.watch = FileWatch(file.path, self.roster.reload) if file is not None else None
            services = Services(
                self.engine,
                self.hub,
                self.live,
                self.walls,
                _allowed_hosts(config),
                config_path=file.path if file is not None else None,
                newsfeed=self.newsfeed,
                gauge=ServerGauge(self.watchdog, config.storage.path, clock, self.renditions),
                history=self.store.history,
                roster=self.roster,
                keepers=self.keepers,
                discoveries=self.discoveries,
                prober=Prober(self.engine, clock),
                reach=reach,
            )
            self.app = create_web(services)
            self.engine.start()
            self.engine.call(self.chronicle.start)
            self.engine.call(lambda: self._keep_settings(config))
            self.engine.call(self.hub.start)
            self.engine.call(self.live.start)
            self.watchdog.start()
            if self.watch is not None:
                self.watch.start()
        except BaseException:
            self._lock.release()
            raise

    def end(self) -> None:
        if self.watch is not None:
            self.watch.stop()
        self.watchdog.stop()
        self.engine.stop(self._finish, _STOP_WITHIN)
        self.pool.shutdown(wait=False, cancel_futures=True)
        self.store.close()
        self._lock.release()

    def _keep_settings(self, config: Config) -> None:
        for key, camera in self.hub.cameras.items():
            self.keepers.add(camera, config.cameras[key].settings)

    async def _finish(self) -> None:
        self.chronicle.stop()  # first, so that the writer has the time that the others take
        await self.live.stop()
        self.renditions.stop()
        await self.walls.stop()
        await self.newsfeed.stop()
        self.news.stop()
        await self.discoveries.close()
        await self.keepers.stop()
        await self.hub.stop()
        await self._neighbours.stop()


def _allowed_hosts(config: Config) -> tuple[str, ...]:
    own = (config.server.host, config.server.public_host)
    return (*config.server.allowed_hosts, *(name for name in own if name))


# The ways to run it.


def load_config(explicit: Path | None) -> tuple[Config, ConfigFile]:
    """Find and read the configuration; see `vedette.config.find`.

    Where there is no file, one of the usual name is made in the working folder as soon as something is to be kept.
    """
    path = configuration.find(explicit, os.environ, Path.cwd()) or Path.cwd() / configuration.FILE_NAME
    file = ConfigFile(path, os.environ)
    return file.read().config, file


def create_app() -> Vedette:
    """The application for any WSGI server: ``waitress-serve --call vedette:create_app``.

    Raises:
        ConfigError: the configuration has mistakes.
        ServerError: another server runs on the same data folder.
    """
    logging.getLogger("vedette").setLevel(logging.INFO)
    config, file = load_config(None)
    _quiet_libraries()
    vedette = Vedette(config, file)
    vedette.start()
    _let_go_before_forks(vedette)
    atexit.register(vedette.stop)
    _stop_on_signals(vedette, unless_handled=True)
    return vedette


def serve(vedette: Vedette, host: str, port: int, announce: Callable[[str], None], *, search: bool = False) -> None:
    """Run the server under waitress until SIGTERM or Ctrl-C.

    Args:
        vedette: what to serve; started here.
        host: what to listen on.
        port: the port to listen on.
        announce: called with the address once it answers.
        search: take the next free port if that one is taken.

    Raises:
        ServerError: the port is taken, or whatever `Vedette.start` raises.
    """
    _quiet_libraries()
    _stop_on_signals(vedette, unless_handled=False)
    server = _listen(vedette, host, port, search=search)
    try:
        vedette.start()
        announce(f"http://{_in_url(host)}:{_port_of(server)}/")
        server.run()
    finally:
        vedette.stop()
        server.close()


def build_renderer() -> Renderer:
    """Finds the library that turns pictures without loss; says so where there is none."""
    renderer = Renderer(find_turbojpeg())
    if renderer.why_not is not None:
        _log.warning("%s", renderer.why_not)
    return renderer


def raise_file_limit() -> None:
    """Let this process open as many files as it may: each viewer is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _listen(vedette: Vedette, host: str, port: int, *, search: bool) -> Any:
    last = min(port + _LAST_FREE_PORT, 65535) if search else port
    for candidate in range(port, last + 1):
        try:
            return waitress.create_server(
                vedette,
                host=host,
                port=candidate,
                ident="Vedette",
                asyncore_use_poll=True,
                clear_untrusted_proxy_headers=True,
                connection_limit=1000,
                max_request_body_size=2 * 1024 * 1024,  # more than Flask takes, which refuses it in our words
            )
        except OSError as error:
            if error.errno != errno.EADDRINUSE or candidate == last:
                raise ServerError(f"cannot listen on {host}:{candidate}: {error.strerror or error}") from None
        except ValueError as error:  # waitress' word for a host that does not resolve
            raise ServerError(f"cannot listen on {host}:{candidate}: {error}") from None
    raise ServerError(f"no free port from {port} to {last}")


def _stop_on_signals(vedette: Vedette, *, unless_handled: bool) -> None:
    """Stop cleanly on SIGTERM and Ctrl-C, read the configuration on SIGHUP.

    As a guest in somebody else's process only where nobody else cares.
    """
    if threading.current_thread() is not threading.main_thread():
        return

    def stop(number: int, _frame: FrameType | None) -> Never:
        signal.signal(number, signal.SIG_IGN)
        vedette.stop()
        sys.exit(0)

    for number, default in ((signal.SIGTERM, signal.SIG_DFL), (signal.SIGINT, signal.default_int_handler)):
        if not unless_handled or signal.getsignal(number) is default:
            signal.signal(number, stop)
    if not unless_handled or signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, lambda _number, _frame: vedette.reload())


def _let_go_before_forks(vedette: Vedette) -> None:
    """Threads and the boards' connections must not be on both sides of a fork."""
    reference = weakref.ref(vedette)

    def let_go() -> None:
        if (alive := reference()) is not None:
            alive.pause()

    os.register_at_fork(before=let_go)


def _quiet_libraries() -> None:
    """Keep their logs to what somebody can act on: a burst of requests, or a wall that opens, is no news."""
    logging.getLogger("websockets").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    logger = logging.getLogger("waitress")
    if not any(isinstance(known, QuietHandOff) for known in logger.filters):
        logger.addFilter(QuietHandOff())


def _port_of(server: Any) -> int:
    """The port in use; waitress has another kind of server where a host name has several addresses."""
    return int(server.effective_listen[0][1] if hasattr(server, "effective_listen") else server.effective_port)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
