"""What a file of authorities may hold, and how it is given in place of the right one."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from connect_contracts.execution.call.arguments import Arguments
from connect_contracts.execution.call.resources import CallResources
from connect_harness.certificates import Chain

if TYPE_CHECKING:
    from connect_harness.certificates import IssuedChain

RANDOM_BYTES = bytes(range(255, -1, -1)) * 4
"""Bytes that are neither text nor DER."""

BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def right(resources: CallResources) -> str:
    """The right certificate, as PEM."""
    return resources.authorities.authority("authority").certificate_pem.decode("ascii")


def another_leaf(resources: CallResources) -> IssuedChain:
    """A leaf of the right authority, which no target presents."""
    return resources.authorities.issue(Chain())


def relabelled(resources: CallResources, label: str) -> str:
    """The right certificate, as PEM under another label."""
    return right(resources).replace("CERTIFICATE", label)


def labelled(label: str, der: bytes) -> str:
    """Bytes as PEM under a label (RFC 7468 2)."""
    body = base64.encodebytes(der).decode("ascii")
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n"


def written(
    arguments: Arguments, resources: CallResources, content: str | bytes, *, private: bool = False
) -> Arguments:
    """``arguments`` with a new file of this content as the authority's."""
    data = content.encode("ascii") if isinstance(content, str) else content
    return arguments.with_authority_file(resources.write("authority.pem", data, private=private))
