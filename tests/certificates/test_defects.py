"""A defect is what makes the difference, and it is about what its name says.

Why it is refused, and by whom: see ``test_verifiers.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509

from connect_harness.certificates import DEFECTS, Authorities, Authority, Chain, without_defect
from connect_harness.certificates.signing import issue_blueprint
from connect_harness.certificates.sound import sound_blueprint

Handshake = Callable[..., Any]

NO_ISSUER, EXPIRED = 20, 10
OF_NAMES = [
    "wrong DNS name",
    "right common name beside wrong DNS names",
    "DNS target with IP names alone",
    "IP target with DNS names alone",
    "IP written as a DNS name",
    "wrong IP",
]


def chain_with(name: str, **changes: Any) -> Chain:
    return replace(DEFECTS[name].defective_chain, **changes)


def told(error: Any, alert: str | None) -> bool:
    """Whether the error of the other side is this alert."""
    return alert is not None and error.reason.endswith(f"ALERT_{alert.upper()}")


# One defect of each sound chain; those of clients come from a blueprint with and without it.
SERVERS = {
    (one.chain, one.host): name for name, one in DEFECTS.items() if one.chain.purpose == "server"
}


@pytest.mark.parametrize("name", sorted(SERVERS.values()))
def test_the_blueprint_without_the_defect_is_accepted(name: str, handshake: Handshake) -> None:
    """The twin comes from trustme: this one holds that the defect alone makes the difference."""
    authority, cross_signer = Authority("authority"), None
    if DEFECTS[name].chain.cross_signed_by:
        cross_signer = Authority("old authority")
    sound = issue_blueprint(sound_blueprint(DEFECTS[name].chain, authority, cross_signer))
    assert handshake(sound, host=DEFECTS[name].host, strict=True).accepted


@pytest.mark.parametrize("name", OF_NAMES)
def test_a_defect_of_names_touches_only_the_kind_of_host_it_is_about(
    name: str, handshake: Handshake
) -> None:
    other = "127.0.0.1" if DEFECTS[name].host == "localhost" else "localhost"
    assert handshake(Authorities().issue(chain_with(name)), host=other).accepted


def test_the_common_name_is_right_where_it_claims_to_be() -> None:
    chain = chain_with("right common name beside wrong DNS names")
    assert Authorities().issue(chain).leaf.subject.rfc4514_string() == "CN=localhost"


@pytest.mark.parametrize("when", ["expired", "not yet valid"])
@pytest.mark.parametrize(("which", "place"), [("leaf", 0), ("intermediate", 1)])
def test_time_is_wrong_for_the_certificate_it_names_alone(
    which: str, place: int, when: str
) -> None:
    """A verify code does not say of which certificate it speaks."""
    issued = Authorities().issue(Chain(intermediates=2, defect=f"{which} {when}"))
    now = datetime.now(UTC)
    sent = x509.load_pem_x509_certificates(issued.chain_pem)
    valid = [one.not_valid_before_utc < now < one.not_valid_after_utc for one in sent]
    assert valid == [at != place for at in range(3)]


def test_an_expired_client_certificate_is_refused(handshake: Handshake) -> None:
    authorities = Authorities()
    client = Chain(names=(), subject="admin", purpose="client", defect="leaf expired")
    outcome = handshake(authorities.issue(Chain()), client_chain=authorities.issue(client))
    assert outcome.server.verify_code == EXPIRED
    assert told(outcome.client, "certificate_expired")
    twin = authorities.issue(without_defect(client))
    assert handshake(authorities.issue(Chain()), client_chain=twin).accepted


def test_a_client_certificate_of_another_authority_is_refused(handshake: Handshake) -> None:
    authorities = Authorities()
    client = authorities.issue(
        Chain(names=(), subject="admin", purpose="client", authority="another")
    )
    outcome = handshake(
        authorities.issue(Chain()),
        client_chain=client,
        client_trusted=authorities.authority("client authority"),
    )
    assert outcome.server.verify_code == NO_ISSUER
    assert told(outcome.client, "unknown_ca")


@pytest.mark.parametrize("name", ["intermediate expired", "intermediate not sent"])
def test_a_defect_of_an_intermediate_needs_one(name: str) -> None:
    with pytest.raises(ValueError, match="needs an intermediate"):
        Authorities().issue(Chain(defect=name))


@pytest.mark.parametrize("name", OF_NAMES)
def test_a_defect_of_names_needs_both_kinds(name: str) -> None:
    with pytest.raises(ValueError, match="a DNS name and an IP address"):
        Authorities().issue(Chain(names=("localhost",), defect=name))


def test_an_unknown_defect_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"no defect 'leaf too green'; there are: .*wrong IP"):
        Authorities().issue(Chain(defect="leaf too green"))
