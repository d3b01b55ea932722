"""Which recipes ask a certificate question, and what verifiers answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connect_contracts.chapters.builder import connect, connect_tls, https, story, unsecure
from connect_contracts.chapters.case import Case, Story
from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.model.scenario import Certificate
from connect_contracts.report.tls_table.recipe import (
    CRYPTOGRAPHY,
    OPENSSL_LENIENT,
    OPENSSL_STRICT,
    VERIFIERS,
    Answer,
    Question,
    answers,
    question,
)
from connect_harness.certificates import DEFECTS, Chain

CASES = catalogue().cases


def test_what_is_asked_of_a_target_and_of_a_client() -> None:
    leaf = question(CASES["CA-12[leaf-expired]"].scenario)
    assert leaf == of_target(Chain(defect="leaf expired"))
    client = question(CASES["MTLS-4[revoked]"].scenario)
    assert client == of_client(REVOKED, checks_revocation=True)
    for host, asked_for in (("[::1]", "::1"), ("bücher.test", "xn--bcher-kva.test")):
        asked = question(story(https(), connect_tls(host=host)).scenario)
        assert asked == of_target(Chain(), host=asked_for)


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
        CASES["CA-17[garbage]"],
    ],
    ids=["plain", "version", "ciphers", "alpn", "server-name", "file", "no-file", "fault"],
)
def test_files_and_handshakes_ask_none(made: Story | Case) -> None:
    assert question(made.scenario) is None


def of_target(chain: Chain, *trusted: str, host: str = "localhost") -> Question:
    return Question(chain, "server", trusted or ("authority",), host, chain)


def of_client(chain: Chain, *, checks_revocation: bool = False) -> Question:
    trusted = ("client authority",)
    return Question(chain, "client", trusted, "localhost", Chain(), checks_revocation)


ALL = dict.fromkeys(VERIFIERS, True)
NONE = dict.fromkeys(VERIFIERS, False)
SOUND = Certificate().chain
REVOKED = replace(SOUND, defect="client certificate revoked")


@pytest.mark.parametrize(
    ("asked", "accepted"),
    [
        (of_target(Chain(intermediates=1), "another", "authority"), ALL),
        (of_target(Chain(), host="other.test"), NONE),
        (of_target(Chain(intermediates=1), "the intermediate"), ALL | {OPENSSL_LENIENT: False}),
        (of_client(SOUND), ALL),
        (of_client(REVOKED, checks_revocation=True), NONE | {CRYPTOGRAPHY: True}),
        (of_client(replace(SOUND, authority="unknown authority")), NONE),
    ],
)
def test_chain_trust_and_host_decide(asked: Question, accepted: dict[str, bool]) -> None:
    assert {name: answer.accepted for name, answer in answers(asked).items()} == accepted


@pytest.mark.parametrize("defect", ["leaf expired", "leaf signed with MD5"])
def test_cryptography_gives_a_reason_without_internals_and_no_code(defect: str) -> None:
    said = answers(of_target(DEFECTS[defect].defective_chain))
    reason = said[CRYPTOGRAPHY].reason
    assert reason
    assert not set("<>{}") & set(reason)
    code = {"leaf expired": 10}.get(defect, 68)
    assert (said[OPENSSL_STRICT].verify_code, said[CRYPTOGRAPHY].verify_code) == (code, None)


def test_a_verifier_that_cannot_be_asked_says_why() -> None:
    assert Answer(None, "EE_KEY_TOO_SMALL").describe() == "cannot be asked: EE_KEY_TOO_SMALL"
