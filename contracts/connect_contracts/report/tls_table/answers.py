"""What verifiers say to a certificate question, each in its own words."""

from __future__ import annotations

import re
import ssl

import msgspec

from connect_contracts.report.tls_table.question import Question
from connect_harness.certificates import Authorities
from connect_harness.certificates.client_files import given_file
from connect_harness.certificates.verifiers import (
    Verified,
    verify_by_cryptography,
    verify_by_openssl,
)

OPENSSL_LENIENT = "OpenSSL lenient"
"""OpenSSL with the TLS defaults of Python before 3.13."""
OPENSSL_STRICT = "OpenSSL strict"
"""And with those since: strict about RFC 5280, content with an intermediate that is trusted."""
CRYPTOGRAPHY = "cryptography"
"""The verifier of the package cryptography."""
VERIFIERS = (OPENSSL_LENIENT, OPENSSL_STRICT, CRYPTOGRAPHY)

# What cryptography shows of its insides: where in the chain it was, and its own data.
_INSIDE = re.compile(r" \(encountered processing .*|: AlgorithmIdentifier \{.*", re.DOTALL)


class Answer(msgspec.Struct, frozen=True):
    """What one verifier says.

    Parameters:
        accepted: Whether it believes the chain; ``None`` if it cannot be asked.
        reason: Why not, in the verifier's words; empty for a chain that it believes.
        verify_code: OpenSSL's code of it.
    """

    accepted: bool | None
    reason: str = ""
    verify_code: int | None = None

    def describe(self) -> str:
        """The answer in a few words."""
        if self.accepted is None:
            return f"cannot be asked: {self.reason}"
        code = "" if self.verify_code is None else f"V{self.verify_code} "
        return "accepted" if self.accepted else f"refused: {code}{self.reason}"


def answers(asked: Question) -> dict[str, Answer]:
    """Issue the chain of ``asked`` below fresh authorities, and let each verifier decide.

    Returns:
        An answer for each of ``VERIFIERS``, by name. Of a client's certificate OpenSSL judges also
        whether it is revoked, where the target looks at that; cryptography does not.
    """
    authorities = Authorities()
    presented = authorities.issue(asked.chain)
    # Only now: a defect may have changed the authority's own certificate.
    trusted = given_file(asked.trusted, presented, authorities)
    lists = b""
    if asked.checks_revocation:
        lists = b"".join(authorities.authority(one).revocation_list_pem for one in asked.trusted)
    target = presented if asked.purpose == "server" else authorities.issue(asked.target)

    def by_openssl(strict: bool) -> Answer:
        try:
            verified = verify_by_openssl(
                presented,
                trusted,
                asked.host,
                purpose=asked.purpose,
                strict=strict,
                server=target,
                revocation_lists_pem=lists,
            )
        except ssl.SSLError as error:
            return Answer(None, error.reason or str(error))
        return _answer(verified)

    return {
        OPENSSL_LENIENT: by_openssl(strict=False),
        OPENSSL_STRICT: by_openssl(strict=True),
        CRYPTOGRAPHY: _answer(
            verify_by_cryptography(presented, trusted, asked.host, purpose=asked.purpose)
        ),
    }


def _answer(verified: Verified) -> Answer:
    if verified.accepted:
        return Answer(True)
    reason = verified.reason.removeprefix("validation failed: ")
    return Answer(False, " ".join(_INSIDE.sub("", reason).split()), verified.verify_code)
