"""What this machine lacks for a scenario, so that its cases are not testable."""

from __future__ import annotations

from connect_contracts.execution.environment.loopback import has_ipv6
from connect_contracts.execution.environment.trust import lacking
from connect_contracts.execution.implementation import Implementation
from connect_contracts.execution.loading import no_fresh_interpreter
from connect_contracts.model.host_names import address_of
from connect_contracts.model.scenario import Call, Scenario, calls_of
from connect_harness.temporary import temporary_folder


def lacking_for(scenario: Scenario, implementation: Implementation) -> str | None:
    """What this machine lacks for ``scenario``, as a sentence, or ``None``."""
    calls = [call for _, call in calls_of(scenario)]
    addresses = [address_of(call.host) for call in calls]
    if any(found is not None and found.version == 6 for found in addresses) and not has_ipv6():
        return "this machine has no IPv6 loopback address"
    if any(map(_links, calls)) and not _has_symbolic_links():
        return "this system lets this user make no symbolic links"
    if scenario.isolation == "process" and (why := no_fresh_interpreter(implementation)):
        return why
    return lacking(implementation.trust_store) if scenario.trusted else None


def _links(call: Call) -> bool:
    file = call.authority_file
    return call.defect == "loop of links" or bool(file and file.naming == "symbolic link")


def _has_symbolic_links() -> bool:
    # Windows grants the right to few users.
    with temporary_folder() as folder:
        try:
            (folder / "link").symlink_to(folder)
        except (OSError, NotImplementedError):
            return False
    return True
