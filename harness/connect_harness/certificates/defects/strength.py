"""Keys that are short, curves that are gone, and hash functions that are broken."""

from __future__ import annotations

from functools import partial

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import (
    ONE_INTERMEDIATE,
    SOUND,
    Alert,
    Defect,
    observed,
)
from connect_harness.certificates.keys import new_key

md5_signed = partial(
    Defect, clause="CA-15", rule="RFC 8446 4.4.2.4", alert="bad_certificate", chain=ONE_INTERMEDIATE
)
unsigned_for = partial(
    Defect, clause="CA-15", rule="RFC 8446 4.2.7, 4.4.3; RFC 8422 5.1.1", alert="handshake_failure"
)


def _observed(
    name: str,
    recipe: str,
    what: str,
    *,
    alert: Alert | None = "bad_certificate",
    chain: Chain = SOUND,
) -> Defect:
    return observed(
        name,
        recipe,
        clause="CA-15",
        alert=alert,
        chain=chain,
        if_accepted=f"{what} is good enough",
        if_refused=f"{what} is too weak",
    )


@_observed("leaf of RSA 1024", "weak/rsa1024-leaf", "a leaf with an RSA key of 1024 bits")
def rsa_1024_leaf(blueprint: ChainBlueprint) -> None:
    """The key of the leaf is RSA of 1024 bits."""
    blueprint.leaf.private_key = new_key("rsa-1024")


@_observed("authority of RSA 1024", "weak/rsa1024-root", "an authority with RSA of 1024 bits")
def rsa_1024_root(blueprint: ChainBlueprint) -> None:
    """The key of the authority is RSA of 1024 bits."""
    blueprint.root.private_key = new_key("rsa-1024")


@_observed(
    "intermediate of RSA 1024",
    "weak/rsa1024-inter",
    "an intermediate with RSA of 1024 bits",
    chain=ONE_INTERMEDIATE,
)
def rsa_1024_intermediate(blueprint: ChainBlueprint) -> None:
    """The key of the intermediate is RSA of 1024 bits."""
    blueprint.issuing_intermediate.private_key = new_key("rsa-1024")


@_observed(
    "leaf signed with SHA-1", "weak/sha1-leaf", "a leaf signed with SHA-1", chain=ONE_INTERMEDIATE
)
def sha1_leaf(blueprint: ChainBlueprint) -> None:
    """The leaf is signed with SHA-1, by an intermediate with an RSA key of 2048 bits."""
    blueprint.issuing_intermediate.private_key = new_key("rsa-2048")
    blueprint.leaf.digest = "sha1"


@_observed(
    "intermediate signed with SHA-1",
    "weak/sha1-intermediate",
    "an intermediate signed with SHA-1",
    chain=ONE_INTERMEDIATE,
)
def sha1_intermediate(blueprint: ChainBlueprint) -> None:
    """The intermediate is signed with SHA-1, by an authority with an RSA key of 2048 bits."""
    blueprint.root.private_key = new_key("rsa-2048")
    blueprint.intermediates[0].digest = "sha1"


@_observed(
    "authority signed with SHA-1",
    "weak/sha1-root",
    "an authority whose own signature is of SHA-1",
    alert=None,
)
def sha1_root(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate is signed with SHA-1; the leaf is signed with SHA-256."""
    blueprint.root.private_key = new_key("rsa-2048")
    blueprint.root.digest = "sha1"


@md5_signed("leaf signed with MD5", "weak/md5-leaf")
def md5_leaf(blueprint: ChainBlueprint) -> None:
    """The leaf is signed with MD5, by an intermediate with an RSA key of 2048 bits."""
    blueprint.issuing_intermediate.private_key = new_key("rsa-2048")
    blueprint.leaf.digest = "md5"


@md5_signed("intermediate signed with MD5", "weak/md5-intermediate")
def md5_intermediate(blueprint: ChainBlueprint) -> None:
    """The intermediate is signed with MD5, by an authority with an RSA key of 2048 bits."""
    blueprint.root.private_key = new_key("rsa-2048")
    blueprint.intermediates[0].digest = "md5"


@_observed(
    "authority signed with MD5",
    "weak/md5-root",
    "an authority whose own signature is of MD5",
    alert=None,
)
def md5_root(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate is signed with MD5; the leaf is signed with SHA-256."""
    blueprint.root.private_key = new_key("rsa-2048")
    blueprint.root.digest = "md5"


@unsigned_for("leaf on P-192", "weak/p192")
def p192_leaf(blueprint: ChainBlueprint) -> None:
    """The key of the leaf is on P-192, which a client of TLS 1.3 must not offer."""
    blueprint.leaf.private_key = new_key("ec-p192")


@unsigned_for("leaf on P-224", "weak/p224")
def p224_leaf(blueprint: ChainBlueprint) -> None:
    """The key of the leaf is on P-224, which a client of TLS 1.3 must not offer."""
    blueprint.leaf.private_key = new_key("ec-p224")
