"""Changes of the roles of users, as their owner makes them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from connect_contracts.model.scenario import Own, User
from connect_contracts.search.strategies.specifics import ROLES


def role_changes(
    users: Sequence[str] = ("user", "admin"), *, target: str = "target"
) -> st.SearchStrategy[Own]:
    """Steps in which the owner grants or revokes roles: those of a user replace the former ones.

    Parameters:
        users: The names of users of the target.
    """
    named = st.sampled_from(tuple(users))
    roles = st.sampled_from(tuple(ROLES.values()))
    return st.builds(
        lambda name, given: Own("set roles", target, user=User(name, roles=given)), named, roles
    )
