"""Asks a smart plug to switch, over HTTP: one request, one connection, the answer's status.

The address, with whatever it carries, is the user's own. So nothing leads elsewhere: no redirect is followed and no
proxy of the environment is asked. Credentials go out only after the plug has asked for them.
"""

import asyncio
import re
import ssl
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from vedette.clock import Clock, within
from vedette.config import PowerCycleConfig
from vedette.wire.auth import encode_basic, read_challenge
from vedette.wire.http import BadResponseError, ResponseHead, ResponseReader

ANSWER_WITHIN = 10.0  # seconds: a plug on Wi-Fi has the same bad moments as a board
_PIECE = 4096  # bytes
_BASIC = re.compile(r"(?:^|[\s,])basic(?:\s|,|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the plug has obeyed, and in words what it has said."""

    ok: bool
    detail: str


class Plug:
    """One smart plug, on the engine's loop.

    Args:
        config: how it is asked.
        clock: for the time-out.
    """

    def __init__(self, config: PowerCycleConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock

    async def ask(self, url: str) -> Answer:
        """Request ``url``; never fails."""
        address = urlsplit(url)
        try:
            head = await within(self._clock, ANSWER_WITHIN, self._ask(address))
        except TimeoutError:
            return Answer(ok=False, detail=f"no answer within {ANSWER_WITHIN:g} s")
        except BadResponseError:
            return Answer(ok=False, detail="what it answers is not HTTP")
        except ssl.SSLError as error:
            return Answer(ok=False, detail=f"no secure connection ({error.reason or 'refused'})")
        except OSError as error:
            return Answer(ok=False, detail=f"no connection ({error.strerror or 'no answer'})")
        return self._read(head)

    def _read(self, head: ResponseHead) -> Answer:
        detail = f"it answered {head.status}"
        if 300 <= head.status < 400:
            detail += ", a redirect, which is not followed: check the address"
        elif head.status == 401 and self._config.username is None:
            detail += ": set username and password"
        elif head.status == 401 and self._config.method != "GET" and read_challenge(_asked(head)) is not None:
            detail += ": it wants Digest authentication, which is answered for GET only"
        elif head.status == 401:
            detail += ": check username and password"
        return Answer(ok=200 <= head.status < 300, detail=detail)

    async def _ask(self, address: SplitResult) -> ResponseHead:
        head = await self._exchange(address, None)
        if head.status != 401 or self._config.username is None or self._config.password is None:
            return head
        credentials = (self._config.username, self._config.password.get_secret_value())
        asked = _asked(head)
        challenge = read_challenge(asked) if self._config.method == "GET" else None  # that answers for a GET
        if challenge is not None:
            return await self._exchange(address, challenge.answer(credentials, _target(address)))
        offers_basic = _BASIC.search(asked) is not None
        return await self._exchange(address, encode_basic(credentials)) if offers_basic else head

    async def _exchange(self, address: SplitResult, authorization: str | None) -> ResponseHead:
        secure = await _trust() if address.scheme == "https" else None
        port = address.port or (443 if secure else 80)
        reader, writer = await asyncio.open_connection(address.hostname, port, ssl=secure)
        try:
            writer.write(self._request(address, authorization))
            return await _head(reader)
        finally:
            writer.transport.abort()  # whatever else the answer holds is not read

    def _request(self, address: SplitResult, authorization: str | None) -> bytes:
        body = None if self._config.body is None else self._config.body.encode()
        headers = {
            "Host": address.netloc,
            "Connection": "close",
            **{name: value.get_secret_value() for name, value in self._config.headers.items()},
        }
        if authorization is not None:
            headers = {name: value for name, value in headers.items() if name.lower() != "authorization"}
            headers["Authorization"] = authorization
        if body is not None or self._config.method != "GET":
            headers["Content-Length"] = str(len(body or b""))
        lines = [f"{self._config.method} {_target(address)} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + (body or b"")


def _asked(head: ResponseHead) -> str:
    """How the plug wants to be asked for entry."""
    return head.headers.get("www-authenticate", "")


def _target(address: SplitResult) -> str:
    return (address.path or "/") + (f"?{address.query}" if address.query else "")


async def _trust() -> ssl.SSLContext:
    """The certificates that the system trusts; reading them takes a moment."""
    return await asyncio.get_running_loop().run_in_executor(None, ssl.create_default_context)


async def _head(reader: asyncio.StreamReader) -> ResponseHead:
    found: list[ResponseHead] = []
    response = ResponseReader(found.append, lambda _: None)
    while not found:
        piece = await reader.read(_PIECE)
        if not piece:
            raise BadResponseError("it closed the connection")
        try:
            response.feed(piece)
        except BadResponseError:
            if not found:  # what stands behind the head is not our affair
                raise
    return found[0]
