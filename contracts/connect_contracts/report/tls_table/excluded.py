"""Measured TLS cases that no recipe has, each with the reason why it has no place in a ``connect``.

A recipe is what a target presents, a file that a call is given, or a handshake. What a client could
only be told by a setting that ``connect`` does not take is none.
"""

from __future__ import annotations

EXCLUDED = {
    "name/cn-only-hardened": "no argument of connect says whether common names count",
    "name/wrong-dns-unchecked": "no argument of connect switches the check of host names off; "
    "a client that does so by itself fails CA-10[wrong-dns-name]",
    "proto/client12-server13": "no argument of connect keeps a client to TLS 1.2",
    "proto/plain-http-on-tls-port": "a plain port that waits for a line shows only the client's "
    "own time limit, as FAULT-4[stalled-within-the-handshake] does; the fake's plain port answers",
    "rev/revoked-crl": "no argument of connect gives a revocation list",
    "rev/good-crl": "no argument of connect gives a revocation list",
    "rev/crl-missing": "no argument of connect asks for a revocation list",
    "rev/crl-expired": "no argument of connect gives a revocation list",
    "cafile/cadata-empty-str": "connect takes the path of a file, never its content",
    "cafile/cadata-empty-bytes": "connect takes the path of a file, never its content",
    "cafile/cadata-pem-bytes": "connect takes the path of a file, never its content",
    "cafile/cadata-nonascii": "connect takes the path of a file, never its content",
    "cafile/cadata-der": "connect takes the path of a file, never its content",
    "cafile/cadata-good-then-bad": "connect takes the path of a file, never its content",
    "cafile/capath-unhashed": "connect takes the path of a file; of a folder it has to raise, "
    "which CA-7[directory] shows",
    "cafile/capath-missing": "connect takes the path of a file; of one that is missing it has to "
    "raise, which CA-7[missing] shows",
    "mtls12/weak-key": "a client's own library refuses to load such a key, which "
    "MTLS-5[rsa-1024] records: no handshake comes of it",
    "mtls13/weak-key": "a client's own library refuses to load such a key, which "
    "MTLS-5[rsa-1024] records: no handshake comes of it",
    "weak/sha1-generate": "about a library that makes certificates, not about a handshake",
    "weak/md5-generate": "about a library that makes certificates, not about a handshake",
    "use/path-length-trustme": "about a library that makes certificates, not about a handshake",
}
"""By the name of the measured case; the reason is a sentence without its end."""

ANOTHER_NAME = {
    "cafile/ok": "ok/trustme",
    "ok/x509": "ok/trustme",
    "mtls12/eku-client-no-san": "mtls12/ok",
    "mtls13/eku-client-no-san": "mtls13/ok",
    "cafile/replaces-system": "cafile/adds-to-system",
    "cafile/env-ignored-with-cadata": "cafile/adds-to-system",
}
"""Cases that were measured apart, and are one recipe here: the other result of the same question,
or the same call."""
