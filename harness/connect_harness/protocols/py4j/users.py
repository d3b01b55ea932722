"""What manages the users of a session through Py4J, as the releases before 0.9.11 do it."""

from __future__ import annotations

from connect_harness.protocols.py4j.objects import JavaError, Remote
from connect_harness.protocols.routing import Target
from connect_harness.state import Accounts


class Users(Remote):
    """The users who have a password. The last argument of each method is ``BASIC``."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def get_users(self, _kind: str) -> list[str]:
        return sorted(self._accounts.credentials)

    def create_user(self, username: str, password: str, _kind: str) -> None:
        self._accounts.credentials[username] = password

    update_user_password = create_user

    def delete_user(self, username: str, _kind: str) -> None:
        self._accounts.credentials.pop(username, None)

    @property
    def _accounts(self) -> Accounts:
        if not self._target.release.manages_security:
            raise JavaError("The users of this session are managed by its application.")
        return self._target.accounts
