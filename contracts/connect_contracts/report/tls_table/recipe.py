"""A recipe, a row of the table: its case, what is expected, and by which alert OpenSSL refuses.

A recipe may ask a certificate question; verifiers answer it.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from connect_contracts.chapters.case import Case
from connect_contracts.chapters.catalogue import Catalogue
from connect_contracts.checks.expectation import Raises
from connect_contracts.execution.call_defects import met_by
from connect_contracts.model.clause import Level
from connect_contracts.model.scenario import (
    AuthorityFile,
    Call,
    Certificate,
    Own,
    Scenario,
    TargetSpec,
    first_connect,
)
from connect_harness.certificates import DEFECTS, Authorities, Chain, given_file
from connect_harness.certificates.chain import Purpose
from connect_harness.certificates.verifiers import (
    Verified,
    verify_by_cryptography,
    verify_by_openssl,
)


class UnknownRecipe(Exception):
    """No recipe, topic, clause or case has this id; the text is one sentence."""


class Expected(StrEnum):
    """What a recipe's rule demands."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    EITHER = "either"
    """Both are allowed, each with what must be seen of it."""
    OBSERVE = "observe"
    """No rule settles it."""


class Recipe(msgspec.Struct, frozen=True):
    """A row of the table.

    Parameters:
        id: Its name among the recipes: topic and name.
        rule: What demands the expectation: the case's own rule, else its clause's source. Empty
            where nothing is demanded.
        alerts: The alerts that OpenSSL may send for a refusal (RFC 8446 6.2), and which side sends
            them, such as ``unknown_ca by client``; two where strict TLS defaults have another.
    """

    id: str
    case: str
    clause: str
    description: str
    rule: str
    expected: Expected
    depth: str
    alerts: tuple[str, ...]


def cases_with_recipe(of: Catalogue, ids: Sequence[str] = ()) -> list[Case]:
    """The cases that have a recipe, sorted by topic; of these ids alone, if there are any.

    An id is that of a recipe (``time/expired``), topic (``time``), chapter, clause or case;
    ``UnknownRecipe`` is raised for any other.
    """
    cases = [case for case in of.cases.values() if case.recipe is not None]
    for name in ids:
        if not any(name in _names(case) for case in cases):
            raise UnknownRecipe(
                f"There is no recipe, topic, clause or case {name!r} among the recipes: "
                "`connect-contract recipes` shows them all."
            )
    chosen = [case for case in cases if not ids or set(ids) & set(_names(case))]
    return sorted(chosen, key=lambda case: (*(case.recipe or "").split("/", 1), case.id))


def _names(case: Case) -> tuple[str, ...]:
    recipe = case.recipe or ""
    return recipe, recipe.partition("/")[0], case.id, case.clause.id, case.clause.chapter


def recipe(case: Case) -> Recipe:
    """The row of ``case``; ``ValueError`` is raised if it has no recipe."""
    if case.recipe is None:
        raise ValueError(f"{case.id} has no recipe")
    expected = expectation_of(case)
    source = "" if case.clause.source == "-" or expected is Expected.OBSERVE else case.clause.source
    return Recipe(
        id=case.recipe,
        case=case.id,
        clause=case.clause.id,
        description=case.description,
        rule=case.rule or source,
        expected=expected,
        depth=case.depth,
        alerts=() if expected is Expected.ACCEPTED else expected_alerts(case.scenario),
    )


def expectation_of(case: Case) -> Expected:
    """Whether ``case`` must be accepted or refused."""
    if case.level is Level.OBSERVE:
        return Expected.OBSERVE
    raising = [
        [isinstance(alternative.outcome, Raises) for alternative in expectation.alternatives]
        for expectation in case.expectations
    ]
    if any(all(alternatives) for alternatives in raising):
        return Expected.REFUSED
    return Expected.EITHER if any(map(any, raising)) else Expected.ACCEPTED


def expected_alerts(scenario: Scenario) -> tuple[str, ...]:
    """The alerts that OpenSSL may send for a refusal of ``scenario``, and which side sends them.

    OpenSSL looks at trust first, then at extended key usage, names and validity. Other clients may
    send another alert, or none. Empty where a refusal sends no alert.
    """
    step, target = first_connect(scenario), scenario.targets[0]
    if step is None or target.scheme != "https":
        return ()
    return _of_handshake(target) or _of_client(step.call, target) or _of_target(step.call, target)


def _of_handshake(target: TargetSpec) -> tuple[str, ...]:
    if target.tls in ("1.0", "1.1"):
        return ("protocol_version by target",)
    if target.ciphers is not None:
        return ("handshake_failure by target",)
    return ("unrecognized_name by target",) if target.server_name_unrecognised else ()


def _of_client(call: Call, target: TargetSpec) -> tuple[str, ...]:
    given = call.authentication
    if call.defect == "client certificate not given" and target.client_certificate == "required":
        missing = {"1.2": "handshake_failure", "1.3": "certificate_required"}
        return (f"{missing[target.tls or '1.3']} by target",)
    if call.defect == "client certificate of an unknown authority":
        return ("unknown_ca by target",)
    if isinstance(given, Certificate) and given.chain.defect is not None:
        return _sent_by("target", given.chain.defect)
    return ()


def _of_target(call: Call, target: TargetSpec) -> tuple[str, ...]:
    # A call that trusts no authority of its target fails for that before all else.
    if call.defect in met_by("server certificate", "refused"):
        return ("unknown_ca by client",)
    if call.defect is not None:
        return ()
    chain, defect = target.chain, target.chain.defect
    # The names of a defect's own chain fit its host; others are looked at before validity.
    if call.host in Chain().names and call.host not in chain.names:
        return ("bad_certificate by client",)
    return () if defect is None else _sent_by("client", defect)


def _sent_by(who: str, defect: str) -> tuple[str, ...]:
    # The target sends it for a key that fits nothing that a client offers (RFC 8446 6.2).
    senders = {"handshake_failure": "target"}
    return tuple(f"{alert} by {senders.get(alert, who)}" for alert in DEFECTS[defect].alerts)


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
