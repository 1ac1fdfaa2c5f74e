"""The configuration: ``vedette.toml`` and the environment, as frozen, checked values.

This package owns what may stand in the file, where the file is looked for, and the sentence for each mistake
in it. A configuration with a mistake is refused as a whole, with every mistake named.

    find()   which file                      load()   read it, or raise ConfigError
    Config   what was read                   warnings()   keys that are accepted but do nothing yet

It never writes a file, opens a socket or resolves a name, and no message of it shows a password.
"""

from vedette.config.loading import find, load
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
    StorageConfig,
)
from vedette.config.unbuilt import warnings

__all__ = [
    "AuthConfig",
    "CameraConfig",
    "Check",
    "Config",
    "Connect",
    "Firmware",
    "Flip",
    "PowerCycleConfig",
    "Rotate",
    "ServerConfig",
    "StorageConfig",
    "find",
    "load",
    "warnings",
]
