"""AUTH: a password that changes on the target while its session is open."""

from __future__ import annotations

from connect_contracts.chapters.auth.credentials import CHAPTER
from connect_contracts.chapters.builder import (
    AS_ADMIN,
    add,
    connect,
    list_tables,
    secure,
    story,
    table,
)
from connect_contracts.chapters.case import Story, row
from connect_contracts.model.clause import Level
from connect_contracts.model.scenario import Basic, Own, Token, User

AUTH_10 = CHAPTER.clause(
    10,
    "a password changed or revoked on the target, for a session that is open",
    "documentation of Session.security",
    Level.OBSERVE,
)


def _password_set(password: str | None, authentication: Basic | Token = AS_ADMIN) -> Story:
    return story(
        secure(tables=(table("Example", ("foo",)),)),
        connect(authentication),
        list_tables(),
        Own("set password", user=User("admin", password)),
        list_tables(),
        add(("bar",)),
    )


CHAPTER.table(
    AUTH_10,
    _password_set,
    row("changed", "The owner changes the password of someone who is connected.", "another"),
    row("revoked", "The owner takes the password of someone who is connected away.", None),
    row(
        "changed-for-a-token",
        "The owner changes the password of someone who is connected by a token.",
        "another",
        Token(),
    ),
)
