"""The command line. Thin: check, call, answer.

Exit status: 0 fine, 1 the operation failed, 2 bad usage or configuration.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vedette.errors import ConfigError, VedetteError
from vedette.version import __version__

if TYPE_CHECKING:
    from vedette.boards import Firmware
    from vedette.simulator import Entry, Fault

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
    logging.getLogger("alembic").setLevel(logging.WARNING)  # before it is imported, of which it speaks too
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

    config, file = run.load_config(path)
    server = run.Vedette(config, file)

    def announce(address: str) -> None:
        click.echo(f"Vedette {__version__} at {address} ({_cameras(len(config.cameras))}). Ctrl-C stops it.")
        if not file.path.exists():
            click.echo("There is no configuration file yet: the page finds and adds cameras.")

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
            click.echo(f"{fault.value:<18} {description}")
        context.exit()


def _firmwares(_context: click.Context, _option: click.Parameter, names: tuple[str, ...]) -> tuple["Firmware", ...]:
    from vedette.boards import FIRMWARES  # noqa: PLC0415 - so that --help need not load everything

    for name in names:
        if name not in FIRMWARES:
            raise click.UsageError(f"no firmware {name!r}; there are {', '.join(FIRMWARES)}")
    return tuple(FIRMWARES[name] for name in names)


def _faults(_context: click.Context, _option: click.Parameter, names: tuple[str, ...]) -> tuple["Fault", ...]:
    from vedette.simulator import Fault  # noqa: PLC0415 - so that --help need not load everything

    for name in names:
        if name not in set(Fault):
            raise click.UsageError(f"no fault {name!r}; --list-faults lists them")
    return tuple(Fault(name) for name in names)


def _schedule(_context: click.Context, _option: click.Parameter, text: str | None) -> tuple["Entry", ...]:
    from vedette.simulator import read_schedule  # noqa: PLC0415 - so that --help need not load everything

    if text is None:
        return ()
    try:
        return read_schedule(Path(text).read_text("utf-8") if Path(text).is_file() else text)
    except (OSError, ValueError) as error:
        raise click.BadParameter(str(error)) from None


def _credentials(_context: click.Context, _option: click.Parameter, text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    name, colon, password = text.partition(":")
    if not (name and colon):
        raise click.BadParameter("expected NAME:PASSWORD")
    return name, password


class _SimCommand(click.Command):
    """Lists firmwares and faults below the options."""

    def format_epilog(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        from vedette.boards import FIRMWARES  # noqa: PLC0415 - so that the other commands need not load everything
        from vedette.simulator.faults import DESCRIPTIONS  # noqa: PLC0415 - the same

        with formatter.section("Firmwares"):
            formatter.write_dl([(name, firmware.title) for name, firmware in FIRMWARES.items()])
        with formatter.section("Faults"):
            formatter.write_dl([(fault.value, description) for fault, description in DESCRIPTIONS.items()])


@main.command(cls=_SimCommand, context_settings=_HELP)
@click.option(
    "--firmware",
    "firmwares",
    multiple=True,
    default=["cameraserver"],
    show_default=True,
    metavar="NAME",
    callback=_firmwares,
    help="What runs on the boards; several are dealt out by turns.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="What to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65534),
    default=8180,
    show_default=True,
    help="Of the first board's control port; its stream has the next one, the next board the two after.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME",
    callback=_faults,
    help="What the boards do wrong; may be repeated.",
)
@click.option(
    "--schedule",
    metavar="TEXT|FILE",
    callback=_schedule,
    help='When they do what wrong: "0 none, 10 stall, 20 drop+truncate, 30 again"; "@1" behind a fault means board 1.',
)
@click.option("--storm", type=int, metavar="SEED", help="Faults at random, the same for the same seed.")
@click.option("--mean-good", type=click.FloatRange(0.1), default=20, show_default=True, help="Seconds, in a storm.")
@click.option("--mean-bad", type=click.FloatRange(0.1), default=8, show_default=True, help="Seconds, in a storm.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of whatever damage is left to chance.")
@click.option("--password", "credentials", metavar="NAME:PASSWORD", callback=_credentials, help="Ask for a password.")
@click.option("--digest", is_flag=True, help="Ask for it with Digest authentication in place of Basic.")
@click.option(
    "--sensor",
    "sensors",
    type=click.Choice(("OV2640", "OV3660", "OV5640"), case_sensitive=False),
    default=("OV2640",),
    show_default=True,
    multiple=True,
    help="The boards' camera chip. May be repeated, and several are dealt out by turns.",
)
@click.option("--lamp", is_flag=True, help="Boards with a lamp, where the firmware knows of one.")
@click.option("--size", default="640x480", show_default=True, callback=_size, help="Of the pictures.")
@click.option("--fps", type=click.FloatRange(0.1, 60), default=25, show_default=True, help="Pictures a second.")
@click.option("--count", type=click.IntRange(1, 500), help="How many boards. [default: one of each firmware]")
@click.option(
    "--list-faults", is_flag=True, callback=_list_faults, expose_value=False, is_eager=True, help="List them."
)
@_in_words
def sim(
    *,
    firmwares: tuple["Firmware", ...],
    host: str,
    port: int,
    faults: tuple["Fault", ...],
    schedule: tuple["Entry", ...],
    storm: int | None,
    mean_good: float,
    mean_bad: float,
    seed: int,
    credentials: tuple[str, str] | None,
    digest: bool,
    sensors: tuple[str, ...],
    lamp: bool,
    size: tuple[int, int],
    fps: float,
    count: int | None,
) -> None:
    """Run simulated boards alone: for tests, and for trying other software."""
    from vedette.boards import SENSORS, AuthScheme  # noqa: PLC0415 - so that --help need not load everything
    from vedette.simulator import Simulator  # noqa: PLC0415 - the same

    boards = count or len(firmwares)
    if port + 2 * boards - 1 > 65535:
        raise click.UsageError(f"{boards} boards from port {port} would need ports above 65535")
    simulator = Simulator(
        firmwares,
        boards,
        host=host,
        port=port,
        size=size,
        fps=fps,
        faults=faults,
        credentials=credentials,
        scheme=AuthScheme.DIGEST if digest else None,
        sensors=[SENSORS[name] for name in sensors],
        lamp=lamp,
        seed=seed if storm is None else storm,
        schedule=schedule,
        storm=None if storm is None else (mean_good, mean_bad),
    )
    with _awaited(signal.SIGINT, signal.SIGTERM) as wait, simulator:  # before any thread: they are waited for here
        for number, board in enumerate(simulator.boards):
            title = f"  {board.firmware.title}" if len(firmwares) > 1 else ""
            click.echo(f"{board.name}: {simulator.stream_url(number)}{title}")
        what = firmwares[0].title if len(firmwares) == 1 else f"{boards} boards"
        chance = f" Storm {storm}." if storm is not None else f" Seed {seed}." if faults or schedule else ""
        click.echo(f"{what}.{chance} Ctrl-C stops {'it' if boards == 1 else 'them'}.")
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
@click.argument("address", metavar="HOST_OR_URL")
@click.option("--password", "credentials", metavar="NAME:PASSWORD", callback=_credentials, help="For boards that ask.")
@_in_words
def probe(address: str, credentials: tuple[str, str] | None) -> None:
    """Say what a camera is: firmware, stream, size, rate, sensor, health. Takes its stream for three seconds."""
    from vedette.clock import SystemClock  # noqa: PLC0415 - so that --help need not load everything
    from vedette.discovery import describe, look  # noqa: PLC0415 - the same
    from vedette.sources import LOCAL_REACH  # noqa: PLC0415 - the same

    try:
        seen = asyncio.run(look(address, credentials, SystemClock(), LOCAL_REACH))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    for line in describe(address, seen):
        click.echo(line)
    if not seen.arrivals:
        sys.exit(1)


@main.command(context_settings=_HELP)
@click.option("--network", metavar="CIDR", help="Search this private network too, such as 192.168.0.0/24.")
@_in_words
def discover(network: str | None) -> None:
    """Find cameras: those that announce themselves, and those of a network that you name. Ctrl-C stops it."""
    from vedette import config as configuration  # noqa: PLC0415 - so that --help need not load everything
    from vedette.discovery.listing import list_boards  # noqa: PLC0415 - the same

    config = configuration.load(configuration.find(None, os.environ, Path.cwd()), os.environ)
    try:
        asyncio.run(list_boards(config, network))
    except ValueError as error:
        raise click.UsageError(f"{error}.") from None


@main.command(context_settings=_HELP)
@_config_option
@_in_words
def check(path: Path | None) -> None:
    """Validate the configuration; name every mistake with file, line and what was expected."""
    from vedette import config as configuration  # noqa: PLC0415 - so that --help need not load everything

    found = configuration.find(path, os.environ, Path.cwd())
    config = configuration.load(found, os.environ)
    if found is None:
        click.echo("No configuration file: the server would start without cameras.")
    else:
        click.echo(f"{found}: good; {_cameras(len(config.cameras))}.")


@main.command("import-config", context_settings=_HELP)
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    default=Path("vedette.toml"),
    show_default=True,
    metavar="FILE",
    help="What to write; - prints it.",
)
@click.option("--force", is_flag=True, help="Replace FILE, and keep it as FILE.bak.")
@_in_words
def import_config(folder: Path, output: Path, *, force: bool) -> None:
    """Turn an opencv_server folder, or its config folder, into a vedette.toml. Nothing in it is executed."""
    from vedette.import_config import import_folder, write  # noqa: PLC0415 - so that --help need not load everything

    imported = import_folder(folder)
    for line in imported.left:
        click.echo(line, err=True)
    if not imported.cameras:
        click.echo("vedette: no camera could be taken over; nothing was written", err=True)
        sys.exit(1)
    if str(output) == "-":
        click.echo(imported.text, nl=False)
        return
    write(imported, output, force=force)
    click.echo(f"{output}: {_cameras(imported.cameras)}. vedette check looks at it, vedette serve shows them.")


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
