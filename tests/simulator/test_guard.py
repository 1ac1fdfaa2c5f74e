import base64
import hashlib
import re

import pytest

from vedette.boards import FIRMWARES, AuthScheme

CREDENTIALS = ("porch", "pass:word")
BASIC = b"Authorization: Basic " + base64.b64encode(b"porch:pass:word")
WRONG = b"Authorization: Basic " + base64.b64encode(b"porch:password")


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def digest(challenge: str, target: str, password: str) -> bytes:
    """An answer as RFC 7616, section 3.4 has it."""
    said = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    secret, asked = md5(f"porch:{said['realm']}:{password}"), md5(f"GET:{target}")
    response = md5(f"{secret}:{said['nonce']}:00000001:abcdef:auth:{asked}")
    return (
        f'Authorization: Digest username="porch", realm="{said["realm"]}", nonce="{said["nonce"]}", uri="{target}", '
        f'qop=auth, nc=00000001, cnonce="abcdef", response="{response}", opaque="{said["opaque"]}"'
    ).encode()


@pytest.fixture
def guarded(run):
    def start(name, **options):
        return run(FIRMWARES[name], credentials=CREDENTIALS, **options)

    return start


@pytest.mark.parametrize("name", ["mjpeg2sd", "tasmota", "generic", "vedette_cam"])
def test_basic_lets_in_who_knows_the_password(name, guarded, connect):
    simulator = guarded(name)
    for lines in ((), (WRONG,)):
        head = connect(simulator.stream_url()).ask(None, *lines).read_answer()
        assert head.status == 401
        assert head.headers["www-authenticate"].startswith("Basic")
    assert connect(simulator.stream_url()).ask(None, BASIC).read_parts(2)


def test_vedette_cams_token_may_stand_anywhere_and_needs_no_name(guarded, connect, get):
    simulator = guarded("vedette_cam")
    refused, body = get(simulator.control_url(), "/status")
    assert (refused.status, refused.content_type) == (401, "application/json")
    assert refused.headers["www-authenticate"] == 'Basic realm="vedette_cam"'
    assert body == b'{"error":{"code":"token_required","message":"this board wants its token"}}'
    anybody = b"Authorization: Basic " + base64.b64encode(b"anybody:pass:word")
    for target, *lines in (
        ("/status", anybody),
        ("/health", b"Authorization: Bearer pass:word"),
        ("/health", b"Authorization: bearer pass:word"),
        ("/capture?token=pass%3Aword",),
    ):
        assert get(simulator.control_url(), target, *lines)[0].status == 200
    for target, *lines in (("/status?token=password",), ("/reboot", WRONG), ("/status", b"Authorization: Basic !")):
        assert get(simulator.control_url(), target, *lines)[0].status == 401
    assert get(simulator.control_url(), "/")[0].status == 302, "what is no secret"
    assert connect(simulator.stream_url()).ask("/stream?token=pass%3Aword").read_parts(2)


def test_mjpeg2sds_401_is_its_own_and_guards_two_paths(guarded, connect, get):
    simulator = guarded("mjpeg2sd")
    client = connect(simulator.stream_url()).ask()
    client.read_answer()
    assert client.wire.startswith(b"HTTP/1.1 401 Unauthorised\r\n")
    assert b"\r\nWWW-Authenticate: Basic\r\n" in client.wire
    url = simulator.control_url()
    assert [get(url, path)[0].status for path in ("/", "/status", "/control?quality=20")] == [401, 200, 200]
    assert get(url, "/", BASIC)[0].status == 200


def test_digest_lets_in_who_can_prove_the_password(guarded, connect):
    simulator = guarded("generic", scheme=AuthScheme.DIGEST)
    first = connect(simulator.stream_url()).ask()
    challenge = first.read_answer().headers["www-authenticate"]
    assert challenge.startswith('Digest realm="Login Required", qop="auth", nonce="')
    assert connect(simulator.stream_url()).ask(None, BASIC).read_answer().status == 401
    wrong = digest(challenge, "/video.mjpg", "password")
    assert connect(simulator.stream_url()).ask(None, wrong).read_answer().status == 401
    elsewhere = digest(challenge, "/image.jpg", "pass:word")
    assert connect(simulator.stream_url()).ask(None, elsewhere).read_answer().status == 401
    assert connect(simulator.stream_url()).ask(None, digest(challenge, "/video.mjpg", "pass:word")).read_parts(2)


def test_the_nonce_is_the_seeds_and_the_boards(guarded, get):
    def nonce(seed: int, number: int) -> str:
        simulator = guarded("generic", scheme=AuthScheme.DIGEST, seed=seed, count=2)
        return str(get(simulator.control_url(number), "/")[0].headers["www-authenticate"])

    assert nonce(1, 0) == nonce(1, 0)
    assert len({nonce(1, 0), nonce(2, 0), nonce(1, 1)}) == 3


def test_single_pictures_are_guarded_too(guarded, get):
    simulator = guarded("generic-still")
    assert get(simulator.stream_url(), "/image.jpg")[0].status == 401
    assert get(simulator.stream_url(), "/image.jpg", BASIC)[0].content_type == "image/jpeg"


def test_a_firmware_that_knows_no_password_asks_for_none(guarded, connect):
    assert connect(guarded("cameraserver").stream_url()).ask().read_parts(1)
