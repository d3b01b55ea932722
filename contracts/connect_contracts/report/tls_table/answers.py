"""The certificate question that a recipe asks, where it asks one, and what verifiers answer."""

from __future__ import annotations

import re
import ssl

import msgspec

from connect_contracts.model.scenario import (
    AuthorityFile,
    Certificate,
    Own,
    Scenario,
    first_connect,
)
from connect_harness.certificates import Authorities, Chain, given_file
from connect_harness.certificates.chain import Purpose
from connect_harness.certificates.verifiers import (
    Verified,
    verify_by_cryptography,
    verify_by_openssl,
)

OPENSSL_LENIENT = "OpenSSL lenient"
"""OpenSSL with the TLS defaults of Python before 3.13."""
OPENSSL_STRICT = "OpenSSL strict"
"""OpenSSL with those of 3.13 and later: strict about RFC 5280; a trusted intermediate is enough."""
CRYPTOGRAPHY = "cryptography"
"""The verifier of the package cryptography."""
VERIFIERS = (OPENSSL_LENIENT, OPENSSL_STRICT, CRYPTOGRAPHY)

# What cryptography shows of its internals: where in the chain it was, and its own data.
_INSIDE = re.compile(r" \(encountered processing .*|: AlgorithmIdentifier \{.*", re.DOTALL)


class Question(msgspec.Struct, frozen=True):
    """Whether a chain, presented by one side, must be accepted.

    Parameters:
        trusted: Names of the authorities that are trusted, as ``AuthorityFile`` has them.
        host: The host that was asked for, without brackets, as A-labels.
        target: The chain of the target, also where the question is about a client's.
        checks_revocation: Whether revocation lists of those trusted are looked at.
    """

    chain: Chain
    purpose: Purpose
    trusted: tuple[str, ...]
    host: str
    target: Chain
    checks_revocation: bool = False


def question(scenario: Scenario) -> Question | None:
    """The question that ``scenario`` asks; ``None`` for one about a file or a handshake."""
    step, target = first_connect(scenario), scenario.targets[0]
    if step is None or target.scheme != "https" or step.call.defect is not None:
        return None
    call = step.call
    host = _asked_for(call.host)
    if isinstance(call.authentication, Certificate):
        return Question(
            call.authentication.chain,
            "client",
            (target.client_authority,),
            host,
            target.chain,
            target.checks_revocation,
        )
    file = call.authority_file
    if file is None or file != AuthorityFile(file.authorities) or _about_the_handshake(scenario):
        return None
    return Question(target.chain, "server", file.authorities, host, target.chain)


def _asked_for(host: str) -> str:
    bare = host.removeprefix("[").removesuffix("]")
    # As ssl does it itself (RFC 3490); an address stays as it is.
    return bare if bare.isascii() else bare.encode("idna").decode("ascii")


def _about_the_handshake(scenario: Scenario) -> bool:
    target = scenario.targets[0]
    armed = any(isinstance(step, Own) and step.action == "arm" for step in scenario.steps)
    special = target.tls or target.ciphers or target.server_name_unrecognised
    return armed or bool(special) or target.alpn != type(target)().alpn


class Answer(msgspec.Struct, frozen=True):
    """What one verifier says, in its words; ``accepted`` is ``None`` if it cannot be asked."""

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
    """What each of ``VERIFIERS`` says of the chain of ``asked``, issued below fresh authorities.

    OpenSSL also judges whether a client's certificate is revoked, where the target checks that.
    """
    authorities = Authorities()
    presented = authorities.issue(asked.chain)
    # Only now: a defect may have changed the authority's own certificate.
    trusted = given_file(asked.trusted, presented, authorities)
    lists = b""
    if asked.checks_revocation:
        lists = b"".join(authorities.authority(name).revocation_list_pem for name in asked.trusted)
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
