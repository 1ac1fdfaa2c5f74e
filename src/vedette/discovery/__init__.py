"""Finding boards, and finding out what one is. Nothing is asked of anybody before a person has asked for it."""

from vedette.discovery.announced import Announced, Browse
from vedette.discovery.discoveries import Discoveries
from vedette.discovery.found import Found
from vedette.discovery.networks import read_network, suggested_networks
from vedette.discovery.probe import Look, describe, look
from vedette.discovery.prober import Probed, Prober
from vedette.discovery.search import Search, SearchState

__all__ = [
    "Announced",
    "Browse",
    "Discoveries",
    "Found",
    "Look",
    "Probed",
    "Prober",
    "Search",
    "SearchState",
    "describe",
    "look",
    "read_network",
    "suggested_networks",
]
