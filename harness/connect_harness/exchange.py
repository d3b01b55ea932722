"""The words that the server and the protocols share: a request, its answer, a peer certificate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from connect_harness.refusals import check_types

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?")
_REASON = re.compile(r"[\t -~]*")
_OF_THE_SERVER = ("content-length", "transfer-encoding")
_TYPES = (bytes, str, tuple, str)


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
        status: From 200 to 999.
        headers: Further headers. ``Content-Length`` is set by the server.
        reason: The reason phrase; the documented target sends none.
        user: The user as whom the target knows the caller. This and what follows is for the
            journal; the wire does not carry it.
        fault: The name of the armed fault that this answer is, if it is one.
        answered_by: The number of the armed fault that met the request; 0 if none did.
        change: Whether the request asked for a change, granted or not.

    Raises:
        TypeError: A value has another type.
        ValueError: It cannot be sent as HTTP (RFC 9110 sections 5 and 15); the text says why.
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

    def __post_init__(self) -> None:
        status: object = self.status
        given = (self.body, self.content_type, self.headers, self.reason)
        # Each answer is made three times on its way: only another type pays for the words.
        if not isinstance(status, int) or (*map(type, given),) != _TYPES:
            check_types(self, status=int, content_type=str, reason=str)
            check_types(self, 'As JSON: json.dumps({"a": 1}).encode().', body=bytes)
            check_types(self, _PAIRS, headers=tuple)
        check_status(self.status)
        if not _REASON.fullmatch(self.reason):
            raise ValueError(f"The reason is printable ASCII, not {self.reason!r}.")
        if not _VALUE.fullmatch(self.content_type):
            raise ValueError(f"{self.content_type!r} is no value of the header Content-Type.")
        for header in self.headers:
            _check_pair(header)


def check_status(status: int) -> None:
    """Raise ``ValueError`` if no answer has this status."""
    if not 200 <= status <= 999:
        raise ValueError(f"The status of an answer is from 200 to 999, not {status}.")


_PAIRS = 'As (("Retry-After", "5"),).'


def _check_pair(header: object) -> None:
    match header:
        case (str(name), str(value)):
            check_header(name, value)
        case _:
            raise TypeError(f"Answer(headers=...) takes pairs of texts. {_PAIRS}")
    if name.lower() in _OF_THE_SERVER:
        raise ValueError(f"The header {name} is set by the server; a WireFault can send another.")


def check_header(name: str, value: str) -> None:
    """Raise ``ValueError`` if HTTP has no such header, whose value the text does not show."""
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} is no name of a header, such as Content-Type (RFC 9110 section 5.1)."
        )
    if not _VALUE.fullmatch(value):
        raise ValueError(f"The header {name} has a value that HTTP cannot send (RFC 9110 5.5).")


def plain_answer(status: int, text: str) -> bytes:
    """An answer to what was no request that is understood; the connection ends after it."""
    return (
        f"HTTP/1.1 {status} \r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n{text}"
    ).encode("ascii")
