"""The versions document: which server answers, and where its APIs are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connect_contracts.reference._transport import UnexpectedAnswer


@dataclass(frozen=True)
class Versions:
    """What ``{url}/versions/rest`` lists.

    Parameters:
        server_version: The version of the target's server.
        apis: What is listed for each API, by its name; read no further than it is used.
    """

    server_version: str
    apis: Mapping[str, Any]

    def rest_path(self, api: str, *known: str) -> str:
        """Where the REST endpoints of an API are, below the base URL.

        Parameters:
            api: Its name.
            known: The ids of the versions that the caller knows, best first.

        Raises:
            RuntimeError: The target offers no such version; the text names those that it offers.
        """
        entry = self.apis.get(api)
        listed = entry.get("versions") if isinstance(entry, dict) else None
        offered = {
            version["id"]: version["restPath"]
            for version in (listed if isinstance(listed, list) else ())
            if isinstance(version, dict)
            and isinstance(version.get("id"), str)
            and isinstance(version.get("restPath"), str)
        }
        for version_id in known:
            if version_id in offered:
                return str(offered[version_id])
        raise RuntimeError(
            f"The target offers the versions {sorted(offered)} of the API {api!r} by REST, and "
            f"none of {list(known)}; it lists the APIs {sorted(self.apis)}."
        )


def read_versions(document: Any) -> Versions:
    """The versions document, from JSON; what is not known in it is passed over.

    Raises:
        UnexpectedAnswer: It cannot be one.
    """
    match document:
        case {"version": int(), "serverVersion": str(server_version), "apis": dict(apis)}:
            return Versions(server_version, apis)
    raise UnexpectedAnswer(
        "The answer to GET /versions/rest is no versions document: an object with an integer "
        "'version', a text 'serverVersion' and an object 'apis'. Is it the URL of a session?"
    )
