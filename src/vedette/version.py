"""The version, for everyone who names it."""

__version__ = "0.1.0"
