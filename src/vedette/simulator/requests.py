"""A board's side of HTTP: requests in, short answers out."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

_PHRASES = {
    200: "OK",
    302: "Found",
    401: "Unauthorized",
    404: "Not Found",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class HeadersTooLongError(Exception):
    """More bytes of headers than the firmware has room for."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request without a body.

    Attributes:
        method: in capitals.
        target: path and query as they came.
        headers: names in lower case.
    """

    method: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        """Without the query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """By key; of a repeated one the first, empty ones too."""
        query = parse_qs(urlsplit(self.target).query, keep_blank_values=True)
        return {key: values[0] for key, values in query.items()}


async def read_request(reader: asyncio.StreamReader, limit: int | None) -> Request:
    """Read one request.

    Args:
        reader: where it comes from.
        limit: bytes of headers that the firmware takes; None where nobody counts.

    Raises:
        HeadersTooLongError: there are more.
        asyncio.IncompleteReadError: the client has gone.
    """
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise HeadersTooLongError from error
    if limit is not None and len(head) > limit:
        raise HeadersTooLongError
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    pairs = (line.partition(":") for line in lines if line)
    return Request(
        words[0].upper(),
        words[1] if len(words) == 3 else "/",
        {name.strip().lower(): value.strip() for name, _, value in pairs},
    )


def answer(status: int, body: bytes = b"", extra: str = "", *, kind: str = "text/html", phrase: str = "") -> bytes:
    """A short answer, headers in esp_http_server's order.

    Args:
        status: 200 and so on.
        body: what comes behind the head.
        extra: more headers, each with its line end.
        kind: the media type.
        phrase: the words behind the status, where they are not the usual ones.
    """
    words = phrase or _PHRASES[status]
    head = f"HTTP/1.1 {status} {words}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode("ascii") + body
