"""CA: of a certificate, one thing is not looked at."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken
from connect_contracts.selftest.x509_verifier import Check, by_hand


def judging_by_hand(
    reference: ReferenceCopy, *without: Check, sent_are_trusted: bool = False
) -> None:
    """Have certificates verified by hand, and these checks left out."""

    open_transport = reference["_session._transport"]
    trusting = reference["_trust.trusting"]

    def in_hand(certificate_authority: Path | None) -> Any:
        return by_hand(certificate_authority, without=without, sent_are_trusted=sent_are_trusted)

    def opening(url: Any, authentication: Any, certificate_authority: Any) -> Any:
        # By hand a target is judged when the handshake is over: too late for who presents itself.
        presents = isinstance(authentication, reference["ClientCertificate"])
        reference["_trust.trusting"] = trusting if presents else in_hand
        return open_transport(url, authentication, certificate_authority)

    reference["_session._transport"] = opening


@broken(fails=("CA-11[wildcard-for-two-labels]",))
def wildcards_stand_for_several_labels(reference: ReferenceCopy) -> None:
    """A wildcard stands for any number of labels."""
    judging_by_hand(reference, "wildcards of one label")


@broken(
    fails=(
        *("CA-11[wildcard-ends-label]", "CA-11[wildcard-starts-label]"),
        *("CA-11[wildcard-within-label]", "CA-11[wildcard-within-a-label]"),
    )
)
def wildcards_stand_for_parts_of_labels(reference: ReferenceCopy) -> None:
    """A wildcard may stand for a part of the first label."""
    judging_by_hand(reference, "wildcards of a whole label")


@broken(
    fails=(
        "CA-11[wildcard-in-second-label]",
        "CA-11[wildcard-in-last-label]",
        "CA-11[two-wildcards]",
    )
)
def wildcards_stand_anywhere(reference: ReferenceCopy) -> None:
    """A wildcard may be any label."""
    judging_by_hand(reference, "wildcards at the left end")


@broken(fails=("CA-13[eku-client-only]", "CA-13[eku-code-signing-only]", "CA-13[ku-crl-only]"))
def ignores_purposes(reference: ReferenceCopy) -> None:
    """What a leaf may be used for is not looked at."""
    judging_by_hand(reference, "purposes")


@broken(fails=("CA-13",))
def ignores_basic_constraints(reference: ReferenceCopy) -> None:
    """Whether an issuer is an authority is not looked at."""
    judging_by_hand(reference, "basic constraints")


@broken(fails=("CA-13",))
def ignores_path_lengths(reference: ReferenceCopy) -> None:
    """How many intermediates an authority allows is not looked at."""
    judging_by_hand(reference, "path length")


@broken(fails=("CA-13",))
def ignores_key_usage(reference: ReferenceCopy) -> None:
    """Whether an issuer may sign certificates is not looked at."""
    judging_by_hand(reference, "key usage")


@broken(fails=("CA-13",))
def ignores_name_constraints(reference: ReferenceCopy) -> None:
    """For which names an intermediate may sign is not looked at."""
    judging_by_hand(reference, "name constraints")


@broken(fails=("CA-13",))
def ignores_critical_extensions(reference: ReferenceCopy) -> None:
    """A critical extension that is not known is passed over."""
    judging_by_hand(reference, "critical extensions")


@broken(fails=("CA-15",))
def believes_md5(reference: ReferenceCopy) -> None:
    """A signature over an MD5 digest is believed."""
    judging_by_hand(reference, "signature algorithms")


@broken(
    fails=("CA-13",),
    because="what is above a certificate that was sent is not looked at any more",
)
def takes_intermediates_for_authorities(reference: ReferenceCopy) -> None:
    """An intermediate that the target sends is trusted as an authority."""
    judging_by_hand(reference, sent_are_trusted=True)


@broken(
    fails=("CA-11[one-label]",),
    because="a constraint that a wildcard has to keep is never reached",
)
def knows_no_wildcards(reference: ReferenceCopy) -> None:
    """A wildcard stands for nothing."""
    trusting = reference["_trust.trusting"]

    class Literal(ssl.SSLContext):
        def wrap_socket(self, *given: Any, **named: Any) -> Any:
            wrapped = super().wrap_socket(*given, **named)
            leaf: Any = wrapped.getpeercert()
            if any("*" in name for _, name in leaf["subjectAltName"]):
                wrapped.close()
                raise ssl.SSLError("what is a star?")
            return wrapped

    reference["_trust.trusting_nobody"] = lambda: Literal(ssl.PROTOCOL_TLS_CLIENT)
    reference["_trust.trusting"] = trusting
