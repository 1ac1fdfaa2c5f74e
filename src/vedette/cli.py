"""The command line. Thin: check, call, answer.

Exit status: 0 fine, 1 the operation failed, 2 bad usage or configuration.
"""

import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from vedette.errors import ConfigError, VedetteError
from vedette.version import __version__

_HELP = {"help_option_names": ["-h", "--help"]}
_LOG_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

Command = TypeVar("Command", bound=Callable[..., Any])

_config_option = click.option(
    "-c",
    "--config",
    "path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration file. [default: $VEDETTE_CONFIG, ./vedette.toml, the user's configuration folder]",
)


def _in_words(command: Command) -> Command:
    """Say what went wrong as a sentence, and exit as the contract has it."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except ConfigError as error:
            for mistake in error.mistakes:
                click.echo(str(mistake), err=True)
            sys.exit(2)
        except VedetteError as error:
            click.echo(f"vedette: {error}", err=True)
            sys.exit(1)

    return run  # type: ignore[return-value]  # wraps() keeps the signature


@click.group(context_settings=_HELP, invoke_without_command=True)
@click.version_option(__version__, "-v", "--version", prog_name="vedette", message="%(prog)s %(version)s")
@click.option("-d", "--debug", "--debug-level", "debug", is_flag=True, help="Log at DEBUG instead of INFO.")
@click.option(
    "-ip",
    "--host-ip",
    "show_address",
    is_flag=True,
    help="Print the address and port the server would be reached at, and exit.",
)
@click.pass_context
@_in_words
def main(context: click.Context, *, debug: bool, show_address: bool) -> None:
    """A camera server for ESP32-CAM class boards: one connection to each board, any number of viewers.

    Without a command it runs the server.
    """
    logging.basicConfig(level=logging.DEBUG if debug else logging.INFO, format=_LOG_FORMAT)
    if show_address:
        _show_address()
        context.exit()
    if context.invoked_subcommand is None:
        context.invoke(serve, path=None, host=None, port=None)


@main.command(context_settings=_HELP)
@_config_option
@click.option("--host", help="What to listen on, in place of the configuration's.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on, in place of the configuration's.")
@_in_words
def serve(path: Path | None, host: str | None, port: int | None) -> None:
    """Run the server."""
    from vedette import run  # noqa: PLC0415 - so that --help need not load everything

    config, found = run.load_config(path)
    server = run.Vedette(config, found)

    def announce(address: str) -> None:
        click.echo(f"Vedette {__version__} at {address} ({_cameras(len(config.cameras))}). Ctrl-C stops it.")
        if found is None:
            click.echo("There is no configuration file: the page says how to add a camera.")

    run.serve(server, host or config.server.host, port or config.server.port, announce)


@main.command(context_settings=_HELP)
@click.option("--cameras", type=click.IntRange(1, 64), default=4, show_default=True, help="How many boards.")
@click.option("--faults", is_flag=True, help="Make the boards misbehave now and then.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The port to listen on. [default: the first free from 5100]"
)
@_in_words
def demo(cameras: int, *, faults: bool, port: int | None) -> None:
    """Run the server on simulated boards; no configuration, nothing left behind."""
    from vedette.demo import run_demo  # noqa: PLC0415 - so that --help need not load everything

    def announce(address: str) -> None:
        click.echo(f"Vedette {__version__} with {cameras} simulated boards. Open {address}  Ctrl-C stops it.")

    run_demo(cameras, port, announce, faults=faults)


def _size(_context: click.Context, _option: click.Parameter, text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise click.BadParameter(f"expected WIDTHxHEIGHT such as 640x480, got {text!r}")
    size = int(width), int(height)
    if not (96 <= size[0] <= 2592 and 96 <= size[1] <= 1944):
        raise click.BadParameter(f"expected 96x96 to 2592x1944, as boards have them, got {text!r}")
    return size


def _list_faults(context: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    from vedette.simulator.faults import DESCRIPTIONS  # noqa: PLC0415 - so that --help need not load everything

    if value:
        for fault, description in DESCRIPTIONS.items():
            click.echo(f"{fault.value:<14} {description}")
        context.exit()


@main.command(context_settings=_HELP)
@click.option("--firmware", "firmware_name", default="cameraserver", show_default=True, help="What runs on the boards.")
@click.option("--host", default="127.0.0.1", show_default=True, help="What to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65534),
    default=8180,
    show_default=True,
    help="Of the first board's control port; its stream has the next one, the next board the two after.",
)
@click.option("--fault", "faults", multiple=True, metavar="NAME", help="What the boards do wrong; may be repeated.")
@click.option("--size", default="640x480", show_default=True, callback=_size, help="Of the pictures.")
@click.option("--fps", type=click.FloatRange(0.1, 60), default=25, show_default=True, help="Pictures a second.")
@click.option("--count", type=click.IntRange(1, 500), default=1, show_default=True, help="How many boards.")
@click.option(
    "--list-faults", is_flag=True, callback=_list_faults, expose_value=False, is_eager=True, help="List them."
)
@_in_words
def sim(
    firmware_name: str, host: str, port: int, faults: tuple[str, ...], size: tuple[int, int], fps: float, count: int
) -> None:
    """Run simulated boards alone: for tests, and for trying other software."""
    from vedette.boards import FIRMWARES  # noqa: PLC0415 - so that --help need not load everything
    from vedette.simulator import Fault, Simulator  # noqa: PLC0415 - the same

    if firmware_name not in FIRMWARES:
        raise click.UsageError(f"no firmware {firmware_name!r}; there are {', '.join(FIRMWARES)}")
    unknown = [name for name in faults if name not in set(Fault)]
    if unknown:
        raise click.UsageError(f"no fault {unknown[0]!r}; --list-faults lists them")
    if port + 2 * count - 1 > 65535:
        raise click.UsageError(f"{count} boards from port {port} would need ports above 65535")
    firmware = FIRMWARES[firmware_name]
    wrong = [Fault(name) for name in faults]
    with (
        _awaited(signal.SIGINT, signal.SIGTERM) as wait,  # before any thread: they are waited for here
        Simulator(firmware, count, host=host, port=port, size=size, fps=fps, faults=wrong) as simulator,
    ):
        for number in range(count):
            click.echo(f"{simulator.boards[number].name}: {simulator.stream_url(number)}")
        click.echo(f"{firmware.title}. Ctrl-C stops {'it' if count == 1 else 'them'}.")
        wait()


@contextlib.contextmanager
def _awaited(*signals: signal.Signals) -> Iterator[Callable[[], object]]:
    """Hold these signals back, and give what waits for one of them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield lambda: signal.sigwait(signals)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@main.command(context_settings=_HELP)
@_config_option
@_in_words
def check(path: Path | None) -> None:
    """Validate the configuration; name every mistake with file, line and what was expected."""
    from vedette import config as configuration  # noqa: PLC0415 - so that --help need not load everything

    found = configuration.find(path, os.environ, Path.cwd())
    config = configuration.load(found, os.environ)
    for warning in configuration.warnings(config):
        click.echo(f"warning: {warning}", err=True)
    if found is None:
        click.echo("No configuration file: the server would start without cameras.")
    else:
        click.echo(f"{found}: good; {_cameras(len(config.cameras))}.")


def _cameras(count: int) -> str:
    return "1 camera" if count == 1 else f"{count} cameras"


def _show_address() -> None:
    from vedette import config as configuration  # noqa: PLC0415 - so that --help need not load everything

    server = configuration.load(configuration.find(None, os.environ, Path.cwd()), os.environ).server
    host = server.public_host or _reachable(server.host)
    click.echo(f"http://{f'[{host}]' if ':' in host else host}:{server.port}/")


def _reachable(host: str) -> str:
    """The address for a host that means "all addresses": that of the way out, or else any of this machine's."""
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not listened on
        return host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    outside = "2001:db8::1" if ":" in host else "192.0.2.1"  # RFC 3849, RFC 5737: nobody's; nothing is sent
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect((outside, 9))
            return str(sock.getsockname()[0])
        except OSError:
            return "127.0.0.1"
