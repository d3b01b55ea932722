"""The adapter: how to call the implementation under test, and what it declares.

Everything has a default that is found by its documented name: in the implementation's module, in
the packages above it, or where the session comes from that ``connect`` returned. Where a name
differs, subclass :class:`Implementation`, override what differs, and give the subclass in place of
the implementation.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn, get_args

from connect_contracts.execution.connect_kind import no_connect
from connect_contracts.execution.environment.trust import TrustStore
from connect_contracts.execution.identity import DECLARED, Identity, declared_by, looked_in
from connect_contracts.model.clause import Profile
from connect_contracts.model.observation import Frame
from connect_contracts.model.parts import unknown_part
from connect_contracts.model.values import to_json


class BadImplementation(Exception):
    """The implementation cannot be used as given; the text says what to do."""


class PartMissing(Exception):
    """Raised by a method of an adapter: the implementation does not offer the part.

    Its cases are not applicable.

    Parameters:
        part: Its name, as in ``without``.
    """

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class PartNotFound(PartMissing):
    """The part was not found by its documented name; nothing declares that it is not offered.

    Its clauses are not testable, and not applicable if the release that the implementation declares
    has no such part either.
    """


NO_FRAME = "no data frame, but "


class Implementation:
    """How to call an implementation of ``connect``.

    Parameters:
        subject: A callable with the signature of ``connect``, or a class or an object that has a
            ``connect``. A subclass may carry it as a class attribute of that name instead.
        module: Where its documented names are looked for; by default the module that ``subject``
            comes from.
        reference: ``module[:attribute]``, by which it was named.

    What it declares may be given in a mapping ``__connect_contract__`` of its module, or as
    attributes of a subclass: ``profile``, ``server_version``, ``trust_store`` (``ssl``,
    ``certifi`` or ``truststore``: the only one that it asks where no authority is given),
    ``own_resolver`` (whether it resolves names without asking ``socket``), ``without`` (the names
    of the parts that it does not offer, see ``model/parts.py``). What is not declared, and names
    that the module lacks, are taken from where the session that ``connect`` returned comes from
    (:meth:`adopt`).

    Raises:
        BadImplementation: ``subject`` has no ``connect`` that can be called.
    """

    profile: str | None = None
    server_version: str | None = None
    trust_store: TrustStore = "any"
    own_resolver: bool = False
    without: Sequence[str] = ()

    subject: object = None

    imported_by_connect: tuple[str, ...] | None = None
    """The modules that its first connect imports, once they are known."""

    debugged: bool = False
    """Whether a debugger is at work: no step has a limit then, and ``raised`` is kept."""

    raised: BaseException | None = None
    """What a step raised last, while a debugger is at work."""

    import_name: str | None = None
    """``module:attribute`` of one that was given as an object, where it has such a name."""

    def __init__(
        self,
        subject: object = None,
        *,
        module: ModuleType | None = None,
        reference: str | None = None,
    ) -> None:
        self.reference = reference
        # Taken from the class, where a plain function is not yet a method.
        subject = type(self).subject if subject is None else subject
        self._connect = _callable_of(subject, type(self).__qualname__)
        self.identity: Identity | None = None
        owner = getattr(self._connect, "__self__", None)
        home = owner if inspect.isclass(owner) else self._connect
        name = getattr(home, "__module__", None) or type(subject).__module__
        # Wherever it was named.
        self.defined_in = sys.modules.get(name)
        self.module = module or self.defined_in
        self.name = reference or f"{name}:{getattr(home, '__qualname__', type(subject).__name__)}"
        self._declare()

    def _declare(self) -> None:
        # A module that hands on another's connect follows the same documentation.
        declared = declared_by(self.module) or declared_by(self.defined_in)
        if not isinstance(declared, Mapping):
            raise BadImplementation(
                f"__connect_contract__ of {self.name} is no mapping: write it as "
                '{"profile": "6.2", "server_version": "6.2.2"}.'
            )
        unknown = set(declared) - set(DECLARED)
        if unknown:
            raise BadImplementation(
                f"__connect_contract__ of {self.name} names {', '.join(sorted(unknown))}; it may "
                "hold profile, server_version, trust_store, own_resolver and without."
            )
        # What a subclass says wins over what the module declares.
        kinds = [kind for kind in type(self).__mro__[:-1] if kind is not Implementation]
        self._declared = {key for key in DECLARED if any(key in vars(kind) for kind in kinds)}
        self._set(declared)
        self._declared |= set(declared)
        self._check_declared()

    def _set(self, declared: Mapping[str, Any]) -> None:
        for key in set(declared) - self._declared:
            setattr(self, key, declared[key])

    def adopt(self, identity: Identity) -> None:
        """Take from a session what nothing declares; may raise ``BadImplementation``."""
        self.identity = identity
        self._set(identity.declared)
        self._check_declared()

    def declares(self, key: str) -> bool:
        """Whether its module or its adapter declares ``key``."""
        return key in self._declared

    def _check_declared(self) -> None:
        stores, profiles = get_args(TrustStore), tuple(Profile)
        if self.trust_store not in stores:
            self._refuse(f"the trust store {self.trust_store!r}", f"one of {', '.join(stores)}")
        if not isinstance(self.own_resolver, bool):
            self._refuse(f"own_resolver as {self.own_resolver!r}", "True or False")
        if self.profile is not None and self.profile not in profiles:
            self._refuse(f"the profile {self.profile!r}", f"one of {', '.join(profiles)}")
        listed = isinstance(self.without, list | tuple | set | frozenset)
        if not listed or not all(isinstance(name, str) for name in self.without):
            example = '"without": ["tables"]'
            self._refuse(f"without as {self.without!r}", "a list of names", example)
        for unknown in filter(None, map(unknown_part, self.without)):
            raise BadImplementation(f"{self.name} declares in without what is no part: {unknown}.")

    def _refuse(
        self,
        declared: str,
        allowed: str,
        example: str = '"profile": "6.2", "trust_store": "certifi"',
    ) -> NoReturn:
        raise BadImplementation(
            f"{self.name} declares {declared}; it must be {allowed}: write it in its module, as in "
            f"__connect_contract__ = {{{example}}}."
        )

    @property
    def missing_parts(self) -> tuple[str, ...]:
        """The parts that are declared as missing, by ``without`` or by ``session_type``."""
        try:
            self.session_type()
        except PartNotFound:
            pass
        except PartMissing:
            return (*self.without, "session_type")
        return tuple(self.without)

    # What is found by its documented name.

    def find(self, name: str) -> Any:
        """The documented ``name``: in the implementation's module, in those of the session that it
        returned, or in a package above; ``PartNotFound`` is raised if it is in none.
        """
        for module in looked_in(self.module, self.identity, name):
            if hasattr(module, name):
                return getattr(module, name)
        raise PartNotFound(name)

    # The call.

    def connect(self, *args: Any, **keywords: Any) -> Any:
        """Call ``connect`` with exactly these arguments and return the session."""
        return self._connect(*args, **keywords)

    def connect_of_subclass(self) -> tuple[Callable[..., Any], type]:
        """``connect`` of a fresh subclass of the session's class, and that subclass.

        ``PartNotFound`` is raised if ``connect`` is no class method of a session's class.
        """
        owner = getattr(self._connect, "__self__", None)
        with suppress(PartMissing):
            documented = self.session_type()
            # A class that is no Session only offers a connect.
            if not (inspect.isclass(owner) and issubclass(owner, documented)):
                owner = documented
        if not inspect.isclass(owner) or not callable(getattr(owner, "connect", None)):
            raise PartNotFound("Session.connect")
        fresh: Any = type("FreshSession", (owner,), {})
        return fresh.connect, fresh

    def session_type(self) -> type:
        """The documented ``Session``."""
        found: type = self.find("Session")
        return found

    def basic(self, username: str, password: str) -> Any:
        """``BasicAuthentication(username, password)``."""
        return self.find("BasicAuthentication")(username, password)

    def token(self, token: str, token_type: str | None) -> Any:
        """``TokenAuthentication(token)``, with ``token_type`` if one is given."""
        build = self.find("TokenAuthentication")
        return build(token) if token_type is None else build(token, token_type=token_type)

    def password_grant(self, *, scopes: frozenset[str], **given: str) -> Any:
        """``OAuth2ResourceOwnerPasswordAuthentication(...)``, with ``scopes`` if there are any.

        ``given``: ``username``, ``password``, ``client_id``, ``client_secret``, ``issuer_url``.
        """
        build = self.find("OAuth2ResourceOwnerPasswordAuthentication")
        return build(**given, scopes=scopes) if scopes else build(**given)

    def client_certificate(
        self, certificate: Path, keyfile: Path | None, password: str | None
    ) -> Any:
        """``ClientCertificate(certificate, keyfile=..., password=...)``."""
        given = {"keyfile": keyfile, "password": password}
        return self.find("ClientCertificate")(
            certificate, **{key: value for key, value in given.items() if value is not None}
        )

    # The session.

    def list_tables(self, session: Any) -> list[str]:
        """``list(session.tables)``."""
        return list(_iterable(_part(session, "tables")))

    def table(self, session: Any, name: str) -> Any:
        """``session.tables[name]``."""
        return _part(session, "tables")[name]

    def columns(self, table: Any) -> list[str]:
        """``list(table)``."""
        return list(_iterable(table))

    def keys(self, table: Any) -> list[str]:
        """``table.keys``."""
        return list(_part(table, "keys"))

    def add(self, table: Any, row: tuple[Any, ...]) -> None:
        """``table += row``."""
        if not any(hasattr(type(table), name) for name in ("__iadd__", "__add__")):
            raise PartNotFound("table += row")
        table += row

    def head(self, table: Any, n: int | None) -> Any:
        """``table.head()`` where ``n`` is ``None``, or ``table.head(n)``."""
        head = _part(table, "head")
        return head() if n is None else head(n)

    def query(self, table: Any, column: str) -> Any:
        """``table.query(table[column])``."""
        return _part(table, "query")(table[column])

    def create_table(self, session: Any, name: str, data_types: Mapping[str, str]) -> Any:
        """``session.create_table(name, data_types=...)``; ``types=`` where that is its name."""
        create = _part(session, "create_table")
        # 0.9.1 calls it types, everything since data_types; of a wrapper nothing may be known.
        keyword = "types" if _names(create, "types") else "data_types"
        return create(name, **{keyword: dict(data_types)})

    def schema(self, session: Any) -> Any:
        """``session.tables.schema``."""
        return _part(_part(session, "tables"), "schema")

    def turn_unready(self, session: Any) -> None:
        """``session.ready = False``."""
        if not hasattr(type(session), "ready"):
            raise PartNotFound(f"{type(session).__name__}.ready")
        session.ready = False

    def grant_role(self, session: Any, username: str, role: str) -> None:
        """``session.security.individual_roles[username] = {role}``."""
        _part(session, "security").individual_roles[username] = {role}

    def user(self, session: Any) -> tuple[str, list[str]]:
        """Name and roles of ``session.user``."""
        user = _part(session, "user")
        return user.name, sorted(user.roles)

    def url(self, session: Any) -> str:
        """``session.url``."""
        return str(_part(session, "url"))

    def link(self, session: Any) -> str:
        """``str(session.link)``."""
        return str(_part(session, "link"))

    def close(self, session: Any) -> None:
        """``session.close()``."""
        _part(session, "close")()

    def leave(self, session: Any) -> None:
        """Enter and leave ``with session``."""
        if not hasattr(type(session), "__exit__"):
            raise PartNotFound("with")
        with session:
            pass

    def frame(self, value: Any) -> Frame:
        """A data frame as plain values; ``TypeError`` is raised if ``value`` is none."""
        try:
            index = value.index
            return Frame(
                columns=tuple(str(name) for name in value.columns),
                index=tuple(index.names),
                labels=tuple(
                    tuple(to_json(label)) if isinstance(label, tuple) else (to_json(label),)
                    for label in index
                ),
                rows=tuple(tuple(map(to_json, row)) for row in value.itertuples(index=False)),
            )
        except AttributeError as error:
            raise TypeError(f"{NO_FRAME}{type(value).__qualname__}") from error


def _part(owner: Any, name: str) -> Any:
    """An attribute of a session or a table; only its absence from the type makes it missing."""
    if not hasattr(type(owner), name) and name not in getattr(owner, "__dict__", {}):
        try:
            return getattr(owner, name)
        except AttributeError:
            raise PartNotFound(f"{type(owner).__name__}.{name}") from None
    return getattr(owner, name)


def _iterable(owner: Any) -> Any:
    """What lists the names of tables, or of the columns of a table."""
    if not any(hasattr(type(owner), name) for name in ("__iter__", "__getitem__")):
        raise PartNotFound(f"list({type(owner).__name__})")
    return owner


def _names(function: Callable[..., Any], keyword: str) -> bool:
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False
    return keyword in parameters


def _callable_of(subject: object, adapter: str) -> Callable[..., Any]:
    connect: Callable[..., Any] | None = getattr(subject, "connect", None)
    if not callable(connect) and callable(subject) and not inspect.isclass(subject):
        connect = subject
    if callable(connect):
        if (why := no_connect(subject, connect)) is not None:
            raise BadImplementation(why)
        return connect
    if subject is None and adapter != Implementation.__qualname__:
        text = f"The adapter {adapter} has nothing to call: write {adapter}(connect), or "
        raise BadImplementation(text + "`subject = connect` in its class.")
    raise BadImplementation(
        f"{getattr(subject, '__qualname__', subject)!r} is neither callable nor has a connect to "
        "call: name a function, a class or an object with a connect, or subject of an adapter."
    )
