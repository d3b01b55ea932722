"""The oracle knows every defect and every fault: what it does not know it must not judge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connect_contracts.chapters.builder import (
    AS_ADMIN,
    arm,
    connect,
    connect_tls,
    https,
    mutual_tls,
    replace_certificate,
    secure,
)
from connect_contracts.checks.expectation import Raises
from connect_contracts.model.scenario import AuthorityFile, Certificate, TargetSpec
from connect_contracts.oracle.known import UnknownToOracle
from connect_harness.certificates import DEFECTS, Chain
from oracle_said import said


@pytest.mark.parametrize("name", DEFECTS)
def test_each_defect_of_a_certificate_is_known(name: str) -> None:
    defect = DEFECTS[name]
    chain = replace(defect.chain, defect=name)
    if chain.purpose == "client":
        given = Certificate(replace(Certificate().chain, defect=name))
        (alternatives,) = said(mutual_tls(checks_revocation=True), connect_tls(given))
    else:
        target = TargetSpec(scheme="https", chain=chain)
        call = connect_tls(host=defect.host, authority_file=AuthorityFile(defect.given))
        (alternatives,) = said(target, call)
    raises = {isinstance(one.outcome, Raises) for one in alternatives}
    expected: dict[str, set[bool]] = {"refused": {True}, "accepted": {False}}
    assert raises == expected.get(defect.expectation, {True, False})


UNKNOWN: dict[str, tuple[Any, ...]] = {
    "defect of a call": (secure(), connect(AS_ADMIN, defect="new")),
    "fault": (secure(), arm("new"), connect(AS_ADMIN)),
    "defect of a certificate": (https(defect="new"), connect_tls()),
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_what_is_unknown_is_an_error_that_names_it(kind: str) -> None:
    with pytest.raises(UnknownToOracle, match=f"the {kind} 'new'"):
        said(*UNKNOWN[kind])


def test_it_is_looked_for_wherever_a_chain_stands() -> None:
    given = Certificate(Chain(defect="new"))
    for steps in ((connect_tls(given),), (replace_certificate(Chain(defect="new")),)):
        with pytest.raises(UnknownToOracle, match="'new'"):
            said(https(), *steps)
