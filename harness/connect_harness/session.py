"""The target session: what a client connects to, and what its owner does with it.

The owner's side speaks the language of the documentation, so that its examples read the same here::

    session = TargetSession.start(SessionConfig(security=SecurityConfig()))
    session.create_table("Example", data_types={"Id": "String"})
    session.security.basic_authentication.credentials.update({"admin": "passwd"})
    session.security.individual_roles.update({"admin": {"ROLE_USER", "ROLE_ADMIN"}})
"""

from __future__ import annotations

import tempfile
import threading
import warnings
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from connect_harness import releases
from connect_harness.assertions import RequestAssertions
from connect_harness.config import SessionConfig
from connect_harness.faults import (
    ArmedFaults,
)
from connect_harness.gateway_port import GatewayPort
from connect_harness.identity import identity
from connect_harness.listening import TargetClosed
from connect_harness.owner import OwnerSide, Security
from connect_harness.played import InexactRelease, default_release
from connect_harness.protocols.application import Application
from connect_harness.protocols.routing import Target
from connect_harness.refusals import check_type, no_such
from connect_harness.releases import Release
from connect_harness.server import Journal, NotServed
from connect_harness.server.listener import Listener
from connect_harness.state import Accounts, Database

if TYPE_CHECKING:
    from connect_harness.certificates import Authorities, Chain, PresentedChain


class TargetSession(OwnerSide, RequestAssertions):
    """A fake target session that runs; made by :meth:`start`.

        >>> from connect_harness import SecurityConfig, SessionConfig, TargetSession
        >>> with TargetSession.start(SessionConfig(security=SecurityConfig())) as target:
        ...     target.security.basic_authentication.credentials["admin"] = "passwd"
        ...     target.security.individual_roles["admin"] = {"ROLE_USER", "ROLE_ADMIN"}
        ...     cities = target.create_table("Cities", data_types={"City": "String"})
        ...     # Here an application does connect(target.url, ...).
        ...     assert target.requests(method="POST") == ()

    Attributes:
        name: Its name in the journal.
        journal: All that happened on its connections.
        security: Its users.
    """

    journal: Journal
    security: Security

    def __init__(
        self,
        config: SessionConfig,
        *,
        name: str,
        release: Release,
        journal: Journal | None,
        authorities: Authorities | None,
        enforces_roles: bool,
        host: str,
        arrow_folder: Path | None,
    ) -> None:
        security = config.security
        self.name = name
        self.journal = Journal() if journal is None else journal
        self._config = config
        self._authorities = authorities
        self._host = host
        self._lock = threading.Lock()
        self._accounts = Accounts(
            secure=security is not None,
            realm=security.basic_authentication.realm if security else None,
            username_regex=security.client_certificate.username_regex
            if security and security.client_certificate
            else None,
            keep_secret=self.journal.keep_secret,
        )
        self._database = Database()
        self._faults = ArmedFaults()
        self._target = Target(
            self._accounts,
            self._database,
            release,
            ready=config.ready,
            enforces_roles=enforces_roles,
            gateway=lambda username: self._gateway.address(username),
            not_served=self._not_served,
        )
        self._gateway = GatewayPort(
            name,
            self.journal,
            self._target,
            host=host,
            arrow_folder=Path(arrow_folder or tempfile.gettempdir()).resolve(),
            misbehaviour=partial(self._faults.misbehaviour, gateway=True),
            shut_down=self._shut_down,
        )
        self._identity = identity(security, authorities)
        self._listener = Listener(
            name,
            self.journal,
            Application(
                self._target, base_path=config.base_path, faults=self._faults.answer
            ).answer,
            tls=self._identity.context if self._identity else None,
            host=host,
            port=config.port,
        )
        self.security = Security.of(self._accounts, self._check_open)

    @classmethod
    def start(
        cls,
        config: SessionConfig | None = None,
        /,
        *,
        name: str = "target",
        release: Release | str | None = None,
        journal: Journal | None = None,
        authorities: Authorities | None = None,
        enforces_roles: bool = True,
        host: str = "localhost",
        arrow_folder: Path | None = None,
    ) -> Self:
        """Start a target session. Clients can connect when this returns.

        Parameters:
            config: As documented; by default an unsecured session over plain HTTP.
            name: What the journal calls it.
            release: The public release that it plays, or its name; by default that of the
                ``atoti-client`` that is installed, else 0.9.1. Where the installed one is not
                written down here, what is played instead is said by the warning
                ``connect_harness.played.InexactRelease``.
            journal: Where its events go, if it shares a journal with other targets.
            authorities: Who issues its certificates; the process's own by default.
            enforces_roles: Whether it refuses changes to those who may not make them.
            host: ``localhost`` for both loopback addresses, or one address.
            arrow_folder: The folder below which it reads the Arrow files that clients name; by
                default the temporary folder of this process. It reads no other file, and none of
                more than 64 MiB: a client must not choose what this process reads. A client whose
                temporary folder is another one needs its folder named here.

        Raises:
            OSError: The port asked for is in use; the text says so.
            TypeError: The configuration is no ``SessionConfig``, or an option has another type.
            UnknownRelease: There is no such release.
            UnreadableKeystoreError: A certificate or a trust store cannot be read.
        """
        if config is not None and not isinstance(config, SessionConfig):
            raise TypeError(
                f"A target is started with a SessionConfig, not {type(config).__name__}: "
                "TargetSession.start(SessionConfig(security=SecurityConfig(https=HttpsConfig())))."
            )
        check_type("start", "name", name, str)
        check_type("start", "host", host, str)
        check_type("start", "enforces_roles", enforces_roles, bool)
        check_type("start", "arrow_folder", arrow_folder, (Path, type(None)))
        check_type("start", "journal", journal, (Journal, type(None)))
        if authorities is not None:
            # Loaded on demand: a target without certificates does not need it.
            from connect_harness.certificates import Authorities

            check_type("start", "authorities", authorities, Authorities)
        if release is None:
            played = default_release()
            if not played.exact:
                warnings.warn(f"A target plays {played}.", InexactRelease, stacklevel=2)
            release = played.release
        session = cls(
            config or SessionConfig(),
            name=name,
            release=releases.release(release),
            journal=journal,
            authorities=authorities,
            enforces_roles=enforces_roles,
            host=host,
            arrow_folder=arrow_folder,
        )
        session._listener.start()
        return session

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<target session {self.name!r}{', closed' if self.closed else f' at {self.url}'}>"

    # What is documented.

    @property
    def url(self) -> str:
        """The URL of the session, as given to ``connect``.

        Raises:
            TargetClosed: It is closed, and its port may be another program's by now.
        """
        if self.closed:
            raise TargetClosed(f"The target {self.name!r} is closed: take its url before that.")
        https = self._config.security.https if self._config.security else None
        host = https.domain if https else self._host
        scheme = "https" if https else "http"
        shown = f"[{host}]" if ":" in host else host
        return f"{scheme}://{shown}:{self.port}{quote(self._config.base_path)}"

    @property
    def secure(self) -> bool:
        """Whether callers have to authenticate."""
        return self._accounts.secure

    @property
    def ready(self) -> bool:
        """Whether users without ``ROLE_ADMIN`` are answered; may be set while it is open."""
        return self._target.ready

    @ready.setter
    def ready(self, value: bool) -> None:
        self._check_open()
        check_type("TargetSession", "ready", value, bool)
        self._target.ready = value

    def restart(self) -> None:
        """Restart the session at the same URL.

        Configuration, users, roles and what the owner made stay. What connected sessions did is
        gone, as are open connections, tokens, cookies, and the Py4J port. Armed faults stay.

        Raises:
            TargetClosed: It is closed for good.
        """
        self._check_open()
        self._listener.cut_connections()
        self._gateway.stop()
        self._accounts.restart()
        self._database.restart()
        # What came in while the rest went on belongs to the session from before the restart.
        self._listener.cut_connections()
        self._note("was restarted")

    def close(self) -> None:
        """Stop the session. From now on it answers on no connection."""
        self._listener.stop()
        self._gateway.stop()

    # What is this project's own.

    @property
    def certificate_authority_pem(self) -> bytes | None:
        """The certificate of the authority that a client has to trust; ``None`` without HTTPS."""
        return self._identity.authority_pem if self._identity else None

    @property
    def presented_chain(self) -> PresentedChain | None:
        """The certificate chain that the session presents; ``None`` without HTTPS."""
        return self._identity.presented if self._identity else None

    def issue_token(self, username: str) -> str:
        """A token that is good for ``username`` until that user's password changes.

        No documentation names it; a client gives it as ``TokenAuthentication(token)``.

        Raises:
            TargetClosed: It is closed.
            ValueError: The target is secured and has no such user; the text names the nearest.
        """
        self._check_open()
        check_type("issue_token", "username", username, str)
        users = {**self._accounts.credentials, **self._accounts.individual_roles}
        if self.secure and username not in users:
            raise ValueError(no_such("user", username, users))
        return self._accounts.issue_token(username)

    def replace_certificate(self, chain: Chain) -> None:
        """Present another certificate from the next connection on; open connections are cut.

        Port, users, tables and all else stay. With a chain of another authority the target plays
        an impostor that took over its port.

        Parameters:
            chain: What is generated, by the authorities that the target was started with.

        Raises:
            RuntimeError: The target speaks plain HTTP, or was started with a key store.
            TargetClosed: It is closed.
        """
        self._check_open()
        security = self._config.security
        if security is None or security.https is None:
            raise RuntimeError(
                f"The target {self.name!r} speaks plain HTTP: it has no certificate."
            )
        if security.https.certificate is not None:
            raise RuntimeError(f"The certificate of the target {self.name!r} is in a key store.")
        security = replace(security, https=replace(security.https, chain=chain))
        presented = identity(security, self._authorities)
        assert presented is not None
        with self._lock:
            self._config = replace(self._config, security=security)
            self._identity = presented
            self._listener.tls = presented.context
        # After that: what was accepted before it has the former certificate, and is cut.
        self._listener.cut_connections()
        defect = f" with the defect {chain.defect!r}" if chain.defect else ""
        self._note(f"presents another certificate{defect}, of {chain.authority!r}")

    def close_connections(self) -> None:
        """Close all open connections, as a target does with idle ones; new ones are served."""
        self._listener.cut_connections()

    def _misbehave(self) -> None:
        with self._lock:
            self._listener.misbehaviour = self._faults.misbehaviour(gateway=False)
        self._gateway.misbehave()

    def _not_served(self, operation: str) -> None:
        self.journal.record(NotServed(target=self.name, operation=operation))

    def _shut_down(self, username: str) -> None:
        self.journal.mark(f"{username} shut {self.name} down")
        self.close()
