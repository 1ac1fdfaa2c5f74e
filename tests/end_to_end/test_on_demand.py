"""Cameras that are connected to only while somebody looks."""

import urllib.error
import urllib.request

import pytest
from tests.end_to_end.harness import wait_until

from vedette.picture import check
from vedette.simulator import Fault


@pytest.fixture
def board(make_boards):
    return make_boards(size=(320, 240), fps=20.0)


@pytest.fixture
def server(serve, board):
    return serve({"porch": board.stream_url()}, 'connect = "on-demand"')


def test_nobody_looks_and_the_board_is_left_alone(server, board):
    server.wait_for_state("porch", "idle")
    assert board.boards[0].counters.stream_connections == 0


def test_a_viewer_wakes_it_and_it_lingers_when_the_last_one_has_gone(server, board, watch):
    viewer = watch(server, "/cameras/porch/stream.mjpg")
    assert viewer.part().state in {"idle", "connecting", "online"}, "something at once, that says how it is"
    while (part := viewer.part()).state != "online":
        pass
    check(part.body)
    viewer.sock.close()
    assert server.camera("porch")["state"] == "online", "it lingers"
    server.wait_for_state("porch", "idle", seconds=30)
    wait_until(lambda: board.boards[0].counters.stream_clients == 0, what="the board's slot is free")


def test_a_snapshot_wakes_it_and_waits_for_its_picture(server, board):
    answer = server.get("/cameras/porch/snapshot.jpg")
    assert answer.status == 200
    check(answer.body)
    assert board.boards[0].counters.stream_connections == 1


def test_a_snapshot_of_a_board_that_refuses_is_answered_at_once_and_one_of_its_head_wakes_nobody(server, board):
    request = urllib.request.Request(server.url + "cameras/porch/snapshot.jpg", method="HEAD")  # noqa: S310 - our own
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)  # noqa: S310
    assert refused.value.code == 503
    refused.value.close()
    assert board.boards[0].counters.stream_connections == 0
    board.set_faults(0, Fault.REFUSE)
    answer = server.get("/cameras/porch/snapshot.jpg")
    assert answer.status == 503
    assert server.camera("porch")["reason"] == "refused"
