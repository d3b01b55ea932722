"""Every TLS case that was measured on stock clients has a recipe, or a reason why it has none."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.clause import Level

MEASURED = Path(__file__).with_name("measured_tls_cases.txt").read_text("ascii").split()
CASES = [case for case in catalogue().cases.values() if case.recipe]
RECIPES = Counter(case.recipe for case in CASES)

# A recipe is what a target presents, a file that a call is given, or a handshake. By reason, the
# measured cases that are none: a client could only be told by a setting that connect does not have.
EXCLUDED = {
    "no argument of connect says whether common names count": "name/cn-only-hardened",
    # A client that does so by itself fails CA-10[wrong-dns-name].
    "no argument of connect switches the check of host names off": "name/wrong-dns-unchecked",
    "no argument of connect keeps a client to TLS 1.2": "proto/client12-server13",
    # The fake's plain port answers.
    "a plain port that waits shows only the client's own time limit, as FAULT-4"
    "[stalled-within-the-handshake] does": "proto/plain-http-on-tls-port",
    "no argument of connect gives or asks for a revocation list": "rev/revoked-crl rev/good-crl "
    "rev/crl-missing rev/crl-expired",
    "connect takes the path of a file, never its content": "cafile/cadata-empty-str "
    "cafile/cadata-empty-bytes cafile/cadata-pem-bytes cafile/cadata-nonascii cafile/cadata-der "
    "cafile/cadata-good-then-bad",
    "connect raises for a folder and for a missing file, which CA-7[directory] and CA-7[missing] "
    "show": "cafile/capath-unhashed cafile/capath-missing",
    "a client's own library refuses to load such a key, which MTLS-5[rsa-1024] records: there is "
    "no handshake": "mtls12/weak-key mtls13/weak-key",
    "about a library that makes certificates, not about a handshake": "weak/sha1-generate "
    "weak/md5-generate use/path-length-trustme",
}
# Cases that were measured apart, and are one recipe here: the other result of the same question,
# or the same call.
ANOTHER_NAME = {
    "cafile/ok": "ok/trustme",
    "ok/x509": "ok/trustme",
    "mtls12/eku-client-no-san": "mtls12/ok",
    "mtls13/eku-client-no-san": "mtls13/ok",
    "cafile/replaces-system": "cafile/adds-to-system",
    "cafile/env-ignored-with-cadata": "cafile/adds-to-system",
}


def test_every_measured_case_has_one_recipe_or_one_reason() -> None:
    assert len(MEASURED) == len(set(MEASURED)) == 229
    excluded = " ".join(EXCLUDED.values()).split()
    without = Counter([*excluded, *ANOTHER_NAME])
    assert set(MEASURED) - set(RECIPES) == set(without)
    assert set(without) <= set(MEASURED)
    assert set(ANOTHER_NAME.values()) <= set(RECIPES)
    assert [name for name, times in (RECIPES + without).items() if times > 1] == []


def test_a_recipe_counts_only_with_a_rule() -> None:
    assert [case.id for case in CASES if case.level is not Level.OBSERVE and not case.rule] == []
