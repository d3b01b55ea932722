"""The three examples of the documented page, on the release of the client that it documents.

    python documented_0_9_1.py http|https|mutual-tls

The client's side is the page's, as it is written; the owner's side is the fake target session.
Prints what the page shows: the frame, and the error of either session without Live Extension.
"""

from __future__ import annotations

import sys

import atoti as tt
from printing import begin, show, show_error
from transports import Transport, transport

from connect_harness import TargetSession


def secured_target(way: Transport) -> None:
    """The first and the second example: an administrator, and a user without the role."""
    secure_session = way.start_target()
    _ = secure_session.create_table("Example", types={"Id": "String"})
    secure_session.security.basic_authentication.credentials.update(
        {"user": "passwd", "admin": "passwd"}
    )
    secure_session.security.individual_roles.update(
        {"user": {"ROLE_USER"}, "admin": {"ROLE_USER", "ROLE_ADMIN"}}
    )
    admin_session = tt.Session.connect(
        secure_session.url,
        authentication=way.authentication(tt.BasicAuthentication("admin", "passwd")),
        certificate_authority=way.certificate_authority,
    )
    table = admin_session.tables["Example"]
    table += ("foo",)
    show(table.head())

    user_session = tt.Session.connect(
        secure_session.url,
        authentication=way.authentication(tt.BasicAuthentication("user", "passwd")),
        certificate_authority=way.certificate_authority,
    )
    try:
        list(user_session.tables)
    except Exception as error:
        show_error(error)

    show(secure_session.tables["Example"].rows)
    admin_session.close()
    user_session.close()
    secure_session.close()


def unsecured_target() -> None:
    """The third example: a target session without security."""
    unsecure_session = TargetSession.start()
    _ = unsecure_session.create_table("Example", types={"Id": "String"})
    connected_session = tt.Session.connect(unsecure_session.url)
    try:
        list(connected_session.tables)
    except Exception as error:
        show_error(error)
    connected_session.close()
    unsecure_session.close()


if __name__ == "__main__":
    begin()
    with transport(sys.argv[1]) as way:
        secured_target(way)
    unsecured_target()
