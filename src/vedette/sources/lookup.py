"""Looking names up, in threads that nobody has to wait for.

A name server that does not answer holds `getaddrinfo` for ten seconds and more, and nothing can end it before. Threads
of asyncio are waited for when the program ends; those of uvloop crash it if the loop is closed meanwhile (0.23.0);
these are just left alone.
"""

import asyncio
import contextlib
import socket
import threading
from typing import Any

Info = tuple[Any, ...]
"""As `socket.getaddrinfo` gives them: family, type, protocol, canonical name, socket address."""


async def look_up(host: str, port: int) -> list[Info]:
    """What the system knows of a host, in its order.

    Raises:
        OSError: it knows nothing.
        UnicodeError: that can be no name.
    """
    with contextlib.suppress(OSError, UnicodeError):  # most are numeric, and need nobody's answer
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST))
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[Info]] = loop.create_future()

    def take(found: list[Info] | Exception) -> None:
        if answer.done():
            return  # nobody waits any more
        if isinstance(found, Exception):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def ask() -> None:
        found: list[Info] | Exception
        try:
            found = list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found = error
        with contextlib.suppress(RuntimeError):  # the loop has been closed
            loop.call_soon_threadsafe(take, found)

    threading.Thread(target=ask, name="lookup", daemon=True).start()
    return await answer
