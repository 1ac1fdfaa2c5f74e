from ipaddress import IPv4Interface

import pytest

from vedette.discovery import read_network, suggested_networks
from vedette.sources import USUAL_REACH, Reach


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.168.0.0/24", "192.168.0.0/24"),
        (" 192.168.0.17/24 ", "192.168.0.0/24"),
        ("10.1.2.3", "10.1.2.3/32"),
        ("172.31.0.0/22", "172.31.0.0/22"),
        ("100.100.0.0/24", "100.100.0.0/24"),
        ("fd12::/118", "fd12::/118"),
    ],
)
def test_small_private_networks_are_searched(text, network):
    assert str(read_network(text, USUAL_REACH)) == network


@pytest.mark.parametrize(
    "text", ["8.8.8.0/24", "127.0.0.0/29", "169.254.0.0/24", "224.0.0.0/24", "0.0.0.0/24", "2001:db8::/120", "::1"]
)
def test_others_are_not(text):
    with pytest.raises(ValueError, match="private network"):
        read_network(text, USUAL_REACH)


def test_unless_the_administrator_has_named_them():
    reach = Reach.of(("203.0.113.0/24", "127.77.1.0/29"))
    assert str(read_network("203.0.113.0/25", reach)) == "203.0.113.0/25"
    assert str(read_network("127.77.1.0/29", reach)) == "127.77.1.0/29"
    with pytest.raises(ValueError, match="private network"):
        read_network("203.0.112.0/23", reach)


@pytest.mark.parametrize("text", ["10.0.0.0/8", "192.168.0.0/21", "fd12::/64"])
def test_large_ones_are_refused_with_a_part_to_name(text):
    with pytest.raises(ValueError, match="more than 1024 addresses"):
        read_network(text, USUAL_REACH)


@pytest.mark.parametrize("text", ["", "home", "192.168.0.0/33", "192.168.0/24", "http://192.168.0.1/"])
def test_what_is_no_network_is_told_how_one_looks(text):
    with pytest.raises(ValueError, match="expected a network such as"):
        read_network(text, USUAL_REACH)


def test_suggested_are_the_private_networks_of_this_machine():
    own = ["192.168.0.17/24", "192.168.0.18/24", "172.17.0.1/16", "10.0.0.9/28", "203.0.113.5/24", "169.254.3.3/16"]
    assert suggested_networks(lambda: map(IPv4Interface, own)) == ("192.168.0.0/24", "172.17.0.0/24", "10.0.0.0/28")


def test_those_of_the_real_machine_can_all_be_searched():
    for text in suggested_networks():
        assert str(read_network(text, USUAL_REACH)) == text
