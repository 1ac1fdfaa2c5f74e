"""The names this server answers to.

A hostile page can make a browser send requests here under its own name (DNS rebinding): whatever is neither a name nor
an address of this machine, nor allowed by the configuration, is refused.
"""

import socket
import time
from collections.abc import Callable

import ifaddr

_LOOK_AGAIN = 10.0  # seconds: addresses change with DHCP, but nobody may make us list them all day


class HostNames:
    """Knows the machine's own names and addresses, and those that were allowed.

    Args:
        allowed: further names, in lower case; ``*`` allows all.
        monotonic: seconds, for looking again after a change of address.
    """

    def __init__(self, allowed: tuple[str, ...], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._allowed = frozenset(name.lower().rstrip(".") for name in allowed)
        self._monotonic = monotonic
        self._own = _own_names()
        self._looked = monotonic()

    def answers_to(self, host: str) -> bool:
        """Whether a Host header (``name``, ``name:port``, ``[v6]:port``) names this server."""
        name = bare_name(host)
        if "*" in self._allowed or name in self._allowed or name in self._own:
            return True
        if self._monotonic() - self._looked < _LOOK_AGAIN:
            return False
        self._own = _own_names()
        self._looked = self._monotonic()
        return name in self._own


def bare_name(host: str) -> str:
    """A Host header without port and brackets, in lower case."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower().rstrip(".")


def _own_names() -> frozenset[str]:
    names = {"localhost", "127.0.0.1", "::1"}
    own = socket.gethostname().lower()
    names |= {own, own.partition(".")[0], f"{own.partition('.')[0]}.local"}
    for adapter in ifaddr.get_adapters():
        for address in adapter.ips:
            names.add(address.ip.lower() if isinstance(address.ip, str) else address.ip[0].lower())
    return frozenset(names)
