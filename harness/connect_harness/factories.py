"""The types of the fixtures that are called: what a test writes in its annotations."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypedDict, Unpack

if TYPE_CHECKING:
    from connect_harness.certificates import Authorities, Chain
    from connect_harness.config import SessionConfig
    from connect_harness.faults import AnswerFault, Armed, Fault, Requests, WireFault
    from connect_harness.issuer import Issuer
    from connect_harness.releases import Release
    from connect_harness.server import Journal
    from connect_harness.session import TargetSession


class TargetOptions(TypedDict, total=False):
    """The options of ``TargetSession.start``, which describes them."""

    name: str
    release: Release | str | None
    journal: Journal | None
    authorities: Authorities | None
    enforces_roles: bool
    host: str
    arrow_folder: Path | None


class TargetFactory(Protocol):
    """Starts target sessions: the fixture ``connect_target_factory``."""

    def __call__(
        self, config: SessionConfig | None = None, /, **options: Unpack[TargetOptions]
    ) -> TargetSession:
        """Start a target session; ``options`` are those of ``TargetSession.start``."""
        ...


class HttpsTargetFactory(Protocol):
    """Starts HTTPS targets with other certificates: ``connect_https_target_factory``."""

    def __call__(
        self, chain: Chain | None = None, /, **options: Unpack[TargetOptions]
    ) -> TargetSession:
        """Start a target as ``connect_https_target`` is, which presents ``chain``."""
        ...


class FaultFactory(Protocol):
    """Arms faults for one test: the fixture ``connect_fault``."""

    def __call__(
        self,
        target: TargetSession | Issuer,
        fault: str | Fault | AnswerFault | WireFault,
        /,
        *,
        on: Requests | None = None,
        location: str | None = None,
    ) -> Armed:
        """Arm ``fault`` on a target, or an issuer, until the test ends; as its ``arm`` does."""
        ...


class Login(NamedTuple):
    """The name and the password of a user, in the order of ``BasicAuthentication(*login)``."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"Login({self.username!r})"


class UserFactory(Protocol):
    """Adds users to targets: the fixture ``connect_user``."""

    def __call__(
        self, target: TargetSession, username: str = "guest", /, *, roles: Iterable[str] = ()
    ) -> Login:
        """Add a user to ``target``, by default one without any role."""
        ...
