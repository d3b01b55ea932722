"""The certificate question that a recipe asks, where it asks one."""

from __future__ import annotations

import msgspec

from connect_contracts.model.scenario import (
    AuthorityFile,
    Certificate,
    Own,
    Scenario,
    first_connect,
)
from connect_harness.certificates import Chain
from connect_harness.certificates.chain import Purpose


class Question(msgspec.Struct, frozen=True):
    """Whether a chain is to be believed.

    Parameters:
        chain: The chain that is presented.
        purpose: Whose it is, a server's or a client's.
        trusted: Names of the authorities that are trusted, as ``AuthorityFile`` has them.
        host: The host that was asked for, without brackets, as A-labels.
        target: The chain of the target, also where a client's is in question.
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
