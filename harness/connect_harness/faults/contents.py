"""Faults of an answer's head and content: other bytes, codings, character sets, sizes, a cookie."""

from __future__ import annotations

import gzip
import itertools
from dataclasses import replace

from connect_harness.exchange import Answer, Request
from connect_harness.faults.message import instead
from connect_harness.faults.registry import AnswerFault, Effect, Honest, WireFault, fault
from connect_harness.misbehaviour import Act

COOKIE = "target"
"""The name of the cookie that ``cookie set`` sets."""

_NUMBERS = itertools.count(1)
_GZIP = ("Content-Encoding", "gzip")
_MEBIBYTE = 1024 * 1024
HUGE_BODY = 16 * _MEBIBYTE
"""How many bytes of blanks follow the body of ``body of 16 MiB``."""


@fault("bytes that are no HTTP", Effect.STOPS)
def bytes_that_are_no_http() -> WireFault:
    """Bytes that are no answer of HTTP (RFC 9112 section 2.1); the stream ends after them."""
    garbage = bytes((number * 37 + 129) % 256 for number in range(64))
    return instead(lambda _: [garbage, Act.NOTIFY_AND_CLOSE])


@fault("status line of nonsense", Effect.STOPS)
def status_line_of_nonsense() -> WireFault:
    """Where the status line should be stands another line (RFC 9112 section 4); the rest is true,
    and the stream ends after it.
    """
    return instead(
        lambda answer: [
            b"HTTP/banana fine\r\n" + b"".join(answer.headers) + b"\r\n" + answer.body,
            Act.NOTIFY_AND_CLOSE,
        ]
    )


@fault("header of 1 MiB", Effect.OPEN)
def header_of_1_mib() -> WireFault:
    """The true answer, with one header more that is 1 MiB long."""
    return instead(
        lambda answer: [
            answer.status_line
            + b"X-Filling: "
            + b"x" * _MEBIBYTE
            + b"\r\n"
            + b"".join(answer.headers)
            + b"\r\n"
            + answer.body
        ]
    )


@fault("body of 16 MiB", Effect.OPEN)
def body_of_16_mib() -> WireFault:
    """The true body, and 16 MiB of blanks after it, which JSON allows (RFC 8259 section 2)."""

    def longer(body: bytes) -> bytes:
        return body + b" " * HUGE_BODY

    return instead(lambda answer: [answer.with_body(longer(answer.body)).head, longer(answer.body)])


@fault("early hints before the answer", Effect.HARMLESS)
def early_hints_before_the_answer() -> WireFault:
    """An interim answer with the status 103 comes before the true one (RFC 9110 15.2)."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    return instead(lambda answer: [hints, answer.head + answer.body])


def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


@fault("gzip-coded where it is accepted", Effect.HARMLESS)
def gzip_coded_where_it_is_accepted() -> AnswerFault:
    """The true answer, gzip-coded if the request accepts that (RFC 9110 8.4, 12.5.3)."""

    def answer(request: Request, honest: Honest) -> Answer:
        true = honest()
        if b"gzip" not in (request.header("accept-encoding") or b"") or not true.body:
            return true
        return replace(true, body=_gzipped(true.body), headers=(*true.headers, _GZIP))

    return AnswerFault(answer)


@fault("said to be gzip-coded", Effect.OPEN)
def said_to_be_gzip_coded() -> AnswerFault:
    """The true body, which the headers call gzip-coded (RFC 9110 8.4)."""

    def answer(_: Request, honest: Honest) -> Answer:
        true = honest()
        return replace(true, headers=(*true.headers, _GZIP))

    return AnswerFault(answer)


@fault("gzip-coded and cut short", Effect.STOPS)
def gzip_coded_and_cut_short() -> AnswerFault:
    """Half of the gzip-coded body, with the length of that half (RFC 9110 8.4, RFC 1952)."""

    def answer(_: Request, honest: Honest) -> Answer:
        true = honest()
        coded = _gzipped(true.body or b"{}")
        return replace(true, body=coded[: len(coded) // 2], headers=(*true.headers, _GZIP))

    return AnswerFault(answer)


@fault("text of another character set", Effect.OPEN)
def text_of_another_character_set() -> AnswerFault:
    """The true body as UTF-16, which the headers call UTF-8 (RFC 8259 section 8.1)."""

    def answer(_: Request, honest: Honest) -> Answer:
        true = honest()
        body = true.body.decode("utf-8").encode("utf-16")
        return replace(true, body=body, content_type="application/json; charset=utf-8")

    return AnswerFault(answer)


@fault("cookie set", Effect.HARMLESS)
def cookie_set() -> AnswerFault:
    """The true answer, with a cookie for the whole host, which is another in each answer (RFC 6265
    section 4.1).
    """

    def answer(_: Request, honest: Honest) -> Answer:
        cookie = ("Set-Cookie", f"{COOKIE}={next(_NUMBERS)}; Path=/")
        true = honest()
        return replace(true, headers=(*true.headers, cookie))

    return AnswerFault(answer)
