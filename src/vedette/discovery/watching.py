"""Looks at the pictures of one source, for as long as somebody wants to. They are checked in a thread."""

import asyncio
from collections.abc import Callable

from vedette.clock import Clock
from vedette.picture import Checked, check
from vedette.sources import Source
from vedette.wire.jpeg import BadJpegError
from vedette.wire.multipart import Part

See = Callable[[float, Checked | None], bool]

_MOST_WAITING = 16  # pictures that wait to be checked; what comes beyond is not looked at


async def watch(source: Source, see: See, clock: Clock) -> None:
    """Hand one picture after another to ``see``, until it says that it has seen enough.

    Args:
        source: the attempt; it is over when this returns.
        see: takes the monotonic second of a picture's arrival, and the picture, or None where it is damaged.
        clock: tells the arrival.

    Raises:
        BoardError: the attempt has failed before; whatever had come was seen.
    """
    arrived: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_MOST_WAITING)

    def take(part: Part) -> None:
        if not arrived.full():
            arrived.put_nowait((clock.monotonic(), part.body))

    running = asyncio.create_task(source.run(take))
    looking = asyncio.create_task(_look_at(arrived, see))
    finishing: asyncio.Task[None] | None = None
    try:
        await asyncio.wait((running, looking), return_when=asyncio.FIRST_COMPLETED)
        if not looking.done():
            finishing = asyncio.create_task(arrived.join())
            await asyncio.wait((looking, finishing), return_when=asyncio.FIRST_COMPLETED)
        if looking.done():
            looking.result()
        else:
            running.result()
    finally:
        tasks = [task for task in (running, looking, finishing) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _look_at(arrived: "asyncio.Queue[tuple[float, bytes]]", see: See) -> None:
    enough = False
    while not enough:
        arrival, body = await arrived.get()
        enough = see(arrival, await asyncio.get_running_loop().run_in_executor(None, _checked, body))
        arrived.task_done()


def _checked(body: bytes) -> Checked | None:
    try:
        return check(body)
    except BadJpegError:
        return None
