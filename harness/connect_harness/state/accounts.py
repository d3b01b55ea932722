"""Users of a target session, with their passwords, roles, tokens and cookies."""

from __future__ import annotations

import hmac
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from connect_harness.redaction import REDACTED
from connect_harness.refusals import check_types

_Given = TypeVar("_Given")
_Kept = TypeVar("_Kept")

ROLE_ADMIN = "ROLE_ADMIN"
ROLE_USER = "ROLE_USER"
ROLE_ANONYMOUS = "ROLE_ANONYMOUS"
DOCUMENTED_ROLES = (ROLE_ADMIN, ROLE_USER, ROLE_ANONYMOUS, "ROLE_MEASURE_LINEAGE")

NEARLY = 0.88
"""The ratio of ``difflib`` from which a role is nearly another: ``ROLE_USA`` is none."""


def nearly_documented(role: str) -> str | None:
    """The documented role that is meant, if ``role`` is none and nearly one."""
    if role in DOCUMENTED_ROLES:
        return None
    # Only who uses a role of another name pays for the import.
    from difflib import get_close_matches

    written = role.upper().replace("-", "_")
    whole = written if written.startswith("ROLE") else f"ROLE_{written}"
    for near in get_close_matches(whole, DOCUMENTED_ROLES, n=1, cutoff=NEARLY):
        # Another word or number behind it makes it a role of its own.
        more = whole.removeprefix(near)
        return near if more == "" or more[0].isalpha() else None
    return None


@dataclass(frozen=True)
class User:
    """The user for which a target session takes a caller, with the roles of this moment."""

    name: str
    roles: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        # One is made for each request: only another type pays for the words.
        if type(self.roles) is not frozenset:
            check_types(self, 'As frozenset({"ROLE_USER"}).', roles=frozenset)

    @property
    def is_admin(self) -> bool:
        return ROLE_ADMIN in self.roles


ANONYMOUS = User("anonymousUser", frozenset({ROLE_ADMIN, ROLE_ANONYMOUS, ROLE_USER}))
"""Every caller of an unsecured session (documentation of ``Session.user``)."""


class Accounts:
    """The users of one target session. Every method may be called from any thread.

    Parameters:
        secure: Whether callers have to authenticate.
        realm: The realm of the session's challenges; ``None`` makes a unique one.
        username_regex: Finds the user name, its first group, in the subject of a client
            certificate; with ``None`` no certificate names a user.
        keep_secret: Called with each password that is set, and each token that is issued.
    """

    def __init__(
        self,
        *,
        secure: bool,
        realm: str | None = None,
        username_regex: str | None = None,
        keep_secret: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.secure = secure
        self.realm = realm or f"session {secrets.token_hex(8)}"
        self._username = None if username_regex is None else re.compile(username_regex)
        self._lock = threading.RLock()
        self._tickets: dict[str, str] = {}
        self.credentials = Credentials(self._lock, self._end_tickets, keep_secret)
        self._keep_secret = keep_secret
        self.individual_roles = IndividualRoles(self._lock)

    def __repr__(self) -> str:
        return f"<accounts of {len(self.credentials)} users>"

    def user(self, name: str) -> User:
        """The user of this name, with the roles of this moment, whether known or not."""
        if not self.secure:
            return ANONYMOUS
        return User(name, frozenset(self.individual_roles.get(name, ())))

    def by_password(self, username: bytes, password: bytes) -> User | None:
        """The user with this name and password, both compared byte for byte, or ``None``."""
        return self._known(self.credentials.owner(username, password))

    def by_token(self, token: str) -> User | None:
        """The user to whom this token or cookie was issued, or ``None``."""
        with self._lock:
            return self._known(self._tickets.get(token))

    def by_certificate(self, subject: str) -> User | None:
        """The user whom the subject of a client certificate (RFC 4514 text) names, or ``None``."""
        found = self._username.search(subject) if self._username else None
        return self._known((found[1] or None) if found else None)

    def issue_token(self, username: str) -> str:
        """A new token, by which its bearer is known as ``username``."""
        # With all that a token may hold beside letters and digits (RFC 6750 2.1).
        token = f"{secrets.token_urlsafe(32)}.~+/=="
        self._keep_secret(token)
        with self._lock:
            self._tickets[token] = username
        return token

    def may_change(self, username: str) -> bool:
        """Whether the user may change the session: an administrator of a secured one may."""
        return self.secure and self.user(username).is_admin

    def restart(self) -> None:
        """Ends all tokens and cookies; users, passwords and roles stay."""
        with self._lock:
            self._tickets.clear()

    def _known(self, name: str | None) -> User | None:
        return None if name is None else self.user(name)

    def _end_tickets(self, username: str) -> None:
        self._tickets = {key: name for key, name in self._tickets.items() if name != username}


class _ByUser(MutableMapping[str, _Given], Generic[_Given, _Kept]):
    """Values by user name, each change under a lock.

    Parameters:
        lock: Held for each change.
        changed: Called with the name of each user whose value changed or went.
    """

    def __init__(
        self, lock: threading.RLock, changed: Callable[[str], None] = lambda _: None
    ) -> None:
        self._lock = lock
        self._changed = changed
        self._kept: dict[str, _Kept] = {}

    def _keep(self, username: str, value: _Kept) -> None:
        with self._lock:
            self._kept[username] = value
            self._changed(username)

    def __delitem__(self, username: str) -> None:
        with self._lock:
            del self._kept[username]
            self._changed(username)

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter(list(self._kept))

    def __len__(self) -> int:
        return len(self._kept)

    def __repr__(self) -> str:
        return repr(dict(self))


class Credentials(_ByUser[str, bytes]):
    """Passwords by user name; they can be set and taken away, and read back redacted."""

    def __init__(
        self,
        lock: threading.RLock,
        changed: Callable[[str], None],
        keep_secret: Callable[[str], None],
    ) -> None:
        super().__init__(lock, changed)
        self._keep_secret = keep_secret

    def __getitem__(self, username: str) -> str:
        with self._lock:
            if username not in self._kept:
                raise KeyError(username)
        return REDACTED

    def __setitem__(self, username: str, password: str) -> None:
        _bytes(username, "user name")
        self._keep(username, _bytes(password, "password"))
        self._keep_secret(password)

    def owner(self, username: bytes, password: bytes) -> str | None:
        """The user with this name and password, or ``None``; in the same time for either."""
        with self._lock:
            known = {name.encode(): name for name in self._kept}
            name = known.get(username)
            wanted = b"" if name is None else self._kept[name]
        right = hmac.compare_digest(wanted, password)
        return name if right else None


class IndividualRoles(_ByUser[Iterable[str], frozenset[str]]):
    """Roles by user name: set as any collection of texts, read back as a ``frozenset``."""

    def __getitem__(self, username: str) -> frozenset[str]:
        with self._lock:
            return self._kept[username]

    def __setitem__(self, username: str, roles: Iterable[str]) -> None:
        given: object = roles
        if isinstance(given, str) or not isinstance(given, Iterable):
            kind = "one text" if isinstance(given, str) else type(given).__name__
            raise TypeError(f"Roles are a collection of texts, not {kind}.")
        granted = frozenset(roles)
        for text in (username, *granted):
            _bytes(text, "role or user name")
        self._keep(username, granted)


def _bytes(text: object, what: str) -> bytes:
    if not isinstance(text, str):
        raise TypeError(f"A {what} is a text, not {type(text).__name__}.")
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Python's own text would show the secret.
        raise ValueError(f"A {what} holds half of a surrogate pair.") from None
