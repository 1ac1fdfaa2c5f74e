"""A board's password: Basic (RFC 7617), or Digest (RFC 7616) with MD5 and quality `auth`, as Arduino's `WebServer`.

Or a token, as vedette_cam has it.
"""

import base64
import contextlib
import hashlib
import re
from collections.abc import Mapping

from vedette.boards import Auth, AuthScheme
from vedette.simulator.requests import Request, answer

_PARAMETER = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')
_REALM = "Login Required"

Credentials = tuple[str, str]


class Guard:
    """Lets requests through that know the password.

    Args:
        auth: how the firmware asks, and for which paths.
        credentials: user name and password.
        nonce: of the Digest challenge.
    """

    def __init__(self, auth: Auth, credentials: Credentials, nonce: str) -> None:
        self._auth = auth
        self._credentials = credentials
        self._nonce = nonce

    def refuse(self, request: Request) -> bytes | None:
        """The 401 for a request; None where it may pass."""
        if not self._auth.guards_path(request.path) or self._knows(request):
            return None
        if self._auth.scheme is AuthScheme.DIGEST:
            challenge = f'Digest realm="{_REALM}", qop="auth", nonce="{self._nonce}", opaque="{self._nonce[::-1]}"'
        else:
            challenge = self._auth.challenge
        headers = f"WWW-Authenticate: {challenge}\r\n{self._auth.headers}"
        kind = "application/json" if self._auth.body else "text/html"
        return answer(401, self._auth.body.encode("ascii"), headers, kind=kind, phrase=self._auth.phrase)

    def _knows(self, request: Request) -> bool:
        scheme, _, proof = request.headers.get("authorization", "").partition(" ")
        if self._auth.token:
            return self._credentials[1] == _token(scheme, proof, request.query)
        if scheme.lower() != self._auth.scheme.value.lower():
            return False
        if self._auth.scheme is AuthScheme.BASIC:
            return proof.strip() == base64.b64encode(":".join(self._credentials).encode()).decode()
        return self._proves(request, {name: quoted or bare for name, quoted, bare in _PARAMETER.findall(proof)})

    def _proves(self, request: Request, said: dict[str, str]) -> bool:
        name, password = self._credentials
        if (said.get("username"), said.get("nonce"), said.get("uri")) != (name, self._nonce, request.target):
            return False
        secret = _md5(f"{name}:{_REALM}:{password}")
        asked = _md5(f"{request.method}:{request.target}")
        between = (self._nonce, said.get("nc", ""), said.get("cnonce", ""), said.get("qop", ""))
        return said.get("response") == _md5(":".join((secret, *between, asked)))


def _token(scheme: str, proof: str, query: Mapping[str, str]) -> str | None:
    """vedette_cam's: the password alone, wherever it stands (`core/token.cpp`, may_enter)."""
    if scheme.lower() == "bearer":
        return proof
    if scheme.lower() == AuthScheme.BASIC.value.lower():
        with contextlib.suppress(ValueError):
            return base64.b64decode(proof, validate=True).decode("latin-1").partition(":")[2]
    return query.get("token")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
