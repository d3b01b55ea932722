"""A data class as it comes: its repr shows every field."""

from dataclasses import dataclass

import little
from little import __connect_contract__, connect  # noqa: F401


@dataclass(frozen=True)
class BasicAuthentication:
    username: str
    password: str

    def __call__(self, url):
        return little.BasicAuthentication(self.username, self.password)(url)
