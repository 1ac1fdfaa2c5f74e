"""Viewers: latest-frame fan-out, the hand-off of sockets to the engine, and the generator for servers that keep theirs.

One direction: pictures come from a camera's slot and end in viewers' sockets. A viewer whose socket is full is skipped,
which it alone notices, and gets the newest picture once there is room.
"""

from vedette.live.adoption import Adoption
from vedette.live.away import AwayPictures
from vedette.live.live import Live
from vedette.live.look import Look, MosaicLook
from vedette.live.news import Description, News
from vedette.live.newsfeed import Newsfeed
from vedette.live.wall import MESSAGE_LIMIT, Walls
from vedette.live.wsgi import HandOffResponse

__all__ = [
    "MESSAGE_LIMIT",
    "Adoption",
    "AwayPictures",
    "Description",
    "HandOffResponse",
    "Live",
    "Look",
    "MosaicLook",
    "News",
    "Newsfeed",
    "Walls",
]
