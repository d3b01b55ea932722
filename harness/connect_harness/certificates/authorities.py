"""Certificate authorities by name, and the chains that they issue."""

from __future__ import annotations

from connect_harness.certificates.authority import Authority
from connect_harness.certificates.chain import Chain
from connect_harness.certificates.issued import IssuedChain
from connect_harness.certificates.issuing import issue


class Authorities:
    """The named authorities of one scenario, each made when it is first asked for.

    Two names that agree before their first ``#`` are two authorities of one subject with
    different keys: ``"authority"`` and ``"authority#2"``. Safe in threads and across a fork
    without a lock: what is made twice at once is kept once.

    Parameters:
        reuse_chains: Whether equal chains are issued once only, with one key for all. Who reuses
            chains keeps every authority as it was made, whatever defect is issued.
    """

    def __init__(self, *, reuse_chains: bool = False) -> None:
        self._made: dict[str, Authority] = {}
        self._issued: dict[Chain, IssuedChain] | None = {} if reuse_chains else None

    def authority(self, name: str) -> Authority:
        """The authority of this name, always the same one."""
        known = self._made.get(name)
        # setdefault is atomic: of two threads that made one, both get the one that came first.
        return known or self._made.setdefault(name, Authority(name))

    def namesake(self, name: str) -> Authority:
        """An authority with the subject of ``name`` and another key, always the same one."""
        return self.authority(f"{name}#namesake")

    def issue(self, chain: Chain) -> IssuedChain:
        """A chain of the authority that ``chain`` names.

        Where the defect changes an authority's own certificate, the authority of that name is
        from now on the changed one.

        Raises:
            ValueError: The defect of ``chain`` is unknown, or ``chain`` has no place for it.
        """
        if self._issued is None:
            issued = self._issue(chain)
            self._made.update({one.name: one for one in issued.changed})
            return issued
        known = self._issued.get(chain)
        return known or self._issued.setdefault(chain, self._issue(chain))

    def _issue(self, chain: Chain) -> IssuedChain:
        across = chain.cross_signed_by
        cross_signer = None if across is None else self.authority(across)
        return issue(chain, self.authority(chain.authority), cross_signer)


_OF_THIS_PROCESS = Authorities(reuse_chains=True)


def default_authorities() -> Authorities:
    """The authorities of this process, for targets that need none of their own.

    Equal chains are issued once, so a default target costs no certificate. A forked process
    keeps what was made before the fork.
    """
    return _OF_THIS_PROCESS
