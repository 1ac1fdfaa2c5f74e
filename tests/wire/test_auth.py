import base64

import pytest

from vedette.wire.auth import Challenge, encode_basic, read_challenge

# RFC 7616, section 3.9.1: the example in both of its algorithms.
RFC_7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
MUFASA = ("Mufasa", "Circle of Life")
CLIENT_NONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


@pytest.mark.parametrize(
    "credentials",
    [("admin", "secret"), ("admin", ""), ("", "x"), ("admin", "a:b"), ("üser", "pässwörd €"), ("u" * 60, "p" * 60)],
    ids=repr,
)
def test_basic_is_name_and_password_in_base64(credentials):
    scheme, token = encode_basic(credentials).split(" ")
    assert scheme == "Basic"
    assert base64.b64decode(token, validate=True).decode() == ":".join(credentials)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_digest_gives_the_answer_of_the_standards_own_example(algorithm, response):
    challenge = read_challenge(RFC_7616.format(algorithm=algorithm))
    assert challenge is not None
    answer = challenge.answer(MUFASA, "/dir/index.html", 1, CLIENT_NONCE)
    assert f'response="{response}"' in answer
    assert 'uri="/dir/index.html"' in answer
    assert "qop=auth, nc=00000001" in answer
    assert 'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"' in answer


def test_a_board_without_qualities_gets_the_old_kind_of_answer():
    # RFC 2617, section 3.5, with the qualities left out as RFC 2069 has it; hashed by hand from its definition.
    challenge = read_challenge('Digest realm="r", nonce="n"')
    assert challenge == Challenge("r", "n", None, "MD5", "")
    answer = challenge.answer(("u", "p"), "/")
    assert "qop" not in answer
    assert "cnonce" not in answer
    assert 'response="f23121ca97143c6b358da620220c83b4"' in answer


def test_a_challenge_among_others_is_found():
    challenge = read_challenge('Basic realm="a, Digest of it", Digest nonce="x\\"y", realm=z, qop=auth')
    assert challenge == Challenge("z", 'x"y', None, "MD5", "auth")


@pytest.mark.parametrize(
    "header",
    [
        "",
        'Basic realm="board"',
        "Digest",
        'Digest realm="no nonce"',
        'Digest realm="r", nonce="n", qop="auth-int"',
        'Digest realm="r", nonce="n", algorithm=SHA-512-256',
        'Digest realm="r", nonce="a\x01b"',
    ],
)
def test_what_cannot_be_answered_is_no_challenge(header):
    assert read_challenge(header) is None


def test_a_new_random_number_goes_with_every_answer():
    challenge = Challenge("r", "n", None, "MD5", "auth")
    assert challenge.answer(("u", "p"), "/") != challenge.answer(("u", "p"), "/")
