"""A plain Python script that reproduces a capsule with the harness and the implementation alone."""

from __future__ import annotations

from pathlib import Path
from string import Template

from connect_contracts.capsules.capsule import Capsule
from connect_contracts.capsules.script_checks import check_of
from connect_contracts.capsules.script_parts import NoScript, Parts
from connect_contracts.catalogue import catalogue
from connect_contracts.implementation import Implementation
from connect_contracts.running.targets import played_release
from connect_contracts.settings import UnderTest

__all__ = ["NoScript", "script"]

TEMPLATE = Path(__file__).with_name("script.py.template")


def script(capsule: Capsule, subject: UnderTest) -> str:
    """The script that reproduces ``capsule`` on an implementation.

    It starts the targets, takes the steps, prints what it sees, and exits with 1 if it fails in the
    same way, else with 0.

    Raises:
        NoScript: What the scenario does needs more than the harness; the text says what.
    """
    reference = subject.implementation.reference
    if reference is None:
        raise NoScript("the implementation has no name by which a script could import it")
    release = played_release(subject.implementation, capsule.profile)
    parts = Parts(capsule.scenario, release)
    steps = [parts.step(index) for index in range(len(capsule.scenario.steps))]
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=f"{capsule.clause}: {catalogue().clauses[capsule.clause].statement}.",
        expected=_one_line(capsule.expected),
        observed=_one_line(capsule.observed),
        imports="\n".join(sorted(parts.imports)),
        implementation=_bound(reference, subject.implementation),
        targets="\n\n".join(parts.target(one) for one in capsule.scenario.targets),
        steps="\n".join(steps),
        check=check_of(capsule),
    )


def _one_line(text: str) -> str:
    # Within the docstring of the script.
    return " ".join(text.split()).replace("\\", "\\\\").replace('"""', "'''")


def _bound(reference: str, implementation: Implementation) -> str:
    """The lines that import what the steps call."""
    module, _, attribute = reference.partition(":")
    found = f'attrgetter({attribute!r})(import_module("{module}"))'
    if type(implementation) is not Implementation or _is_adapter(implementation, module):
        return "\n".join(
            [
                f"adapter = {found}",
                "connect = adapter.connect",
                "BasicAuthentication = adapter.basic",
                "TokenAuthentication = partial(adapter.token, token_type=None)",
                "ClientCertificate = partial(adapter.client_certificate, password=None)",
            ]
        )
    home = f'module = import_module("{module}")'
    if attribute:
        given = f"given = attrgetter({attribute!r})(module)"
        return f'{home}\n{given}\nconnect = getattr(given, "connect", given)\n{_NAMES}'
    return f"{home}\nconnect = module.connect\n{_NAMES}"


def _is_adapter(implementation: Implementation, module: str) -> bool:
    return implementation.module is not None and implementation.module.__name__ != module


_NAMES = "\n".join(
    f'{name} = getattr(module, "{name}", None)'
    for name in ("BasicAuthentication", "TokenAuthentication", "ClientCertificate")
)
