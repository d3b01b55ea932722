"""Client certificates that are missing, or that the target does not take.

What the target refuses about a certificate is derived from its defects, once for each version of
TLS: under 1.2 the client's handshake fails, under 1.3 its first read does.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from connect_contracts.chapters.builder import (
    CLIENT_CERTIFICATE,
    client_certificate,
    connect_tls,
    either,
    expired_client_certificate,
    must,
    mutual_tls,
    story,
)
from connect_contracts.chapters.case import Meanings, Story
from connect_contracts.chapters.mtls.chapter import CHAPTER, MTLS_3, MTLS_4
from connect_contracts.checks.expectation import Raises, Returns
from connect_contracts.checks.wire_checks import HandshakeRefusedByTarget, KnownAs, RefusedWith
from connect_contracts.model.clause import Depth, Level
from connect_contracts.model.scenario import Certificate, TlsVersion
from connect_harness.certificates import DEFECTS, Defect

RULE = "RFC 8446 4.4.2.4"


@CHAPTER.case(MTLS_3, depth=Depth.CORE)
def asked_politely() -> Story:
    """The target asks for a certificate, none is given, and it answers 401."""
    return story(
        mutual_tls("optional"),
        must(
            connect_tls(CLIENT_CERTIFICATE, defect="client certificate not given"),
            Raises(),
            RefusedWith(401),
        ),
    )


def _insisted(tls: TlsVersion, alert: str) -> Story:
    return story(
        mutual_tls(tls=tls),
        must(
            connect_tls(CLIENT_CERTIFICATE, defect="client certificate not given"),
            Raises(),
            HandshakeRefusedByTarget((alert,)),
        ),
    )


@CHAPTER.case(MTLS_3, level=Level.IMPLIED, recipe="mtls12/missing", rule="RFC 5246 7.4.6")
def insisted_tls_1_2() -> Story:
    """The target insists on a certificate, over TLS 1.2, and none is given."""
    return _insisted("1.2", "handshake_failure")


@CHAPTER.case(MTLS_3, level=Level.IMPLIED, recipe="mtls13/missing", rule=RULE)
def insisted_tls_1_3() -> Story:
    """The target insists on a certificate, over TLS 1.3, and none is given."""
    return _insisted("1.3", "certificate_required")


def _optional(tls: TlsVersion) -> Story:
    return story(mutual_tls("optional", tls=tls), must(connect_tls(), Returns(), KnownAs("admin")))


@CHAPTER.case(
    MTLS_3,
    level=Level.IMPLIED,
    recipe="mtls12/optional-none",
    rule="RFC 5246 7.4.6",
    depth=Depth.FULL,
)
def not_needed_tls_1_2() -> Story:
    """The target asks without insisting, over TLS 1.2: a user with a password needs none."""
    return _optional("1.2")


@CHAPTER.case(MTLS_3, level=Level.IMPLIED, recipe="mtls13/optional-none", rule="RFC 8446 4.4.2.4")
def not_needed_tls_1_3() -> Story:
    """The target asks without insisting, over TLS 1.3: a user with a password needs none."""
    return _optional("1.3")


def _unknown_authority(**target: Any) -> Story:
    return story(
        mutual_tls(**target),
        must(UNKNOWN, Raises(), HandshakeRefusedByTarget(("unknown_ca",))),
    )


def _unknown_where_optional(tls: TlsVersion) -> Story:
    # Who has no certificate of an authority that the target names may present none at all.
    refusals = HandshakeRefusedByTarget(("unknown_ca",)), RefusedWith(401)
    return story(
        mutual_tls("optional", tls=tls), either(UNKNOWN, *((Raises(), one) for one in refusals))
    )


UNKNOWN = connect_tls(CLIENT_CERTIFICATE, defect="client certificate of an unknown authority")


@CHAPTER.case(MTLS_4, recipe="mtls13/untrusted-ca", rule=RULE)
def unknown_authority() -> Story:
    """The client certificate is of an authority that the target does not trust."""
    return _unknown_authority()


@CHAPTER.case(MTLS_4, recipe="mtls12/untrusted-ca", rule="RFC 5246 7.4.6")
def unknown_authority_tls_1_2() -> Story:
    """As before, over TLS 1.2."""
    return _unknown_authority(tls="1.2")


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
    return _refused(expired_client_certificate(), ("certificate_expired",), None)


def _refused(given: Certificate, alerts: tuple[str, ...], tls: TlsVersion | None) -> Story:
    # Only a target that checks its authority's revocation list sees this one.
    target = mutual_tls(tls=tls, checks_revocation="certificate_revoked" in alerts)
    return story(target, must(connect_tls(given), Raises(), HandshakeRefusedByTarget(alerts)))


_VERSIONS: tuple[tuple[TlsVersion, str, str], ...] = (
    ("1.2", "mtls12", "-tls-1-2"),
    ("1.3", "mtls13", ""),
)


def _with(defect: Defect) -> Certificate:
    """The administrator's client certificate with this defect."""
    form = defect.chain
    return client_certificate(intermediates=form.intermediates, key=form.key, defect=defect.name)


def _story(defect: Defect, tls: TlsVersion) -> Story:
    given = _with(defect)
    if defect.expectation == "refused":
        return _refused(given, (str(defect.alert),), tls)
    if defect.expectation == "accepted":
        return story(mutual_tls(tls=tls), must(connect_tls(given), Returns(), KnownAs("admin")))
    return story(mutual_tls(tls=tls), connect_tls(given))


def _derive(defect: Defect) -> None:
    recipe = defect.recipe.partition("/")[2]
    for tls, topic, suffix in _VERSIONS:
        if f"{topic}/{recipe}" in WRITTEN_ABOVE:
            continue
        CHAPTER.add(
            CHAPTER.clauses[defect.clause],
            f"{defect.slug.removeprefix('client_').replace('_', '-')}{suffix}",
            f"{defect.description} Over TLS {tls}.",
            partial(_story, defect, tls),
            level=Level.OBSERVE if defect.expectation == "observe" else None,
            depth=Depth(defect.depth),
            recipe=f"{topic}/{recipe}",
            rule=defect.rule,
            meanings=Meanings(defect.if_accepted, defect.if_refused),
        )


WRITTEN_ABOVE = ("mtls13/expired",)
"""Recipes whose case is older than what is derived, and keeps its form."""

for _defect in DEFECTS.values():
    if _defect.chain.purpose == "client":
        _derive(_defect)
