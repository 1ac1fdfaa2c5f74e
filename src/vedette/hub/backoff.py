"""How long a camera waits before it tries again: in words, with jitter, forever.

At once after a stall or a cut; 5 to 10 s while someone else has the slot, since hammering fills a board's backlog of
five; a minute where only a person can help. While nothing answers, 1, 2 and then 3 s for the first minutes: a board
boots in a few seconds, and a connection that is refused, or that nobody hears, costs it nothing; then 5 and 10 s. The
time that an attempt took counts. Source: measured behaviour of esp_http_server and its clients, "silence decoder",
which has 1, 2, 5, 10 s from the start; with that, half of all boards would be seen more than 2 s after they are back.
"""

from random import Random

from vedette.errors import Reason

_QUICK = (1.0, 2.0, *[3.0] * 60)  # three minutes
_LADDER = (1.0, 2.0, 5.0, 10.0)
_NOBODY_THERE = frozenset({Reason.REFUSED, Reason.UNREACHABLE})
_AT_LEAST = 0.3  # seconds: whatever an attempt took, the next one is another
_BUSY = (5.0, 10.0)
_NEEDS_A_PERSON = frozenset({Reason.AUTH_REQUIRED, Reason.NOT_MJPEG, Reason.NAME_UNKNOWN})
_PERSON = 60.0
_AT_ONCE = frozenset({Reason.STALLED, Reason.ALL_FRAMES_BAD})
_JITTER = 0.2  # a share of the delay, so that twenty boards do not return at the same instant after a router restarts
_SPREAD = 0.3  # seconds, for what is tried at once


def delay(reason: Reason, failures: int, random: Random, took: float = 0.0) -> float:
    """Seconds until the next attempt; never more than 10, or 60 where only a person can help.

    Args:
        reason: why the last attempt ended.
        failures: attempts in a row that gave no picture; 0 when the last one had given some.
        random: where jitter comes from.
        took: seconds that the last attempt lasted.
    """
    if reason is Reason.SLOT_BUSY:
        return random.uniform(*_BUSY)
    if reason in _NEEDS_A_PERSON:
        return _PERSON * random.uniform(1 - _JITTER, 1)
    if failures == 0 or (reason in _AT_ONCE and failures == 1):
        return random.uniform(0, _SPREAD)
    ladder = (*_QUICK, *_LADDER[2:]) if reason in _NOBODY_THERE else _LADDER
    step = ladder[min(failures, len(ladder)) - 1] * random.uniform(1 - _JITTER, 1)
    return max(_AT_LEAST, step - took) if reason in _NOBODY_THERE else step
