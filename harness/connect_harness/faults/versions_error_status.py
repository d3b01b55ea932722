"""Error statuses in answer to the request for the versions document, each given for ever."""

from __future__ import annotations

from connect_harness.faults.answer_instead import AnswerInstead
from connect_harness.faults.registry import Fault, fault
from connect_harness.protocols.versions import PATH


@fault("versions 403")
def versions_403() -> Fault:
    """403 in answer to the request for the versions document (RFC 9110 15.5.4)."""
    return AnswerInstead(PATH, status=403)


@fault("versions 429")
def versions_429() -> Fault:
    """429 in answer to the request for the versions document (RFC 6585 4); no ``Retry-After``."""
    return AnswerInstead(PATH, status=429)


@fault("versions 500")
def versions_500() -> Fault:
    """500 in answer to the request for the versions document (RFC 9110 15.6.1)."""
    return AnswerInstead(PATH, status=500)


@fault("versions 502")
def versions_502() -> Fault:
    """502 in answer to the request for the versions document (RFC 9110 15.6.3)."""
    return AnswerInstead(PATH, status=502)


@fault("versions 503")
def versions_503() -> Fault:
    """503 in answer to the request for the versions document (RFC 9110 15.6.4)."""
    return AnswerInstead(PATH, status=503)
