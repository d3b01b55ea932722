"""The documented examples, on the release of the client that is installed.

    python documented.py http|https|mutual-tls 0.9.1|6.2

The client's side is the page's, as it is written; the owner's side is the fake target session.
Prints what the page shows: the frame, and what a user without the role, and a session of a target
without security, is refused. Up to 0.9.1 that is to see the tables, later to change the session.
"""

from __future__ import annotations

import sys

import atoti as tt
from printing import begin, show, show_error
from transports import Transport, transport

from connect_harness import TargetSession

EXAMPLE = {"Id": "String"}


def show_refusal(session: tt.Session, release: str) -> None:
    """Prints what the session lists, where it may, and the error that the documentation shows."""
    try:
        if release == "0.9.1":
            list(session.tables)
        else:
            show(list(session.tables))
            session.ready = False
    except Exception as error:
        show_error(error)


def create_example(target: TargetSession, release: str) -> None:
    """Creates the table as the page of the release does."""
    name = "types" if release == "0.9.1" else "data_types"
    target.create_table("Example", **{name: EXAMPLE})


def secured_target(way: Transport, release: str) -> None:
    """An administrator changes a table; a user without the role is refused."""
    target = way.start_target()
    create_example(target, release)
    target.security.basic_authentication.credentials.update({"user": "passwd", "admin": "passwd"})
    target.security.individual_roles.update(
        {"user": {"ROLE_USER"}, "admin": {"ROLE_USER", "ROLE_ADMIN"}}
    )

    def connected(name: str) -> tt.Session:
        return tt.Session.connect(
            target.url,
            authentication=way.authentication(tt.BasicAuthentication(name, "passwd")),
            certificate_authority=way.certificate_authority,
        )

    admin_session = connected("admin")
    table = admin_session.tables["Example"]
    table += ("foo",)
    show(table.head())
    user_session = connected("user")
    show_refusal(user_session, release)
    show(target.tables["Example"].rows)
    admin_session.close()
    user_session.close()
    target.close()


def unsecured_target(release: str) -> None:
    """A target session without security."""
    target = TargetSession.start()
    create_example(target, release)
    session = tt.Session.connect(target.url)
    show_refusal(session, release)
    session.close()
    target.close()


if __name__ == "__main__":
    begin()
    with transport(sys.argv[1]) as way:
        secured_target(way, sys.argv[2])
    unsecured_target(sys.argv[2])
