"""A search for boards: first whoever announces itself, then every host of a network that a person has named.

Eight hosts at a time at most, each once, and to each one connection at a time. A host that a camera of this server has
already is listed and not connected to: that would take its only slot.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from ipaddress import IPv4Interface

from vedette.clock import Clock
from vedette.discovery.announced import Announced, Browse, browse
from vedette.discovery.found import Found
from vedette.discovery.known import resolve_known
from vedette.discovery.networks import read_network
from vedette.discovery.visit import Visit
from vedette.hub.neighbours import own_interfaces
from vedette.sources import Reach

_AT_A_TIME = 8  # hosts


class SearchState(StrEnum):
    """The words of the API."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class Search:
    """One search. `run` and `stop` on the event loop; attributes may be read from any thread.

    Args:
        clock: for all waiting.
        reach: where it may go.
        known: hosts of this server's cameras, names or addresses, and the cameras' ids.
        network: to search, as a person has written it; None for those alone that announce themselves.
        browse: listens to announcements.
        interfaces: this machine's own addresses, which are left out; called in a thread.

    Attributes:
        found: so far, in the order of finding; a new tuple each time.
        asked: hosts that are done with.
        total: hosts to look at.
        state: how far it is.
        on_change: called on the loop when one of these is another.

    Raises:
        ValueError: the network is none that is searched; the message says why.
    """

    def __init__(
        self,
        clock: Clock,
        reach: Reach,
        known: Mapping[str, str],
        network: str | None = None,
        browse: Browse = browse,
        interfaces: Callable[[], Iterable[IPv4Interface]] = own_interfaces,
    ) -> None:
        self._clock = clock
        self._reach = reach
        self._known = known
        self._hosts = [str(host) for host in read_network(network, reach).hosts()] if network is not None else []
        self._browse = browse
        self._interfaces = interfaces
        self._work: asyncio.Task[None] | None = None
        self.found: tuple[Found, ...] = ()
        self.asked = 0
        self.total = len(self._hosts)
        self.state = SearchState.RUNNING
        self.on_change: Callable[[], object] = _nothing

    @property
    def message(self) -> str | None:
        """A sentence for whoever looks at an empty list; None where there is something to see."""
        if self.found or self.state is not SearchState.DONE:
            return None
        if self._hosts:
            return "No board was found there: is it on the same network, and does its own page open in a browser?"
        return "No board has announced itself: name the network to search, such as 192.168.0.0/24."

    async def run(self) -> None:
        """Search until everything is looked at, or `stop` is called. Once only."""
        self._work = asyncio.create_task(self._search())
        try:
            await self._work
            self.state = SearchState.DONE
        except asyncio.CancelledError:
            if self.state is not SearchState.STOPPED:
                raise
        finally:
            if self.state is SearchState.RUNNING:
                self.state = SearchState.STOPPED

    def stop(self) -> None:
        """End it. What has been found stays."""
        if self.state is SearchState.RUNNING:
            self.state = SearchState.STOPPED
            if self._work is not None:
                self._work.cancel()

    async def _search(self) -> None:
        heard, known = await asyncio.gather(
            self._browse(self._clock, self._reach), resolve_known(self._known, self._reach, self._clock)
        )
        announced = {each.address: each for each in heard}
        own = await asyncio.get_running_loop().run_in_executor(
            None, lambda: {str(interface.ip) for interface in self._interfaces()}
        )
        hosts = deque(host for host in dict.fromkeys((*announced, *self._hosts)) if host not in own)
        self.total = len(hosts)
        self.on_change()

        async def work() -> None:
            while hosts:
                host = hosts.popleft()
                await self._look_at(host, announced.get(host), known)
                self.asked += 1
                self.on_change()

        async with asyncio.TaskGroup() as workers:
            for _ in range(min(_AT_A_TIME, len(hosts))):
                workers.create_task(work())

    async def _look_at(self, address: str, announced: Announced | None, known: Mapping[str, str]) -> None:
        name = announced.name if announced is not None else None
        camera = known.get(address) or known.get((name or "").lower())
        if camera is not None:
            self._add(Found(address, name, camera=camera, note="It is a camera of this server already."))
        elif (found := await Visit(address, self._clock, self._reach, announced).run()) is not None:
            self._add(found)

    def _add(self, found: Found) -> None:
        self.found = (*self.found, found)
        self.on_change()


def _nothing() -> None:
    pass
