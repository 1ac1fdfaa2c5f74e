"""What counts as a host and as a URL in the configuration.

Pure checks on text: nothing is resolved or connected to. Each returns the text, or raises ValueError with a
sentence for the user. A URL is never repeated in a message, because it may hold credentials.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from vedette.config.words import shown

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")  # RFC 1123, and the _ that container networks use
_LONGEST_NAME = 253  # RFC 1035: 255 bytes on the wire
_PORT_AT_END = re.compile(r"(?:[^:]*|\[.*\]):[0-9]*")

_HOST = "expected a host name or an IP address"
_URL = 'expected a URL such as "http://192.168.0.123:81/stream"'
_MAC = re.compile(r"[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}")
_NOBODY = "00:00:00:00:00:00"


def host_name(text: str) -> str:
    """A bare host name or IP address (an IPv6 address without brackets)."""
    if "/" in text:
        raise ValueError(f"{_HOST} alone, not a URL; got {shown(text)}")
    if _PORT_AT_END.fullmatch(text):
        raise ValueError(f"{_HOST} without a port; got {shown(text)}")
    if text.startswith("["):
        raise ValueError(f"{_HOST} without brackets; got {shown(text)}")
    if not (_is_address(text) or _is_name(text)):
        raise ValueError(f"{_HOST}; got {shown(text)}")
    return text


def board_host(text: str) -> str:
    """A board's host, to be probed; whatever else belongs into ``url``."""
    try:
        return host_name(text)
    except ValueError as error:
        if "/" in text or _PORT_AT_END.fullmatch(text):
            raise ValueError(f"{error}; a whole URL goes into url instead of host") from None
        raise


def http_url(text: str) -> str:
    """A URL that a board can be asked for: plain http, with a host and without credentials or fragment."""
    return _checked_url(text, ("http",))


def plug_url(text: str) -> str:
    """A URL that switches a plug: http or https, with a host and without credentials or fragment."""
    return _checked_url(text, ("http", "https"))


def ip_network(text: str) -> str:
    """A network in CIDR notation, without the host's part: ``192.168.0.7/24`` is ``192.168.0.0/24``."""
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise ValueError(f'expected a network such as "192.168.0.0/24"; got {shown(text)}') from None


def mac_address(text: str) -> str:
    """One device's MAC address, in lower case with colons; or ``any``."""
    mac = text.strip().lower()
    if mac == "any":
        return mac
    if not _MAC.fullmatch(mac):
        raise ValueError(f'expected a MAC address such as "24:0a:c4:00:00:01", or "any"; got {shown(text)}')
    mac = mac.replace("-", ":")
    if mac == _NOBODY or int(mac[:2], 16) & 1:  # the lowest bit of the first byte: a group, IEEE 802
        raise ValueError(f"expected the MAC address of one device; {shown(text)} is that of nobody or of a group")
    return mac


def _checked_url(text: str, schemes: tuple[str, ...]) -> str:
    if any(char.isspace() or not char.isprintable() for char in text):
        raise ValueError(f"{_URL}, without spaces or control characters")
    if not text.isascii():
        raise ValueError(f"{_URL}; characters beyond ASCII are written as %XX")
    _check_parts(_split(text), schemes)
    return text


def _check_parts(parts: SplitResult, schemes: tuple[str, ...]) -> None:
    if "@" in parts.netloc:
        raise ValueError("expected a URL without credentials; put them into username and password")
    if parts.scheme not in schemes:
        start = f"; got {shown(f'{parts.scheme}://')}" if parts.scheme and parts.netloc else ""
        raise ValueError(f"{_URL}, beginning with {' or '.join(f'{scheme}://' for scheme in schemes)}{start}")
    if parts.hostname is None:
        raise ValueError(f"{_URL}; the host is missing")
    if not (_is_address(parts.hostname) or _is_name(parts.hostname)):
        raise ValueError(f"{_URL}; {shown(parts.hostname)} is neither a host name nor an IP address")
    if parts.fragment:
        raise ValueError("expected a URL without a fragment; leave out the # and what follows it")


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError(f"{_URL}; the brackets around the host do not fit") from None
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0 and "@" not in parts.netloc:  # "@" has a sentence of its own
        raise ValueError(f"{_URL}; the port is a whole number between 1 and 65535")
    return parts


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_name(text: str) -> bool:
    labels = text.removesuffix(".").split(".")
    if labels[-1].isdigit():  # 192.168.0.999 is a mistyped address, not a name
        return False
    return len(text) <= _LONGEST_NAME and all(_LABEL.fullmatch(label) for label in labels)
