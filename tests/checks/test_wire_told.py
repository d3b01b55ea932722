"""How demands are told: by what they ask for, and without the secrets that they hold."""

from __future__ import annotations

import pytest

from connect_contracts.checks.wire_checks import (
    BasicPair,
    BearerToken,
    FirstRequest,
    HandshakeRefusedByTarget,
    HostNamed,
    KnownAs,
    NowhereInAddress,
    RefusedWith,
    WireCheck,
)


@pytest.mark.parametrize(
    ("demand", "value"),
    [
        (FirstRequest("/some/path"), "/some/path"),
        (HostNamed("a.example.test"), "a.example.test"),
        (KnownAs("zoë"), "zoë"),
        (BearerToken("DPoP"), "DPoP"),
        (RefusedWith(418), "418"),
        (HandshakeRefusedByTarget(("unknown_ca", "bad_certificate")), "unknown_ca"),
        (HandshakeRefusedByTarget(("unknown_ca", "bad_certificate")), "bad_certificate"),
    ],
)
def test_a_demand_is_told_with_its_value(demand: WireCheck, value: str) -> None:
    assert value in demand.describe()


@pytest.mark.parametrize("demand", [BasicPair("zoë", "pässwörd"), NowhereInAddress("zoë:pässwörd")])
def test_a_demand_is_told_without_its_secret(demand: WireCheck) -> None:
    assert "pässwörd" not in demand.describe()


def test_a_token_in_any_form_is_told_as_of_no_type() -> None:
    assert "DPoP" not in BearerToken("DPoP", any_form=True).describe()
