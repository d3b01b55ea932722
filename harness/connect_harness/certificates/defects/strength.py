"""Keys that are short, curves that are gone, and hash functions that are broken."""

from __future__ import annotations

from collections.abc import Callable

from connect_harness.certificates.blueprint import ChainBlueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects.registry import defect
from connect_harness.certificates.keys import new_key

Register = Callable[[Callable[[ChainBlueprint], None]], Callable[[ChainBlueprint], None]]

BELOW_AN_INTERMEDIATE = Chain(intermediates=1)


def _observed(
    name: str, recipe: str, what: str, chain: Chain | None = None, *, refused: bool = True
) -> Register:
    return defect(
        name,
        recipe=recipe,
        clauses=("CA-15", "CA-19"),
        expectation="observe",
        alert="bad_certificate" if refused else None,
        chain=chain,
        if_accepted=f"{what} is good enough",
        if_refused=f"{what} is too weak",
    )


def _refused_md5(name: str, recipe: str) -> Register:
    return defect(
        name,
        recipe=recipe,
        rule="RFC 8446 4.4.2.4",
        clauses=("CA-15",),
        alert="bad_certificate",
        chain=BELOW_AN_INTERMEDIATE,
    )


def _unsigned_for(name: str, recipe: str) -> Register:
    return defect(
        name,
        recipe=recipe,
        rule="RFC 8446 4.2.7, 4.4.3; RFC 8422 5.1.1",
        clauses=("CA-15",),
        alert="handshake_failure",
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
    BELOW_AN_INTERMEDIATE,
)
def rsa_1024_intermediate(blueprint: ChainBlueprint) -> None:
    """The key of the intermediate is RSA of 1024 bits."""
    blueprint.issuing_intermediate.private_key = new_key("rsa-1024")


@_observed(
    "leaf signed with SHA-1", "weak/sha1-leaf", "a leaf signed with SHA-1", BELOW_AN_INTERMEDIATE
)
def sha1_leaf(blueprint: ChainBlueprint) -> None:
    """The leaf is signed with SHA-1, by an intermediate with an RSA key of 2048 bits."""
    blueprint.issuing_intermediate.private_key = new_key("rsa-2048")
    blueprint.leaf.digest = "sha1"


@_observed(
    "intermediate signed with SHA-1",
    "weak/sha1-intermediate",
    "an intermediate signed with SHA-1",
    BELOW_AN_INTERMEDIATE,
)
def sha1_intermediate(blueprint: ChainBlueprint) -> None:
    """The intermediate is signed with SHA-1, by an authority with an RSA key of 2048 bits."""
    blueprint.root.private_key = new_key("rsa-2048")
    blueprint.issuing_intermediate.digest = "sha1"


@_observed(
    "authority signed with SHA-1",
    "weak/sha1-root",
    "an authority whose own signature is of SHA-1",
    refused=False,
)
def sha1_root(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate is signed with SHA-1; the leaf is signed with SHA-256."""
    blueprint.root.private_key = new_key("rsa-2048")
    blueprint.root.digest = "sha1"


@_refused_md5("leaf signed with MD5", "weak/md5-leaf")
def md5_leaf(blueprint: ChainBlueprint) -> None:
    """The leaf is signed with MD5, by an intermediate with an RSA key of 2048 bits."""
    blueprint.issuing_intermediate.private_key = new_key("rsa-2048")
    blueprint.leaf.digest = "md5"


@_refused_md5("intermediate signed with MD5", "weak/md5-intermediate")
def md5_intermediate(blueprint: ChainBlueprint) -> None:
    """The intermediate is signed with MD5, by an authority with an RSA key of 2048 bits."""
    blueprint.root.private_key = new_key("rsa-2048")
    blueprint.issuing_intermediate.digest = "md5"


@_observed(
    "authority signed with MD5",
    "weak/md5-root",
    "an authority whose own signature is of MD5",
    refused=False,
)
def md5_root(blueprint: ChainBlueprint) -> None:
    """The authority's own certificate is signed with MD5; the leaf is signed with SHA-256."""
    blueprint.root.private_key = new_key("rsa-2048")
    blueprint.root.digest = "md5"


@_unsigned_for("leaf on P-192", "weak/p192")
def p192_leaf(blueprint: ChainBlueprint) -> None:
    """The key of the leaf is on P-192, which a client of TLS 1.3 must not offer."""
    blueprint.leaf.private_key = new_key("ec-p192")


@_unsigned_for("leaf on P-224", "weak/p224")
def p224_leaf(blueprint: ChainBlueprint) -> None:
    """The key of the leaf is on P-224, which a client of TLS 1.3 must not offer."""
    blueprint.leaf.private_key = new_key("ec-p224")
