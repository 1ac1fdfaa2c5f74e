"""The configuration: ``vedette.toml`` and the environment, as frozen, checked values.

This package owns what may stand in the file, where the file is looked for, the sentence for each mistake
in it, and how it is changed. A configuration with a mistake is refused as a whole, with every mistake named.

    find()   which file                      load()   read it, or raise ConfigError
    Config   what was read
    ConfigFile   read and write the file     add_camera(), change_camera(), …   what can be changed in it

It writes that one file and its ``.bak``, only when asked to, and never anything that would not be read again. It never
opens a socket or resolves a name, it never writes what the environment sets, and no message of it shows a password.
"""

from vedette.config.edits import add_camera, change_camera, change_settings, remove_camera
from vedette.config.file import EMPTY_ETAG, ConfigFile, Version
from vedette.config.loading import FILE_NAME, find, load
from vedette.config.model import (
    AuthConfig,
    CameraConfig,
    Check,
    Config,
    Connect,
    Firmware,
    Flip,
    PowerCycleConfig,
    Rotate,
    ServerConfig,
    Setting,
    StorageConfig,
)
from vedette.config.words import KeyPath, closest

__all__ = [
    "EMPTY_ETAG",
    "FILE_NAME",
    "AuthConfig",
    "CameraConfig",
    "Check",
    "Config",
    "ConfigFile",
    "Connect",
    "Firmware",
    "Flip",
    "KeyPath",
    "PowerCycleConfig",
    "Rotate",
    "ServerConfig",
    "Setting",
    "StorageConfig",
    "Version",
    "add_camera",
    "change_camera",
    "change_settings",
    "closest",
    "find",
    "load",
    "remove_camera",
]
