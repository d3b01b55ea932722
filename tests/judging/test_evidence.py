"""How strong evidence is, and which of several pieces counts."""

from __future__ import annotations

import socket
import ssl
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest

from connect_contracts.chapters.catalogue import catalogue
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import load
from connect_contracts.judging.verify import verify
from connect_contracts.model.clause import Profile
from connect_contracts.model.evidence import Evidence, Strength, strongest, weakest
from connect_contracts.model.verdict import Verdict
from connect_contracts.report.case_report import case_report
from connect_contracts.report.model import clause_reports, summarise

ALERT = Evidence(Strength.CLIENT_ALERT, "an alert")
STATUS = Evidence(Strength.TARGET, "a status")
OTHER_STATUS = Evidence(Strength.TARGET, "another status")
END = Evidence(Strength.END_OF_STREAM, "an end")


def test_the_strongest_comes_first() -> None:
    assert [one.word for one in Strength] == [
        "client's alert",
        "target's refusal",
        "end of stream",
        "client's error alone",
    ]
    for one, next_one in pairwise(Strength):
        assert next_one.weaker_than(one)
        assert not one.weaker_than(next_one)
        assert not one.weaker_than(one)


def test_they_are_found_by_their_words() -> None:
    assert [Strength.of(one.word) for one in Strength] == list(Strength)
    assert all(one.meaning for one in Strength)
    with pytest.raises(ValueError, match="no strength of evidence 'a hunch'"):
        Strength.of("a hunch")


def test_of_one_refusal_the_strongest_counts_and_of_several_the_weakest() -> None:
    assert strongest([END, STATUS, OTHER_STATUS]) is STATUS
    assert strongest([STATUS, ALERT]) is ALERT
    assert weakest([ALERT, STATUS, OTHER_STATUS]) is OTHER_STATUS
    assert weakest([END, ALERT]) is END
    assert strongest([]) is None
    assert weakest([]) is None


REFERENCE = "connect_contracts.reference.v0_9_1"


@pytest.mark.parametrize(
    ("case", "strength"),
    [
        ("CA-2[without-the-file]", Strength.CLIENT_ALERT),
        ("AUTH-4[wrong-password]", Strength.TARGET),
        ("SIG-5[unknown-keyword]", Strength.TARGET),
        ("LIVE-4[without-the-role]", Strength.CLIENT_ERROR),
        ("CA-1[authority-given]", None),
    ],
)
def test_what_decides_a_refusal(case: str, strength: Strength | None) -> None:
    judgement = verify(catalogue().cases[case], load(REFERENCE), Profile.V0_9_1).judgement
    assert judgement.verdict is Verdict.PASSED
    assert (judgement.evidence and judgement.evidence.strength) == strength


def test_an_end_of_stream_where_an_alert_could_have_been() -> None:
    """A client that looks at certificates with its own connection, and hangs up without a word."""
    reference = load(REFERENCE)

    def connect(url: str, *, certificate_authority: Any = None, **given: Any) -> Any:
        if certificate_authority is None and url.startswith("https:"):
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            parts = urlsplit(url)
            with socket.create_connection((parts.hostname or "", parts.port or 0)) as raw:
                context.wrap_socket(raw, server_hostname=parts.hostname).close()
            raise ssl.SSLCertVerificationError("unknown to me")
        return reference.connect(url, certificate_authority=certificate_authority, **given)

    case = catalogue().cases["CA-2[without-the-file]"]
    client = Implementation(connect, module=reference.module)
    verified = verify(case, client, Profile.V0_9_1)
    assert verified.judgement.verdict is Verdict.PASSED
    evidence = verified.judgement.evidence
    assert evidence is not None
    assert evidence.strength is Strength.END_OF_STREAM
    report = case_report(verified, verified.judgement, replay="", seconds=0.0)
    assert report.strength == "end of stream"
    assert report.evidence == evidence.text
    clauses = clause_reports([report], catalogue())
    assert summarise(clauses).evidence == {"end of stream": 1}
