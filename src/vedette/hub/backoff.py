"""How long a camera waits before it tries again: in words, with jitter, forever.

At once after a stall or a cut; 1, 2, 5, 10 s while nothing answers; 5 to 10 s while someone else has the slot, since
hammering fills a board's backlog of five; a minute where only a person can help. Source: measured behaviour of
esp_http_server and its clients, "silence decoder".
"""

from random import Random

from vedette.errors import Reason

_LADDER = (1.0, 2.0, 5.0, 10.0)
_BUSY = (5.0, 10.0)
_NEEDS_A_PERSON = frozenset({Reason.AUTH_REQUIRED, Reason.NOT_MJPEG, Reason.NAME_UNKNOWN})
_PERSON = 60.0
_AT_ONCE = frozenset({Reason.STALLED, Reason.ALL_FRAMES_BAD})
_JITTER = 0.2  # a share of the delay, so that twenty boards do not return at the same instant after a router restarts
_SPREAD = 0.3  # seconds, for what is tried at once


def delay(reason: Reason, failures: int, random: Random) -> float:
    """Seconds until the next attempt; never more than 10, or 60 where only a person can help.

    Args:
        reason: why the last attempt ended.
        failures: attempts in a row that gave no picture; 0 when the last one had given some.
        random: where jitter comes from.
    """
    if reason is Reason.SLOT_BUSY:
        return random.uniform(*_BUSY)
    if reason in _NEEDS_A_PERSON:
        return _PERSON * random.uniform(1 - _JITTER, 1)
    if failures == 0 or (reason in _AT_ONCE and failures == 1):
        return random.uniform(0, _SPREAD)
    step = _LADDER[min(failures, len(_LADDER)) - 1]
    return step * random.uniform(1 - _JITTER, 1)
