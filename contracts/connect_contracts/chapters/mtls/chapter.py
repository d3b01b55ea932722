"""The chapter MTLS: its clauses."""

from __future__ import annotations

from connect_contracts.chapters.case import Chapter
from connect_contracts.model.clause import Level

CHAPTER = Chapter("MTLS", "client certificates")

MTLS_1 = CHAPTER.clause(
    1,
    "certificate and key in one file; in two files; key with a password: each connects",
    "documentation of ClientCertificate",
    Level.DOCUMENTED,
)
MTLS_2 = CHAPTER.clause(
    2,
    "every connection presents the certificate that was given (its fingerprint); 6.2: "
    "session.user is the user of its subject",
    "documentation of ClientCertificate and ClientCertificateConfig",
    Level.DOCUMENTED,
)
MTLS_3 = CHAPTER.clause(
    3,
    "required and not given: connect raises: 401 from a target that asks politely (documented), "
    "an alert from one that insists (implied, RFC 8446 4.4.2.4); under TLS 1.3 the alert comes "
    "after the client's handshake, and connect raises all the same",
    "documented 401 inside connect",
    Level.DOCUMENTED,
)
MTLS_4 = CHAPTER.clause(
    4,
    "signed by an authority that the target does not trust, or expired: raises",
    "RFC 8446 4.4.2.4",
    Level.IMPLIED,
)
MTLS_5 = CHAPTER.clause(
    5,
    "missing file, key of another certificate, wrong or missing password: raises before any "
    "request, and never asks on the terminal",
    "documentation of ClientCertificate, password",
    Level.IMPLIED,
)
MTLS_6 = CHAPTER.clause(
    6,
    "combined with an untrusted target: connect raises (implied), nothing is presented (robust)",
    "RFC 9110 4.3.4",
    Level.IMPLIED,
)
MTLS_7 = CHAPTER.clause(
    7,
    "the password and the key appear nowhere: not in an exception, a repr, a log record, a "
    "warning, the output",
    "-",
    Level.ROBUST,
)
MTLS_8 = CHAPTER.clause(
    8,
    "a session without a client certificate never presents that of another session",
    "-",
    Level.ROBUST,
)
