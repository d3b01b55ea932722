"""The documented example on the newest release of the client, as its documentation has it.

    python documented_6_2.py http|https|mutual-tls

The client's side is the documented one; the owner's side is the fake target session. Prints the
frame, what a user without the role reads and is refused, and the same of a target session without
security.
"""

from __future__ import annotations

import sys

import atoti as tt
from printing import begin, show, show_error
from transports import Transport, transport

from connect_harness import TargetSession


def show_refused_change(session: tt.Session) -> None:
    """Prints what the session lists, and the error of the change that the documentation tries."""
    show(list(session.tables))
    try:
        session.ready = False
    except Exception as error:
        show_error(error)


def secured_target(way: Transport) -> None:
    """An administrator changes a table; a user without the role reads, and changes nothing."""
    secure_session = way.start_target()
    _ = secure_session.create_table("Example", data_types={"Id": "String"})
    secure_session.security.basic_authentication.credentials.update(
        {"user": "passwd", "admin": "passwd"}
    )
    secure_session.security.individual_roles.update(
        {"user": {"ROLE_USER"}, "admin": {"ROLE_USER", "ROLE_ADMIN"}}
    )
    with tt.Session.connect(
        secure_session.url,
        authentication=way.authentication(tt.BasicAuthentication("admin", "passwd")),
        certificate_authority=way.certificate_authority,
    ) as admin_session:
        table = admin_session.tables["Example"]
        table += ("foo",)
        show(table.head())

    with tt.Session.connect(
        secure_session.url,
        authentication=way.authentication(tt.BasicAuthentication("user", "passwd")),
        certificate_authority=way.certificate_authority,
    ) as user_session:
        show_refused_change(user_session)

    show(secure_session.tables["Example"].rows)
    secure_session.close()


def unsecured_target() -> None:
    """A target session without security: everyone may read, nobody may change."""
    unsecure_session = TargetSession.start()
    _ = unsecure_session.create_table("Example", data_types={"Id": "String"})
    with tt.Session.connect(unsecure_session.url) as connected_session:
        show_refused_change(connected_session)
    unsecure_session.close()


if __name__ == "__main__":
    begin()
    with transport(sys.argv[1]) as way:
        secured_target(way)
    unsecured_target()
