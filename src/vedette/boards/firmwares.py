"""Every firmware that is known, by the name `vedette sim --firmware` takes."""

from collections.abc import Mapping
from types import MappingProxyType

from vedette.boards.cameraserver import CAMERASERVER, CAMERASERVER_1_0, CAMERASERVER_2, EASYTARGET
from vedette.boards.esp32cam import ASYNCCAM, WIFICAM
from vedette.boards.esphome import ESPHOME, ESPHOME_SNAPSHOT
from vedette.boards.firmware import Firmware
from vedette.boards.generic import GENERIC, GENERIC_STILL
from vedette.boards.mjpeg2sd import MJPEG2SD, MJPEG2SD_STREAM
from vedette.boards.tasmota import TASMOTA, TASMOTA_2, TASMOTA_OLD
from vedette.boards.vedettecam import VEDETTE_CAM
from vedette.boards.webserver import ARKHIPENKO, MICRO_RTSP

FIRMWARES: Mapping[str, Firmware] = MappingProxyType(
    {
        firmware.name: firmware
        for firmware in (
            *(CAMERASERVER, CAMERASERVER_2, CAMERASERVER_1_0, EASYTARGET, MJPEG2SD, MJPEG2SD_STREAM),
            *(ESPHOME, ESPHOME_SNAPSHOT, TASMOTA, TASMOTA_2, TASMOTA_OLD, ARKHIPENKO, MICRO_RTSP),
            *(WIFICAM, ASYNCCAM, VEDETTE_CAM, GENERIC, GENERIC_STILL),
        )
    }
)
