"""Cameras: one source each, its slot, its health; and the engine's loop on which they live."""

from vedette.hub.camera import Camera, CameraStatus, Rejected
from vedette.hub.engine import Engine
from vedette.hub.health import Health, State
from vedette.hub.hub import Hub
from vedette.hub.slot import Sink, Slot

__all__ = ["Camera", "CameraStatus", "Engine", "Health", "Hub", "Rejected", "Sink", "Slot", "State"]
