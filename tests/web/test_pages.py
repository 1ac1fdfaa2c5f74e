from collections.abc import Callable

from flask.testing import FlaskClient

from vedette.errors import Reason
from vedette.hub import Hub, State
from vedette.web import Services

SetCamera = Callable[..., None]
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_the_wall_shows_every_camera_with_name_and_state(
    client: FlaskClient, set_camera: SetCamera, jpeg: bytes
) -> None:
    set_camera("porch", State.ONLINE, jpeg=jpeg)
    set_camera("gate", State.OFFLINE, Reason.REFUSED, "It is starting.")
    page = client.get("/").get_data(as_text=True)
    assert "Front porch" in page
    assert 'data-id="gate" data-state="offline" data-live="no"' in page
    assert "It is starting." in page


def test_names_are_text_and_never_markup(client: FlaskClient) -> None:
    for path in ("/", "/cameras/gate"):
        page = client.get(path).get_data(as_text=True)
        assert "<b>Gate</b>" not in page
        assert "&lt;b&gt;Gate&lt;/b&gt; &amp; co" in page


def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(client: FlaskClient) -> None:
    answer = client.get("/")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "https://" not in answer.get_data(as_text=True)


def test_a_cameras_page_offers_its_addresses_as_this_browser_reaches_them(client: FlaskClient) -> None:
    page = client.get("/cameras/porch", headers={"Host": "porch.example:5100"}).get_data(as_text=True)
    assert "http://porch.example:5100/cameras/porch/stream.mjpg" in page
    assert "http://porch.example:5100/cameras/porch/snapshot.jpg" in page
    assert "preset-http-mjpeg-generic" in page


def test_an_empty_wall_says_what_to_do(client: FlaskClient, hub: Hub) -> None:
    hub.cameras.clear()
    page = client.get("/").get_data(as_text=True)
    assert "[cameras." in page
    assert "vedette.toml" in page


def test_a_browser_gets_a_page_for_an_error_and_others_get_text(client: FlaskClient) -> None:
    for path, status in (("/cameras/nobody", 404), ("/nothing", 404), ("/cameras/porch/snapshot.jpg", 503)):
        page = client.get(path, headers=BROWSER)
        assert (page.status_code, page.mimetype) == (status, "text/html")
        text = client.get(path)
        assert (text.status_code, text.mimetype) == (status, "text/plain")
        assert "<" not in text.get_data(as_text=True)


def test_a_mistake_of_our_own_shows_no_traceback(client: FlaskClient, services: Services) -> None:
    client.application.testing = False
    services.hub.cameras["porch"].status = None  # type: ignore[assignment,method-assign]
    for path in ("/api/cameras", "/"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "Traceback" not in answer.get_data(as_text=True)
        assert "TypeError" not in answer.get_data(as_text=True)


def test_health_and_readiness(client: FlaskClient, services: Services) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ready"}
    services.engine.stop(services.live.stop)
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
