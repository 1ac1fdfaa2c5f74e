"""What each firmware is and says, as data: one truth per firmware, written once.

Read by the sources (how to talk), by the simulator (how to pretend) and later by the settings (what can be set).
"""

from vedette.boards.firmware import CAMERASERVER, CAMERASERVER_1_0, FIRMWARES, Firmware, Framing
from vedette.boards.framesizes import FRAMESIZES, Era, framesize_index
from vedette.boards.sensors import OV2640, Sensor, Variable

__all__ = [
    "CAMERASERVER",
    "CAMERASERVER_1_0",
    "FIRMWARES",
    "FRAMESIZES",
    "OV2640",
    "Era",
    "Firmware",
    "Framing",
    "Sensor",
    "Variable",
    "framesize_index",
]
