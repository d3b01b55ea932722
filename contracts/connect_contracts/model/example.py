"""The target session of the documented example: its users and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connect_contracts.model.scenario import ADMIN, USER, TableSpec

if TYPE_CHECKING:
    from connect_harness import TargetSession

USERS = (USER, ADMIN)


def furnish(session: TargetSession, *, secure: bool) -> None:
    """Give ``session`` the table of the documented example and, if it is secure, its users."""
    table = TableSpec()
    session.create_table(table.name, data_types=dict(table.data_types))
    if secure:
        for user in USERS:
            session.security.basic_authentication.credentials[user.name] = user.password or ""
            session.security.individual_roles[user.name] = set(user.roles)
