import re

import pytest

from vedette.config.addresses import board_host, host_name, http_url, mac_address


@pytest.mark.parametrize(
    "text",
    [
        "192.168.0.5",
        "127.0.0.1",
        "::",
        "fe80::1%eth0",
        "localhost",
        "cam-1.local",
        "esp32_cam",
        "farm.example.",
        "a" * 63,
    ],
)
def test_a_host_is_a_name_or_an_address(text):
    assert host_name(text) == text
    assert board_host(text) == text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "got ''"),
        ("http://192.168.0.5/", "not a URL; got 'http://192.168.0.5/'"),
        ("192.168.0.5/stream", "not a URL"),
        ("192.168.0.5:81", "without a port; got '192.168.0.5:81'"),
        ("[::1]:81", "without a port"),
        ("[::1]", "without brackets"),
        ("192.168.0.999", "expected a host name or an IP address; got '192.168.0.999'"),
        ("two words", "expected a host name or an IP address"),
        ("küche", "expected a host name or an IP address"),
        ("-a", "expected a host name or an IP address"),
        ("a..b", "expected a host name or an IP address"),
        ("a" * 64, "expected a host name or an IP address; got text"),
        (".".join(["abc"] * 70), "expected a host name or an IP address"),
        ("a\n", "got 'a\\n'"),
    ],
)
def test_what_is_no_host_is_told_why(text, part):
    with pytest.raises(ValueError, match="expected a host name") as caught:
        host_name(text)
    assert part in str(caught.value)


@pytest.mark.parametrize("text", ["http://192.168.0.5:81/stream", "192.168.0.5:81"])
def test_a_url_or_port_in_a_boards_host_is_sent_to_the_url_key(text):
    with pytest.raises(ValueError, match="a whole URL goes into url instead of host"):
        board_host(text)


@pytest.mark.parametrize(
    "text",
    [
        "http://192.168.0.123:81/stream",
        "http://192.168.0.123",
        "HTTP://cam.local/mjpeg?size=800x600&q=12",
        "http://[::1]:8080/",
        "http://cam:65535/%C3%BC@home",
    ],
)
def test_a_url_is_plain_http_with_a_host(text):
    assert http_url(text) == text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("https://cam/", "beginning with http://; got 'https://'"),
        ("rtsp://cam/", "beginning with http://; got 'rtsp://'"),
        ("192.168.0.5:81/stream", "beginning with http://"),
        ("cam.local:81/stream", "beginning with http://"),
        ("", "beginning with http://"),
        ("http:///stream", "the host is missing"),
        ("http://", "the host is missing"),
        ("http://192.168.0.999/", "'192.168.0.999' is neither a host name nor an IP address"),
        ("http://a_b..c/", "neither a host name nor"),
        ("http://cam:0/", "between 1 and 65535"),
        ("http://cam:65536/", "between 1 and 65535"),
        ("http://cam:port/", "between 1 and 65535"),
        ("http://fe80::1/", "between 1 and 65535"),
        ("http://[::1/", "brackets"),
        ("http://cam/#top", "without a fragment"),
        ("http://cam/a b", "without spaces or control characters"),
        ("http://cam/\n", "without spaces or control characters"),
        ("http://cam/\x00", "without spaces or control characters"),
        ("http://cam/ü", "%XX"),
    ],
)
def test_what_is_no_url_is_told_why(text, part):
    with pytest.raises(ValueError, match="expected a URL") as caught:
        http_url(text)
    assert part in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "http://admin:hunter2@cam/",
        "https://admin:hunter2@cam/",
        "http://admin:hunter2@cam:99999/",
        "http://hunter2@cam/",
        "http://admin:hunter2 @cam/",
        "http://admin:hun/hunter2@cam/",
    ],
)
def test_credentials_in_a_url_are_refused_and_not_repeated(text):
    for check in (http_url, board_host):
        with pytest.raises(ValueError, match="expected") as caught:
            check(text)
        assert "hunter2" not in str(caught.value)
    assert "admin" not in str(caught.value)


@pytest.mark.parametrize("text", ["24:0a:c4:00:00:01", "24:0A:C4:00:00:01", "24-0a-c4-00-00-01", " 24:0a:c4:00:00:01 "])
def test_a_mac_address_is_written_in_several_ways(text):
    assert mac_address(text) == "24:0a:c4:00:00:01"


def test_any_stands_for_no_mac_address_in_particular():
    assert mac_address("any") == "any"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("24:0a:c4:00:00", 'expected a MAC address such as "24:0a:c4:00:00:01", or "any"; got'),
        ("24:0a-c4:00:00:01", "expected a MAC address"),
        ("240ac4000001", "expected a MAC address"),
        ("", "expected a MAC address"),
        ("ff:ff:ff:ff:ff:ff", "that of nobody or of a group"),
        ("01:00:5e:00:00:fb", "that of nobody or of a group"),
        ("00:00:00:00:00:00", "that of nobody or of a group"),
    ],
)
def test_what_is_no_boards_mac_address_is_told_why(text, part):
    with pytest.raises(ValueError, match=re.escape(part)):
        mac_address(text)
