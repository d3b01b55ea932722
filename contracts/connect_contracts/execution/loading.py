"""Implementations by name: where modules are searched, and how one is loaded, here or afresh."""

from __future__ import annotations

import importlib
import inspect
import os
import subprocess
import sys
from functools import cache
from operator import attrgetter
from pathlib import Path
from types import ModuleType

import msgspec

from connect_contracts.execution.capture.output_capture import output_unshown
from connect_contracts.execution.identity import Identity
from connect_contracts.execution.implementation import BadImplementation, Implementation
from connect_contracts.execution.own_code import raised_at
from connect_harness.redaction.redact import Redaction, secrets_of_environment

KEPT_OUT = (
    "PYTHONSAFEPATH or -P keeps the working folder out of the search; name the folder in "
    "PYTHONPATH to have it searched"
)

_SAFE = ("PYTHONSAFEPATH", "connect-contract")


def add_working_folder(folder: Path) -> None:
    """Make what lies in ``folder`` importable, after all else; not in Python's safe path mode."""
    if not sys.flags.safe_path and str(folder) not in sys.path:
        sys.path.append(str(folder))


def hidden_in(folder: Path, module: str) -> Path | None:
    """The file in ``folder`` with the name of the imported ``module``, if it is not that module."""
    if sys.flags.safe_path:
        return None
    top = module.partition(".")[0]
    imported = getattr(sys.modules.get(top), "__file__", None)
    for path in (folder / f"{top}.py", folder / top / "__init__.py"):
        if path.is_file():
            same = imported is not None and path.samefile(imported)
            return None if same else path
    return None


def safe_start() -> dict[str, str]:
    """Environment variables with which workers start, without modules of the working folder."""
    name, value = _SAFE
    return {} if os.environ.get(name) else {name: value}


def end_safe_start() -> None:
    """In a worker that has started: what it runs sees the environment as it was before."""
    name, value = _SAFE
    if os.environ.get(name) == value:
        del os.environ[name]


def import_name(subject: object) -> str | None:
    """``module:attribute`` of a function, a class, or a class method; ``None`` without such a name.

    A lambda, what is defined within a function, an instance, and what stands in ``__main__`` have
    none; nor has what the module knows by that name as another object.
    """
    owner = getattr(subject, "__self__", None)
    home = owner if inspect.isclass(owner) else subject
    module = getattr(home, "__module__", None)
    name = getattr(home, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str) or module == "__main__":
        return None
    if home is owner:
        name = f"{name}.{getattr(subject, '__name__', '')}"
    try:
        found = attrgetter(name)(sys.modules[module])
    except (KeyError, AttributeError):
        return None
    # Each look at a class method makes another object, equal to the one before.
    same = found == subject if inspect.ismethod(subject) else found is subject
    return f"{module}:{name}" if same else None


LIMIT = 60.0
"""Seconds that the import may take."""

_FIND = """
import sys
from connect_contracts.execution.loading import load
found = load(sys.argv[1])
sys.stderr.write("\\n" + str(getattr(found.defined_in, "__file__", None)))
"""


def fresh_environment() -> dict[str, str]:
    """The environment of a fresh interpreter that imports from where this one does."""
    # An empty entry is the working folder.
    path = [entry or str(Path.cwd()) for entry in sys.path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


@cache
def no_fresh_interpreter(implementation: Implementation) -> str | None:
    """Why a fresh interpreter cannot execute ``implementation``, as a sentence, or ``None``.

    Each is given a terminal, which a system may not have. A name given by the user counts as found.
    A test module may stand in ``sys.modules`` by a name that only pytest knows, or a module in
    place of another: the same name must lead to the same file.
    """
    if not hasattr(os, "openpty"):
        return "a fresh interpreter is given a terminal, and this system has no pseudo-terminals"
    if implementation.reference is not None:
        return None
    name = implementation.import_name
    if name is None:
        return "a fresh interpreter needs the implementation as module[:attribute]"
    file = str(getattr(implementation.defined_in, "__file__", None))
    try:
        ended = subprocess.run(
            [sys.executable, "-c", _FIND, name],
            env=fresh_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        why = f"its import had not ended after {LIMIT:g} s"
    else:
        said = ended.stderr.strip().splitlines() or [""]
        if ended.returncode == 0 and file in said:
            return None
        why = said[-1] if ended.returncode else f"that name leads to {said[-1]}"
    return (
        f"a fresh interpreter does not find {name} ({why}): name the implementation as "
        "module[:attribute]"
    )


def load(
    reference: str, identity: Identity | None = None, option: str | None = None
) -> Implementation:
    """The implementation named by ``module[:attribute]``, which takes ``identity`` if it is given.

    Without an attribute it is the module's ``connect``, else its ``Session``. An attribute that is
    a subclass or an instance of :class:`Implementation` is the adapter itself. ``option`` is that
    by which it was named.

    Raises:
        BadImplementation: The module does not import, the attribute is not there, or nothing
            there can be called as ``connect``.
    """
    name, _, attribute = reference.partition(":")
    given = f"{option} {reference}" if option else reference
    if not name:
        raise BadImplementation("An implementation is named as module[:attribute].")
    try:
        module = importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise BadImplementation(_not_imported(error, name, attribute, given)) from error
    try:
        found = _adapted(module, attribute, reference, given)
        if identity is not None:
            found.adopt(identity)
        return found
    except (BadImplementation, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise BadImplementation(
            f"{reference} raises when it is looked at ({_in_a_line(error)}): mend it, or name "
            "another attribute."
        ) from error


def load_again(reference: str, identity: bytes) -> Implementation:
    """The implementation of another process, with the identity that was found there, as JSON."""
    with output_unshown():
        return load(reference, msgspec.json.decode(identity, type=Identity | None))


def _not_imported(error: BaseException, name: str, attribute: str, given: str) -> str:
    """Why the module ``name`` is not imported, and what to do, as a sentence."""
    if name.endswith(".py"):
        module = ".".join(Path(name).with_suffix("").parts)
        instead = f"{module}:{attribute}" if attribute else module
        return f"{given} names a file: name its module, as in {instead}."
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    if missing is None or not f"{name}.".startswith(f"{missing}."):
        where = raised_at(error, name)
        return (
            f"The module {name!r} of {given} cannot be imported: it raised {_in_a_line(error)}"
            f"{where and f' at {where}'}: mend that, or give it what it needs."
        )
    return (
        f"The module {name!r} of {given} is not found: check the name, and that it is installed or "
        f"below the working folder{f' ({KEPT_OUT})' if sys.flags.safe_path else ''}."
    )


def _adapted(module: ModuleType, attribute: str, reference: str, given: str) -> Implementation:
    subject: object = module
    if attribute:
        for part in attribute.split("."):
            if not hasattr(subject, part):
                raise BadImplementation(
                    f"The module {module.__name__!r} has no attribute {attribute!r}: check the "
                    f"part of {given} after the colon."
                )
            subject = getattr(subject, part)
    elif not callable(getattr(module, "connect", None)):
        if not hasattr(module, "Session"):
            raise BadImplementation(
                f"The module {module.__name__!r} has neither a connect to call nor a Session: "
                f"name the attribute, as in {module.__name__}:attribute."
            )
        subject = module.Session
    if isinstance(subject, Implementation):
        subject.reference = reference
        return subject
    if inspect.isclass(subject) and issubclass(subject, Implementation):
        return subject(reference=reference)
    return Implementation(subject, module=module, reference=reference)


def _in_a_line(error: BaseException) -> str:
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        first = Redaction(secrets_of_environment())(text.strip().partition("\n")[0])
    except Exception:
        first = "its text raises"
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
