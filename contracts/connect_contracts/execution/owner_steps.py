"""The owner's steps: what is done on the target itself, and not through the wire."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from connect_contracts.model.scenario import Own, TableSpec, TargetSpec
from connect_contracts.model.values import to_json, to_python

if TYPE_CHECKING:
    from connect_harness import TargetSession

PING_LIMIT = 10.0
"""Seconds that the target may take to answer the harness itself."""


class OwnerAsked(Exception):
    """The target did not answer the harness itself; the text says how."""


class Owner:
    """The owner of a run's targets."""

    def __init__(
        self, targets: Mapping[str, TargetSession], specs: Mapping[str, TargetSpec]
    ) -> None:
        self._targets = targets
        self._specs = specs

    def execute(self, step: Own) -> Any:
        """Do what ``step`` says; returns what is looked at, in plain form.

        Raises:
            OwnerAsked: ``ping``: the target did not answer.
        """
        target = self._targets[step.target]
        match step.action:
            case "rows":
                return to_json(target.tables[step.table].rows)
            case "tables":
                return sorted(target.tables)
            case "add":
                target.tables[step.table].add(*step.rows)
            case "create table":
                create_table(target, step.spec or TableSpec(step.table))
            case "restart":
                target.restart()
            case "replace certificate" if step.chain:
                target.replace_certificate(step.chain)
            case "arm":
                target.arm(step.fault or "noop")
            case "ping":
                return self._ping(target, self._specs[step.target])
            case "set ready":
                target.ready = step.ready
            case "set roles" if step.user:
                target.security.individual_roles[step.user.name] = set(step.user.roles)
            case "set password" if step.user:
                credentials = target.security.basic_authentication.credentials
                credentials[step.user.name] = step.user.password or ""
        return None

    def _ping(self, target: TargetSession, spec: TargetSpec) -> int:
        """Ask for the versions document on a connection of the harness's own."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        # Whether the target lives is asked, not who it is: the harness started it itself.
        context.verify_mode = ssl.CERT_NONE
        if spec.scheme == "https":
            asking: http.client.HTTPConnection = http.client.HTTPSConnection(
                "127.0.0.1", target.port, timeout=PING_LIMIT, context=context
            )
        else:
            asking = http.client.HTTPConnection("127.0.0.1", target.port, timeout=PING_LIMIT)
        try:
            asking.request("GET", f"{quote(spec.base_path)}/versions/rest")
            return asking.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise OwnerAsked(f"the target does not answer: {error}") from error
        finally:
            asking.close()


def create_table(target: TargetSession, spec: TableSpec) -> None:
    """The owner creates a table and puts its rows in."""
    types = dict(spec.data_types)
    defaults = {name: to_python(value, types[name]) for name, value in spec.default_values}
    table = target.create_table(
        spec.name, data_types=types, keys=spec.keys, default_values=defaults
    )
    if spec.rows:
        table.add(*spec.rows)
