"""LIVE: changes by those who may not, and refusals that come too early."""

from __future__ import annotations

from typing import Any

from connect_contracts.model.clause import Profile
from connect_contracts.selftest.reference_copy import ReferenceCopy
from connect_contracts.selftest.registry import broken

_ONLY_0_9_1 = (Profile.V0_9_1,)
_ONLY_6_2 = (Profile.V6_2,)


def _configuration(transport: Any, versions: Any) -> Any:
    return transport.get(f"{versions.rest_path('atoti', '1', '0')}/py4j/configuration")


@broken(
    fails=("LIVE-4",),
    because="they connect as a user without the role, or their twins do",
    profiles=_ONLY_0_9_1,
)
def raises_at_connect_without_the_role(reference: ReferenceCopy) -> None:
    """For a user without ``ROLE_ADMIN``, connect raises instead of the first use of ``tables``."""
    unavailable = reference["LiveExtensionUnavailableError"]

    @reference.around("_has_live_extension")
    def demanding(has_live_extension: Any, transport: Any, versions: Any) -> Any:
        if _configuration(transport, versions).status == 403:
            raise unavailable
        return has_live_extension(transport, versions)


@broken(
    fails=("LIVE-4",),
    because="only the client keeps the user from adding a row",
    profiles=_ONLY_0_9_1,
)
def offers_tables_to_users(reference: ReferenceCopy) -> None:
    """A user without ``ROLE_ADMIN`` is given the tables."""
    reference["_has_live_extension"] = lambda transport, versions: (
        _configuration(transport, versions).status in (200, 403)
    )


@broken(fails=("LIVE-4", "LIVE-5"), profiles=_ONLY_0_9_1)
def refuses_in_other_words(reference: ReferenceCopy) -> None:
    """That the Live Extension is not available is said by another exception."""

    class ForbiddenError(RuntimeError):
        pass

    reference["LiveExtensionUnavailableError"] = ForbiddenError


@broken(
    fails=("LIVE-5",),
    because="only the client keeps the anonymous user from adding a row",
    profiles=_ONLY_0_9_1,
)
def offers_tables_of_unsecured_targets(reference: ReferenceCopy) -> None:
    """On an unsecured target the tables are given to its anonymous administrator."""
    reference["_has_live_extension"] = lambda transport, versions: (
        _configuration(transport, versions).status in (200, 404)
    )


@broken(
    fails=("LIVE-6",),
    because="a case of AUTH-12 demands the refusal of the row",
    profiles=_ONLY_6_2,
)
def does_not_mind_a_forbidden_row(reference: ReferenceCopy) -> None:
    """That the target forbids adding a row is passed over."""
    http_error = reference["_transport.httpx"].HTTPStatusError

    @reference.around("_tables.Table.append")
    def lenient(append: Any, table: Any, *rows: Any) -> None:
        try:
            append(table, *rows)
        except http_error as error:
            if error.response.status_code != 403:
                raise


@broken(
    fails=("LIVE-11",),
    because="a tier that refuses new tables is shown by the same refusal",
    profiles=_ONLY_6_2,
)
def does_not_mind_a_forbidden_table(reference: ReferenceCopy) -> None:
    """That the target forbids creating a table is passed over."""
    error = reference["GraphQLClientHttpError"]
    table = reference["_tables.Table"]

    @reference.around("_graphql.GraphQL.create_table")
    def lenient(create_table: Any, graphql: Any, *given: Any) -> None:
        try:
            create_table(graphql, *given)
        except error:
            table._exists = lambda _table: True


@broken(
    fails=("LIVE-11[a-user-reads]",),
    because="the tiers of someone without the role offer no table either",
    profiles=_ONLY_6_2,
)
def lets_a_user_read_nothing(reference: ReferenceCopy) -> None:
    """A user without ``ROLE_ADMIN`` is refused the tables; nobody can create one."""
    session = reference["Session"]
    tables = session.tables.fget

    def of_administrators(self: Any) -> Any:
        if "ROLE_ADMIN" not in self.user.roles:
            raise RuntimeError("only an administrator may read")
        return tables(self)

    session.tables = property(of_administrators)
    del session.create_table
