"""What a board answers, and what we ask it.

`httptools` (the parser of Node.js) does the reading: `benchmarks/http_parsers.py` compares it with h11. Requests
carry no more than they must: older firmware answers 431 to more than 512 bytes of headers (arduino-esp32#5969).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httptools

HEAD_LIMIT = 16 * 1024  # boards send some 200 bytes of headers; whoever sends 16 KB is no board

_BOUNDARY = re.compile(r"""boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))""", re.IGNORECASE)


class BadResponseError(Exception):
    """What came is not HTTP."""


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """Status and headers.

    Attributes:
        status: 200 and so on.
        headers: names in lower case; of a repeated header the last, but all challenges (WWW-Authenticate), joined.
        version: of HTTP, ``1.0`` or ``1.1``.
        phrase: the words behind the status, in which some firmware says what is the matter.
    """

    status: int
    headers: Mapping[str, str]
    version: str = "1.1"
    phrase: str = field(default="", compare=False)

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def boundary(self) -> bytes | None:
        """The multipart boundary that the header declares; boards are known to send another one."""
        match = _BOUNDARY.search(self.headers.get("content-type", ""))
        return (match[1] or match[2] or "").encode("latin-1") or None if match else None


class ResponseReader:
    """Reads one response, chunked or raw, HTTP/1.0 or 1.1.

    Args:
        on_head: called once, before any body.
        on_body: called with each piece of the body, transfer encoding removed.

    Attributes:
        ended: the body is complete by its own account; a body without a length never is.
    """

    def __init__(self, on_head: Callable[[ResponseHead], None], on_body: Callable[[bytes], None]) -> None:
        self._on_head = on_head
        self._on_body = on_body
        self._headers: dict[str, str] = {}
        self._phrase = b""
        self._head_size = 0
        self.head: ResponseHead | None = None
        self.ended = False
        self._parser = httptools.HttpResponseParser(self)
        # Hand-made firmware bends the grammar. Leniency is a danger to proxies; we read one board's one response.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True,
            lenient_chunked_length=True,
            lenient_keep_alive=True,
            lenient_version=True,
            lenient_optional_lf_after_cr=True,
            lenient_optional_cr_before_lf=True,
            lenient_spaces_after_chunk_size=True,
        )

    def feed(self, data: bytes | bytearray | memoryview) -> None:
        """Take what has arrived; calls back before it returns.

        Raises:
            BadResponseError: what came is not HTTP, or its head is endless.
        """
        if self.ended:
            return  # what comes behind the end by its own account is nobody's
        if self.head is None:
            self._head_size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError as error:
            raise error.__context__ or BadResponseError("it was refused before") from None
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not self.ended:
                raise BadResponseError(str(error)) from None
        if self.head is None and self._head_size > HEAD_LIMIT:
            raise BadResponseError(f"more than {HEAD_LIMIT} bytes of headers")

    def on_status(self, phrase: bytes) -> None:
        """Callback of the parser; may come in pieces."""
        self._phrase += phrase

    def on_header(self, name: bytes, value: bytes) -> None:
        """Callback of the parser."""
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        repeated = key == "www-authenticate" and key in self._headers
        self._headers[key] = f"{self._headers[key]}, {text}" if repeated else text

    def on_headers_complete(self) -> None:
        """Callback of the parser; a 1xx only announces the real answer."""
        status = self._parser.get_status_code()
        if 100 <= status < 200:
            self._headers, self._phrase = {}, b""
        elif self.head is None:
            phrase = self._phrase.decode("latin-1")
            self.head = ResponseHead(status, self._headers, self._parser.get_http_version(), phrase)
            self._on_head(self.head)

    def on_body(self, piece: bytes) -> None:
        """Callback of the parser; what comes before the head or behind the end is not the answer's."""
        if self.head is not None and not self.ended:
            self._on_body(piece)

    def on_message_complete(self) -> None:
        """Callback of the parser."""
        self.ended = self.head is not None


def build_request(host: str, port: int, target: str, authorization: str | None = None) -> bytes:
    """Ask for ``target`` (path and query) with as few headers as a board needs.

    Args:
        host: name or address as the user wrote it; an IPv6 address without brackets.
        port: named in the Host header unless it is 80.
        target: path and query, already percent-encoded.
        authorization: value of the Authorization header, or None.
    """
    name = f"[{host}]" if ":" in host else host
    lines = [f"GET {target} HTTP/1.1", f"Host: {name}" if port == 80 else f"Host: {name}:{port}"]
    if authorization is not None:
        lines.append(f"Authorization: {authorization}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
