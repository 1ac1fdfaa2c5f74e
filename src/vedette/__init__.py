"""Vedette: a camera server for ESP32-CAM class boards."""

__version__ = "0.1.0"
