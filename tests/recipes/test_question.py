"""Which recipes ask a certificate question, and that verifiers are asked just that."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from cryptography import x509

from connect_contracts.case import Story
from connect_contracts.catalogue import Catalogue
from connect_contracts.recipes.answers import Answer, answers
from connect_contracts.recipes.question import Question, question
from connect_contracts.scenario import Certificate
from connect_contracts.story import connect, connect_tls, https, story, unsecure
from connect_harness.certificates import Chain, PresentedChain
from connect_harness.certificates.chain import Purpose


@dataclass(frozen=True)
class Said:
    """What the verifier of these tests says."""

    accepted: bool
    reason: str = ""
    verify_code: int | None = None


@dataclass
class Asking:
    """A verifier that notes what it is asked, and gives one answer."""

    said: Said
    asked: list[tuple[PresentedChain, bytes, str, Purpose]] = field(default_factory=list)

    def __call__(
        self, presented: PresentedChain, trusted_pem: bytes, host: str, *, purpose: Purpose
    ) -> Said:
        self.asked.append((presented, trusted_pem, host, purpose))
        return self.said


def test_a_target_and_a_client(every: Catalogue) -> None:
    leaf = question(every.cases["CA-12[leaf-expired]"].scenario)
    assert leaf == Question(Chain(defect="leaf expired"), "server", ("authority",), "127.0.0.1")
    client = question(every.cases["MTLS-4[optional]"].scenario)
    assert client == Question(Certificate().chain, "client", ("client authority",), "localhost")


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


def test_an_ipv6_host_loses_its_brackets() -> None:
    asked = question(story(https(), connect_tls(host="[::1]")).scenario)
    assert asked is not None
    assert asked.host == "::1"


def test_the_verifier_has_the_chain_and_what_is_trusted() -> None:
    verifier = Asking(Said(False, "expired", 10))
    asked = Question(Chain(intermediates=1), "server", ("another", "authority"), "localhost")
    assert answers(asked, {"mine": verifier}) == {"mine": Answer(False, "expired", 10)}
    [(presented, trusted, host, purpose)] = verifier.asked
    another, authority = x509.load_pem_x509_certificates(trusted)
    _, intermediate = x509.load_pem_x509_certificates(presented.chain_pem)
    intermediate.verify_directly_issued_by(authority)
    assert another.subject != authority.subject
    assert (host, purpose) == ("localhost", "server")


def test_certificates_of_the_chain_itself_can_be_trusted() -> None:
    verifier = Asking(Said(True))
    asked = Question(Chain(intermediates=1), "server", ("the leaf", "the intermediate"), "::1")
    assert answers(asked, {"mine": verifier}) == {"mine": Answer(True)}
    [(presented, trusted, _, _)] = verifier.asked
    assert x509.load_pem_x509_certificates(trusted) == x509.load_pem_x509_certificates(
        presented.chain_pem
    )


def test_answers_in_words() -> None:
    assert Answer(True).told() == "accepted"
    assert Answer(False, "certificate has expired", 10).told() == (
        "refused: V10 certificate has expired"
    )
    assert Answer(False, "all candidates exhausted").told() == "refused: all candidates exhausted"
