"""What is asked of a board: host, port, and what stands in the request line."""

from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from vedette.errors import BoardError, Reason


class Target(NamedTuple):
    """A plain http URL in its parts.

    Attributes:
        host: name or address; an IPv6 address without brackets.
        port: 80 where the URL names none.
        path: path and query, percent-encoded.
    """

    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str) -> "Target":
        """The target of a URL that the configuration has checked."""
        address = urlsplit(url)
        path = (address.path or "/") + (f"?{address.query}" if address.query else "")
        return cls(address.hostname or "", address.port or 80, path)

    @property
    def url(self) -> str:
        """As people write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}{'' if self.port == 80 else f':{self.port}'}{self.path}"

    def redirected(self, location: str) -> "Target":
        """Where a board points to.

        A board may be in hostile hands: it may point to another door of its own house, and nowhere else.

        Raises:
            BoardError: it points to another host, or to nothing that can be asked.
        """
        try:
            url = urljoin(self.url, location)
            address = urlsplit(url)
            target = Target.of(url)
        except ValueError:
            raise BoardError(Reason.HTTP_ERROR, "a redirect to nowhere") from None
        if not target.path.isascii() or not target.path.isprintable() or " " in target.path:
            raise BoardError(Reason.HTTP_ERROR, "a redirect to nowhere")
        if address.scheme != "http":
            raise BoardError(Reason.HTTP_ERROR, f"a redirect to {address.scheme}, which boards do not speak")
        if target.host != self.host.lower():
            raise BoardError(Reason.HTTP_ERROR, "a redirect to another host, which is not followed")
        return target
