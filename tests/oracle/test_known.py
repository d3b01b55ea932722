"""The oracle judges only the defects and faults that it knows, and loads nothing that it runs."""

from __future__ import annotations

import subprocess
import sys
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
from connect_contracts.checks.expectation import Alternative, GivesSession, Raises, Returns
from connect_contracts.checks.wire_checks import FaultFired, NoHttpByte
from connect_contracts.execution.call_defects import CALL_DEFECTS
from connect_contracts.model.scenario import AuthorityFile, Certificate, TargetSpec
from connect_contracts.oracle.connect_checks import stopping
from connect_contracts.oracle.decision import must_raise, must_return, or_raises
from connect_contracts.oracle.known import UnknownToOracle
from connect_contracts.oracle.world import is_harmless
from connect_harness.certificates import DEFECTS, Chain
from connect_harness.faults import fault_kinds
from oracle_decides import NO_CHANGE, RAISES, RETURNS, Alternatives, allowed, last, refused

# All call defects, and all faults, and no others.


@pytest.mark.parametrize("name", CALL_DEFECTS)
def test_each_defect_of_a_call_is_known(name: str) -> None:
    assert last(secure(), connect(AS_ADMIN, defect=name))


@pytest.mark.parametrize("name", fault_kinds())
def test_each_fault_is_known(name: str) -> None:
    alternatives = last(secure(), arm(name), connect(AS_ADMIN))
    seen = [each.outcome for each in alternatives]
    if name in stopping(fault_kinds()[name].topic):
        assert seen == [Raises()]
        assert FaultFired() in alternatives[0].wire
    else:
        assert seen == [GivesSession(), *(() if is_harmless(name) else (Raises(),))]


@pytest.mark.parametrize("name", DEFECTS)
def test_each_defect_of_a_certificate_is_known(name: str) -> None:
    defect = DEFECTS[name]
    if defect.chain.purpose == "client":
        below = defect.chain.intermediates
        given = Certificate(replace(Certificate().chain, intermediates=below, defect=name))
        seen = last(mutual_tls(checks_revocation=True), connect_tls(given))
    else:
        target = TargetSpec(scheme="https", chain=defect.defective_chain)
        call = connect_tls(host=defect.host, authority_file=AuthorityFile(defect.given))
        seen = last(target, call)
    raises = [isinstance(each.outcome, Raises) for each in seen]
    expected = {"refused": [True], "accepted": [False]}
    assert raises == expected.get(defect.expectation, [False, True])


def of_a_later_version() -> Chain:
    """A chain with a defect that nothing knows; a constructor refuses it."""
    chain = Chain()
    object.__setattr__(chain, "defect", "new")
    return chain


UNKNOWN: dict[str, tuple[Any, ...]] = {
    "defect of a call": (secure(), connect(AS_ADMIN, defect="new")),
    "fault": (secure(), arm("new"), connect(AS_ADMIN)),
    "defect of a certificate": (
        TargetSpec(scheme="https", chain=of_a_later_version()),
        connect_tls(),
    ),
    "defect of a certificate, of a client": (
        https(),
        connect_tls(Certificate(of_a_later_version())),
    ),
    "defect of a certificate, later": (https(), replace_certificate(of_a_later_version())),
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_what_is_unknown_is_an_error_that_names_it(kind: str) -> None:
    with pytest.raises(UnknownToOracle, match=f"the {kind.partition(',')[0]} 'new'"):
        allowed(*UNKNOWN[kind])


def test_it_loads_nothing_that_talks_to_anybody() -> None:
    talking = (
        "connect_harness.server",
        "connect_harness.session",
        "connect_contracts.execution.run",
        "ssl",
    )
    program = (
        "import sys, connect_contracts.oracle; "
        f"print(*[name for name in {talking!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("", 0)


# Alternatives of one step.

FIRED = Alternative(Returns(), (FaultFired(),))
HARMLESS = Alternative(Returns(), (FaultFired(), NO_CHANGE))


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ((), ()),
        ((FIRED,), (RETURNS, RAISES)),
        ((HARMLESS, FIRED), (RETURNS, RETURNS, RAISES)),
        ((HARMLESS,), (Alternative(Returns(), (NO_CHANGE,)), Alternative(Raises(), (NO_CHANGE,)))),
        (refused(NoHttpByte()), (RAISES,)),
    ],
)
def test_what_may_raise_as_well_leaves_open_what_is_seen(
    before: Alternatives, then: Alternatives
) -> None:
    assert or_raises(before) == then


@pytest.mark.parametrize(
    ("alternatives", "returns", "raises"),
    [
        ((), False, False),
        ((RETURNS,), True, False),
        ((RAISES,), False, True),
        ((RETURNS, RAISES), False, False),
    ],
)
def test_what_must_return_and_what_must_raise(
    alternatives: Alternatives, returns: bool, raises: bool
) -> None:
    assert (must_return(alternatives), must_raise(alternatives)) == (returns, raises)
