"""FAULT: when the network or the target misbehaves, at connect and at later steps."""

from __future__ import annotations

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    arm,
    connect,
    connect_tls,
    either,
    head,
    https,
    list_tables,
    must,
    own,
    secure,
    story,
    table,
)
from connect_contracts.chapters.case import Chapter, Meanings, Story, row
from connect_contracts.checks.expectation import Gives, GivesRows, Raises, Returns
from connect_contracts.checks.wire_checks import FaultFired, KnownAs
from connect_contracts.model.clause import Depth, Level

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
    "body shorter than announced, also where what came is whole JSON already, wrongly chunked, "
    "without its last chunk (implied, RFC 9112 6.3, 8); longer, wrongly compressed, of another "
    "character set (robust): as FAULT-1",
    "RFC 9112 6.3, 8",
    Level.IMPLIED,
)
FAULT_3 = CHAPTER.clause(
    3,
    "bytes that are not HTTP; a status line of nonsense; huge headers; a huge body: as FAULT-1",
    "-",
    Level.ROBUST,
)
FAULT_4 = CHAPTER.clause(
    4,
    "a slow answer, byte by byte; a stall at each phase, the TLS handshake included: whether and "
    "when it ends (no time limit is documented)",
    "-",
    Level.OBSERVE,
)
FAULT_6 = CHAPTER.clause(
    6,
    "after a fault passes, the same session (or a new one) works again",
    "-",
    Level.ROBUST,
)
FAULT_7 = CHAPTER.clause(
    7,
    "a connection that the target closed while it was idle: the next read works",
    "RFC 9112 9.3.1",
    Level.ROBUST,
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


STORED = secure(tables=(table("Example", ("stored",)),))
SHOWN = GivesRows(("Id",), ("String",), (("stored",),))


def _while_rows_are_read(fault: str) -> Story:
    return story(
        STORED,
        connect(AS_ADMIN),
        list_tables(),
        arm(fault, "later"),
        either(head(), (SHOWN, FaultFired()), (Raises(), FaultFired())),
    )


CHAPTER.table(
    FAULT_1,
    _while_rows_are_read,
    row(
        "rows-closed-before-the-answer",
        "While rows are read, the stream ends without a byte of the answer.",
        "closed before the answer",
    ),
    row(
        "rows-closed-within-the-headers",
        "While rows are read, the stream ends within the headers.",
        "closed within the headers",
    ),
    row(
        "rows-reset-within-the-body",
        "While rows are read, the connection is reset within the body.",
        "reset within the body",
    ),
    row(
        "rows-unavailable",
        "While rows are read, the target answers 503, with the body that the true answer has.",
        "status 503 with the true body",
    ),
)
CHAPTER.table(
    FAULT_2,
    _while_rows_are_read,
    row(
        "rows-cut-short",
        "While rows are read, the body is shorter than announced.",
        "body cut short",
    ),
    row(
        "rows-whole-and-shorter-than-announced",
        "While rows are read, one byte less than announced comes, and it is whole JSON.",
        "body whole and shorter than announced",
    ),
    row(
        "rows-without-the-last-chunk",
        "While rows are read, the stream ends before the last chunk, which has no data.",
        "last chunk missing",
    ),
)


def _while_tables_are_listed(fault: str) -> Story:
    return story(
        STORED,
        connect(AS_ADMIN),
        arm(fault, "later"),
        either(list_tables(), (Gives(["Example"]), FaultFired()), (Raises(), FaultFired())),
    )


CHAPTER.table(
    FAULT_1,
    _while_tables_are_listed,
    row(
        "tables-reset-within-the-body",
        "While the tables are listed, the connection is reset within the body.",
        "reset within the body",
    ),
    row(
        "tables-unavailable",
        "While the tables are listed, the answer is 503, with the body that the true answer has.",
        "status 503 with the true body",
    ),
)
CHAPTER.table(
    FAULT_2,
    _while_rows_are_read,
    row(
        "rows-longer-than-announced",
        "While rows are read, the body is longer than announced.",
        "body longer than announced",
    ),
    row(
        "rows-said-to-be-compressed",
        "While rows are read, the body is plain, and the headers call it gzip-coded.",
        "said to be gzip-coded",
    ),
    row(
        "rows-compressed-and-cut-short",
        "While rows are read, half of the gzip-coded body comes.",
        "gzip-coded and cut short",
    ),
    row(
        "rows-of-another-character-set",
        "While rows are read, the body is UTF-16, and the headers call it UTF-8.",
        "text of another character set",
    ),
    level=Level.ROBUST,
)


def _at_connect(fault: str) -> Story:
    return story(secure(), arm(fault), must(connect(AS_ADMIN), Raises(), FaultFired()))


CHAPTER.table(
    FAULT_2,
    _at_connect,
    row(
        "versions-whole-and-shorter-than-announced",
        "One byte less than announced comes of the versions document, and it is whole JSON.",
        "body whole and shorter than announced",
    ),
    row(
        "versions-without-the-last-chunk",
        "The stream ends before the last chunk of the versions document, which has no data.",
        "last chunk missing",
    ),
)
CHAPTER.table(
    FAULT_3,
    _at_connect,
    row("no-http", "Bytes that are no HTTP answer the first request.", "bytes that are no HTTP"),
    row(
        "status-line-of-nonsense",
        "The first line of the first answer is no status line.",
        "status line of nonsense",
    ),
)
CHAPTER.table(
    FAULT_3,
    _while_rows_are_read,
    row(
        "rows-no-http",
        "While rows are read, bytes that are no HTTP answer.",
        "bytes that are no HTTP",
    ),
    row("rows-huge-header", "While rows are read, a header is 1 MiB long.", "header of 1 MiB"),
    row("rows-huge-body", "While rows are read, the body is 16 MiB long.", "body of 16 MiB"),
)


@CHAPTER.case(FAULT_6)
def after_a_failed_connect() -> Story:
    """The first answer is cut short, once; the next connect works."""
    return story(
        STORED,
        arm("body cut short", times=1),
        either(connect(AS_ADMIN), (Returns(), FaultFired()), (Raises(), FaultFired())),
        own("disarm"),
        must(connect(AS_ADMIN, session="after"), Returns()),
        must(head(session="after"), SHOWN),
    )


@CHAPTER.case(FAULT_6)
def after_rows_were_not_read() -> Story:
    """Rows are read and the answer is cut short, once; a new session reads them."""
    return story(
        STORED,
        connect(AS_ADMIN),
        list_tables(),
        arm("body cut short", "later", times=1),
        either(head(), (SHOWN, FaultFired()), (Raises(), FaultFired())),
        own("disarm"),
        must(connect(AS_ADMIN, session="after"), Returns()),
        must(head(session="after"), SHOWN),
    )


@CHAPTER.case(FAULT_6)
def after_the_target_was_unavailable() -> Story:
    """Everything is answered 503 for a while; then a new session works."""
    return story(
        STORED,
        arm("status 503", "any", times=20),
        either(connect(AS_ADMIN), (Returns(), FaultFired()), (Raises(), FaultFired())),
        own("disarm"),
        must(connect(AS_ADMIN, session="after"), Returns()),
        must(head(session="after"), SHOWN),
    )


@CHAPTER.case(FAULT_7)
def idle_connections_closed() -> Story:
    """The target closes its idle connections; then rows are read."""
    return story(
        STORED, connect(AS_ADMIN), list_tables(), own("close connections"), must(head(), SHOWN)
    )


@CHAPTER.case(FAULT_7)
def idle_connections_closed_under_tls() -> Story:
    """As before, over HTTPS."""
    return story(
        https(tables=STORED.tables),
        connect_tls(),
        list_tables(),
        own("close connections"),
        must(head(), SHOWN),
    )


def _stalls(fault: str) -> Story:
    return story(https(), arm(fault), connect_tls(), limit=STALL_LIMIT)


CHAPTER.add(
    FAULT_4,
    "byte-by-byte",
    "Each byte of the first answer goes out by itself.",
    lambda: story(secure(), arm("answered byte by byte"), connect(AS_ADMIN)),
)


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
