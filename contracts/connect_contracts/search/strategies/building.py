"""From a value in each dimension to the scenario that has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import msgspec

from connect_contracts.model.clause import Profile
from connect_contracts.model.scenario import (
    ADMIN,
    USER,
    Authentication,
    AuthorityFile,
    Basic,
    Call,
    Callback,
    Certificate,
    KeyLayout,
    Row,
    Scenario,
    Step,
    TableSpec,
    TargetSpec,
    Token,
    User,
)
from connect_contracts.search.strategies import specifics
from connect_contracts.search.strategies.course import steps
from connect_contracts.search.strategies.dimensions import (
    ELSEWHERE,
    LOOP,
    NETRC,
    PROXY,
    Dimensions,
    client_certificate_defects,
)
from connect_contracts.search.strategies.specifics import EXTREMES, sample_row
from connect_harness.certificates import DEFECTS, Chain

LIMIT = 12.0
"""Seconds that a step of a generated scenario may take.

Clients have limits of their own, often of 10 seconds: one that ends by its own does not hang.
"""

T = TypeVar("T")


class Details(msgspec.Struct, frozen=True):
    """What the values of dimensions stand for in particular; ``None`` takes what ``turn`` says.

    Parameters:
        turn: Of several things that a value may stand for, the one of this number.
        credentials: The caller's name and password.
        base_path: The target's.
        table: The target's table, with its rows.
        written: What is added.
        chain_defect, client_defect, call_defect, fault: One of the group.
        layout: That of the client certificate's files.
        more: Steps that come last.
    """

    turn: int = 0
    credentials: Basic | None = None
    base_path: str | None = None
    table: TableSpec | None = None
    written: tuple[Row, ...] | None = None
    chain_defect: str | None = None
    client_defect: str | None = None
    call_defect: str | None = None
    fault: str | None = None
    layout: KeyLayout | None = None
    more: tuple[Step, ...] = ()


class Drawn(msgspec.Struct, frozen=True):
    """A scenario, with the values of the dimensions that it was drawn by, if it was by any."""

    scenario: Scenario
    values: Dimensions | None = None


def scenario_of(chosen: Dimensions, profile: Profile, details: Details | None = None) -> Scenario:
    """The scenario that has these values, which go together: see ``constraints``."""
    return _Building(chosen, profile, details or Details()).scenario()


class _Building:
    def __init__(self, chosen: Dimensions, profile: Profile, details: Details) -> None:
        self.chosen = chosen
        self.profile = profile
        self.details = details
        self.call_defect = details.call_defect or self._pick(specifics.call_defects(chosen))
        self.fault = details.fault or self._pick(specifics.faults(chosen))
        self.user = self._user()
        self.table = self._table()
        self.chain = self._chain()

    def _pick(self, alternatives: Sequence[T]) -> T | None:
        return alternatives[self.details.turn % len(alternatives)] if alternatives else None

    def scenario(self) -> Scenario:
        target = self._target()
        targets = [target]
        if self.chosen.company in ("on another target", ELSEWHERE):
            targets.append(self._another(target))
        if self.chosen.surroundings == PROXY:
            targets.append(TargetSpec("proxy"))
        call = self._call()
        types = tuple(kind for _, kind in self.table.data_types)
        rows = self.details.written or (sample_row(types, 7),)
        return Scenario(
            tuple(targets),
            (
                *steps(self.chosen, self.table, rows, call, self.user, self.fault, target),
                *self.details.more,
            ),
            specifics.SURROUNDINGS.get(self.chosen.surroundings, ()),
            target.users[1].name if self.chosen.surroundings == NETRC else None,
            limit=LIMIT,
        )

    # The target.

    def _target(self) -> TargetSpec:
        chosen = self.chosen
        secure = chosen.security == "secure"
        others = tuple(user for user in (ADMIN, USER) if user.name != self.user.name)
        releases = specifics.OTHER_RELEASES[self.profile]
        paths = specifics.BASE_PATHS[chosen.base_path]
        base_path = self.details.base_path
        return TargetSpec(
            scheme="https" if chosen.scheme == "https" else "http",
            chain=self.chain,
            tls=specifics.TLS[chosen.tls],
            client_certificate=specifics.CLIENT_CERTIFICATES[chosen.client_certificate],
            secure=secure,
            enforces_roles=chosen.enforcement != "none",
            ready=chosen.ready == "ready",
            users=(self.user, *others),
            tables=(self.table,),
            release=None if chosen.release == "as expected" else self._pick(releases),
            base_path=(self._pick(paths) or "") if base_path is None else base_path,
        )

    def _another(self, target: TargetSpec) -> TargetSpec:
        chain = Chain() if target.scheme == "http" else replace(self.chain, defect=None)
        another = TargetSpec("another", target.scheme, chain, secure=target.secure)
        if self.chosen.company == "on another target":
            return another
        user = msgspec.structs.replace(self.user, password=specifics.PASSWORD_ELSEWHERE)
        return msgspec.structs.replace(another, users=(user,))

    def _user(self) -> User:
        given = self.details.credentials
        if given is None:
            usual = ADMIN.name if self.chosen.user == "admin" else USER.name
            name, password = specifics.PAIRS[self.chosen.credentials]
            if self.chosen.company == ELSEWHERE and self.chosen.credentials == "plain":
                password = specifics.PASSWORD_HERE
            given = Basic(name.format(usual), password)
        return User(given.username, given.password, specifics.ROLES[self.chosen.user])

    def _chain(self) -> Chain:
        chosen = self.chosen
        if chosen.scheme == "http":
            return Chain()
        name = self.details.chain_defect or self._pick(specifics.certificate_defects(chosen))
        if name is not None:
            return DEFECTS[name].defective_chain
        more = (specifics.OWN_NAME,) if chosen.host == specifics.ANOTHER_NAME else ()
        return Chain(
            names=(*Chain().names, *more),
            intermediates=1 if chosen.certificate == "intermediate" else 0,
            cross_signed_by="cross" if chosen.certificate == "cross-signed" else None,
        )

    def _table(self) -> TableSpec:
        if self.details.table is not None:
            return self.details.table
        spec = specifics.TABLES[self.chosen.table]
        return msgspec.structs.replace(spec, rows=self._rows(spec))

    def _rows(self, spec: TableSpec) -> tuple[Row, ...]:
        types = tuple(kind for _, kind in spec.data_types)
        match self.chosen.rows:
            case "one":
                return (sample_row(types, 0),)
            case "many":
                return tuple(sample_row(types, number) for number in range(7))
            case "twice the same":
                return (sample_row(types, 0), sample_row(types, 0))
            case "nulls":
                # A key is never null.
                keys = [name in spec.keys for name, _ in spec.data_types]
                pairs = zip(sample_row(types, 0), keys, strict=True)
                return (tuple(value if key else None for value, key in pairs),)
            case "extremes":
                return tuple(sample_row(types, number, EXTREMES) for number in range(6))
            case _:
                return ()

    # The call.

    def _call(self) -> Call:
        chosen = self.chosen
        host = specifics.HOSTS.get(chosen.host, specifics.OWN_NAME)
        if chosen.host == specifics.ANOTHER_NAME and self.chain.defect is not None:
            host = DEFECTS[self.chain.defect].host
        return Call(
            host=host,
            authentication=self._authentication(),
            authority_file=self._authority_file(),
            url_by_keyword=chosen.call_form == "url by keyword",
            explicit_none=chosen.call_form == "None given",
            subclass=chosen.call_form == "subclass",
            event_loop=chosen.call_form == LOOP,
            defect=self.call_defect,
        )

    def _authentication(self) -> Authentication | None:
        user = self.user
        match self.chosen.authentication:
            case "none":
                return None
            case "token":
                return Token(user.name)
            case "token of another type":
                return Token(user.name, "Token")
            case "callable":
                return Callback(user.name)
            case "certificate":
                chain = replace(
                    Certificate().chain,
                    subject=user.name,
                    intermediates=1 if self.chosen.client_chain == "intermediate" else 0,
                    defect=self._client_defect(),
                )
                layouts = specifics.key_layouts(self.call_defect)
                return Certificate(chain, self.details.layout or self._pick(layouts) or "two files")
            case _:
                return Basic(user.name, user.password or "")

    def _client_defect(self) -> str | None:
        if self.chosen.client_chain != "time":
            return None
        return self.details.client_defect or self._pick(client_certificate_defects())

    def _authority_file(self) -> AuthorityFile | None:
        form = self.chosen.authority_file
        if self.chosen.scheme == "http":
            return AuthorityFile() if form == "needless" else None
        defect = self.chain.defect
        given = ("authority",) if defect is None else DEFECTS[defect].given
        match form:
            case "several authorities":
                return AuthorityFile((specifics.FURTHER_AUTHORITY, *given))
            case "other layout":
                return AuthorityFile(given, layout=self._pick(specifics.LAYOUTS) or "plain")
            case "odd name":
                return AuthorityFile(given, naming=self._pick(specifics.NAMINGS) or "plain")
            case _:
                return AuthorityFile(given)
