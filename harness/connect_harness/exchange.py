"""The words that the server and the protocols share: a request, its answer, a peer certificate."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PeerCertificate:
    """The certificate that a client presented: its subject (RFC 4514), and SHA-256 of its DER."""

    subject: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it arrived.

    Parameters:
        target: The request target as sent: path and query, still percent-encoded.
        headers: Names in lower case and raw values, in the order of arrival.
        body: The whole body, decoded from its transfer coding.
    """

    method: str
    target: str
    # Credentials stand in both, and an assertion prints the repr.
    headers: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    peer_certificate: PeerCertificate | None = None

    @property
    def path(self) -> str:
        """The request target without its query, still percent-encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def header(self, name: str) -> bytes | None:
        """The first value of the header ``name`` (in lower case), or ``None``."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the target session answers to a request.

    Parameters:
        headers: Further headers. ``Content-Length`` is set by the server.
        reason: The reason phrase; the documented target sends none.
        user: The user as whom the target knows the caller. This and what follows is for the
            journal; the wire does not carry it.
        fault: The name of the armed fault that this answer is, if it is one.
        answered_by: The number of the armed fault that met the request; 0 if none did.
        change: Whether the request asked for a change, granted or not.
    """

    status: int
    body: bytes = field(default=b"", repr=False)
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    reason: str = ""
    user: str | None = None
    fault: str | None = None
    answered_by: int = 0
    change: bool = False


def plain_answer(status: int, text: str) -> bytes:
    """An answer to what was no request that is understood; the connection ends after it."""
    return (
        f"HTTP/1.1 {status} \r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n{text}"
    ).encode("ascii")
