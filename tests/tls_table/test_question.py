"""Which recipes ask a certificate question, and what verifiers answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connect_contracts.chapters.builder import (
    connect,
    connect_tls,
    https,
    mutual_tls,
    story,
    unsecure,
)
from connect_contracts.chapters.case import Story
from connect_contracts.chapters.catalogue import Catalogue
from connect_contracts.model.scenario import Certificate
from connect_contracts.report.tls_table.answers import (
    CRYPTOGRAPHY,
    OPENSSL_LENIENT,
    OPENSSL_STRICT,
    VERIFIERS,
    Answer,
    answers,
)
from connect_contracts.report.tls_table.question import Question, question
from connect_harness.certificates import Chain
from connect_harness.certificates.defects import DEFECTS


def test_a_target_and_a_client(every: Catalogue) -> None:
    leaf, chain = (
        question(every.cases["CA-12[leaf-expired]"].scenario),
        Chain(defect="leaf expired"),
    )
    assert leaf == Question(chain, "server", ("authority",), "127.0.0.1", chain)
    client = question(every.cases["MTLS-4[optional]"].scenario)
    assert client == Question(
        Certificate().chain, "client", ("client authority",), "localhost", Chain()
    )


@pytest.mark.parametrize(
    "made",
    [
        story(unsecure(), connect()),
        story(https(tls="1.2"), connect_tls()),
        story(https(ciphers="AES128-SHA"), connect_tls()),
        story(https(alpn=("h2",)), connect_tls()),
        story(https(server_name_unrecognised=True), connect_tls()),
        story(https(), connect_tls(defect="empty file")),
        story(https(), connect_tls(authority_file=None)),
    ],
    ids=["plain", "version", "ciphers", "alpn", "server-name", "file", "no-file"],
)
def test_files_and_handshakes_ask_none(made: Story) -> None:
    assert question(made.scenario) is None


def test_a_fault_asks_none(every: Catalogue) -> None:
    assert question(every.cases["CA-1[plain]"].scenario) is not None
    assert question(every.cases["CA-1[stalled]"].scenario) is None


@pytest.mark.parametrize(
    ("host", "asked_for"),
    [("[::1]", "::1"), ("bücher.test", "xn--bcher-kva.test"), ("LOCALHOST", "LOCALHOST")],
)
def test_the_host(host: str, asked_for: str) -> None:
    asked = question(story(https(), connect_tls(host=host)).scenario)
    assert asked is not None
    assert asked.host == asked_for


def of_target(chain: Chain, *trusted: str, host: str = "localhost") -> Question:
    return Question(chain, "server", trusted or ("authority",), host, chain)


def accepted(asked: Question) -> dict[str, bool | None]:
    said = answers(asked)
    assert tuple(said) == VERIFIERS
    return {name: one.accepted for name, one in said.items()}


ALL = dict.fromkeys(VERIFIERS, True)
NONE = dict.fromkeys(VERIFIERS, False)


def test_what_is_trusted_and_the_host_decide() -> None:
    assert accepted(of_target(Chain(intermediates=1), "another", "authority")) == ALL
    assert accepted(of_target(Chain(), "another")) == NONE
    assert accepted(of_target(Chain(), host="other.test")) == NONE
    assert accepted(of_target(Chain(defect="leaf expired"))) == NONE


def test_certificates_of_the_chain_itself_can_be_trusted() -> None:
    intermediate = accepted(of_target(Chain(intermediates=1), "the intermediate"))
    assert intermediate == ALL | {OPENSSL_LENIENT: False}
    leaf = answers(of_target(Chain(), "the leaf"))
    assert leaf[OPENSSL_LENIENT].verify_code == 20
    assert leaf[OPENSSL_STRICT] == Answer(True)


def test_a_client_is_judged_by_its_own_authority() -> None:
    def asked(chain: Chain, **special: bool) -> Question:
        return Question(chain, "client", ("client authority",), "localhost", Chain(), **special)

    sound = Certificate().chain
    assert accepted(asked(sound)) == ALL
    assert accepted(asked(sound, checks_revocation=True)) == ALL
    assert accepted(asked(replace(sound, authority="unknown authority"))) == NONE
    assert accepted(asked(replace(sound, defect="leaf expired"))) == NONE


def test_revocation_is_looked_at_where_the_target_does() -> None:
    scenario = story(mutual_tls(checks_revocation=True), connect_tls(Certificate())).scenario
    asked = question(scenario)
    assert asked is not None
    assert asked.checks_revocation


def test_answers_in_words() -> None:
    assert Answer(True).describe() == "accepted"
    assert Answer(False, "certificate has expired", 10).describe() == (
        "refused: V10 certificate has expired"
    )
    assert (
        Answer(False, "all candidates exhausted").describe() == "refused: all candidates exhausted"
    )
    assert Answer(None, "EE_KEY_TOO_SMALL").describe() == "cannot be asked: EE_KEY_TOO_SMALL"


@pytest.mark.parametrize("defect", ["leaf expired", "leaf signed with MD5"])
def test_no_insides_of_a_verifier_are_shown(defect: str) -> None:
    reason = answers(of_target(DEFECTS[defect].defective_chain))[CRYPTOGRAPHY].reason
    assert reason
    assert not set("<>{}") & set(reason)


def test_the_verifier_of_cryptography_gives_no_code() -> None:
    said = answers(of_target(Chain(defect="leaf expired")))
    assert (said[OPENSSL_STRICT].verify_code, said[CRYPTOGRAPHY].verify_code) == (10, None)
    assert said[CRYPTOGRAPHY].reason
