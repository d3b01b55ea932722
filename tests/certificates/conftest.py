"""Chains of defects, issued once for all tests of this folder: keys of RSA take long to make."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from connect_harness.certificates import DEFECTS, Authorities, Authority, Defect, IssuedChain
from connect_harness.certificates.blueprint import sound_blueprint
from connect_harness.certificates.signing import issue_blueprint

Issue = Callable[..., tuple[IssuedChain, Authorities]]
Sound = Callable[..., IssuedChain]


@pytest.fixture(scope="session")
def issued() -> Issue:
    """The chain of a defect, or its twin, with the authorities that issued it."""

    @cache
    def issue(name: str, twin: bool = False) -> tuple[IssuedChain, Authorities]:
        authorities, defect = Authorities(), DEFECTS[name]
        return authorities.issue(defect.chain if twin else defect.defective_chain), authorities

    return issue


@pytest.fixture(scope="session")
def sound() -> Sound:
    """The twin of a defect as a blueprint gives it: trustme's differs in more than the defect.

    ``own`` are the authorities whose certificate is made anew, without any change.
    """

    @cache
    def issue(defect: Defect, own: frozenset[str] = frozenset()) -> IssuedChain:
        across = defect.chain.cross_signed_by
        cross_signer = None if across is None else Authority(across)
        blueprint = sound_blueprint(defect.chain, Authority("authority"), cross_signer)
        made_anew = {
            *({blueprint.root} if "authority" in own else ()),
            *({blueprint.cross_root} if across in own else ()),
        }
        assert len(made_anew) == len(own)
        return issue_blueprint(blueprint)

    return issue
