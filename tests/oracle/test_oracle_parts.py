"""The oracle's small parts: alternatives, names of certificates, values of the data types."""

from __future__ import annotations

from typing import Any

import pytest

from connect_contracts.chapters.builder import connect_tls
from connect_contracts.checks.expectation import Alternative, Raises, Returns
from connect_contracts.checks.wire_checks import FaultFired, NoHttpByte
from connect_contracts.oracle.alternatives import (
    and_seen,
    may_raise,
    must_raise,
    or_raises,
)
from connect_contracts.oracle.names import MANY, is_address, matched
from connect_contracts.oracle.trust import server_believed
from connect_contracts.oracle.values import fit, identity
from connect_harness.certificates import Chain
from oracle_said import NO_CHANGE, refused

# Alternatives.


def test_what_may_raise_as_well_leaves_open_what_is_seen() -> None:
    changing = (Alternative(Returns(), (FaultFired(),)),)
    assert or_raises(changing) == (Alternative(Returns()), Alternative(Raises()))
    harmless = (Alternative(Returns(), (FaultFired(), NO_CHANGE)),)
    same = (Alternative(Returns(), (NO_CHANGE,)), Alternative(Raises(), (NO_CHANGE,)))
    assert or_raises(harmless) == same
    mixed = or_raises((*harmless, *changing))
    assert [one.wire for one in mixed] == [(), (), ()]
    assert or_raises(refused(NoHttpByte())) == refused()
    assert or_raises(()) == ()


def test_a_further_demand_on_each_alternative() -> None:
    both = (Alternative(Returns(), (FaultFired(),)), Alternative(Raises()))
    assert and_seen(both, NO_CHANGE) == (
        Alternative(Returns(), (FaultFired(), NO_CHANGE)),
        Alternative(Raises(), (NO_CHANGE,)),
    )


def test_what_may_and_what_must_raise() -> None:
    returns, raises = (Alternative(Returns()),), (Alternative(Raises()),)
    assert [may_raise(one) for one in ((), returns, raises, returns + raises)] == [
        False,
        False,
        True,
        True,
    ]
    assert [must_raise(one) for one in ((), returns, raises, returns + raises)] == [
        False,
        False,
        True,
        False,
    ]


# Names.


@pytest.mark.parametrize(
    ("names", "host", "judged"),
    [
        (("a.test",), "a.test", "believed"),
        (("a.test",), "A.TEST", "believed"),
        (("a.test",), "b.test", "refused"),
        (("*.test",), "a.test", "believed"),
        (("*.test",), "a.b.test", "refused"),
        (("*.b.test",), "a.b.test", "believed"),
        (("*.test",), ".test", "refused"),
        (("*.test",), "test", "refused"),
        (("*",), "a", "open"),
        (("*.",), "a.", "open"),
        (("a.test",), "a.test.", "open"),
        (("a_b.test",), "a_b.test", "open"),
        (("a_b.test",), "c.test", "open"),
        (("127.0.0.1",), "127.0.0.1", "believed"),
        (("127.0.0.1",), "127.0.0.2", "refused"),
        (("::1",), "0:0:0:0:0:0:0:1", "believed"),
        (("*.0.0.1",), "127.0.0.1", "refused"),
        (("127.0.0.1",), "localhost", "refused"),
        (tuple(f"n{number}.test" for number in range(MANY)), "a.test", "refused"),
        (tuple(f"n{number}.test" for number in range(MANY + 1)), "n1.test", "open"),
    ],
)
def test_names_of_a_certificate(names: tuple[str, ...], host: str, judged: str) -> None:
    assert matched(Chain(names=names, subject="somebody"), host) == judged


@pytest.mark.parametrize(
    ("names", "subject", "host", "judged"),
    [
        ((), "a.test", "a.test", "open"),
        ((), "A.Test", "a.test", "open"),
        ((), "b.test", "a.test", "refused"),
        (("127.0.0.1",), None, "a.test", "refused"),
        (("127.0.0.1",), "a.test", "a.test", "open"),
        (("b.test",), "a.test", "a.test", "refused"),
        ((), "127.0.0.1", "127.0.0.1", "refused"),
    ],
)
def test_a_name_in_the_common_name_alone(
    names: tuple[str, ...], subject: str | None, host: str, judged: str
) -> None:
    assert matched(Chain(names=names, subject=subject), host) == judged


def test_what_is_an_address() -> None:
    assert [is_address(one) for one in ("127.0.0.1", "::1", "localhost", "1.2.3", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


# Chains.


@pytest.mark.parametrize(
    ("chain", "call", "judged"),
    [
        (Chain(), connect_tls(), "believed"),
        (Chain(), connect_tls(defect="empty file"), "refused"),
        (Chain(), connect_tls(authority_file=None), "refused"),
        (Chain(purpose="client"), connect_tls(), "refused"),
        (Chain(key="rsa-4096"), connect_tls(), "open"),
        (Chain(purpose="client", key="rsa-4096"), connect_tls(), "refused"),
    ],
)
def test_whether_a_chain_is_believed(chain: Chain, call: Any, judged: str) -> None:
    assert server_believed(chain, call.call) == judged


# Values, at the edges of their types.


@pytest.mark.parametrize(
    ("value", "data_type", "judged"),
    [
        (-(2**31), "int", "right"),
        (-(2**31) - 1, "int", "wrong"),
        (2**63 - 1, "long", "right"),
        (2**63, "long", "wrong"),
        (-(2**63) - 1, "long", "wrong"),
        (2**53, "double", "right"),
        (2**53 + 2, "double", "open"),
        (-(2**53) - 2, "double", "open"),
        (2**24, "float", "right"),
        (2**24 + 2, "float", "open"),
        (0.1, "float", "right"),
        (2**2000, "double", "open"),
        (1e39, "double", "right"),
        (True, "double", "open"),
        *((value, "float", "open") for value in ("-Infinity", "Infinity", "NaN")),
        *((value, "double", "open") for value in ("-Infinity", "Infinity", "NaN")),
        ("infinity", "double", "wrong"),
        ((1.5, "NaN"), "double[]", "open"),
        (True, "boolean", "right"),
        ("a", "String", "right"),
        (5, "String", "wrong"),
        ("true", "boolean", "wrong"),
        (1.0, "boolean", "open"),
        ([1], "Object", "open"),
        ([1], "String", "wrong"),
        (("a",), "int", "wrong"),
        ([], "int[]", "right"),
        ((1,), "int[]", "right"),
        (5, "LocalDate", "wrong"),
        ("2024-02-29T00:00:00", "LocalDate", "wrong"),
        ("2024-02-29T01:02:03+01:00", "LocalDateTime", "open"),
        ("01:02:03.123456", "LocalTime", "right"),
        ("2024-02-29T01:02:03Z", "ZonedDateTime", "right"),
    ],
)
def test_values_at_the_edges_of_their_types(value: Any, data_type: str, judged: str) -> None:
    assert fit(value, data_type) == judged


@pytest.mark.parametrize(
    ("one", "other", "data_type", "same"),
    [
        ("2024-02-29", "2024-03-01", "LocalDate", False),
        ("01:02:00", "01:02", "LocalTime", True),
        (1, 1.0, "double", True),
        (1, 2, "double", False),
        ("NaN", "NaN", "float", True),
        (1, 1.0, "float", True),
        (1, True, "int", False),
        ("a", "a", "String", True),
        ("a", "A", "String", False),
    ],
)
def test_what_is_the_same_key(one: Any, other: Any, data_type: str, same: bool) -> None:
    assert (identity(one, data_type) == identity(other, data_type)) == same
