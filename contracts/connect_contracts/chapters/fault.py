"""FAULT: when the network or the target misbehaves, while connecting and while rows are added."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    add,
    arm,
    connect,
    connect_tls,
    either,
    https,
    must,
    owner_rows,
    secure,
    story,
    table,
)
from connect_contracts.chapters.case import Chapter, Meanings, Story, row
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import FaultFired, KnownAs, StoredAsSaid
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import Own

CHAPTER = Chapter("FAULT", "when the network or the target misbehaves")

FAULT_1 = CHAPTER.clause(
    1,
    "connection reset or closed before, within and after the status line, the headers, the body: "
    "an exception, or success with the right data, never a wrong answer",
    "-",
    Level.ROBUST,
)
FAULT_2 = CHAPTER.clause(
    2,
    "body shorter than announced, wrongly chunked (implied, RFC 9112 6.3, 8); longer, wrongly "
    "compressed, of another character set (robust): as FAULT-1",
    "RFC 9112 6.3, 8",
    Level.IMPLIED,
)
FAULT_4 = CHAPTER.clause(
    4,
    "a slow answer, byte by byte; a stall at each phase, the TLS handshake included: whether and "
    "when it ends (no time limit is documented)",
    "-",
    Level.OBSERVE,
)

LENGTH = "RFC 9112 6.3, 8"
CLOSURE = "RFC 8446 6.1, RFC 9112 9.8"
STALL_LIMIT = 5.0
"""Seconds after which a client that still waits is left alone."""


def _raises(fault: str) -> Story:
    return story(https(), arm(fault), must(connect_tls(), Raises(), FaultFired()))


@CHAPTER.case(FAULT_1, recipe="after/no-response", rule=CLOSURE)
def closed_before_the_answer() -> Story:
    """After the request the stream ends, without a byte and without ``close_notify``."""
    return _raises("closed before the answer")


@CHAPTER.case(FAULT_1, recipe="after/status-line-cut", rule=CLOSURE)
def closed_within_the_status_line() -> Story:
    """The stream ends within the status line."""
    return _raises("closed within the status line")


@CHAPTER.case(FAULT_1, recipe="after/headers-cut", rule=CLOSURE)
def closed_within_the_headers() -> Story:
    """The stream ends within the headers."""
    return _raises("closed within the headers")


@CHAPTER.case(FAULT_1, recipe="after/reset-mid-body", rule=CLOSURE)
def reset_within_the_body() -> Story:
    """The connection is reset within the body."""
    return _raises("reset within the body")


@CHAPTER.case(
    FAULT_1, recipe="after/plaintext-after-handshake", rule="RFC 8446 5.2", depth=Depth.FULL
)
def plain_bytes_within_the_stream() -> Story:
    """In place of the answer's records, the target sends it in plain text."""
    return _raises("plain bytes within the stream")


@CHAPTER.case(FAULT_2, recipe="after/truncated-length-ragged", rule=LENGTH)
def body_cut_short() -> Story:
    """The body is shorter than announced, and the stream ends without ``close_notify``."""
    return _raises("body cut short")


@CHAPTER.case(FAULT_2, recipe="after/truncated-length-clean", rule=LENGTH)
def body_cut_short_in_order() -> Story:
    """The body is shorter than announced, and the stream ends with ``close_notify``."""
    return _raises("body cut short with close_notify")


@CHAPTER.case(FAULT_2, recipe="after/truncated-chunked", rule=LENGTH)
def chunk_cut_short() -> Story:
    """The stream ends within a chunk."""
    return _raises("chunk cut short")


@CHAPTER.case(FAULT_2, recipe="after/wrong-chunk-size", rule="RFC 9112 7.1")
def wrong_chunk_size() -> Story:
    """The size of a chunk is no number."""
    return _raises("wrong chunk size")


@CHAPTER.case(FAULT_2, recipe="after/truncated-nolength-clean", rule="RFC 9112 6.3, 9.8")
def body_without_a_length() -> Story:
    """The body has no length, and ends with ``close_notify``: it is whole."""
    fault = arm("body without a length")
    return story(https(), fault, must(connect_tls(), Returns(), FaultFired(), KnownAs("admin")))


CHAPTER.add(
    FAULT_2,
    "body-without-a-length-cut-short",
    "The body has no length, and the stream ends within it, without close_notify.",
    lambda: story(https(), arm("body without a length cut short"), connect_tls()),
    level=Level.OBSERVE,
    recipe="after/truncated-nolength-ragged",
    meanings=Meanings(
        "a body is taken for whole although the stream was cut off, against RFC 9112 section 9.8",
        "what was cut off is not taken for an answer",
    ),
)


def _stalls(fault: str) -> Story:
    return story(https(), arm(fault), connect_tls(), limit=STALL_LIMIT)


@CHAPTER.case(FAULT_4, recipe="proto/handshake-stall", depth=Depth.SLOW)
def stalled_within_the_handshake() -> Story:
    """The target says nothing more once it has the client's hello."""
    return _stalls("stalled after the client hello")


@CHAPTER.case(FAULT_4, recipe="after/stall-before-answer", depth=Depth.SLOW)
def stalled_before_the_answer() -> Story:
    """The target says nothing more once it has the request."""
    return _stalls("stalled before the answer")


@CHAPTER.case(FAULT_4, recipe="after/stall-within-body", depth=Depth.SLOW)
def stalled_within_the_body() -> Story:
    """The target says nothing more within the body."""
    return _stalls("stalled within the body")


FAULT_5 = CHAPTER.clause(
    5,
    "a fault while a row is added: an exception and the row stored once or not at all, or no "
    "exception and stored exactly once (a keyed row sent twice is stored once)",
    "RFC 9110 9.2.2",
    Level.ROBUST,
)


def _adds(*faults: Own, keys: tuple[str, ...] = ()) -> Story:
    types = (("Id", "String"), ("Value", "String"))
    spec = table("Example", ("before", "there"), data_types=types, keys=keys)
    return story(
        secure(tables=(spec,)),
        connect(AS_ADMIN),
        *faults,
        either(add(("new", "added")), (Returns(),), (Raises(),)),
        must(owner_rows(), Returns(), StoredAsSaid(after_fault=True)),
    )


RESET = arm("reset before the answer", "changes", times=1)
"""After a fault of HTTP alone it is what a client meets that adds rows by Py4J."""

CHAPTER.table(
    FAULT_5,
    _adds,
    row(
        "stored-and-reset-before-the-answer",
        "The row is stored, and the connection is reset before the answer.",
        RESET,
    ),
    row(
        "stored-and-closed-before-the-answer",
        "The row is stored, and the stream ends before the answer.",
        arm("closed before the answer", "changes", times=1),
    ),
    row(
        "stored-and-refused",
        "The row is stored, and the answer is 500.",
        arm("status 500 after the change was made", "changes", times=1),
        RESET,
    ),
    row(
        "refused",
        "The row is not stored, and the answer is 503.",
        arm("status 503", "changes", times=1),
        RESET,
    ),
    row(
        "reset-within-the-request",
        "The connection is reset before the rows are read: nothing is stored.",
        arm("reset within the request", "changes", times=1),
        RESET,
    ),
)


@CHAPTER.case(FAULT_5)
def stored_by_its_key_and_reset() -> Story:
    """The row has a key; it is stored, and the connection is reset before the answer."""
    return _adds(RESET, keys=("Id",))
