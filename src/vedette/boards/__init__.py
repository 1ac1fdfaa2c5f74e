"""What each firmware is and says, as data: one truth per firmware, written once.

Read by the sources (how to talk), by the simulator (how to pretend), and by the settings (what can be set).
"""

from vedette.boards.boardhealth import BoardHealth, Disconnect, Restarts, read_health
from vedette.boards.buffers import buffer_limit, is_near_limit
from vedette.boards.cameraserver import CAMERASERVER, CAMERASERVER_1_0, CAMERASERVER_2, EASYTARGET
from vedette.boards.controls import RESOLUTION, Control, Group, Kind, controls_for, why_no_controls, widest_controls
from vedette.boards.esp32cam import ASYNCCAM, WIFICAM
from vedette.boards.esphome import ESPHOME, ESPHOME_SNAPSHOT
from vedette.boards.firmware import Auth, AuthScheme, Dialect, Firmware, SecondClient
from vedette.boards.firmwares import FIRMWARES
from vedette.boards.framesizes import FRAMESIZES, Era, eras_that_fit, framesize_index
from vedette.boards.framing import Framing
from vedette.boards.generic import GENERIC, GENERIC_STILL
from vedette.boards.mjpeg2sd import MJPEG2SD, MJPEG2SD_STREAM
from vedette.boards.recognition import (
    Recognition,
    StatusReport,
    recognise,
    recognise_challenge,
    recognise_status,
    recognise_still,
    whole_number,
)
from vedette.boards.refusal import Complaint, read_complaint
from vedette.boards.sensors import OV2640, OV3660, OV5640, SENSORS, Sensor, Variable
from vedette.boards.tasmota import TASMOTA, TASMOTA_2, TASMOTA_OLD
from vedette.boards.vedettecam import VEDETTE_CAM
from vedette.boards.webserver import ARKHIPENKO, MICRO_RTSP

__all__ = [
    "ARKHIPENKO",
    "ASYNCCAM",
    "CAMERASERVER",
    "CAMERASERVER_1_0",
    "CAMERASERVER_2",
    "EASYTARGET",
    "ESPHOME",
    "ESPHOME_SNAPSHOT",
    "FIRMWARES",
    "FRAMESIZES",
    "GENERIC",
    "GENERIC_STILL",
    "MICRO_RTSP",
    "MJPEG2SD",
    "MJPEG2SD_STREAM",
    "OV2640",
    "OV3660",
    "OV5640",
    "RESOLUTION",
    "SENSORS",
    "TASMOTA",
    "TASMOTA_2",
    "TASMOTA_OLD",
    "VEDETTE_CAM",
    "WIFICAM",
    "Auth",
    "AuthScheme",
    "BoardHealth",
    "Complaint",
    "Control",
    "Dialect",
    "Disconnect",
    "Era",
    "Firmware",
    "Framing",
    "Group",
    "Kind",
    "Recognition",
    "Restarts",
    "SecondClient",
    "Sensor",
    "StatusReport",
    "Variable",
    "buffer_limit",
    "controls_for",
    "eras_that_fit",
    "framesize_index",
    "is_near_limit",
    "read_complaint",
    "read_health",
    "recognise",
    "recognise_challenge",
    "recognise_status",
    "recognise_still",
    "whole_number",
    "why_no_controls",
    "widest_controls",
]
