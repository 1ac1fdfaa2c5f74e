"""The searches that people have asked for on the page: one at a time, and the last few results."""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from functools import partial

from vedette.clock import Clock
from vedette.discovery.search import Search, SearchState
from vedette.errors import RequestError
from vedette.hub import Engine
from vedette.sources import Reach

_KEPT = 4  # searches: those of a few open pages

_log = logging.getLogger(__name__)


class Discoveries:
    """Searches, on the engine's loop; to be called from any other thread.

    Args:
        engine: on whose loop they run.
        clock: for all waiting.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._searches: dict[str, Search] = {}  # changed on the loop alone, replaced each time
        self._task: asyncio.Task[None] | None = None

    def start(self, network: str | None, reach: Reach, known: Mapping[str, str]) -> str:
        """Begin a search, and give its id. For the arguments see `Search`.

        Raises:
            RequestError: 422, the network is none that is searched; 409, another search runs.
            ServerError: the engine does not answer.
        """
        try:
            search = Search(self._clock, reach, known, network)
        except ValueError as error:
            raise RequestError(422, "network_refused", f"{error}.") from None
        return self._engine.call(partial(self._begin, search))

    def get(self, search_id: str) -> Search:
        """A search that runs, or one of the last; its attributes may be read.

        Raises:
            RequestError: 404, there is none of this id.
        """
        try:
            return self._searches[search_id]
        except KeyError:
            raise RequestError(404, "discovery_unknown", "There is no such search any more: start another.") from None

    def stop(self, search_id: str) -> None:
        """End a search; what it has found stays. Harmless when it has ended.

        Raises:
            RequestError: 404, there is none of this id.
            ServerError: the engine does not answer.
        """
        self._engine.call(self.get(search_id).stop)

    async def close(self) -> None:
        """End whatever runs; on the engine's loop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _begin(self, search: Search) -> str:
        if any(each.state is SearchState.RUNNING for each in self._searches.values()):
            raise RequestError(409, "discovery_running", "A search is under way already: wait for it, or stop it.")
        search_id = secrets.token_hex(8)
        kept = list(self._searches.items())[1 - _KEPT :]
        self._searches = {**dict(kept), search_id: search}
        self._task = asyncio.create_task(search.run(), name="discovery")
        self._task.add_done_callback(_complain)
        return search_id


def _complain(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("a search for boards has failed", exc_info=error)
