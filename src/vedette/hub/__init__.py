"""Cameras: one source each, its slot, its health; and the engine's loop they live on."""

from vedette.hub.ailments import CameraWarning
from vedette.hub.camera import BoardLinks, Camera
from vedette.hub.checks import Checks
from vedette.hub.controlport import ControlPort
from vedette.hub.engine import Engine
from vedette.hub.health import Health, State
from vedette.hub.hub import Hub, camera_unknown
from vedette.hub.orientation import Orientation
from vedette.hub.rejects import Reject, Rejects
from vedette.hub.rendition import Rendition
from vedette.hub.renditions import RenditionLoad, Renditions
from vedette.hub.selfreport import Signal, in_words, own_restarts, restart_of, signal_of
from vedette.hub.slot import Sink, Slot
from vedette.hub.status import CameraStatus, Rejected
from vedette.hub.watchdog import Lag, Watchdog

__all__ = [
    "BoardLinks",
    "Camera",
    "CameraStatus",
    "CameraWarning",
    "Checks",
    "ControlPort",
    "Engine",
    "Health",
    "Hub",
    "Lag",
    "Orientation",
    "Reject",
    "Rejected",
    "Rejects",
    "Rendition",
    "RenditionLoad",
    "Renditions",
    "Signal",
    "Sink",
    "Slot",
    "State",
    "Watchdog",
    "camera_unknown",
    "in_words",
    "own_restarts",
    "restart_of",
    "signal_of",
]
