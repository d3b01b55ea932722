"""What verifiers say to a certificate question, each in its own words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Protocol

import msgspec

from connect_contracts.recipes.question import Question
from connect_harness.certificates import Authorities, PresentedChain
from connect_harness.certificates.chain import Purpose
from connect_harness.certificates.client_files import given_file

OPENSSL_LENIENT = "OpenSSL lenient"
"""OpenSSL with the TLS defaults of Python before 3.13."""
OPENSSL_STRICT = "OpenSSL strict"
"""And with those since: strict about RFC 5280, content with an intermediate that is trusted."""
CRYPTOGRAPHY = "cryptography"
"""The verifier of the package cryptography."""
VERIFIERS = (OPENSSL_LENIENT, OPENSSL_STRICT, CRYPTOGRAPHY)


class Verified(Protocol):
    """What a verifier says of a chain, as the harness has it."""

    @property
    def accepted(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def verify_code(self) -> int | None: ...


class Verifier(Protocol):
    """Verifies a chain against the certificates that are trusted."""

    def __call__(
        self, presented: PresentedChain, trusted_pem: bytes, host: str, *, purpose: Purpose
    ) -> Verified: ...


class Answer(msgspec.Struct, frozen=True):
    """What one verifier says.

    Parameters:
        accepted: Whether it believes the chain.
        reason: Why not, in the verifier's words; empty for a chain that it believes.
        verify_code: OpenSSL's code of it.
    """

    accepted: bool
    reason: str = ""
    verify_code: int | None = None

    def told(self) -> str:
        """The answer in a few words."""
        code = "" if self.verify_code is None else f"V{self.verify_code} "
        return "accepted" if self.accepted else f"refused: {code}{self.reason}"


def verifiers() -> dict[str, Verifier]:
    """The verifiers of the harness, by the names of ``VERIFIERS``."""
    of_harness = import_module("connect_harness.certificates.verifiers")
    return {
        OPENSSL_LENIENT: partial(of_harness.verify_by_openssl, strict=False),
        OPENSSL_STRICT: partial(of_harness.verify_by_openssl, strict=True),
        CRYPTOGRAPHY: of_harness.verify_by_cryptography,
    }


def answers(asked: Question, by: Mapping[str, Verifier]) -> dict[str, Answer]:
    """Issue the chain of ``asked`` below fresh authorities, and let each verifier decide.

    Parameters:
        by: The verifiers, by name.
    """
    authorities = Authorities()
    presented = authorities.issue(asked.chain)
    # Only now: a defect may have changed the authority's own certificate.
    trusted = given_file(asked.trusted, presented, authorities)
    said = {
        name: verify(presented, trusted, asked.host, purpose=asked.purpose)
        for name, verify in by.items()
    }
    return {
        name: Answer(True) if one.accepted else Answer(False, one.reason, one.verify_code)
        for name, one in said.items()
    }
