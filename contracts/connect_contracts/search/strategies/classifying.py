"""From a scenario back to its values: of one that was built, and of any that was written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import msgspec

from connect_contracts.model.scenario import (
    Authentication,
    Basic,
    Call,
    Callback,
    Certificate,
    Connect,
    Own,
    Scenario,
    TableSpec,
    Together,
    Token,
    Use,
    User,
)
from connect_contracts.search.strategies import specifics
from connect_contracts.search.strategies.dimensions import (
    LATER,
    OF_6_2,
    OTHER,
    READINGS,
    Dimensions,
)
from connect_contracts.search.strategies.groups import (
    call_defect_groups,
    certificate_groups,
    client_certificate_defects,
    fault_groups,
    group_of,
)
from connect_contracts.search.strategies.samples import EXTREMES
from connect_harness.certificates import Chain

LONG = 256
"""Characters from which on a name or a password is a long one."""


def dimensions_of(scenario: Scenario) -> Dimensions:
    """The values of ``scenario``: of its first call, of that call's target, and of what it does.

    What has no value in a dimension is ``other`` there.
    """
    return _Classified(scenario).values()


class _Classified:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.flat = tuple(_flat(scenario))
        self.connects = [one for one in self.flat if isinstance(one, Connect)]
        self.call = self.connects[0].call if self.connects else Call()
        named = {one.name: one for one in scenario.targets}
        self.target = named.get(self.call.target, scenario.targets[0])
        self.table = self.target.tables[0] if self.target.tables else TableSpec()
        self.user = self._user(self.call.authentication)

    def _user(self, given: Authentication | None) -> User | None:
        match given:
            case Basic(username) | Token(username) | Callback(username):
                name: str | None = username
            case Certificate(chain):
                name = chain.subject
            case None:
                return None
        return next((one for one in self.target.users if one.name == name), None)

    def values(self) -> Dimensions:
        target, call = self.target, self.call
        return Dimensions(
            scheme=target.scheme,
            security="secure" if target.secure else "unsecure",
            host=self._host(),
            base_path=_base_path(target.base_path),
            call_form=self._call_form(),
            authority_file=self._authority_file(),
            certificate=self._certificate(),
            tls={None: "1.2 and 1.3", "1.2": "1.2", "1.3": "1.3"}.get(target.tls, OTHER),
            client_certificate=target.client_certificate or "none",
            authentication=_authentication(call.authentication),
            client_chain=_client_chain(call.authentication),
            user=self._roles(),
            credentials=_credentials(call.authentication, self.user),
            enforcement="by the server" if target.enforces_roles else "none",
            ready="ready" if target.ready else "not ready",
            release="as expected" if target.release is None else "another",
            table=table_kind(self.table),
            rows=rows_kind(self.table),
            call_defect=_group(call_defect_groups(), call.defect, "none"),
            fault=self._fault(),
            company=self._company(),
            writing=self._writing(),
            event=self._event(),
            reading=self._reading(),
        )

    def _host(self) -> str:
        host = self.call.host
        return host if host in specifics.HOSTS else specifics.ANOTHER_NAME

    def _call_form(self) -> str:
        call = self.call
        forms = [
            name
            for name, has in (
                ("url by keyword", call.url_by_keyword),
                ("None given", call.explicit_none),
                ("subclass", call.subclass),
                (OTHER, call.userinfo is not None),
            )
            if has
        ]
        return OTHER if len(forms) > 1 else (forms or ["plain"])[0]

    def _authority_file(self) -> str:
        given = self.call.authority_file
        if self.target.scheme == "http":
            return "as needed" if given is None else "needless"
        if given is None:
            return OTHER
        if given.naming != "plain":
            return "odd name"
        if given.layout != "plain":
            return "other layout"
        return (
            "several authorities"
            if given.authorities[:1] == (specifics.FURTHER_AUTHORITY,)
            else ("as needed")
        )

    def _certificate(self) -> str:
        chain = self.target.chain
        if self.target.scheme == "http":
            return "sound"
        if chain.defect is not None:
            return group_of(certificate_groups(), chain.defect) or OTHER
        if chain.cross_signed_by is not None:
            return "cross-signed"
        if chain.intermediates:
            return "intermediate"
        return "sound" if chain.purpose == Chain().purpose else OTHER

    def _roles(self) -> str:
        if self.user is None:
            return "admin" if self.call.authentication is None else OTHER
        roles = set(self.user.roles)
        if "ROLE_ADMIN" in roles:
            return "admin"
        if "ROLE_USER" not in roles:
            return "without a role"
        return "user" if roles == {"ROLE_USER"} else "user of a further role"

    # What is done.

    def _first_connect(self) -> int:
        steps = self.scenario.steps
        places = (at for at, one in enumerate(steps) if isinstance(one, Connect | Together))
        return next(places, len(steps))

    def _fault(self) -> str:
        for place, one in enumerate(self.scenario.steps):
            if isinstance(one, Own) and one.action == "arm" and one.fault not in (None, "noop"):
                group = _group(fault_groups(), one.fault, OTHER)
                return f"{group}{LATER}" if place > self._first_connect() else group
        return "none"

    def _company(self) -> str:
        if any(
            isinstance(one, Together)
            and any(isinstance(each, Connect) for branch in one.branches for each in branch)
            for one in self.scenario.steps
        ):
            return "at once"
        others = [one.call for one in self.connects[1:]]
        if not others:
            return "alone"
        if others[0].target != self.call.target:
            return "on another target"
        mine = msgspec.structs.replace(self.call, defect=None)
        same = others[0].authentication == mine.authentication
        return "same user" if same and mine.authentication is not None else self._unnamed(others[0])

    def _unnamed(self, other: Call) -> str:
        """Where nobody says who it is, everybody is the same."""
        if other.authentication is None and self.call.authentication is None:
            return "same user"
        return "another user"

    def _writing(self) -> str:
        for one in self.flat:
            match one:
                case Use(action="add", rows=rows):
                    return self._added(rows)
                case Use(action="create table"):
                    return "session creates a table"
                case Own(action="add"):
                    return "owner adds"
                case Own(action="create table"):
                    return "owner creates a table"
        return "nothing"

    def _added(self, rows: tuple[tuple[object, ...], ...]) -> str:
        if any(len(row) != len(self.table.data_types) for row in rows):
            return "row too wide"
        first = self.table.data_types[0][1] if self.table.data_types else ""
        wrong = any(first == "String" and not isinstance(row[0], str | None) for row in rows)
        return "value of another type" if wrong else "session adds"

    def _event(self) -> str:
        for one in self.flat:
            match one:
                case Own(action="restart"):
                    return "restart"
                case Own(action="set roles", user=User() as user):
                    return "roles granted" if user.roles else "roles revoked"
                case Own(action="set password"):
                    return "password changed"
                case Own(action="set ready", ready=False):
                    return "no longer ready"
                case Own(action="replace certificate", chain=Chain() as chain):
                    same = chain.authority == self.target.chain.authority
                    return "renewed certificate" if same else "impostor"
                case Use(action="close" | "leave with" | "drop" as action):
                    return str(action)
        return "nothing"

    def _reading(self) -> str:
        for one in self.flat:
            if isinstance(one, Use) and one.action in (*READINGS, *OF_6_2):
                few = one.action == "head" and one.n is not None
                return "head of two" if few else one.action
        return "nothing"


def _flat(scenario: Scenario) -> Iterator[Connect | Use | Own]:
    for one in scenario.steps:
        if isinstance(one, Together):
            for branch in one.branches:
                yield from branch
        else:
            yield one


def _group(groups: object, name: str | None, none: str) -> str:
    if name is None:
        return none
    assert isinstance(groups, dict)
    return group_of(groups, name) or OTHER


def _base_path(base_path: str) -> str:
    if not base_path:
        return "none"
    return (
        "plain" if base_path.replace("/", "").isalnum() and base_path.isascii() else "odd letters"
    )


def _authentication(given: Authentication | None) -> str:
    match given:
        case None:
            return "none"
        case Basic():
            return "basic"
        case Token(token_type=None):
            return "token"
        case Token():
            return "token of another type"
        case Callback():
            return "callable"
        case Certificate():
            return "certificate"


def _client_chain(given: Authentication | None) -> str:
    if not isinstance(given, Certificate):
        return "sound"
    if given.chain.defect is not None:
        return "time" if given.chain.defect in client_certificate_defects() else OTHER
    return "intermediate" if given.chain.intermediates else "sound"


def _credentials(given: Authentication | None, user: User | None) -> str:
    match given:
        case Basic(username, password):
            return credentials_kind(username, password)
        case Callback(username):
            return credentials_kind(username, (user.password if user else None) or "")
        case _:
            return "plain"


def credentials_kind(username: str, password: str) -> str:
    """What is special about a user name or its password, the oddest first."""
    both = username + password
    if ":" in username:
        return "colon in the user name"
    if any(unicodedata.category(letter) == "Cc" for letter in both):
        return "control characters"
    if not all(unicodedata.is_normalized("NFC", text) for text in (username, password)):
        return "not in normal form"
    if not both.isascii():
        return "beyond ASCII"
    if max(len(username), len(password)) >= LONG:
        return "long"
    if not password:
        return "empty password"
    if ":" in password:
        return "colon in the password"
    return "plain" if both.isalnum() else "spaces and quotes"


def table_kind(spec: TableSpec) -> str:
    """What kind of table it is; ``other`` for what no kind is like."""
    kinds = {
        (tuple(kind for _, kind in one.data_types), bool(one.keys), bool(one.default_values)): name
        for name, one in specifics.TABLES.items()
        if name != "odd names"
    }
    if not "".join([spec.name, *(name for name, _ in spec.data_types)]).isascii():
        return "odd names"
    types = tuple(kind for _, kind in spec.data_types)
    return kinds.get((types, bool(spec.keys), bool(spec.default_values)), OTHER)


def rows_kind(spec: TableSpec) -> str:
    """What its rows are like."""
    rows, types = spec.rows, [kind for _, kind in spec.data_types]
    if not rows:
        return "none"
    if any(value is None for row in rows for value in row):
        return "nulls"
    borders = (
        value in EXTREMES[kind]
        for row in rows
        for value, kind in zip(row, types, strict=True)
        if kind == "String"
    )
    if any(borders):
        return "extremes"
    if any(row in rows[:place] for place, row in enumerate(rows)):
        return "twice the same"
    return "one" if len(rows) == 1 else "many"
