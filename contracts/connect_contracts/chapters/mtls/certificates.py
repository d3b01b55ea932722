"""MTLS: the clauses; client certificates that are presented, that are missing, or that the target
refuses.

What the target refuses about a certificate is derived from its defects, once for each version of
TLS: under 1.2 the client's handshake fails, under 1.3 its first read does.
"""

from __future__ import annotations

from functools import partial

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    CLIENT_CERTIFICATE,
    client_certificate,
    connect_tls,
    either,
    list_tables,
    must,
    mutual_tls,
    story,
)
from connect_contracts.chapters.case import Chapter, Meanings, Story, row
from connect_contracts.checks.expectation import Gives, Raises, Returns
from connect_contracts.checks.wire_checks import (
    HandshakeRefusedByTarget,
    KnownAs,
    Presents,
    RefusedWith,
    WireCheck,
)
from connect_contracts.model.clause import Depth, Level, Profile
from connect_contracts.model.scenario import (
    Authentication,
    Certificate,
    KeyFormat,
    KeyLayout,
    TlsVersion,
    Use,
)
from connect_harness.certificates import DEFECTS, Defect

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


FILES = "documentation of ClientCertificate"


def _connects(
    given: Authentication, policy: str = "required", tls: TlsVersion | None = None
) -> Story:
    return story(mutual_tls(policy, tls=tls), must(connect_tls(given), Returns(), KnownAs("admin")))


def _laid_out(layout: KeyLayout, key_format: KeyFormat = "PKCS 8") -> Story:
    key = "rsa-2048" if key_format == "PKCS 1" else "ec-p256"
    return _connects(client_certificate(layout=layout, key_format=key_format, key=key))


CHAPTER.table(
    MTLS_1,
    _laid_out,
    row("one-file", "Certificate and key are in one file.", "one file", depth=Depth.CORE),
    row("two-files", "Certificate and key are in two files.", "two files", recipe="mtls13/ok"),
    rule=FILES,
)


@CHAPTER.case(MTLS_1, recipe="mtls12/ok", rule=FILES)
def two_files_tls_1_2() -> Story:
    """Certificate and key are in two files, and the target speaks TLS 1.2 alone."""
    return _connects(CLIENT_CERTIFICATE, "required", "1.2")


@CHAPTER.case(MTLS_1, recipe="ccfile/encrypted-ok", rule=FILES)
def key_with_a_password() -> Story:
    """The key is encrypted, and its password is given."""
    return _laid_out("encrypted key")


@CHAPTER.case(MTLS_1, recipe="ccfile/encrypted-one-file", rule=FILES)
def key_with_a_password_in_one_file() -> Story:
    """Certificate and encrypted key are in one file; its password has letters beyond ASCII."""
    return _laid_out("one file, encrypted key")


@CHAPTER.case(MTLS_1, recipe="ccfile/sec-1", rule="RFC 5915 4", depth=Depth.FULL)
def key_in_sec_1() -> Story:
    """The key is written as SEC 1 has it."""
    return _laid_out("two files", "SEC 1")


@CHAPTER.case(MTLS_1, recipe="ccfile/pkcs-1", rule="RFC 8017 A.1.2", depth=Depth.FULL)
def key_in_pkcs_1() -> Story:
    """The key is one of RSA, and written as PKCS 1 has it."""
    return _laid_out("one file", "PKCS 1")


@CHAPTER.case(MTLS_1, recipe="ccfile/sec-1-encrypted", rule="RFC 1421 4.6", depth=Depth.FULL)
def key_in_sec_1_with_a_password() -> Story:
    """The key is written as SEC 1 has it, and encrypted."""
    return _laid_out("encrypted key", "SEC 1")


@CHAPTER.case(MTLS_1)
def where_it_is_optional() -> Story:
    """The target asks for a client certificate without insisting; one is given."""
    return _connects(CLIENT_CERTIFICATE, "optional")


@CHAPTER.case(MTLS_1, recipe="mtls13/with-intermediate", rule="RFC 8446 4.4.2")
def below_an_intermediate() -> Story:
    """The client certificate is below an intermediate, which stands in its file."""
    return _connects(client_certificate(intermediates=1))


@CHAPTER.case(MTLS_1, recipe="mtls12/with-intermediate", rule="RFC 5246 7.4.6", depth=Depth.FULL)
def below_an_intermediate_tls_1_2() -> Story:
    """As before, over TLS 1.2."""
    return _connects(client_certificate(intermediates=1), "required", "1.2")


@CHAPTER.case(MTLS_2, depth=Depth.CORE)
def on_every_connection() -> Story:
    """Connecting and listing the tables present the certificate that was given, every time."""
    return story(
        mutual_tls(),
        must(connect_tls(CLIENT_CERTIFICATE), Returns(), Presents()),
        must(list_tables(), Returns(), Presents()),
    )


@CHAPTER.case(MTLS_2, profiles=(Profile.V6_2,))
def user_of_the_subject() -> Story:
    """``session.user`` is the user whom the certificate's subject names."""
    return story(
        mutual_tls(),
        connect_tls(CLIENT_CERTIFICATE),
        must(Use("user"), Gives({"name": "admin", "roles": ["ROLE_ADMIN", "ROLE_USER"]})),
    )


RULE = "RFC 8446 4.4.2.4"


def _not_given(seen: WireCheck, policy: str = "required", tls: TlsVersion | None = None) -> Story:
    call = connect_tls(CLIENT_CERTIFICATE, defect="client certificate not given")
    return story(mutual_tls(policy, tls=tls), must(call, Raises(), seen))


@CHAPTER.case(MTLS_3, depth=Depth.CORE)
def asked_politely() -> Story:
    """The target asks for a certificate, none is given, and it answers 401."""
    return _not_given(RefusedWith(401), "optional")


@CHAPTER.case(MTLS_3, level=Level.IMPLIED, recipe="mtls12/missing", rule="RFC 5246 7.4.6")
def insisted_tls_1_2() -> Story:
    """The target insists on a certificate, over TLS 1.2, and none is given."""
    return _not_given(HandshakeRefusedByTarget(("handshake_failure",)), tls="1.2")


@CHAPTER.case(MTLS_3, level=Level.IMPLIED, recipe="mtls13/missing", rule=RULE)
def insisted_tls_1_3() -> Story:
    """The target insists on a certificate, over TLS 1.3, and none is given."""
    return _not_given(HandshakeRefusedByTarget(("certificate_required",)), tls="1.3")


@CHAPTER.case(
    MTLS_3,
    level=Level.IMPLIED,
    recipe="mtls12/optional-none",
    rule="RFC 5246 7.4.6",
    depth=Depth.FULL,
)
def not_needed_tls_1_2() -> Story:
    """The target asks without insisting, over TLS 1.2: a user with a password needs none."""
    return _connects(AS_ADMIN, "optional", "1.2")


@CHAPTER.case(MTLS_3, level=Level.IMPLIED, recipe="mtls13/optional-none", rule="RFC 8446 4.4.2.4")
def not_needed_tls_1_3() -> Story:
    """The target asks without insisting, over TLS 1.3: a user with a password needs none."""
    return _connects(AS_ADMIN, "optional", "1.3")


UNKNOWN = connect_tls(CLIENT_CERTIFICATE, defect="client certificate of an unknown authority")


def _unknown_authority(tls: TlsVersion | None = None) -> Story:
    return story(
        mutual_tls(tls=tls), must(UNKNOWN, Raises(), HandshakeRefusedByTarget(("unknown_ca",)))
    )


def _unknown_where_optional(tls: TlsVersion) -> Story:
    # Who has no certificate of an authority that the target names may present none at all.
    refusals = HandshakeRefusedByTarget(("unknown_ca",)), RefusedWith(401)
    return story(
        mutual_tls("optional", tls=tls),
        either(UNKNOWN, *((Raises(), refusal) for refusal in refusals)),
    )


@CHAPTER.case(MTLS_4, recipe="mtls13/untrusted-ca", rule=RULE)
def unknown_authority() -> Story:
    """The client certificate is of an authority that the target does not trust."""
    return _unknown_authority()


@CHAPTER.case(MTLS_4, recipe="mtls12/untrusted-ca", rule="RFC 5246 7.4.6")
def unknown_authority_tls_1_2() -> Story:
    """As before, over TLS 1.2."""
    return _unknown_authority("1.2")


@CHAPTER.case(MTLS_4, recipe="mtls13/optional-bad", rule=RULE, depth=Depth.FULL)
def unknown_authority_where_it_is_optional() -> Story:
    """The target asks without insisting, and does not trust the authority of what is given."""
    return _unknown_where_optional("1.3")


@CHAPTER.case(MTLS_4, recipe="mtls12/optional-bad", rule="RFC 5246 7.4.6", depth=Depth.FULL)
def unknown_authority_where_it_is_optional_tls_1_2() -> Story:
    """As before, over TLS 1.2."""
    return _unknown_where_optional("1.2")


@CHAPTER.case(MTLS_4, recipe="mtls13/expired", rule=RULE)
def expired() -> Story:
    """The client certificate expired years ago."""
    return _refused(client_certificate(defect="leaf expired"), ("certificate_expired",), None)


def _refused(given: Certificate, alerts: tuple[str, ...], tls: TlsVersion | None) -> Story:
    # Only a target that checks its authority's revocation list sees this one.
    target = mutual_tls(tls=tls, checks_revocation="certificate_revoked" in alerts)
    return story(target, must(connect_tls(given), Raises(), HandshakeRefusedByTarget(alerts)))


_VERSIONS: tuple[tuple[TlsVersion, str, str], ...] = (
    ("1.2", "mtls12", "-tls-1-2"),
    ("1.3", "mtls13", ""),
)


def _story(defect: Defect, tls: TlsVersion) -> Story:
    form = defect.chain
    given = client_certificate(intermediates=form.intermediates, key=form.key, defect=defect.name)
    match defect.expectation:
        case "refused":
            return _refused(given, (str(defect.alert),), tls)
        case "accepted":
            return _connects(given, tls=tls)
        case "observe":
            return story(mutual_tls(tls=tls), connect_tls(given))


WRITTEN_ABOVE = "mtls13/expired"
"""The recipe whose case is older than what is derived, and keeps its form."""

for _defect in DEFECTS.values():
    if _defect.chain.purpose != "client":
        continue
    for _tls, _topic, _suffix in _VERSIONS:
        _recipe = f"{_topic}/{_defect.recipe.partition('/')[2]}"
        if _recipe == WRITTEN_ABOVE:
            continue
        CHAPTER.add(
            CHAPTER.clauses[_defect.clause],
            f"{_defect.slug.removeprefix('client_').replace('_', '-')}{_suffix}",
            f"{_defect.description} Over TLS {_tls}.",
            partial(_story, _defect, _tls),
            level=Level.OBSERVE if _defect.expectation == "observe" else None,
            depth=Depth(_defect.depth),
            recipe=_recipe,
            rule=_defect.rule,
            meanings=Meanings(_defect.if_accepted, _defect.if_refused),
        )
