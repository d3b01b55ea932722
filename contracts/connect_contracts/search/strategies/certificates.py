"""Certificate chains of targets and of clients, sound ones and such as have a defect."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from connect_contracts.model.scenario import Certificate
from connect_contracts.search.strategies.groups import (
    certificate_groups,
    client_certificate_defects,
)
from connect_contracts.search.strategies.specifics import KEY_LAYOUTS, OWN_NAME
from connect_harness.certificates import DEFECTS, Chain
from connect_harness.certificates.chain import KeyKind

ELLIPTIC: tuple[KeyKind, ...] = ("ec-p256", "ec-p384")
RSA: tuple[KeyKind, ...] = ("rsa-2048",)


def sound_chains(*, rsa: bool = False) -> st.SearchStrategy[Chain]:
    """Chains of servers that nothing is wrong with.

    Parameters:
        rsa: Whether leaves may have keys of RSA, which take long to make.
    """
    return st.builds(
        Chain,
        names=st.sampled_from((Chain().names, (*Chain().names, OWN_NAME))),
        intermediates=st.integers(0, 2),
        key=st.sampled_from((*ELLIPTIC, *(RSA if rsa else ()))),
        cross_signed_by=st.sampled_from((None, "cross")),
    )


def chains(*, rsa: bool = False) -> st.SearchStrategy[Chain]:
    """Chains of servers: sound ones first, then each with its defect, recipe by recipe.

    The host that a defect is about and the authorities to be given stand in
    ``connect_harness.certificates.DEFECTS``.
    """
    names = [name for group in certificate_groups().values() for name in group]
    # A sound chain is drawn in any case, so that leaving the defect out is simpler than having it.
    return st.builds(
        lambda sound, name: sound if name is None else DEFECTS[name].defective_chain,
        sound_chains(rsa=rsa),
        st.sampled_from((None, *names)),
    )


def client_certificates(subject: str = "admin") -> st.SearchStrategy[Certificate]:
    """Client certificates of a user, in each layout of their files; the sound ones first."""
    chain = replace(Certificate().chain, subject=subject)
    sound = st.integers(0, 2).map(lambda count: replace(chain, intermediates=count))
    defective = st.sampled_from(client_certificate_defects()).map(
        lambda name: replace(chain, defect=name)
    )
    return st.builds(Certificate, chain=sound | defective, layout=st.sampled_from(KEY_LAYOUTS))
