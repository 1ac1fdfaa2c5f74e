import pytest
from flask.testing import FlaskClient

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def test_a_plain_get_is_told_what_this_is(client: FlaskClient) -> None:
    answer = client.get("/wall.ws")
    assert answer.status_code == 426
    assert b"WebSocket" in answer.data


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:8080", "https://localhost.evil"])
def test_a_page_of_somebody_else_gets_no_wall(client: FlaskClient, origin: str) -> None:
    answer = client.get("/wall.ws", headers=HANDSHAKE | {"Origin": origin})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("header", "value"), [("Sec-WebSocket-Key", "short"), ("Sec-WebSocket-Key", ""), ("Sec-WebSocket-Version", "8")]
)
def test_half_a_handshake_is_refused(client: FlaskClient, header: str, value: str) -> None:
    answer = client.get("/wall.ws", headers=HANDSHAKE | {header: value})
    assert answer.status_code in {400, 426}


@pytest.mark.parametrize("origin", [None, "http://localhost"])
def test_where_a_server_keeps_its_socket_there_is_no_wall(client: FlaskClient, origin: str | None) -> None:
    answer = client.get("/wall.ws", headers=HANDSHAKE | ({"Origin": origin} if origin else {}))
    assert answer.status_code == 501
    assert b"streams and snapshots" in answer.data
