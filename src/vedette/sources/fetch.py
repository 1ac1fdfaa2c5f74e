"""One small answer from a board: its status, its page. Never a picture."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import cast

from vedette.clock import Clock, within
from vedette.errors import BoardError, Reason
from vedette.sources.access import Access
from vedette.sources.connection import FixedWhereabouts, Whereabouts, connect, peer_of, resolve
from vedette.sources.reach import USUAL_REACH, Reach
from vedette.sources.target import Target
from vedette.wire.http import BadResponseError, ResponseHead, ResponseReader, build_request

BODY_LIMIT = 64 * 1024  # bytes; the longest status of any firmware known is 5 KB, a page may be cut here
_READ_SIZE = 16 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a board has answered.

    Attributes:
        head: status and headers.
        body: as far as `BODY_LIMIT`.
    """

    head: ResponseHead
    body: bytes


class NoAnswerError(BoardError):
    """The request has gone out, and the board has said nothing to it: it may have done what it was told."""


async def fetch(
    url: str,
    access: Access,
    clock: Clock,
    whereabouts: Whereabouts | None = None,
    limit: float = 5.0,
    reach: Reach = USUAL_REACH,
    patience: float | None = None,
) -> Answer:
    """Ask for one thing, on a connection of its own.

    Args:
        url: plain http, as the configuration or a firmware's data has it.
        access: how the board lets us in.
        clock: for the limit.
        whereabouts: where the board is; by default where the URL says.
        limit: seconds for all of it.
        reach: where it may go.
        patience: seconds for the answer once the request has gone out; by default as many as are left.

    Raises:
        NoAnswerError: the request has gone out, and nothing came back; at the limit only where there is a patience.
        BoardError: there is no answer, or none that is HTTP.
    """
    target = Target.of(url)

    async def read(reader: asyncio.StreamReader) -> Answer:
        if patience is None:
            return await _read(reader)
        try:
            return await within(clock, patience, _read(reader))
        except TimeoutError:
            raise NoAnswerError(Reason.UNREACHABLE, f"no answer on port {target.port}") from None

    exchange = partial(_exchange, target, access, whereabouts or FixedWhereabouts(target.host), reach, read)
    try:
        return await within(clock, limit, _ask(exchange, access))
    except TimeoutError:
        raise BoardError(Reason.UNREACHABLE, f"no answer on port {target.port}") from None


async def _ask(exchange: Callable[[], Awaitable[Answer]], access: Access) -> Answer:
    answer = await exchange()
    if answer.head.status == 401 and access.learn(answer.head.headers.get("www-authenticate", "")):
        answer = await exchange()
    return answer


async def _exchange(
    target: Target,
    access: Access,
    whereabouts: Whereabouts,
    reach: Reach,
    read: Callable[[asyncio.StreamReader], Awaitable[Answer]],
) -> Answer:
    addresses = await resolve(await whereabouts.address(), target.port, reach, target.host)
    reader, writer = await _open(addresses, target.port)
    try:
        await whereabouts.verify(peer_of(writer.transport))
        writer.write(build_request(*target, authorization=access.authorization(target.path)))
        return await read(reader)
    except OSError as error:
        raise NoAnswerError(Reason.STALLED, "the connection was reset") from error
    finally:
        writer.transport.abort()


async def _open(addresses: list[str], port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the first of these addresses that takes it."""
    reader = asyncio.StreamReader()
    transport, protocol = await connect(addresses, port, lambda: asyncio.StreamReaderProtocol(reader))
    return reader, asyncio.StreamWriter(
        cast("asyncio.WriteTransport", transport), protocol, reader, asyncio.get_running_loop()
    )


async def _read(reader: asyncio.StreamReader) -> Answer:
    body = bytearray()
    response = ResponseReader(lambda _: None, body.extend)
    try:
        while not response.ended and len(body) < BODY_LIMIT and (data := await reader.read(_READ_SIZE)):
            response.feed(data)
    except BadResponseError as error:
        raise BoardError(Reason.HTTP_ERROR, f"what it sends is not HTTP ({error})") from None
    if response.head is None:
        raise NoAnswerError(Reason.REFUSED, "it closed the connection without an answer")
    return Answer(response.head, bytes(body[:BODY_LIMIT]))
