"""Whether a chain has a place for its defect."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache

from connect_harness.certificates.authority import Authority
from connect_harness.certificates.blueprint import sound_blueprint
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.defects import named_defect


def check_defect_of_server(chain: Chain) -> None:
    """Raise ``ValueError`` if ``chain`` has no place for its defect, or no server presents it."""
    assert chain.defect is not None
    defect = named_defect(chain.defect)
    if defect.chain.purpose == "client":
        raise ValueError(
            f"{chain.defect!r} is a defect of a client's certificate, not of a target's."
        )
    sound = replace(chain, defect=None)
    if sound != defect.chain:
        # Which authority and which key it is makes no difference, and some keys take long.
        plain = replace(sound, authority="authority", key="ec-p256")
        crossed = None if chain.cross_signed_by is None else "other"
        _apply(defect.name, replace(plain, cross_signed_by=crossed))


@lru_cache(maxsize=1024)
def _apply(name: str, sound: Chain) -> None:
    # Nothing is signed: the defect changes the plan of a chain, or refuses it.
    cross_signer = None if sound.cross_signed_by is None else _authority("other")
    blueprint = sound_blueprint(sound, _authority("authority"), cross_signer)
    try:
        named_defect(name).apply(blueprint)
    except ValueError as error:
        raise ValueError(f"The defect {name!r} has no place in this chain: {error}") from None


@cache
def _authority(name: str) -> Authority:
    from connect_harness.certificates.authorities import Authorities

    return Authorities().authority(name)
