"""A chain is a value."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from connect_harness import certificates
from connect_harness.certificates import Chain


def test_a_chain_is_a_key_and_survives_json() -> None:
    assert len({Chain(), Chain(), Chain(intermediates=1)}) == 2
    chain = Chain(names=("*.a.test",), key="ed25519", cross_signed_by="old", defect="leaf expired")
    assert msgspec.json.decode(msgspec.json.encode(chain), type=Chain) == chain


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"names": ()}, "needs a name or a subject"),
        ({"names": ("bücher.test",)}, "as A-labels"),
        ({"names": ("LOCALHOST",)}, "in lower case"),
        ({"intermediates": 5}, "0 to 4 intermediates, not 5"),
        ({"cross_signed_by": "authority"}, "by another one, not by itself"),
        ({"intermediates": -1}, "0 to 4 intermediates, not -1"),
    ],
)
def test_what_cannot_be_issued_is_refused_at_once(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        replace(Chain(), **changes)


def test_a_chain_alone_loads_no_cryptography() -> None:
    program = (
        "import sys; from connect_harness.certificates import Chain; Chain();"
        "sys.exit(bool({'cryptography', 'trustme', 'ssl'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_every_public_name_is_where_the_package_says() -> None:
    assert all(getattr(certificates, name) is not None for name in certificates.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'Chians'"):
        _ = certificates.Chians
