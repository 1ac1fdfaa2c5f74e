"""How one camera is let in: its credentials, and the challenge that the board has set."""

from vedette.wire.auth import Challenge, Credentials, encode_basic, read_challenge


class Access:
    """Kept by the camera from attempt to attempt, so that a nonce serves more than one request.

    Until a board has asked for Digest, Basic is sent at once: a board has one slot, and asking twice takes it twice.

    Args:
        credentials: user name and password, or None.
    """

    def __init__(self, credentials: Credentials | None) -> None:
        self._credentials = credentials
        self._challenge: Challenge | None = None
        self._count = 0

    def authorization(self, target: str) -> str | None:
        """The Authorization header of a GET for ``target`` (path and query); None where there is nothing to say."""
        if self._credentials is None:
            return None
        if self._challenge is None:
            return encode_basic(self._credentials)
        self._count += 1
        return self._challenge.answer(self._credentials, target, self._count)

    def learn(self, header: str) -> bool:
        """Take a refusal's WWW-Authenticate header; True where another request may be let in.

        A nonce that has grown old is replaced; the same answer is not given twice to the same question.
        """
        challenge = read_challenge(header)
        if self._credentials is None or challenge is None or challenge == self._challenge:
            return False
        self._challenge = challenge
        self._count = 0
        return True
